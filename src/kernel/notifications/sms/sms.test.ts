import type { ServerResponse } from 'node:http'
import { sql } from 'kysely'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../../test/app.ts'
import { NOW, silentLog } from '../../../../test/database.ts'
import { openReceiver, type Received, type Receiver } from '../../../../test/receiver.ts'
import { withActor } from '../../access/transaction.ts'
import type { Actor, Ctx, StaffActor } from '../../context.ts'
import { notificationJobs } from '../jobs.ts'
import { sendWaitingSms } from './deliver.ts'
import { openGateway } from './gateway.ts'
import { moveSmsKey, openSms, sealSms } from './sealing.ts'
import { SMS_PER_DAY, SMS_TASK, sendSms, smsState } from './send-sms.ts'

let site: TestApp
let officer: StaffActor
let gateway: Receiver
beforeAll(async () => {
  site = await testApp()
  officer = await site.actor('adviser')
})
afterAll(() => site.drop())
beforeEach(async () => {
  await sql`truncate notifications.sms, notifications.notification cascade`.execute(site.owner)
  gateway = await openReceiver()
})
afterEach(() => gateway.close())

const platformWith = (settings: Record<string, unknown>, demonstration = false) => ({
  ...site.platform,
  demonstration,
  config: { ...site.platform.config, HAMSAFAR_SMS_URL: gateway.url, ...settings },
})
type Options = { settings?: Record<string, unknown>; demonstration?: boolean; now?: Temporal.Instant; actor?: Actor }

/** Asks for a text message as a page would: in a transaction in somebody's name. */
const ask = (
  sms: Partial<Parameters<typeof sendSms>[1]> = {},
  { settings = {}, demonstration = false, now = NOW, actor = officer }: Options = {},
) =>
  withActor(
    site.db,
    actor,
    (db) => {
      const ctx: Ctx = { ...site.ctx({ actor, db, now }), platform: platformWith(settings, demonstration) }
      const standard = {
        key: 'answer_ready',
        to: '+992 90 123 45 67',
        lang: 'ru',
        idempotency: 'entry-check:1',
      } as const
      return sendSms(ctx, { ...standard, ...sms } as Parameters<typeof sendSms>[1])
    },
    now,
  )

/** One run of the job, at a moment. */
async function run(now: Temporal.Instant, settings: Record<string, unknown> = {}, patience = 5_000, log = silentLog) {
  const platform = platformWith(settings)
  const ctx = site.ctx({ actor: { kind: 'system', task: 'test' }, db: site.owner, now })
  const job = { ...ctx, log, platform, run_id: null, signal: new AbortController().signal, report: async () => {} }
  await sendWaitingSms(job, openGateway(platform.config, patience)!)
}

const all = () => site.owner.selectFrom('notifications.sms').selectAll().orderBy('created_at').orderBy('id').execute()
const one = async () => (await all())[0]!
const idOf = async (answer: ReturnType<typeof ask>) => {
  const taken = await answer
  if (taken.kind !== 'taken') throw new Error(taken.why)
  return taken.id
}

test('it goes out once, as the template says, with the key that stays; then number and words are gone', async () => {
  const id = await idOf(ask())
  const waiting = await one()
  expect(waiting).toMatchObject({ state: 'waiting', asked_by: officer.user_id })
  expect(openSms(site, id, waiting.sealed!)).toEqual({ to: '+992901234567', text: 'Ответ на ваш вопрос готов.' })
  await run(NOW, { HAMSAFAR_SMS_HEADER: 'Authorization: Bearer abc', HAMSAFAR_SMS_SENDER: 'Info' })
  await run(NOW.add({ hours: 1 }))
  expect(gateway.asked).toHaveLength(1)
  const [{ headers, body }] = gateway.asked as [Received]
  expect(headers).toMatchObject({
    authorization: 'Bearer abc',
    'idempotency-key': id,
    'content-type': 'application/json',
  })
  expect(JSON.parse(body)).toEqual({ to: '+992901234567', text: 'Ответ на ваш вопрос готов.', from: 'Info', id })
  expect(await one()).toMatchObject({ state: 'sent', attempts: 1, sealed: null, error: null })
})

test('a form for gateways that want one', async () => {
  await ask()
  await run(NOW, { HAMSAFAR_SMS_BODY: 'login=a&psw=b&phones={digits}&mes={text}&sender={sender}&id={key}' })
  const form = new URLSearchParams(gateway.asked[0]!.body)
  expect(form.get('phones')).toBe('992901234567')
  expect(form.get('mes')).toBe('Ответ на ваш вопрос готов.')
})

test('a rollback takes it back; the same act asked for twice is one message', async () => {
  await expect(
    withActor(site.db, officer, async (db) => {
      const ctx = { ...site.ctx({ actor: officer, db }), platform: platformWith({}) }
      await sendSms(ctx, { key: 'answer_ready', to: '+992901234567', lang: 'tg', idempotency: 'x' })
      throw new Error('rolled back')
    }),
  ).rejects.toThrow('rolled back')
  expect(await all()).toEqual([])
  const [first, second] = await Promise.all([idOf(ask()), idOf(ask())])
  expect(second).toBe(first)
  await run(NOW)
  expect(await idOf(ask())).toBe(first)
  await run(NOW.add({ minutes: 1 }))
  expect(gateway.asked).toHaveLength(1)
})

