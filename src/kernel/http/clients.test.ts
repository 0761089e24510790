import { OpenAPIHono } from '@hono/zod-openapi'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ORIGIN, type TestApp, testApp } from '../../../test/app.ts'
import { signCall } from '../../../test/calls.ts'
import { NOW, silentLog } from '../../../test/database.ts'
import { addClient, revokeClient } from '../access/clients.ts'
import { syncPermissions } from '../access/permissions.ts'
import { withActor } from '../access/transaction.ts'
import { audit } from '../audit/audit.ts'
import type { StaffActor } from '../context.ts'
import { type Api, defineModule } from '../module.ts'
import { clientCalls, SIGNATURE_WINDOW } from './clients.ts'
import { answerProblem } from './problems.tsx'

const FRUIT = defineModule({
  name: 'fruit',
  permissions: { 'fruit.send': [], 'fruit.ban': [], 'fruit.eat': [] },
  clients: { 'fruit.send': 'key', 'fruit.ban': 'signature' },
})

let site: TestApp
let administrator: StaffActor
let api: Api
let at = NOW
beforeAll(async () => {
  site = await testApp()
  administrator = await site.actor('administrator')
  const platform = { ...site.platform, parts: [...site.platform.parts, FRUIT] }
  await syncPermissions(site.owner, platform.parts)
  api = new OpenAPIHono()
  api.onError((error, c) => answerProblem(error, c as never, c.var.ctx))
  api.use(async (c, next) => {
    c.set('ctx', { ...site.ctx(), platform, now: at })
    await next()
  })
  api.use(clientCalls({ platform, db: site.db, log: silentLog }) as never)
  for (const permission of ['fruit.send', 'fruit.ban'])
    api.on(['GET', 'POST'], `/api/${permission}`, async (c) =>
      c.json(
        await c.var.asClient(
          permission,
          async (ctx, body) => {
            await audit(ctx, 'fruit.send', undefined, { bytes: body.length })
            const { rows } = await sql<{ can: boolean }>`select access.can(${permission}) as can`.execute(ctx.db)
            return { bytes: body.length, ...rows[0]! }
          },
          { limit: 1000 },
        ),
      ),
    )
})
afterAll(() => site.drop())
beforeEach(() => {
  at = NOW
})

async function client(...permissions: string[]) {
  const token = await site.session('administrator')
  const session = await site.owner
    .selectFrom('access.session')
    .select('id')
    .where('token_hash', '=', sql<Buffer>`sha256(${Buffer.from(token)})`)
    .executeTakeFirstOrThrow()
  const actor = { ...administrator, session_id: session.id }
  const platform = { ...site.platform, parts: [...site.platform.parts, FRUIT] }
  return withActor(
    site.db,
    actor,
    (db) => addClient({ ...site.ctx({ db, actor }), platform }, { label: 'Orchard', permissions }),
    NOW,
  )
}
const written = async () =>
  (await site.owner.selectFrom('audit.entry').select('details').where('action', '=', 'fruit.send').execute()).length
const call = (path: string, headers: Record<string, string>, body: string | null = 'apples') =>
  api.request(`${ORIGIN}/api/${path}`, {
    method: body === null ? 'GET' : 'POST',
    headers,
    ...(body !== null && { body }),
  })

test('a key that is sent lets in where it may, and nowhere else', async () => {
  const { key, proof } = await client('fruit.send')
  expect({ proof, key }).toEqual({ proof: 'key', key: expect.stringMatching(/^hsf_[\w-]{43}$/) })
  const headers = { authorization: `Bearer ${key}` }
  const done = await call('fruit.send', { ...headers, 'idempotency-key': 'a' })
  expect([done.status, await done.json()]).toEqual([200, { bytes: 6, can: true }])
  expect(done.headers.get('cache-control')).toBe('no-store')
  expect((await call('fruit.send', headers, null)).status).toBe(200)
  expect((await call('fruit.ban', { ...headers, 'idempotency-key': 'b' })).status).toBe(403)
  expect((await call('fruit.send', headers)).status).toBe(400)
  expect((await call('fruit.send', { ...headers, 'idempotency-key': 'c' }, 'x'.repeat(1001))).status).toBe(413)
  for (const authorization of ['', 'Bearer hsf_wrong', `Bearer ${key}x`, `Basic ${key}`])
    expect((await call('fruit.send', { authorization, 'idempotency-key': 'd' })).status).toBe(401)
})

