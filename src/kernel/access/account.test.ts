import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ORIGIN, type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import type { Ctx } from '../context.ts'
import { createOrganisation } from '../organisations/organisations.ts'
import { codeOf, createUser } from './credentials.ts'
import { issueLink } from './links.ts'
import { verifyPassword } from './passwords.ts'
import { currentCode } from './totp.ts'

let now = NOW
let site: TestApp
let system: Ctx
let organisation: string
let user: { id: string; email: string; password: string }
let serial = 0

beforeAll(async () => {
  site = await testApp({ now: () => now })
  system = site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' } })
  organisation = await createOrganisation(system, { kind: 'authority', country: 'TJ', names: { en: 'Service' } })
})
afterAll(() => site.drop())

// A person and a day of their own for each test: attempts and codes count across tests otherwise.
beforeEach(async () => {
  now = now.add({ hours: 24 })
  const email = `account${++serial}@test.tj`
  const given = { email, name: 'Account', locale: 'ru', organisation_id: organisation, roles: [] } as const
  user = { ...(await createUser({ ...system, now }, given)), email }
})

const code = async () => (await codeOf({ ...system, now }, user.id)).code
const wait = (seconds: number) => {
  now = now.add({ seconds })
}
const cookieOf = (response: Response) => /^(hamsafar=[^;]+)/.exec(response.headers.get('set-cookie') ?? '')?.[1] ?? ''
const signIn = async (given: Partial<{ email: string; password: string; code: string }> = {}) =>
  site.ask('/en/sign-in', { form: { email: user.email, password: user.password, code: await code(), ...given } })
const signedIn = async () => ({ cookie: cookieOf(await signIn()) })
const actsOf = async (action: string) =>
  (
    await site.owner
      .selectFrom('audit.entry')
      .select('details')
      .where('action', '=', action)
      .where('subject_id', '=', user.id)
      .orderBy('id')
      .execute()
  ).map(({ details }) => details)
const makeCodes = async (headers: { cookie: string }) =>
  (await (await site.ask('/en/work/account/recovery-codes', { headers, form: {} })).text())
    .replaceAll('\u00a0', ' ')
    .match(/\d{4} \d{4} \d{4}/g) ?? []

describe('signing in', () => {
  test('leads to the workspace in the language of the account, not of the page', async () => {
    expect((await signIn()).headers.get('location')).toBe('/ru/work')
  })
})

describe('recovery codes', () => {
  test('ten, shown once, kept as hashes; each opens the account once', async () => {
    const headers = await signedIn()
    const codes = await makeCodes(headers)
    expect(new Set(codes).size).toBe(10)
    expect(await (await site.ask('/en/work/account/recovery-codes', { headers })).text()).not.toMatch(
      /\d{4}.\d{4}.\d{4}/,
    )
    const stored = await site.owner
      .selectFrom('access.recovery_code')
      .selectAll()
      .where('user_id', '=', user.id)
      .execute()
    expect(stored.every(({ code_hash }) => code_hash.length === 32)).toBe(true)

    expect((await signIn({ code: codes[0]! })).status).toBe(303)
    expect((await signIn({ code: codes[0]! })).status).toBe(422)
    expect((await signIn({ code: codes[1]!.replaceAll(' ', '-') })).status).toBe(303)
    expect(await actsOf('recovery.use')).toEqual([{ left: 9 }, { left: 8 }])
  })

  test('only with the right password, and not those of somebody else', async () => {
    const codes = await makeCodes(await signedIn())
    expect((await signIn({ code: codes[0]!, password: 'wrong' })).status).toBe(422)
    const email = `account${++serial}@test.tj`
    const given = { email, name: 'Other', locale: 'ru', organisation_id: organisation, roles: [] } as const
    const other = await createUser({ ...system, now }, given)
    expect((await signIn({ email, password: other.password, code: codes[0]! })).status).toBe(422)
    expect((await signIn({ code: codes[0]! })).status).toBe(303)
  })

  test('new ones replace the former; when few are left the person is led to make more', async () => {
    const headers = await signedIn()
    const [former] = await makeCodes(headers)
    const codes = await makeCodes(headers)
    expect((await signIn({ code: former! })).status).toBe(422)
    for (const one of codes.slice(0, 6)) expect((await signIn({ code: one })).headers.get('location')).toBe('/ru/work')
    const entered = await signIn({ code: codes[6]! })
    expect(entered.headers.get('location')).toBe('/ru/work/account/recovery-codes')
    const page = await site.ask('/en/work/account', { headers: { cookie: cookieOf(entered) } })
    expect(await page.text()).toContain('3 recovery codes are left.')
  })
})