describe('what the gateway does not take', () => {
  const tried = async (times: number) => {
    const waits: number[] = []
    let now = NOW
    for (let i = 0; i < times; i++) {
      await run(now, {}, 300)
      const { next_try } = await one()
      if (!next_try) break
      waits.push(next_try.since(now).total('minutes'))
      await run(next_try.subtract({ seconds: 1 }), {}, 300)
      now = next_try
    }
    return waits
  }

  test.each([
    ['500', (response: ServerResponse) => void response.writeHead(500).end(), 'http_500'],
    ['401: our matter', (response: ServerResponse) => void response.writeHead(401).end(), 'http_401'],
    [
      'a redirect, which is not followed',
      (r: ServerResponse) => void r.writeHead(302, { location: gateway.url }).end(),
      'http_302',
    ],
    ['slow', () => {}, 'no_answer_in_time'],
    ['broken off', (response: ServerResponse) => void response.destroy(), 'no_answer'],
  ])('%s: is tried again, later each time, under the same key; at last it has failed', async (_, answer, why) => {
    gateway.answer = answer
    await ask({ notAfter: NOW.add({ hours: 24 }) })
    expect(await tried(6)).toEqual([1, 5, 30, 120, 480])
    expect(await one()).toMatchObject({ state: 'failed', attempts: 6, error: why, sealed: null })
    expect(gateway.asked).toHaveLength(6)
    expect(new Set(gateway.asked.map(({ headers }) => headers['idempotency-key'])).size).toBe(1)
  })

  test('down: it goes out when the gateway is back', async () => {
    const { url } = gateway
    await gateway.close()
    await ask({}, { settings: { HAMSAFAR_SMS_URL: url } })
    await run(NOW, { HAMSAFAR_SMS_URL: url })
    expect(await one()).toMatchObject({ state: 'waiting', attempts: 1, error: 'no_answer' })
    gateway = await openReceiver()
    await run(NOW.add({ minutes: 2 }))
    expect(await one()).toMatchObject({ state: 'sent', attempts: 2, error: null })
  })

  test('429 with Retry-After waits as long as it says; the others are not asked for in that run', async () => {
    gateway.answer = (response) => void response.writeHead(429, { 'retry-after': '900' }).end()
    await ask()
    await ask({ idempotency: 'entry-check:2', to: '+79123456789' }, { now: NOW.add({ seconds: 1 }) })
    await run(NOW.add({ minutes: 1 }))
    expect(gateway.asked).toHaveLength(1)
    const [first, second] = await all()
    expect(first!.next_try!.since(NOW).total('minutes')).toBe(16)
    expect(second).toMatchObject({ attempts: 0 })
  })

  test('200 to what is an error, where the settings say how it tells', async () => {
    gateway.answer = (response) => void response.end('ERROR = 3 (no money)')
    await ask()
    await run(NOW, { HAMSAFAR_SMS_TAKEN: 'OK - ' })
    expect(await one()).toMatchObject({ state: 'waiting', error: 'not_taken' })
    gateway.answer = (response) => void response.end('OK - 1 SMS, ID - 5')
    await run(NOW.add({ minutes: 1 }), { HAMSAFAR_SMS_TAKEN: 'OK - ' })
    expect(await one()).toMatchObject({ state: 'sent' })
  })

  test('refused for good: failed at once; who asked is told, without the number', async () => {
    gateway.answer = (response) => void response.writeHead(422).end('{"to":"+992901234567 is barred"}')
    const id = await idOf(ask({ href: '/work/find' }))
    await run(NOW)
    expect(await one()).toMatchObject({ state: 'failed', attempts: 1, error: 'http_422', sealed: null })
    const told = await site.owner.selectFrom('notifications.notification').selectAll().execute()
    expect(told).toMatchObject([
      {
        user_id: officer.user_id,
        organisation_id: officer.organisation_id,
        kind: 'notifications.sms_failed',
        href: '/work/find',
        subject_id: id,
      },
    ])
    expect(JSON.stringify(told)).not.toContain('90123')
    expect(await (await site.ask('/en/work/notifications', { as: 'adviser' })).text()).toContain('did not go out')
    expect(await smsState(site.ctx(), id)).toBe('failed')
  })

  test('too late: a code that nobody waits for any more is not sent', async () => {
    await ask({ key: 'code', values: { code: '123456' }, notAfter: NOW.add({ minutes: 10 }) } as never)
    await run(NOW.add({ minutes: 11 }))
    expect(gateway.asked).toEqual([])
    expect(await one()).toMatchObject({ state: 'failed', error: 'too_late' })
  })
})

