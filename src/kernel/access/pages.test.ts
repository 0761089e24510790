import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ORIGIN, type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import type { Ctx } from '../context.ts'
import { createOrganisation } from '../organisations/organisations.ts'
import { codeOf, createUser } from './credentials.ts'
import { setRoles } from './users.ts'

let now = NOW
let site: TestApp
let system: Ctx
let user: { id: string; email: string; password: string }
let other: string

beforeAll(async () => {
  site = await testApp({ now: () => now })
  system = site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' } })
  const own = await createOrganisation(system, {
    kind: 'authority',
    country: 'TJ',
    names: { tg: 'Хадамот', ru: 'Служба', en: 'Service' },
  })
  other = await createOrganisation(system, { kind: 'ngo', country: 'TJ', names: { en: 'Other <Office>' } })
  const email = 'page-user@test.tj'
  user = {
    ...(await createUser(system, {
      email,
      name: 'Page <User>',
      locale: 'tg',
      organisation_id: own,
      roles: ['adviser'],
    })),
    email,
  }
})
afterAll(() => site.drop())

// Each sign-in takes a code of its own, and time for the address to be forgiven.
async function credentials() {
  now = now.add({ minutes: 20 })
  return { email: user.email, password: user.password, code: (await codeOf({ ...system, now }, user.id)).code }
}
const cookieOf = (response: Response) => /^(hamsafar=[^;]+)/.exec(response.headers.get('set-cookie') ?? '')?.[1] ?? ''
const signIn = async (path = '/tg/sign-in', form: Record<string, string> = {}) =>
  site.ask(path, { form: { ...(await credentials()), ...form } })
const signedIn = async () => ({ cookie: cookieOf(await signIn()) })

