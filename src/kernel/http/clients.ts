import { createHash } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import { z } from 'zod'
import { authorise } from '../access/authorise.ts'
import { type AsClient, findClient, KEY_PREFIX } from '../access/clients.ts'
import { contentDigest, readSignature, verifySignature } from '../access/message-signature.ts'
import { withActor } from '../access/transaction.ts'
import type { ClientActor, Ctx } from '../context.ts'
import { problem } from '../problem.ts'
import type { Deps, Env } from './env.ts'
import { readLimited } from './pages.ts'

/** A signed call may be so many seconds old, or ahead of our clock. */
export const SIGNATURE_WINDOW = 300
const DEFAULT_BODY_LIMIT = 256 * 1024
const IDEMPOTENCY_KEY = /^[A-Za-z0-9._:-]{1,80}$/

/** Gives the API's handlers `asClient`: see `docs/standards.md#calls-by-programs` for how callers prove who they are. */
export const clientCalls =
  (deps: Deps): MiddlewareHandler<Env> =>
  async (c, next) => {
    const asClient: AsClient = async (permission, work, { limit = DEFAULT_BODY_LIMIT } = {}) => {
      c.header('Cache-Control', 'no-store')
      const { ctx } = c.var
      const actor = await callerOf(deps, c)
      const act = <T>(run: (ctx: Ctx) => Promise<T>) =>
        withActor(deps.db, actor, (db) => run({ ...ctx, actor, db }), ctx.now)
      // Before the body is read: nobody sends megabytes to what they may not do.
      if (!actor.permissions.has(permission)) await act(async (inside) => authorise(inside, permission))
      const body = await bodyOf(c, limit)
      return act(async (inside) => {
        await noteUse(inside, actor)
        return c.req.method === 'GET' ? work(inside, body) : once(inside, c, actor, body, work)
      })
    }
    c.set('asClient', asClient)
    await next()
  }

async function callerOf(deps: Deps, c: Context<Env>): Promise<ClientActor> {
  const bearer = /^Bearer (\S{1,100})$/i.exec(c.req.header('authorization') ?? '')?.[1]
  if (bearer) {
    const found = bearer.startsWith(KEY_PREFIX) ? await findClient(deps.db, { key: bearer }) : null
    if (!found) throw problem('unauthenticated', { detail: 'http.problem.client.key' })
    return found.actor
  }
  const request = { method: c.req.method, target: targetOf(c), header: (name: string) => c.req.header(name) }
  const signature = readSignature(request)
  if (!signature) throw problem('unauthenticated', { detail: 'http.problem.client.none' })
  const found = z.uuid().safeParse(signature.keyid).success ? await findClient(deps.db, { id: signature.keyid }) : null
  if (!found?.public_key) throw problem('unauthenticated', { detail: 'http.problem.client.signature' })
  const needed = ['@method', '@target-uri', ...(c.req.method === 'GET' ? [] : ['content-digest', 'idempotency-key'])]
  if (!needed.every((name) => signature.covered.includes(name)))
    throw problem('unauthenticated', { detail: 'http.problem.client.covers', values: { needed: needed.join(' ') } })
  const age = c.var.ctx.now.epochMilliseconds / 1000 - signature.created
  if (Math.abs(age) > SIGNATURE_WINDOW) throw problem('unauthenticated', { detail: 'http.problem.client.age' })
  if (!verifySignature(request, signature, found.public_key))
    throw problem('unauthenticated', { detail: 'http.problem.client.signature' })
  return found.actor
}

// What was signed is bound to its body by the digest alone.
async function bodyOf(c: Context<Env>, limit: number): Promise<Uint8Array> {
  if (c.req.method === 'GET') return new Uint8Array()
  const body = await readLimited(c.req.raw.body, limit)
  const stated = c.req.header('content-digest')
  if (stated !== undefined && stated.trim() !== contentDigest(body))
    throw problem('bad_request', { detail: 'http.problem.client.digest' })
  return body
}

/** What was written by this call before is its answer again; another call under the same key is refused. */
async function once<T>(
  ctx: Ctx,
  c: Context<Env>,
  { client_id }: ClientActor,
  body: Uint8Array,
  work: (ctx: Ctx, body: Uint8Array) => Promise<T>,
): Promise<T> {
  const idempotency_key = c.req.header('idempotency-key') ?? ''
  if (!IDEMPOTENCY_KEY.test(idempotency_key))
    throw problem('bad_request', { detail: 'http.problem.client.idempotency' })
  const request = createHash('sha256')
    .update(`${c.req.method} ${targetOf(c)}\n`)
    .update(body)
    .digest()
  // A second call at the same moment waits here until the first has ended.
  const begun = await ctx.db
    .insertInto('access.api_call')
    .values({ client_id, idempotency_key, request, at: ctx.now })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  const call = () =>
    ctx.db
      .selectFrom('access.api_call')
      .select(['request', 'answer'])
      .where('client_id', '=', client_id)
      .where('idempotency_key', '=', idempotency_key)
      .executeTakeFirstOrThrow()
  if (!begun.numInsertedOrUpdatedRows) {
    const before = await call()
    if (!before.request.equals(request)) throw problem('conflict', { detail: 'http.problem.client.other_call' })
    return before.answer as T
  }
  const answer = await work(ctx, body)
  await ctx.db
    .updateTable('access.api_call')
    .set({ answer: JSON.stringify(answer) })
    .where('client_id', '=', client_id)
    .where('idempotency_key', '=', idempotency_key)
    .execute()
  return answer
}

// Once an hour is enough to see whether a program is still in use.
const noteUse = (ctx: Ctx, { client_id }: ClientActor) =>
  ctx.db
    .updateTable('access.api_client')
    .set({ last_used_at: ctx.now })
    .where('id', '=', client_id)
    .where((e) => e.or([e('last_used_at', 'is', null), e('last_used_at', '<', ctx.now.subtract({ hours: 1 }))]))
    .execute()

// As the caller sees it: a proxy in front may speak http with us.
function targetOf(c: Context<Env>): string {
  const { pathname, search } = new URL(c.req.url)
  return c.var.ctx.platform.config.origin + pathname + search
}