test('nobody came back from it: it is sent again under the same key', async () => {
  await ask()
  await run(NOW)
  // As a process leaves it that dies between the gateway's answer and our own line.
  const { id } = await one()
  const sealed = sealSms(site, id, { to: '+992901234567', text: 'x' })
  await site.owner.updateTable('notifications.sms').set({ state: 'waiting', next_try: NOW, sealed }).execute()
  await run(NOW.add({ minutes: 5 }))
  expect(gateway.asked.map(({ headers }) => headers['idempotency-key'])).toEqual([id, id])
})

test('a number has enough after a few a day, however it is written; another has not', async () => {
  const written = ['+992901234567', '992 90 1234567', '00992901234567', '+992 (90) 123-45-67']
  const next = (i: number, now = NOW) => ask({ to: written[i % 4]!, idempotency: `n:${i}` }, { now })
  const answers = await Promise.all(Array.from({ length: SMS_PER_DAY + 2 }, (_, i) => next(i)))
  expect(answers.filter(({ kind }) => kind === 'taken')).toHaveLength(SMS_PER_DAY)
  expect(answers).toContainEqual({ kind: 'refused', why: 'quota' })
  expect(await ask({ to: '+79123456789', idempotency: 'other' })).toMatchObject({ kind: 'taken' })
  expect(await next(99, NOW.add({ hours: 25 }))).toMatchObject({ kind: 'taken' })
})

test('a number of no use, or no gateway: said at once, nothing kept', async () => {
  expect(await ask({ to: '+1 202 555 0143' })).toEqual({ kind: 'refused', why: 'number' })
  expect(await ask({}, { settings: { HAMSAFAR_SMS_URL: undefined } })).toEqual({ kind: 'refused', why: 'no_gateway' })
  expect(await all()).toEqual([])
})

test('a visitor can be the one who asks, and learns the state by the id alone', async () => {
  const id = await idOf(ask({}, { actor: { kind: 'visitor' } }))
  expect(await smsState(site.ctx(), id)).toBe('waiting')
  expect(await smsState(site.ctx(), '00000000-0000-7000-8000-000000000000')).toBeUndefined()
  await expect(site.db.selectFrom('notifications.sms').select('id').execute()).rejects.toThrow('permission denied')
})

test('a demonstration sends nothing, whatever is set; /outbox shows it', async () => {
  await ask({ key: 'code', values: { code: '123456' } } as never, { demonstration: true })
  expect(await one()).toMatchObject({ state: 'kept', next_try: null })
  const platform = platformWith({}, true)
  const system = site.ctx({ actor: { kind: 'system', task: 'test' }, db: site.owner })
  const job = { ...system, platform, run_id: null, signal: new AbortController().signal, report: async () => {} }
  await notificationJobs[SMS_TASK]!.run(job, {})
  expect(gateway.asked).toEqual([])
  const page = await (await site.ask('/en/outbox')).text()
  expect(page).toContain('+992901234567')
  expect(page).toContain('Код: 123456. Никому его не говорите.')
})

test('number and words stand nowhere in the database, the audit or the log', async () => {
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
  gateway.answer = (response) => void response.writeHead(400).end()
  await ask({ key: 'code', values: { code: '987654' }, idempotency: 'of +992901234567' } as never)
  const dump = async () => {
    const tables = ['notifications.sms', 'jobs.run', 'audit.entry', 'notifications.notification', 'webhooks.message']
    const rows = await Promise.all(tables.map((table) => sql`select * from ${sql.table(table)}`.execute(site.owner)))
    return rows
      .flatMap((result) => result.rows as Record<string, unknown>[])
      .flatMap((row) => Object.values(row))
      .map((value) =>
        Buffer.isBuffer(value) ? value.toString('latin1') : typeof value === 'bigint' ? '' : JSON.stringify(value),
      )
      .join('\n')
  }
  const before = await dump()
  await run(NOW, {}, 5_000, log)
  for (const text of [before, await dump(), lines.join('\n')]) {
    expect(text.length).toBeGreaterThan(50)
    expect(text).not.toMatch(/90 ?123 ?45|987654/)
  }
})

test('a move of the secret key takes what waits along, and the quota and the acts still count', async () => {
  const id = await idOf(ask())
  const [OLD, NEW] = [site.platform.config.HAMSAFAR_SECRET_KEY, Buffer.alloc(32, 9).toString('base64')]
  const both = { HAMSAFAR_SECRET_KEY: NEW, HAMSAFAR_SECRET_KEY_BEFORE: OLD }
  const ctx = { ...site.ctx({ actor: { kind: 'system', task: 'test' }, db: site.owner }), platform: platformWith(both) }
  expect(await idOf(ask({}, { settings: both }))).toBe(id)
  expect(await moveSmsKey(ctx)).toBe(1)
  expect(await moveSmsKey(ctx)).toBe(0)
  await run(NOW, { HAMSAFAR_SECRET_KEY: NEW })
  expect(gateway.asked).toHaveLength(1)
  expect(await one()).toMatchObject({ state: 'sent' })
})