test('what it does stands in the audit under its own name, for its organisation', async () => {
  const { id, key } = await client('fruit.send')
  await call('fruit.send', { authorization: `Bearer ${key}`, 'idempotency-key': 'a' })
  const line = await site.owner
    .selectFrom('audit.entry')
    .select(['actor_kind', 'organisation_id'])
    .where('actor_id', '=', id)
    .execute()
  expect(line).toEqual([{ actor_kind: 'client', organisation_id: administrator.organisation_id }])
})

test('the same call does one thing, also when it comes twice at once; another under its key is refused', async () => {
  const { key } = await client('fruit.send')
  const before = await written()
  const headers = { authorization: `Bearer ${key}`, 'idempotency-key': 'one' }
  const answers = await Promise.all([1, 2, 3].map(async () => (await call('fruit.send', headers)).json()))
  expect(answers).toEqual(Array(3).fill({ bytes: 6, can: true }))
  expect(await written()).toBe(before + 1)
  expect((await call('fruit.send', headers, 'pears')).status).toBe(409)
  expect((await call('fruit.send', { ...headers, 'idempotency-key': 'two' })).status).toBe(200)
  expect(await written()).toBe(before + 2)
})

test('a signed call, as the documentation has it; nothing altered, old, early, replayed elsewhere or without a signature', async () => {
  const { id: keyid, key, proof } = await client('fruit.ban')
  expect(proof).toBe('signature')
  const address = `${ORIGIN}/api/fruit.ban`
  const now = NOW.epochMilliseconds
  const signed = { key, keyid, method: 'POST', address, body: 'apples', idempotencyKey: 'a', now }
  const headers = await signCall(signed)
  expect((await call('fruit.ban', headers)).status).toBe(200)
  const done = await written()
  const read = await signCall({ ...signed, method: 'GET', body: null })
  expect((await call('fruit.ban', read, null)).status).toBe(200)
  const stranger = await client('fruit.ban')
  const refused: [Record<string, string>, string, number][] = [
    [headers, 'pears!', 400],
    [
      { ...headers, 'content-digest': (await signCall({ ...signed, body: 'pears!' }))['content-digest']! },
      'pears!',
      401,
    ],
    [{ ...headers, 'idempotency-key': 'b' }, 'apples', 401],
    [await signCall({ ...signed, address: `${ORIGIN}/api/fruit.send` }), 'apples', 401],
    [await signCall({ ...signed, method: 'PUT' }), 'apples', 401],
    [await signCall({ ...signed, keyid: stranger.id }), 'apples', 401],
    [await signCall({ ...signed, keyid: 'nobody' }), 'apples', 401],
    [await signCall({ ...signed, now: now - (SIGNATURE_WINDOW + 1) * 1000 }), 'apples', 401],
    [await signCall({ ...signed, now: now + (SIGNATURE_WINDOW + 1) * 1000 }), 'apples', 401],
    [{ ...read, 'idempotency-key': 'c' }, 'apples', 401],
    [{ authorization: `Bearer ${key}`, 'idempotency-key': 'd' }, 'apples', 401],
  ]
  for (const [given, body, status] of refused) expect((await call('fruit.ban', given, body)).status).toBe(status)
  // Replayed as it was, within the window: the same answer, and nothing is done.
  expect(await (await call('fruit.ban', headers)).json()).toEqual({ bytes: 6, can: true })
  expect(await written()).toBe(done + 1)
})

test('what wants signed calls is not opened by a key that is sent, whatever stands in the table', async () => {
  const { id, key } = await client('fruit.send')
  await site.owner
    .updateTable('access.api_client')
    .set({ permissions: ['fruit.ban', 'fruit.eat'] })
    .where('id', '=', id)
    .execute()
  const headers = { authorization: `Bearer ${key}`, 'idempotency-key': 'a' }
  expect((await call('fruit.ban', headers)).status).toBe(403)
  expect((await call('fruit.send', headers)).status).toBe(403)
})

test('revoked, or its organisation closed, it is nobody', async () => {
  const { id, key } = await client('fruit.send')
  const headers = { authorization: `Bearer ${key}`, 'idempotency-key': 'a' }
  expect((await call('fruit.send', headers)).status).toBe(200)
  const closing = (closed_at: Temporal.Instant | null) =>
    site.owner
      .updateTable('organisations.organisation')
      .set({ closed_at })
      .where('id', '=', administrator.organisation_id)
      .execute()
  await closing(sql<Temporal.Instant>`now() - interval '1 day'` as never)
  expect((await call('fruit.send', headers)).status).toBe(403)
  await closing(null)
  await withActor(site.db, administrator, (db) => revokeClient(site.ctx({ db, actor: administrator }), id), NOW)
  expect((await call('fruit.send', headers)).status).toBe(401)
})
