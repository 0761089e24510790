import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import type { Ctx } from '../context.ts'
import type { JobCtx } from '../jobs/job.ts'
import { composeMails } from '../notifications/mail.ts'
import { createOrganisation } from '../organisations/organisations.ts'
import { codeOf, createUser, renewCredentials } from './credentials.ts'
import { issueLink } from './links.ts'
import { tellOwner } from './notices.ts'
import { currentCode } from './totp.ts'

let now = NOW
let site: TestApp
let organisation_id: string
let user: { id: string; email: string; password: string }
let serial = 0

const system = (): Ctx => site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' }, now })

beforeAll(async () => {
  site = await testApp({ now: () => now })
  organisation_id = await createOrganisation(system(), { kind: 'authority', country: 'TJ', names: { en: 'Service' } })
})
afterAll(() => site.drop())
beforeEach(async () => {
  now = now.add({ hours: 24 })
  const email = `person${++serial}@test.tj`
  user = { ...(await createUser(system(), { email, name: 'P', locale: 'ru', organisation_id, roles: [] })), email }
})

const AGENT = { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0' }

/** A browser: it signs in with the code of the next minute and keeps its cookies. */
function browser() {
  const cookies = new Map<string, string>()
  const ask = async (path: string, form?: Record<string, string>) => {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
    const answer = await site.ask(path, { headers: { cookie, ...AGENT }, ...(form && { form }) })
    for (const one of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(one)!
      cookies.set(name!, value!)
    }
    return answer
  }
  const signIn = async (code?: string) => {
    now = now.add({ minutes: 1 })
    const shown = code ?? (await codeOf(system(), user.id)).code
    const answer = await ask('/en/sign-in', { email: user.email, password: user.password, code: shown })
    expect(answer.status).toBe(303)
  }
  return { ask, signIn }
}

const told = async () => {
  const rows = await site.owner
    .selectFrom('notifications.notification')
    .select(['message_key', 'message_values', 'organisation_id'])
    .where('user_id', '=', user.id)
    .orderBy('created_at')
    .orderBy('message_key')
    .execute()
  expect(rows.every((row) => row.organisation_id === null)).toBe(true)
  return rows.map(({ message_key, message_values }) => [message_key.replace('access.notice.', ''), message_values])
}

test('another browser is news, the first and a known one are not', async () => {
  const own = browser()
  await own.signIn()
  await own.signIn()
  expect(await told()).toEqual([])
  await browser().signIn()
  expect(await told()).toEqual([['new_device', { agent: 'Firefox, Windows' }]])
})

test('recovery codes, a password: made, used, changed', async () => {
  const own = browser()
  await own.signIn()
  const page = await (await own.ask('/en/work/account/recovery-codes', {})).text()
  const [first] = page.replaceAll('\u00a0', ' ').match(/\d{4} \d{4} \d{4}/g)!
  await own.signIn(first)
  const password = 'a long way by train 27'
  const changed = await own.ask('/en/work/account/password', { present: user.password, password, again: password })
  expect(changed.status).toBe(303)
  expect(await told()).toEqual([
    ['recovery_made', {}],
    ['password_changed', {}],
    ['recovery_used', { left: 9 }],
  ])
})

test('what others do to the account: a link, its use, a password of the operator', async () => {
  await issueLink(system(), user.id)
  expect(await told()).toEqual([]) // has never been in
  await browser().signIn()
  now = now.add({ minutes: 1 })
  const { address } = await issueLink(system(), user.id)
  const path = new URL(address).pathname
  const other = browser()
  const secret = /secret=([A-Z2-7]+)/.exec(await (await other.ask(path)).text())![1]!
  now = now.add({ minutes: 1 })
  const { Secret } = await import('otpauth')
  const { code } = currentCode(Buffer.from(Secret.fromBase32(secret).bytes), now)
  user.password = 'another long way by train 27'
  expect((await other.ask(path, { password: user.password, code })).status).toBe(303)
  await other.signIn()
  now = now.add({ minutes: 1 })
  await renewCredentials(system(), user, { authenticator: false })
  expect(await told()).toEqual([
    ['link_issued', {}],
    ['set_up', {}],
    ['password_changed', {}],
  ])
})

test('it is mailed at once, even when somebody has read it, and cannot be turned off', async () => {
  const own = browser()
  await own.signIn()
  await browser().signIn()
  expect(await (await own.ask('/ru/work/notifications')).text()).toContain('с нового браузера: Firefox, Windows.')
  await site.owner
    .updateTable('notifications.notification')
    .set({ read_at: now })
    .where('user_id', '=', user.id)
    .execute()
  const settings = await (await own.ask('/en/work/notifications/settings')).text()
  expect(settings).toContain('Your account and how you sign in')
  expect(settings).not.toContain('name="access.account"')
  const job = { ...system(), signal: new AbortController().signal, run_id: null, report: async () => {} } as JobCtx
  await composeMails(job, { deliver: false })
  const mails = await site.owner
    .selectFrom('notifications.delivery')
    .select(['lang', 'body'])
    .where('user_id', '=', user.id)
    .execute()
  expect(mails).toHaveLength(1)
  expect(mails[0]!.lang).toBe('ru')
  expect(mails[0]!.body).not.toContain('Firefox')
})

test.each(['tg', 'ru', 'en'] as const)('every piece of news has its words in %s', async (lang) => {
  const { t } = site.ctx({ lang })
  const news = [
    'new_device',
    'passkey_added',
    'password_changed',
    'recovery_made',
    'recovery_used',
    'recovery_ended',
    'link_issued',
    'set_up',
  ] as const
  for (const one of news) {
    await tellOwner(system(), user.id, one, {})
    expect(t(`access.notice.${one}`, { agent: 'unknown', left: 3 })).toMatch(/^\p{Lu}.*\.$/u)
  }
})
