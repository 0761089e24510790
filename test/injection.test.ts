import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RoleName } from '#kernel/module.ts'
import { type TestApp, testApp } from './app.ts'
import { furnish, type Known, resolved } from './pages/addresses.ts'
import { strangers } from './strangers.ts'

// What comes in never comes back as code.

let site: TestApp
let known: Known
let stranger: () => Record<string, string>
beforeAll(async () => {
  site = await testApp()
  known = await furnish(site)
  stranger = strangers(site)
})
afterAll(() => site?.drop())

const ask = (path: string, asked: { as?: RoleName; form?: Record<string, string> } = {}) =>
  site.ask(path, { ...asked, headers: stranger() })
const at = (path: string) => encodeURI(`/en${resolved(path, known)}`)

const PAYLOADS = [
  `"><script>alert(1)</script>`,
  `'><img src=x onerror=alert(1)>`,
  `</title></textarea></select><svg/onload=alert(1)>`,
  `'; drop table vacancies.vacancy; --`,
  `%' or '1'='1' union select null,null--`,
  `javascript:alert(1)//`,
  `{{7*7}}\${7*7}<%= 7*7 %>`,
  `\r\nSet-Cookie: evil=1`,
]
const QUERIES: [path: string, names: string[], as?: RoleName][] = [
  [
    '/vacancies',
    ['q', 'isco', 'place', 'country', 'salary', 'currency', 'only', 'all', 'contract', 'days', 'after', 'unknown'],
  ],
  ['/sign-in', ['return', 'out']],
  ['/work/vacancies/review', ['reason', 'after', 'undone'], 'vacancy_officer'],
  ['/work/vacancies/review/:full', ['decided'], 'vacancy_officer'],
  ['/work/imports', ['before'], 'vacancy_officer'],
  ['/work/imports/:preview', ['show', 'after'], 'vacancy_officer'],
  ['/work/audit', ['action', 'actor', 'subject', 'day', 'day_day', 'day_month', 'day_year', 'before'], 'auditor'],
]
const FORMS: [path: string, names: string[], as?: RoleName][] = [
  ['/vacancies/:tajik/report', ['reason', 'story']],
  ['/sign-in', ['email', 'password', 'code', 'return']],
  ['/work/vacancies/review/:full', ['decision', 'occupation', 'note'], 'vacancy_officer'],
  ['/work/imports', ['kind', 'file', 'source'], 'vacancy_officer'],
  ['/work/imports/:mapping/mapping', ['sent', 'column_0', 'column_1', 'c0', 'c1'], 'vacancy_officer'],
  ['/work/account', ['locale'], 'adviser'],
  ['/work/organisation', ['organisation', 'return'], 'adviser'],
]
const check = async (response: Response, payload: string) => {
  expect(response.status).toBeLessThan(500)
  expect(response.headers.get('set-cookie') ?? '').not.toContain('evil')
  const page = await response.text()
  if (/[<"]/.test(payload)) expect(page).not.toContain(payload)
  expect(page).not.toMatch(/<script>|<img src=x|<svg\/onload|(?:href|action|src)="javascript:/i)
  expect(page).not.toMatch(/syntax error|invalid input|PostgreSQL|node_modules/i)
}

test.each(QUERIES)('in the address of %s', async (path, names, as) => {
  for (const name of names)
    for (const payload of PAYLOADS)
      await check(await ask(`${at(path)}?${new URLSearchParams({ [name]: payload })}`, { as }), payload)
})

test.each(FORMS)('in the form of %s', async (path, names, as) => {
  for (const payload of PAYLOADS) {
    for (const name of names) await check(await ask(at(path), { as, form: { [name]: payload } }), payload)
    await check(await ask(at(path), { as, form: Object.fromEntries(names.map((name) => [name, payload])) }), payload)
  }
})

test('in paths', async () => {
  for (const payload of PAYLOADS)
    for (const path of ['/en/vacancies/', '/en/', '/', '/en/work/imports/', '/api/v1/vacancies/', '/assets/'])
      await check(await ask(path + encodeURIComponent(payload), { as: 'vacancy_officer' }), payload)
})

test('in an advert, wherever it is shown', async () => {
  await ask(at('/vacancies/:hostile/report'), { form: { reason: 'fee' } })
  const paths = ['/vacancies', '/vacancies/:hostile', '/vacancies/:hostile/print', '/vacancies/:hostile/report']
  const pages = [
    ...(await Promise.all(paths.map((path) => ask(at(path))))),
    ...(await Promise.all(
      ['/work/vacancies/review', '/work/vacancies/review/:hostile'].map((path) =>
        ask(at(path), { as: 'vacancy_officer' }),
      ),
    )),
  ]
  for (const response of pages) {
    expect(response.status).toBe(200)
    const page = await response.text()
    expect([page.match(/<title>.*?</)?.[0], page.includes('Welder &lt;script&gt;')]).toEqual([expect.anything(), true])
    expect(page).not.toMatch(/<script>|<img src=x|<svg onload/)
  }
})

test('nothing of all that reached the tables', async () => {
  expect(await site.owner.selectFrom('vacancies.vacancy').select('id').execute()).toHaveLength(10 + 25 + 1 + 2)
})