describe('a dangerous act', () => {
  const STEP_UP = '/en/work/step-up?return=%2Fen%2Fwork%2Faccount%2Fpassword'
  const password = (headers: { cookie: string }) => site.ask('/en/work/account/password', { headers })

  test('asks for a proof ten minutes after the last one, takes the next code, and changes the token', async () => {
    const headers = await signedIn()
    expect((await password(headers)).status).toBe(200)
    wait(599)
    expect((await password(headers)).status).toBe(200)
    wait(1)
    expect((await password(headers)).headers.get('location')).toBe(STEP_UP)
    expect((await site.ask('/en/work/account/recovery-codes', { headers, form: {} })).status).toBe(303)
    const form = { code: await code(), return: '/en/work/account/password' }
    const proven = await site.ask('/en/work/step-up', { headers, form })
    expect(proven.headers.get('location')).toBe('/en/work/account/password')
    expect((await password(headers)).headers.get('location')).toMatch(/^\/en\/sign-in/)
    expect((await password({ cookie: cookieOf(proven) })).status).toBe(200)
  })

  test('takes no used code, no wrong one, and stops after five', async () => {
    const used = await code()
    const headers = await signedIn()
    const prove = (given: string) =>
      site.ask('/en/work/step-up', { headers, form: { code: given, return: '//evil.example' } })
    expect((await prove(used)).status).toBe(422)
    for (let i = 0; i < 4; i++) expect((await prove(used === '000000' ? '111111' : '000000')).status).toBe(422)
    wait(30)
    const blocked = await prove(await code())
    expect(blocked.status).toBe(429)
    expect(blocked.headers.get('retry-after')).toBe('900')
    wait(900)
    expect((await prove(await code())).headers.get('location')).toBe('/en/work/account')
    expect(await actsOf('session.unproven')).toHaveLength(5)
  })
})

describe('the own password', () => {
  const change = (headers: { cookie: string }, form: { present: string; password: string }) =>
    site.ask('/en/work/account/password', { headers, form })
  const stored = async () =>
    (
      await site.owner
        .selectFrom('access.user_account')
        .select('password_hash')
        .where('id', '=', user.id)
        .executeTakeFirstOrThrow()
    ).password_hash!

  test('changes with the present one; other devices are signed out', async () => {
    const other = await signedIn()
    wait(60)
    const headers = await signedIn()
    const password = 'чор калимаи осон'
    expect((await change(headers, { present: user.password, password })).headers.get('location')).toBe(
      '/en/work/account?done=password',
    )
    expect(await verifyPassword(password, await stored())).toBe(true)
    expect((await site.ask('/en/work/account', { headers })).status).toBe(200)
    expect((await site.ask('/en/work/account', { headers: other })).status).toBe(303)
  })

  test.each([
    ['short', 'elevenchars', 'The password is too short.'],
    ['of few characters', 'aaaabbbbccccdddd', 'few characters'],
    ['with the own address', 'my account000 is best', 'Your e-mail address stands in the password.'],
  ])('is refused when %s', async (_, given, words) => {
    const password = given.replace('account000', user.email.split('@')[0]!)
    const response = await change(await signedIn(), { present: user.password, password })
    expect(response.status).toBe(422)
    expect(await response.text()).toContain(words)
  })

  test('guesses of the present one are counted', async () => {
    const headers = await signedIn()
    const wrong = { present: 'wrong', password: 'quite another one' }
    for (let i = 0; i < 5; i++) expect((await change(headers, wrong)).status).toBe(422)
    expect((await change(headers, { ...wrong, present: user.password })).status).toBe(429)
    expect(await verifyPassword(user.password, await stored())).toBe(true)
  })
})

