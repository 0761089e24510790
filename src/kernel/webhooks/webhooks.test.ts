import type { ServerResponse } from 'node:http'
import { sql } from 'kysely'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW, silentLog } from '../../../test/database.ts'
import { openReceiver, type Received, type Receiver } from '../../../test/receiver.ts'
import type { AuditDetails } from '../audit/audit.ts'
import type { StaffActor } from '../context.ts'
import { deliverDue } from './deliver.ts'
import { moveWebhookSecrets } from './secrets.ts'
import { sendEvent } from './send-event.ts'
import { signedHeaders } from './sign.ts'

let site: TestApp
let administrator: StaffActor
let receiver: Receiver
beforeAll(async () => {
  site = await testApp()
  administrator = await site.actor('administrator')
})
afterAll(() => site.drop())
beforeEach(async () => {
  await sql`truncate webhooks.subscription, webhooks.message, notifications.notification cascade`.execute(site.owner)
  receiver = await openReceiver()
})
afterEach(() => receiver.close())

const system = (now = NOW) => site.ctx({ actor: { kind: 'system', task: 'test' }, db: site.owner, now })
const at = (path = '') => `/en/work/webhooks${path}`
const ask = (path: string, form?: Record<string, string | string[]>) =>
  site.ask(at(path), { as: 'administrator', ...(form && { form }) })

/** Adds an address on the page, and answers its id and the secret that is shown. */
async function add(url = receiver.url) {
  const response = await ask('/new', { url, events: ['sms.failed'] })
  expect(response.status).toBe(200)
  const page = await response.text()
  const { id } = await site.owner
    .selectFrom('webhooks.subscription')
    .select('id')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  return { id, secret: /whsec_[A-Za-z0-9+/=]+/.exec(page)![0] }
}

const event = (key = 'k', organisation_id = administrator.organisation_id) =>
  sendEvent(system(), { event: 'sms.failed', organisation_id, key, data: { sms: key, reason: 'http_422' } })

async function run(now = NOW, settings: Record<string, unknown> = {}, log = silentLog) {
  const ctx = system(now)
  const platform = { ...ctx.platform, config: { ...ctx.platform.config, ...settings } }
  const job = { ...ctx, log, platform, run_id: null, signal: new AbortController().signal, report: async () => {} }
  await deliverDue(job)
}

const deliveries = () =>
  site.owner.selectFrom('webhooks.delivery').selectAll().orderBy('created_at').orderBy('id').execute()
const delivery = async () => (await deliveries())[0]!
const subscription = (id: string) =>
  site.owner.selectFrom('webhooks.subscription').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

test('it is called once, signed, with references only; the secret is shown once and kept sealed', async () => {
  const { id, secret } = await add()
  expect((await subscription(id)).secret.toString('latin1')).not.toContain(secret.slice(6, 20))
  expect(await (await ask(`/${id}`)).text()).not.toContain('whsec_')
  await event()
  await run()
  await run(NOW.add({ hours: 1 }))
  expect(receiver.asked).toHaveLength(1)
  const [{ headers, body }] = receiver.asked as [Received]
  const { message_id } = await delivery()
  expect(headers['webhook-id']).toBe(`msg_${message_id}`)
  const sent = Temporal.Instant.fromEpochMilliseconds(Number(headers['webhook-timestamp']) * 1000)
  expect(headers).toMatchObject(signedHeaders([secret], `msg_${message_id}`, sent, body))
  expect(sent.since(NOW).total('seconds')).toBeLessThan(60)
  expect(JSON.parse(body)).toEqual({
    type: 'sms.failed',
    timestamp: NOW.toString(),
    data: { sms: 'k', reason: 'http_422' },
  })
  expect(await delivery()).toMatchObject({ state: 'sent', attempts: 1, status: 204 })
})

test('told twice of the same, one message; another organisation, or an event nobody wants, none', async () => {
  await add()
  await event()
  await event()
  await event('other', (await site.actor('adviser')).organisation_id)
  expect(await deliveries()).toHaveLength(1)
  await expect(
    sendEvent(system(), { event: 'no.such', organisation_id: administrator.organisation_id, key: 'k', data: {} }),
  ).rejects.toThrow('No part declares')
})

test('what says something of a person, the database refuses', async () => {
  await add()
  for (const data of [{ person: 'Далер Рахимов' }, { phone_number: 'x' }, { contact: '+992901234567' }])
    await expect(
      sendEvent(system(), {
        event: 'sms.failed',
        organisation_id: administrator.organisation_id,
        key: 'k',
        data: data as unknown as AuditDetails,
      }),
    ).rejects.toThrow('message_data_impersonal')
})

