import { createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { ORIGIN, type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import { createApp } from '../../app.ts'
import type { StaffActor } from '../context.ts'
import type { JobCtx } from '../jobs/job.ts'
import { eraseDue } from '../retention/erase.ts'
import { notificationJobs } from './jobs.ts'
import { notify } from './notify.ts'

let site: TestApp
let officer: StaffActor
let smtp: MailServer
beforeEach(async () => {
  await end()
  site = await testApp()
  officer = await site.actor('vacancy_officer')
  smtp = await mailServer()
})
const end = async () => {
  await smtp?.close()
  await site?.drop()
}
afterAll(end)

const later = (minutes: number) => NOW.add({ minutes })

/** One run of the job that the clock starts each minute, at a moment; with the mail server, or without one. */
async function runJob(now: Temporal.Instant, { server = true, demonstration = false } = {}) {
  const settings = { HAMSAFAR_SMTP_URL: server ? smtp.url : undefined, HAMSAFAR_MAIL_FROM: 'service@hamsafar.example' }
  const platform = { ...site.platform, demonstration, config: { ...site.platform.config, ...settings } }
  const system = site.ctx({ actor: { kind: 'system', task: 'test' }, db: site.owner, now })
  const ctx: JobCtx = {
    ...system,
    platform,
    run_id: null,
    signal: new AbortController().signal,
    report: async () => {},
  }
  await notificationJobs['notifications.mail']!.run(ctx, {})
}

const urgent = (now = NOW) =>
  notify(site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' }, now }), {
    to: { permission: 'vacancy.review' },
    kind: 'vacancies.urgent',
    key: 'vacancies.notice.urgent',
    href: '/work/vacancies/review',
    dedupe: 'vacancies.urgent',
  })

const news = (file: string) =>
  notify(site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' } }), {
    to: { users: [officer.user_id], organisation_id: officer.organisation_id },
    kind: 'imports.news',
    key: 'imports.notice.done',
    values: { file },
    href: '/work/imports',
  })

const deliveries = () =>
  site.owner.selectFrom('notifications.delivery').selectAll().orderBy('created_at').orderBy('id').execute()

test('what gathers within a quarter of an hour is one mail that says nothing but that something waits', async () => {
  for (let i = 0; i < 20; i++) await urgent(NOW.add({ seconds: 15 * i }))
  await news('Рахимов Далер паспорт.xlsx')
  await runJob(later(3))
  expect(smtp.taken).toEqual([])
  await runJob(later(15))
  expect(smtp.taken).toHaveLength(1)
  const [mail] = smtp.taken as [string]
  expect(mail).toContain('To: vacancy_officer@test.example')
  expect(mail).toContain('From: service@hamsafar.example')
  expect(mail).toContain('Subject: Hamsafar: something waits for you')
  expect(mail).toContain(`${ORIGIN}/en/work/notifications`)
  expect(mail).toContain('Auto-Submitted: auto-generated')
  const [headers, ...text] = mail.split('\n\n')
  expect(text.join('\n\n').trim()).toBe(
    [
      'Something waits for you in Hamsafar. Sign in to see it:',
      `${ORIGIN}/en/work/notifications`,
      '',
      'You can change these mails here:',
      `${ORIGIN}/en/work/notifications/settings`,
    ].join('\n'),
  )
  expect(headers).not.toMatch(/[^\x20-\x7e\n]|=\?|Office of/)
  const [sent, ...others] = await deliveries()
  expect(others).toEqual([])
  expect(sent).toMatchObject({
    state: 'sent',
    attempts: 1,
    next_try: null,
    provider_id: expect.stringContaining('250'),
  })
  expect(mail).toContain(`Message-ID: ${sent!.idempotency_key}`)
  await runJob(later(16))
  expect(smtp.taken).toHaveLength(1)
  await urgent(later(30))
  await runJob(later(45))
  expect(smtp.taken).toHaveLength(2)
})

test('what was read meanwhile, and who has left, is not mailed', async () => {
  await urgent()
  await site.owner
    .updateTable('notifications.notification')
    .set({ read_at: later(1) })
    .execute()
  await runJob(later(15))
  await urgent(later(20))
  await site.owner.updateTable('access.user_account').set({ state: 'locked' }).execute()
  await runJob(later(40))
  expect(await deliveries()).toEqual([])
})

