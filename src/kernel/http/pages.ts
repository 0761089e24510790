import { createHash } from 'node:crypto'
import type { Context, Hono } from 'hono'
import { authorise, may } from '../access/authorise.ts'
import { readSession, sessionToken } from '../access/sessions.ts'
import { withActor } from '../access/transaction.ts'
import type { Actor, Ctx, StaffActor } from '../context.ts'
import { LANGUAGES } from '../i18n/languages.ts'
import type { ModuleManifest } from '../module.ts'
import { problem } from '../problem.ts'
import type { Deps, Env } from './env.ts'
import type { Page } from './page.ts'
import { respond } from './render.ts'

const VISITOR: Actor = { kind: 'visitor' }
const DEFAULT_BODY_LIMIT = 256 * 1024

/** Every page that the parts declare, for mounting and for the tests that walk all of them. */
export const allPages = (parts: readonly ModuleManifest[]): Page[] => parts.flatMap((part) => part.pages ?? [])

/** Mounts each page under each language, and each resource beside them. */
export function mountPages(app: Hono<Env>, deps: Deps): void {
  const { parts } = deps.platform
  for (const page of allPages(parts)) {
    for (const lang of LANGUAGES) {
      const path = `/${lang}${page.path === '/' ? '' : page.path}`
      if (page.get) app.get(path, (c) => answer(deps, page, c as never))
      if (page.post) app.post(path, (c) => answer(deps, page, c as never))
      if (!page.get || !page.post)
        app.on([page.get ? 'POST' : 'GET', 'PUT', 'PATCH', 'DELETE'], path, () => {
          throw problem('method_not_allowed')
        })
    }
  }
  for (const lang of LANGUAGES) app.all(`/${lang}/work/*`, (c) => notFoundAtWork(deps, c as never))
  for (const resource of parts.flatMap((part) => part.resources ?? [])) {
    app.get(resource.path, async (c) => cacheable(c, await respond(c, await resource.get(c.var.ctx, c))))
  }
}

async function answer(deps: Deps, page: Page, c: Context<Env>): Promise<Response> {
  const { ctx } = c.var
  const isPost = c.req.method === 'POST'
  if (page.steady) c.set('steady', true)
  if (page.access === 'public' && !isPost) return cacheable(c, await respond(c, await page.get!(ctx, c)))
  c.header('Cache-Control', 'no-store')

  const actor = page.access === 'public' || page.access === 'sign-in' ? VISITOR : await signedIn(deps, c)
  if (!actor) return c.redirect(signInPath(c), 303)
  const act = actAs(deps, ctx, actor)
  if (actor.kind === 'staff') c.set('asStaff', act)
  // Before the body is read: nobody sends 32 MB to a page they may not enter.
  if (!mayEnter(page, actor)) await act(async (inside) => authorise(inside, page.access))

  const form = isPost ? await readBody(page, c) : null
  const handle = async (inside: Ctx) =>
    respond(c, form ? await page.post!(inside, c, form) : await page.get!(inside, c))
  // Signing in opens its own transactions: an attempt counts before the password is looked at, and whatever follows.
  return page.access === 'sign-in' ? handle({ ...ctx, db: deps.db }) : act(handle)
}

const actAs =
  (deps: Deps, ctx: Ctx, actor: Actor) =>
  <T>(work: (ctx: Ctx) => Promise<T>): Promise<T> => {
    const format = actor.kind === 'staff' && actor.time_zone ? ctx.format.in(actor.time_zone) : ctx.format
    return withActor(deps.db, actor, (db) => work({ ...ctx, actor, db, format }), ctx.now)
  }

// Who is signed in stays in the workspace. When that cannot be found out, the page is still not there.
async function notFoundAtWork(deps: Deps, c: Context<Env>): Promise<Response> {
  c.header('Cache-Control', 'no-store')
  const actor = await signedIn(deps, c).catch(() => null)
  if (actor) c.set('asStaff', actAs(deps, c.var.ctx, actor))
  return c.notFound()
}

const mayEnter = ({ access }: Page, actor: Actor) =>
  actor.kind === 'visitor' || access === 'staff' || may({ actor }, access)

async function signedIn(deps: Deps, c: Context<Env>): Promise<StaffActor | null> {
  const token = sessionToken(c)
  return token ? readSession(deps.db, token, c.var.ctx.now, c.var.lang) : null
}

// Only a GET can be come back to; a form that was sent after the session ended starts again at its own page.
const signInPath = (c: Context<Env>) =>
  `/${c.var.lang}/sign-in?return=${encodeURIComponent(c.req.path + (c.req.method === 'POST' ? '' : new URL(c.req.url).search))}`

async function readBody(page: Page, c: Context<Env>): Promise<FormData> {
  const limit = page.bodyLimit ?? DEFAULT_BODY_LIMIT
  if (Number(c.req.header('content-length') ?? 0) > limit) throw tooLarge(limit)
  const type = c.req.header('content-type') ?? ''
  if (!/^(application\/x-www-form-urlencoded|multipart\/form-data)/i.test(type)) throw problem('unsupported')
  const body = await readLimited(c.req.raw.body, limit)
  return new Response(body, { headers: { 'content-type': type } }).formData().catch(() => {
    throw problem('bad_request')
  })
}

/** A whole body of at most `limit` bytes, whatever length it states. @throws too_large where the limit is. */
export async function readLimited(
  stream: ReadableStream<Uint8Array> | null,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream ?? []) {
    size += chunk.byteLength
    if (size > limit) throw tooLarge(limit)
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

const tooLarge = (limit: number) =>
  limit < 2 ** 20
    ? problem('too_large')
    : problem('too_large', {
        detail: 'http.problem.too_large.most',
        values: { megabytes: Math.floor(limit / 2 ** 20) },
      })

/** Marks a public answer as the same for everybody for a minute, and answers 304 to whoever has it already. */
export async function cacheable(c: Context, response: Response): Promise<Response> {
  // A page that forbids to be kept has said so itself.
  if (response.status !== 200 || response.headers.has('Cache-Control')) return response
  const body = await response.clone().arrayBuffer()
  const etag = `W/"${createHash('sha256').update(new Uint8Array(body)).digest('base64url').slice(0, 22)}"`
  response.headers.set('Cache-Control', 'public, max-age=60')
  response.headers.set('ETag', etag)
  const known = c.req.header('if-none-match')?.split(/,\s*/)
  return known?.includes(etag)
    ? new Response(null, { status: 304, headers: { ETag: etag, 'Cache-Control': 'public, max-age=60' } })
    : response
}