describe('sessions', () => {
  test('one other device is signed out; foreign ones cannot be', async () => {
    const other = await signedIn()
    wait(60)
    const headers = await signedIn()
    const html = await (await site.ask('/en/work/account', { headers })).text()
    const [, session] = /name="session" value="([^"]+)"/.exec(html)!
    await site.ask('/en/work/account/sessions', { headers, form: { session: session! } })
    expect((await site.ask('/en/work/account', { headers: other })).status).toBe(303)
    expect((await site.ask('/en/work/account', { headers })).status).toBe(200)
    wait(60)
    const foreign = await site.owner
      .selectFrom('access.session')
      .select('id')
      .where('user_id', '!=', user.id)
      .where('ended_at', 'is', null)
      .executeTakeFirstOrThrow()
    const refused = await site.ask('/en/work/account/sessions', { headers, form: { session: foreign.id } })
    expect(refused.status).toBe(404)
  })
})

describe('a set-up link', () => {
  const link = async () => (await issueLink({ ...system, now }, user.id)).address.slice(ORIGIN.length)
  const codeOn = async (path: string) => {
    const html = await (await site.ask(path)).text()
    const [, shown] = /<code>([A-Z2-7 ]+)<\/code>/.exec(html)!
    return currentCode(fromBase32(shown!.replaceAll(' ', '')), now).code
  }

  test('sets password and authenticator once; everything older ends', async () => {
    const headers = await signedIn()
    const [recovery] = await makeCodes(headers)
    const path = await link()
    expect(path).toMatch(/^\/ru\/sign-in\/set-up\//)
    const password = 'себ нок анор ангур'
    const weak = await site.ask(path, { form: { password: 'short', code: await codeOn(path) } })
    expect(weak.status).toBe(422)
    const wrong = await site.ask(path, { form: { password, code: '000000' } })
    expect(wrong.status).toBe(422)
    expect(await wrong.text()).not.toContain(password)
    const fresh = await codeOn(path)
    const done = await site.ask(path, { form: { password, code: fresh } })
    expect(done.headers.get('location')).toBe('/ru/sign-in?set=1')
    for (const form of [undefined, { password, code: fresh }])
      expect((await site.ask(path, form && { form })).status).toBe(410)

    expect((await site.ask('/en/work/account', { headers })).status).toBe(303)
    expect((await signIn({ code: recovery! })).status).toBe(422)
    expect((await signIn({ password, code: fresh })).status).toBe(422)
    wait(30)
    expect((await signIn({ password })).status).toBe(303)
    expect((await signIn()).status).toBe(422)
  })

  test('ends after a day, with the next one, and when the account is locked', async () => {
    const former = await link()
    const present = await link()
    expect((await site.ask(former)).status).toBe(410)
    const locked = site.owner.updateTable('access.user_account').where('id', '=', user.id)
    await locked.set({ state: 'locked' }).execute()
    expect((await site.ask(present)).status).toBe(410)
    await locked.set({ state: 'active' }).execute()
    now = now.add({ hours: 24 }).subtract({ seconds: 1 })
    expect((await site.ask(present)).status).toBe(200)
    wait(1)
    expect((await site.ask(present)).status).toBe(410)
  })

  test('does not stand in the database, and is used by one of two at the same moment', async () => {
    const path = await link()
    const token = path.split('/').pop()!
    const stored = await site.owner
      .selectFrom('access.set_up_link')
      .selectAll()
      .where('user_id', '=', user.id)
      .execute()
    expect(JSON.stringify(stored)).not.toContain(token)
    const given = await codeOn(path)
    const results = await Promise.all(
      ['first of two words', 'second of two words'].map((password) =>
        site.ask(path, { form: { password, code: given } }),
      ),
    )
    expect(results.map(({ status }) => status).sort()).toEqual([303, 410])
  })
})

function fromBase32(text: string): Buffer {
  const bits = Array.from(text, (letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  ).join('')
  return Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)))
}
