import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ORIGIN, type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import { withActor } from '../access/transaction.ts'
import type { StaffActor } from '../context.ts'
import { LANGUAGES } from '../i18n/languages.ts'

let site: TestApp
let administrator: StaffActor
beforeAll(async () => {
  site = await testApp()
  administrator = await site.actor('administrator')
})
afterAll(() => site.drop())
beforeEach(async () => {
  await sql`truncate webhooks.subscription, webhooks.message cascade`.execute(site.owner)
})

const at = (path = '') => `/en/work/webhooks${path}`
const ask = (path: string, form?: Record<string, string | string[]>) =>
  site.ask(at(path), { as: 'administrator', ...(form && { form }) })
const subscription = (id: string) =>
  site.owner.selectFrom('webhooks.subscription').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

async function add() {
  expect((await ask('/new', { url: 'https://hooks.example.tj/in', events: ['sms.failed'] })).status).toBe(200)
  return site.owner.selectFrom('webhooks.subscription').select('id').executeTakeFirstOrThrow()
}

test.each([
  [{ url: 'https://192.168.1.1/', events: ['sms.failed'] }, 'must begin with https'],
  [{ url: 'http://hooks.example.tj/', events: ['sms.failed'] }, null],
  [{ url: 'nonsense', events: ['sms.failed'] }, 'must begin with https'],
  [{ events: ['sms.failed'] }, 'Write the address'],
  [{ url: 'https://hooks.example.tj/' }, 'Choose at least one'],
  [{ url: 'https://hooks.example.tj/', events: ['no.such'] }, 'class="errors"'],
] as [Record<string, string | string[]>, string | null][])('a form of %j', async (form, says) => {
  const response = await ask('/new', form)
  expect(response.status).toBe(says ? 422 : 200)
  if (says) expect(await response.text()).toContain(says)
})

test('a test goes out; off and on again; what is off takes no test', async () => {
  const { id } = await add()
  expect((await ask(`/${id}/test`, {})).status).toBe(303)
  const { event, data } = await site.owner.selectFrom('webhooks.message').selectAll().executeTakeFirstOrThrow()
  expect({ event, data }).toEqual({ event: 'webhook.test', data: { test: true } })
  expect((await ask(`/${id}/state`, { to: 'off' })).status).toBe(303)
  expect(await subscription(id)).toMatchObject({ off_why: 'asked' })
  expect((await ask(`/${id}/test`, {})).status).toBe(409)
  expect((await ask(`/${id}/state`, { to: 'on' })).status).toBe(303)
  expect(await subscription(id)).toMatchObject({ off_why: null, off_at: null })
  for (const lang of LANGUAGES) {
    const page = await site.ask(`/${lang}/work/webhooks/${id}`, { as: 'administrator' })
    expect(page.status).toBe(200)
  }
  const acts = await site.owner.selectFrom('audit.entry').select('action').where('subject_id', '=', id).execute()
  expect(acts.map(({ action }) => action)).toEqual(
    ['add', 'test', 'switch_off', 'switch_on'].map((act) => `webhook.${act}`),
  )
})

test('adding, a new secret and switching on want a fresh proof, in the database too', async () => {
  const { id } = await add()
  await ask(`/${id}/state`, { to: 'off' })
  const token = await site.session('administrator')
  await site.owner
    .updateTable('access.session')
    .set({ proven_at: NOW.subtract({ minutes: 11 }) })
    .execute()
  const stale = (path: string, form?: Record<string, string>) =>
    site.app.request(ORIGIN + at(path), {
      method: form ? 'POST' : 'GET',
      headers: { origin: ORIGIN, cookie: `hamsafar=${token}` },
      ...(form && { body: new URLSearchParams(form) }),
    })
  const asked = [stale('/new'), stale(`/${id}/secret`, { x: '1' }), stale(`/${id}/state`, { to: 'on' })]
  for (const response of await Promise.all(asked))
    expect(response.headers.get('location')).toMatch(/^\/en\/work\/step-up/)
  const row = {
    id: '00000000-0000-7000-8000-000000000001',
    url: 'https://x.tj/',
    events: ['a.b'],
    secret: Buffer.alloc(1),
  }
  const { organisation_id, user_id: created_by } = administrator
  const values = { ...row, organisation_id, created_by, created_at: NOW }
  await expect(
    withActor(site.db, administrator, (db) => db.insertInto('webhooks.subscription').values(values).execute(), NOW),
  ).rejects.toThrow('row-level security')
})

test('another organisation sees and touches nothing of it', async () => {
  const { id } = await add()
  await ask(`/${id}/test`, {})
  const stranger: StaffActor = { ...administrator, organisation_id: (await site.actor('adviser')).organisation_id }
  const seen = await withActor(site.db, stranger, async (db) => ({
    subscriptions: await db.selectFrom('webhooks.subscription').select('id').execute(),
    messages: await db.selectFrom('webhooks.message').select('id').execute(),
    deliveries: await db.selectFrom('webhooks.delivery').select('id').execute(),
    changed: await db
      .updateTable('webhooks.subscription')
      .set({ off_at: NOW, off_why: 'asked' })
      .where('id', '=', id)
      .returning('id')
      .execute(),
  }))
  expect(seen).toEqual({ subscriptions: [], messages: [], deliveries: [], changed: [] })
  await expect(
    withActor(site.db, administrator, (db) => db.selectFrom('webhooks.subscription').select('secret').execute()),
  ).rejects.toThrow('permission denied')
})