describe('the page', () => {
  test.each(['tg', 'ru', 'en'])('in %s: three fields that browsers can fill, never stored', async (lang) => {
    const response = await site.ask(`/${lang}/sign-in`)
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('set-cookie')).toBeNull()
    const html = await response.text()
    expect(html).toContain(`<html lang="${lang}">`)
    for (const hint of ['username', 'current-password', 'one-time-code'])
      expect(html).toContain(`autocomplete="${hint}"`)
    expect(html).toContain('name="robots" content="noindex"')
  })

  test('right: on to the workspace, with a cookie that scripts and other sites do not get', async () => {
    const response = await signIn()
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/tg/work')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.getSetCookie()[0]).toMatch(/^hamsafar=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
  })

  test('behind https the cookie is bound to the host', async () => {
    const config = site.platform.config as { origin: string }
    config.origin = 'https://hamsafar.example'
    const response = await signIn()
    config.origin = ORIGIN
    const [session, device] = response.headers.getSetCookie()
    expect(session).toMatch(/^__Host-hamsafar=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    expect(device).toMatch(
      /^__Host-hamsafar-device=[\w-]{64}; Max-Age=7776000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
  })

  test('every wrong answer is the same page but for the address typed', async () => {
    const form = await credentials()
    const wrong = [
      { email: 'nobody@test.tj' },
      { password: 'wrong-secret' },
      { code: form.code === '111111' ? '222222' : '111111' },
    ]
    const pages = []
    for (const change of wrong) {
      const response = await site.ask('/en/sign-in', { form: { ...form, ...change } })
      expect(response.status).toBe(422)
      expect(response.headers.get('set-cookie')).toBeNull()
      const html = await response.text()
      expect(html).toContain('The e-mail, password or code is not right')
      for (const secret of [user.password, 'wrong-secret', form.code, '111111']) expect(html).not.toContain(secret)
      pages.push(html.replace('nobody@test.tj', user.email))
    }
    expect(pages[0]).toContain(`value="${user.email}"`)
    expect(pages[1]).toBe(pages[0])
    expect(pages[2]).toBe(pages[0])
  })

  test('what is missing is said per field, and costs no attempt', async () => {
    for (let i = 0; i < 8; i++) {
      const response = await site.ask('/en/sign-in', { form: { email: user.email, password: '', code: '12' } })
      expect(response.status).toBe(422)
      const html = await response.text()
      expect(html).toContain('<a href="#password">Write your password.</a>')
      expect(html).toContain('<a href="#code">The code has six digits.</a>')
    }
    expect((await signIn()).status).toBe(303)
  })

  test('too many attempts: 429, and when to try again', async () => {
    const form = { ...(await credentials()), password: 'wrong' }
    for (let i = 0; i < 5; i++) expect((await site.ask('/en/sign-in', { form })).status).toBe(422)
    const response = await site.ask('/en/sign-in', { form })
    expect(response.status).toBe(429)
    expect(response.headers.get('retry-after')).toBe('900')
    expect(await response.text()).toContain(`Try again at ${site.ctx().format.time(now.add({ minutes: 15 }))}.`)
  })

  test('a form from another site is refused', async () => {
    const response = await site.ask('/tg/sign-in', {
      form: await credentials(),
      headers: { origin: 'https://evil.example' },
    })
    expect(response.status).toBe(403)
  })
})

describe('the way back', () => {
  test('leads to the page that was asked for, in the language of the account', async () => {
    const asked = await site.ask('/ru/work/account?x=1')
    expect(asked.status).toBe(303)
    expect(asked.headers.get('location')).toBe('/ru/sign-in?return=%2Fru%2Fwork%2Faccount%3Fx%3D1')
    expect(await (await site.ask(asked.headers.get('location')!)).text()).toContain(
      'name="return" value="/ru/work/account?x=1"',
    )
    expect((await signIn('/ru/sign-in', { return: '/ru/work/account?x=1' })).headers.get('location')).toBe(
      '/tg/work/account?x=1',
    )
  })

  test.each(['//evil.example/tg/work', 'https://evil.example', '/tg/vacancies'])('never to %s', async (target) => {
    expect((await signIn('/tg/sign-in', { return: target })).headers.get('location')).toBe('/tg/work')
    expect(await (await site.ask(`/tg/sign-in?return=${encodeURIComponent(target)}`)).text()).not.toContain(
      'name="return"',
    )
  })
})

describe('the own account', () => {
  test('shows who one is and where one is signed in', async () => {
    const response = await site.ask('/en/work/account', { headers: await signedIn() })
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const html = await response.text()
    for (const text of [user.email, 'Page &lt;User&gt;', 'Service', 'Adviser', 'Unknown device', 'here'])
      expect(html).toContain(text)
  })

  test('the language is kept, and the page goes on in it', async () => {
    const headers = await signedIn()
    const response = await site.ask('/en/work/account', { headers, form: { locale: 'ru' } })
    expect(response.headers.get('location')).toBe('/ru/work/account')
    expect(
      await site.owner.selectFrom('access.user_account').select('locale').where('id', '=', user.id).execute(),
    ).toEqual([{ locale: 'ru' }])
    expect((await site.ask('/en/work/account', { headers, form: { locale: 'xx' } })).status).toBe(422)
  })

  test('signing out ends this session; everywhere ends all', async () => {
    const [first, second, third] = [await signedIn(), await signedIn(), await signedIn()]
    const out = await site.ask('/en/sign-out', { headers: first, form: {} })
    expect(out.headers.get('location')).toBe('/en/sign-in?out=1')
    expect(out.headers.get('set-cookie')).toMatch(/^hamsafar=; Max-Age=0; Path=\//)
    expect(await (await site.ask('/en/sign-in?out=1')).text()).toContain('You are signed out.')
    expect((await site.ask('/en/work/account', { headers: first })).status).toBe(303)
    expect((await site.ask('/en/work/account', { headers: second })).status).toBe(200)
    await site.ask('/en/work/account/sessions', { headers: second, form: {} })
    for (const headers of [second, third]) expect((await site.ask('/en/work/account', { headers })).status).toBe(303)
  })

  test('signing out needs a form of this site, not a link', async () => {
    const headers = await signedIn()
    expect((await site.ask('/en/sign-out', { headers })).status).toBe(405)
    expect(
      (await site.ask('/en/sign-out', { headers: { ...headers, origin: 'https://evil.example' }, form: {} })).status,
    ).toBe(403)
    expect((await site.ask('/en/work/account', { headers })).status).toBe(200)
  })
})

test('with several organisations one chooses, and the token changes', async () => {
  await site.owner.deleteFrom('access.session').where('user_id', '=', user.id).execute()
  await setRoles({ ...system, now }, user.id, other, ['auditor'])
  const entered = await signIn('/en/sign-in', { return: '/en/work/audit' })
  expect(entered.headers.get('location')).toBe('/ru/work/organisation?return=%2Fru%2Fwork%2Faudit')
  const before = { cookie: cookieOf(entered) }
  expect(await (await site.ask(entered.headers.get('location')!, { headers: before })).text()).toContain(
    'Other &lt;Office&gt;',
  )
  expect((await site.ask('/en/work/audit', { headers: before })).status).toBe(403)
  expect((await site.ask('/en/work/organisation', { headers: before, form: {} })).status).toBe(422)
  const moved = await site.ask('/en/work/organisation', {
    headers: before,
    form: { organisation: other, return: '/en/work/audit' },
  })
  expect(moved.headers.get('location')).toBe('/en/work/audit')
  const after = { cookie: cookieOf(moved) }
  expect(after.cookie).not.toBe(before.cookie)
  expect((await site.ask('/en/work/audit', { headers: before })).status).toBe(303)
  expect((await site.ask('/en/work/audit', { headers: after })).status).toBe(200)
})
