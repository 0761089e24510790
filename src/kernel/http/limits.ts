import type { MiddlewareHandler } from 'hono'
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { problem } from '../problem.ts'
import type { Env } from './env.ts'

// A village shares one address behind its mobile operator: reading is limited generously, and only in memory.
const READS_PER_MINUTE = 600
const WRITES_PER_QUARTER_HOUR = 30

// Staff share an office's address and work all day; signing in counts its own attempts, in the database.
const STAFF = /^\/[a-z]+\/(work|sign-in|sign-out)(\/|$)/

/** Limits what one network address may ask of public pages and the API: 600 calls a minute, 30 submitted forms in 15 minutes. */
export function publicLimits(): MiddlewareHandler<Env> {
  const reads = new RateLimiterMemory({ points: READS_PER_MINUTE, duration: 60 })
  const writes = new RateLimiterMemory({ points: WRITES_PER_QUARTER_HOUR, duration: 15 * 60 })
  return async (c, next) => {
    if (STAFF.test(c.req.path)) return next()
    // What programs send bears their key: what they may do has limits of its own.
    const isForm = !['GET', 'HEAD'].includes(c.req.method) && !c.req.path.startsWith('/api/')
    const limiter = isForm ? writes : reads
    await limiter.consume(c.var.caller).catch((refused: RateLimiterRes) => {
      throw problem('too_many', { retryAfter: Math.ceil(refused.msBeforeNext / 1000) })
    })
    await next()
  }
}
