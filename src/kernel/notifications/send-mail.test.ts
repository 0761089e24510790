import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW, silentLog } from '../../../test/database.ts'
import type { JobCtx } from '../jobs/job.ts'
import { sendMails } from './mail.ts'
import { MAILS_PER_DAY, moveMailKey, openMail, sendMail } from './send-mail.ts'
import type { Transport } from './transport.ts'

let site: TestApp
beforeAll(async () => {
  site = await testApp()
})
afterAll(() => site.drop())

const MAIL = {
  subject: 'Is this your address?',
  body: 'Open the link:\nhttp://127.0.0.1:8080/en/x',
  lang: 'en',
} as const
const WITH_SERVER = { HAMSAFAR_SMTP_URL: 'smtp://127.0.0.1:25', HAMSAFAR_MAIL_FROM: 'service@hamsafar.example' }
const ctxOf = (settings = {}, db = site.db) => {
  const ctx = site.ctx({ db })
  return { ...ctx, platform: { ...ctx.platform, config: { ...ctx.platform.config, ...settings } } }
}
const rows = () => site.owner.selectFrom('notifications.delivery').selectAll().orderBy('id').execute()

test('a stranger gets what was asked for once, sealed while it waits, and nothing of it stays', async () => {
  const ctx = ctxOf(WITH_SERVER)
  const ask = (idempotency: string) => sendMail(ctx, { ...MAIL, to: 'Sharipova@Example.com', idempotency })
  expect([await ask('one'), await ask('one')]).toEqual(['taken', 'taken'])
  const [waiting] = await rows()
  expect(JSON.stringify(waiting)).not.toMatch(/example\.com|127\.0\.0\.1:8080\/en|Is this/i)
  const taken: Parameters<Transport['send']>[0][] = []
  const job: JobCtx = {
    ...ctxOf(WITH_SERVER, site.owner),
    actor: { kind: 'system', task: 'test' },
    run_id: null,
    signal: new AbortController().signal,
    report: async () => {},
  }
  await sendMails(job, { send: async (mail) => void taken.push(mail) as never, close() {} })
  expect(taken).toHaveLength(1)
  expect(taken[0]).toMatchObject({ to: 'Sharipova@Example.com', subject: MAIL.subject, body: MAIL.body, lang: 'en' })
  expect(await rows()).toMatchObject([{ state: 'sent', sealed: null, subject: null, body: null, user_id: null }])
})

test('an address has enough after six in a day, however it is written; another has not', async () => {
  const ctx = ctxOf()
  const ask = (to: string, n: number) => sendMail(ctx, { ...MAIL, to, idempotency: `${to} ${n}` })
  for (let n = 0; n < MAILS_PER_DAY; n++) expect(await ask('six@example.com', n)).toBe('taken')
  expect(await ask('SIX@example.com', 9)).toBe('quota')
  expect(await ask('seven@example.com', 1)).toBe('taken')
  const tomorrow = { ...ctx, now: NOW.add({ hours: 25 }) }
  expect(await sendMail(tomorrow, { ...MAIL, to: 'six@example.com', idempotency: 'tomorrow' })).toBe('taken')
})

test('a demonstration keeps it for the outbox; without a mail server and outside one nothing is promised', async () => {
  await sendMail(ctxOf(), { ...MAIL, to: 'kept@example.com', idempotency: 'kept' })
  const page = await (await site.ask('/en/outbox')).text()
  expect(page).toContain('kept@example.com')
  expect(page).toContain('href="http://127.0.0.1:8080/en/x"')
  const bare = ctxOf()
  const outside = { ...bare, platform: { ...bare.platform, demonstration: false } }
  expect(await sendMail(outside, { ...MAIL, to: 'nobody@example.com', idempotency: 'nobody' })).toBe('no_server')
})

test('what waits moves to a new secret key', async () => {
  const before = site.platform.config.HAMSAFAR_SECRET_KEY
  const settings = { HAMSAFAR_SECRET_KEY: Buffer.alloc(32, 9).toString('base64'), HAMSAFAR_SECRET_KEY_BEFORE: before }
  const ctx = { ...ctxOf(settings, site.owner), log: silentLog }
  expect(await moveMailKey(ctx)).toBeGreaterThan(0)
  expect(await moveMailKey(ctx)).toBe(0)
  const alone = ctxOf({ ...settings, HAMSAFAR_SECRET_KEY_BEFORE: undefined })
  const kept = (await rows()).filter(({ sealed }) => sealed !== null)
  expect(kept.map(({ id, sealed }) => openMail(alone, id, sealed!).subject)).toContain(MAIL.subject)
})