describe('what is not taken', () => {
  const waits = async (times: number) => {
    const found: number[] = []
    let now = NOW
    for (let i = 0; i < times; i++) {
      await run(now)
      const { next_try } = await delivery()
      if (!next_try) break
      found.push(Math.round(next_try.since(now).total('minutes')))
      now = next_try
    }
    return found
  }

  test('is tried again for three days, later each time, under the same id, then has failed', async () => {
    const { id } = await add()
    receiver.answer = (response) => void response.writeHead(500).end()
    await event()
    expect(await waits(10)).toEqual([1, 5, 30, 120, 300, 600, 840, 1200, 1440])
    expect(await delivery()).toMatchObject({ state: 'failed', attempts: 10, status: 500 })
    expect(new Set(receiver.asked.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(new Set(receiver.asked.map(({ body }) => body)).size).toBe(1)
    expect(new Set(receiver.asked.map(({ headers }) => headers['webhook-signature'])).size).toBe(10)
    const page = await (await ask(`/${id}`)).text()
    expect(page).toContain('HTTP 500')
    // Sent again by hand, it gets through, and the address counts as well again.
    receiver.answer = (response) => void response.writeHead(200).end()
    expect((await ask(`/${id}/again`, { delivery: (await delivery()).id })).status).toBe(303)
    await run(NOW.add({ hours: 90 }))
    expect(await delivery()).toMatchObject({ state: 'sent' })
    expect(await subscription(id)).toMatchObject({ failing_since: null, off_at: null })
  })

  test('waits as long as Retry-After says; others do not wait for it', async () => {
    const other = await openReceiver()
    await add()
    await add(other.url)
    receiver.answer = (response) => void response.writeHead(429, { 'retry-after': '1800' }).end()
    await event('1')
    await event('2')
    await run()
    expect(receiver.asked).toHaveLength(1)
    expect(other.asked).toHaveLength(2)
    const [waiting] = (await deliveries()).filter(({ attempts, state }) => attempts === 1 && state === 'waiting')
    expect(Math.round(waiting!.next_try!.since(NOW).total('minutes'))).toBe(30)
    await other.close()
  })

  test('for five days: the address is switched off, administrators are told, what waits has failed', async () => {
    const { id } = await add()
    const { url } = receiver
    await receiver.close()
    await event('1')
    await run()
    expect(await subscription(id)).toMatchObject({ failing_since: expect.anything(), off_at: null })
    await event('2')
    await run(NOW.add({ hours: 24 * 5 + 1 }))
    expect(await subscription(id)).toMatchObject({ off_why: 'failing' })
    expect((await deliveries()).map(({ state }) => state)).toEqual(['failed', 'failed'])
    expect(await (await site.ask('/en/work/notifications', { as: 'administrator' })).text()).toContain('switched off')
    expect(await (await ask('')).text()).toContain('Off: accepted nothing')
    await event('3')
    expect(await deliveries()).toHaveLength(2)
    receiver = { ...(await openReceiver()), url }
  })

  test('410 switches it off at once', async () => {
    const { id } = await add()
    receiver.answer = (response) => void response.writeHead(410).end()
    await event()
    await run()
    expect(await subscription(id)).toMatchObject({ off_why: 'gone' })
    expect(await delivery()).toMatchObject({ state: 'failed', status: 410 })
  })

  test('a redirect is not followed', async () => {
    await add()
    receiver.answer = (response) => void response.writeHead(308, { location: 'http://169.254.169.254/' }).end()
    await event()
    await run()
    expect(await delivery()).toMatchObject({ state: 'waiting', status: 308, error: 'redirect' })
  })

  test('nobody came back from it: it is sent again under the same id', async () => {
    await add()
    await event()
    await run()
    await site.owner.updateTable('webhooks.delivery').set({ state: 'waiting', next_try: NOW }).execute()
    await run(NOW.add({ minutes: 2 }))
    const ids = receiver.asked.map(({ headers }) => headers['webhook-id'])
    expect(ids).toEqual([ids[0], ids[0]])
  })

  test('neither address nor secret nor answer stands in the log', async () => {
    const lines: string[] = []
    const { secret } = await add(`${receiver.url}?token=geheim`)
    receiver.answer = (response) => void response.writeHead(500).end('details of theirs')
    await event()
    await run(NOW, {}, pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) }))
    expect(lines.join()).toContain('was not taken')
    expect(lines.join()).not.toMatch(/geheim|127\.0\.0\.1|details of theirs/)
    expect(lines.join()).not.toContain(secret)
  })
})

test('in production nothing goes to this machine or over http, also what was added before', async () => {
  await add()
  await event()
  await run(NOW, { production: true })
  expect(receiver.asked).toEqual([])
  expect(await delivery()).toMatchObject({ state: 'waiting', error: 'forbidden_address' })
})

test('a new secret: both sign for a day, then the new one alone', async () => {
  const { id, secret } = await add()
  const page = await (await ask(`/${id}/secret`, {})).text()
  const fresh = /whsec_[A-Za-z0-9+/=]+/.exec(page)![0]
  expect(fresh).not.toBe(secret)
  await event('1')
  await run()
  await event('2')
  await run(NOW.add({ hours: 25 }))
  const [first, second] = receiver.asked as [Received, Received]
  const signed = ({ headers, body }: Received, secrets: string[]) => {
    const moment = Temporal.Instant.fromEpochMilliseconds(Number(headers['webhook-timestamp']) * 1000)
    return signedHeaders(secrets, String(headers['webhook-id']), moment, body)['webhook-signature']
  }
  expect(first.headers['webhook-signature']).toBe(signed(first, [fresh, secret]))
  expect(second.headers['webhook-signature']).toBe(signed(second, [fresh]))
})

test('a move of the secret key takes the signing secrets along', async () => {
  const { id, secret } = await add()
  await ask(`/${id}/secret`, {})
  const [OLD, NEW] = [site.platform.config.HAMSAFAR_SECRET_KEY, Buffer.alloc(32, 9).toString('base64')]
  const both = { HAMSAFAR_SECRET_KEY: NEW, HAMSAFAR_SECRET_KEY_BEFORE: OLD }
  const ctx = system()
  const platform = { ...ctx.platform, config: { ...ctx.platform.config, ...both } }
  expect(await moveWebhookSecrets({ ...ctx, platform })).toBe(2)
  expect(await moveWebhookSecrets({ ...ctx, platform })).toBe(0)
  await event()
  await run(NOW, { HAMSAFAR_SECRET_KEY: NEW })
  expect(receiver.asked).toHaveLength(1)
  expect(receiver.asked[0]!.headers['webhook-signature']).toContain(' v1,')
  expect(secret).toBeTruthy()
})
