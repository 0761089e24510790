import { timingSafeEqual } from 'node:crypto'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context, Hono, MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import { sql } from 'kysely'
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import { problem } from '../problem.ts'
import type { Deps, Env } from './env.ts'

/** `/healthz` (the process answers), `/readyz` (it can serve: the database answers), `/metrics` (loopback or token). */
export function mountHealth(app: Hono<Env>, deps: Deps): MiddlewareHandler<Env> {
  const { config } = deps.platform
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer a request, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  })
  app.get('/healthz', (c) => c.text('ok'))
  app.get('/readyz', async (c) => {
    await sql`select 1`.execute(deps.db)
    return c.text('ready')
  })
  app.get('/metrics', async (c) => {
    if (!mayReadMetrics(c, config.HAMSAFAR_METRICS_TOKEN, config.HAMSAFAR_PROXY)) throw problem('not_found')
    return c.text(await registry.metrics(), 200, { 'Content-Type': registry.contentType })
  })
  return async (c, next) => {
    const stop = duration.startTimer()
    await next()
    stop({ method: c.req.method, route: routePath(c, -1), status: c.res.status })
  }
}

// A proxy on the same machine also calls from loopback; it gives itself away by its header.
function mayReadMetrics(c: Context, token: string | undefined, behindProxy: boolean): boolean {
  if (token) {
    const given = Buffer.from(c.req.header('authorization')?.replace(/^Bearer /, '') ?? '')
    const wanted = Buffer.from(token)
    return given.length === wanted.length && timingSafeEqual(given, wanted)
  }
  // Behind a proxy every caller seems to be this machine: there only a token opens.
  if (behindProxy) return false
  const address = remoteAddress(c)
  return (
    !c.req.header('x-forwarded-for') && (address === '127.0.0.1' || address === '::1' || address === '::ffff:127.0.0.1')
  )
}

/** The address at the other end of the connection; empty where there is none, as in tests in process. */
export function remoteAddress(c: Context): string {
  try {
    return getConnInfo(c).remote.address ?? ''
  } catch {
    return ''
  }
}