describe('a mail that cannot be sent', () => {
  test('is tried again, later each time, under the same Message-ID; at last it has failed', async () => {
    await urgent()
    smtp.refuse('421 4.3.2 come back later')
    const waits = []
    let now = later(15)
    for (let tries = 1; tries <= 6; tries++) {
      await runJob(now)
      const [mail] = await deliveries()
      expect(mail).toMatchObject({ attempts: tries, state: tries < 6 ? 'waiting' : 'failed' })
      if (!mail!.next_try) break
      waits.push(mail!.next_try.since(now).total('minutes'))
      await runJob(mail!.next_try.subtract({ seconds: 1 }))
      now = mail!.next_try
    }
    expect(waits).toEqual([1, 5, 30, 120, 480])
    expect(smtp.tried).toBe(6)
  })

  test('goes out when the server is back', async () => {
    await urgent()
    smtp.refuse('451 4.3.0 no room')
    await runJob(later(15))
    smtp.refuse(null)
    await runJob(later(17))
    expect(smtp.taken).toHaveLength(1)
    expect(await deliveries()).toMatchObject([{ state: 'sent', attempts: 2, error: null }])
  })

  test('is not tried again when the address is refused for good', async () => {
    await urgent()
    smtp.refuse('550 5.1.1 nobody here')
    await runJob(later(15))
    expect(await deliveries()).toMatchObject([{ state: 'failed', attempts: 1, next_try: null, error: 'EENVELOPE' }])
  })

  test('that nobody came back from is sent again with the same Message-ID', async () => {
    await urgent()
    await runJob(later(15))
    // As a process leaves it that dies between the server's answer and our own line.
    await site.owner
      .updateTable('notifications.delivery')
      .set({ state: 'waiting', next_try: later(20) })
      .execute()
    await runJob(later(21))
    const ids = smtp.taken.map((mail) => /^Message-ID: (.*)$/m.exec(mail)![1])
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
  })
})

test('two processes at the same minute send a mail once', async () => {
  await Promise.all(Array.from({ length: 5 }, (_, i) => news(`${i}`)))
  await urgent()
  await Promise.all(Array.from({ length: 4 }, () => runJob(later(15))))
  const sent = await deliveries()
  expect(smtp.taken).toHaveLength(sent.length)
  expect(new Set(sent.map(({ idempotency_key }) => idempotency_key)).size).toBe(sent.length)
  const told = await site.owner.selectFrom('notifications.delivery_item').select('notification_id').execute()
  expect(new Set(told.map(({ notification_id }) => notification_id)).size).toBe(6)
  expect(told).toHaveLength(6)
})

test('without a mail server a demonstration keeps its mails, to be seen in the outbox; others write none', async () => {
  await urgent()
  await runJob(later(15), { server: false })
  expect(await deliveries()).toEqual([])
  await runJob(later(16), { server: false, demonstration: true })
  expect(await deliveries()).toMatchObject([{ state: 'kept' }])
  expect(smtp.tried).toBe(0)
  const page = await createApp({ platform: site.platform, db: site.db, log: site.ctx().log, now: () => NOW }).request(
    `${ORIGIN}/en/outbox`,
  )
  const html = await page.text()
  expect(html).toContain('vacancy_officer@test.example')
  expect(html).toContain(`<a href="${ORIGIN}/en/work/notifications">`)
  await site.owner.updateTable('system.instance').set({ demonstration: false }).execute()
  const door = await site.ask('/en/outbox')
  expect(await door.text()).not.toContain('vacancy_officer@test.example')
})

test('what was told is forgotten after half a year, its mails after three months', async () => {
  await urgent()
  await runJob(later(15))
  const forget = (days: number) =>
    eraseDue(site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' }, now: NOW.add({ hours: 24 * days }) }))
  await forget(89)
  expect(await deliveries()).toHaveLength(1)
  await forget(91)
  expect(await deliveries()).toEqual([])
  const told = () => site.owner.selectFrom('notifications.notification').select('id').execute()
  expect(await told()).toHaveLength(1)
  await forget(181)
  expect(await told()).toEqual([])
})

type MailServer = {
  url: string
  /** Whole mails, headers first. */
  taken: string[]
  /** How many times somebody named a recipient. */
  tried: number
  /** What every recipient is answered from now on; null to take them again. */
  refuse(answer: string | null): void
  close(): Promise<void>
}

// Speaks as much SMTP (RFC 5321) as a mail needs to be handed over.
async function mailServer(): Promise<MailServer> {
  let refusal: string | null = null
  const server: Server = createServer((socket) => converse(socket))
  const open: MailServer = {
    url: '',
    taken: [],
    tried: 0,
    refuse: (answer) => {
      refusal = answer
    },
    close: () => new Promise((done) => void server.close(() => done())),
  }
  function converse(socket: Socket) {
    let buffer = ''
    let mail: string[] | null = null
    const say = (line: string) => socket.write(`${line}\r\n`)
    const hear = (line: string) => {
      if (mail && line !== '.') return void mail.push(line)
      if (mail) {
        open.taken.push(mail.join('\n'))
        mail = null
        return say('250 2.0.0 taken')
      }
      if (/^RCPT/i.test(line)) {
        open.tried++
        return say(refusal ?? '250 ok')
      }
      if (/^DATA/i.test(line)) {
        mail = []
        return say('354 go on')
      }
      if (/^QUIT/i.test(line)) return void socket.end('221 bye\r\n')
      say('250 ok')
    }
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      buffer += chunk
      const lines = buffer.split('\r\n')
      buffer = lines.pop()!
      lines.forEach(hear)
    })
    say('220 test')
  }
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  open.url = `smtp://127.0.0.1:${(server.address() as { port: number }).port}`
  return open
}
