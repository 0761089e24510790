import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { always, lang, pathPart, query, TIMEOUT, text, uuid } from '../../../test/strings.ts'
import { issueLink } from './links.ts'

let site: TestApp
let person: string
let office: string
let link: string
const as = 'platform_administrator'

beforeAll(async () => {
  site = await testApp()
  ;({ user_id: person, organisation_id: office } = await site.actor('adviser'))
  const system = site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' } })
  link = new URL((await issueLink(system, (await site.actor('vacancy_officer')).user_id)).address).pathname.replace(
    /^\/\w+/,
    '',
  )
})
afterAll(() => site?.drop())

/** Never a fault, and never a page of another language. */
async function expectAnswer(response: Response, language: string, statuses: number[]) {
  expect(statuses).toContain(response.status)
  if (response.status !== 303 && response.headers.get('content-type')?.includes('html'))
    expect((await response.text()).slice(0, 40)).toContain(`<html lang="${language}">`)
}

describe('addresses', () => {
  test.each([
    ['/work/users', ['q', 'state', 'role', 'organisation', 'after']],
    ['/work/users.csv', ['q', 'state', 'role', 'organisation', 'after']],
    ['/work/organisations', ['q', 'kind', 'state', 'after']],
    ['/work/step-up', ['return']],
    ['/work/account', ['done']],
    ['/sign-in/passkey', ['return']],
    ['/sign-in/provider/return', ['code', 'state']],
  ])('%s with any query', { timeout: TIMEOUT }, async (path, names) => {
    await always(
      fc.asyncProperty(lang, query(names), async (language, asked) => {
        await expectAnswer(await site.ask(`/${language}${path}?${asked}`, { as }), language, [200, 400, 404])
      }),
      0.5,
    )
  })

  test('any id and token', { timeout: TIMEOUT }, async () => {
    const places = [
      '/work/users/*',
      '/work/users/*/rights',
      '/work/users/*/roles',
      `/work/users/@/roles?organisation=*`,
      '/work/users/*/edit',
      '/work/organisations/*',
      '/work/account/passkeys/*',
      '/sign-in/set-up/*',
    ]
    await always(
      fc.asyncProperty(lang, fc.constantFrom(...places), fc.oneof(pathPart, uuid), async (language, place, part) => {
        fc.pre(part !== '' && part !== '.' && part !== '..' && part !== 'new')
        const path = place.replace('@', person).replace('*', part)
        await expectAnswer(await site.ask(`/${language}${path}`, { as }), language, [400, 404, 410])
      }),
    )
  })
})

describe('forms', () => {
  const fields = (names: Record<string, fc.Arbitrary<string>>) => fc.record(names, { requiredKeys: [] })
  const role = fc.oneof(fc.constantFrom('auditor', 'adviser', 'platform_administrator'), text)

  test.each([
    [
      'a new account',
      () => '/work/users/new',
      {
        name: text,
        email: fc.oneof(fc.emailAddress(), text),
        locale: text,
        organisation: fc.oneof(uuid, text),
        roles: role,
      },
    ],
    [
      'a corrected one',
      () => `/work/users/${person}/edit`,
      { name: text, email: fc.oneof(fc.emailAddress(), text), locale: fc.constantFrom('tg', 'xx') },
    ],
    ['roles', () => `/work/users/${person}/roles`, { organisation: fc.oneof(uuid, text), roles: role, act: text }],
    ['a state', () => `/work/users/${person}/state`, { state: fc.oneof(fc.constantFrom('locked', 'active'), text) }],
    [
      'a new organisation',
      () => '/work/organisations/new',
      { name_tg: text, name_en: text, kind: fc.constantFrom('ngo', 'x'), country: fc.oneof(fc.constant('TJ'), text) },
    ],
    ['new names', () => `/work/organisations/${office}`, { name_tg: text, name_ru: text }],
    [
      'a proof',
      () => '/work/step-up',
      { code: fc.oneof(fc.stringMatching(/^\d{6}$/), text), response: text, return: text },
    ],
    ['a passkey', () => '/work/account/passkeys/new', { name: text, response: fc.oneof(fc.json(), text) }],
    ['a passkey to sign in', () => '/sign-in/passkey', { response: fc.oneof(fc.json(), text), return: text }],
    ['a password', () => '/work/account/password', { present: text, password: text }],
    ['an account set up', () => link, { password: text, code: fc.oneof(fc.stringMatching(/^\d{6}$/), text) }],
    ['a session', () => '/work/account/sessions', { session: fc.oneof(uuid, text) }],
  ] as [string, () => string, Record<string, fc.Arbitrary<string>>][])(
    '%s',
    { timeout: TIMEOUT },
    async (_, path, names) => {
      await always(
        fc.asyncProperty(lang, fields(names), async (language, form) => {
          const response = await site.ask(`/${language}${path()}`, { as, form: { sent: '1', ...form } })
          await expectAnswer(response, language, [200, 303, 400, 403, 404, 409, 422, 429])
        }),
        0.15,
      )
    },
  )
})
