import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RoleName } from '#kernel/module.ts'
import { type AdvertName, bringAdverts } from './adverts.ts'
import { type TestApp, testApp } from './app.ts'
import { strangers } from './strangers.ts'
import { always, code, lang, pathPart, query, TIMEOUT, text, uuid } from './strings.ts'

let site: TestApp
let known: Record<AdvertName, string>
let stranger: () => Record<string, string>
beforeAll(async () => {
  site = await testApp()
  known = await bringAdverts(site, { more: 25 })
  stranger = strangers(site)
})
afterAll(() => site?.drop())

/** Never a fault, always a page in the language that was asked for. */
async function expectPage(response: Response, language: string, statuses: number[]): Promise<void> {
  expect(statuses).toContain(response.status)
  if (response.status === 303) return
  const page = await response.text()
  expect(page.slice(0, 40)).toContain(`<html lang="${language}">`)
  expect(page).toMatch(/<h1[ >][^]*<\/main>/)
  expect(page).not.toContain('[object Object]')
}

const ask = (path: string, options: { as?: RoleName; form?: Record<string, string | string[]> } = {}) =>
  site.ask(path, { ...options, headers: stranger() })

describe('addresses', () => {
  const PAGES: [path: string, names: string[], as?: RoleName][] = [
    ['/vacancies', ['q', 'isco', 'place', 'country', 'salary', 'currency', 'only', 'all', 'contract', 'days', 'after']],
    ['/sign-in', ['return', 'out']],
    ['/work/vacancies/review', ['reason', 'q', 'after', 'undone'], 'vacancy_officer'],
    ['/work/imports', ['before'], 'vacancy_officer'],
    ['/work/audit', ['action', 'actor', 'subject', 'day', 'day_day', 'day_month', 'day_year', 'before'], 'auditor'],
    ['/work/audit.csv', ['action', 'actor', 'subject', 'day', 'before'], 'auditor'],
  ]
  test.each(PAGES)('%s with any query', { timeout: TIMEOUT }, async (path, names, as) => {
    await always(
      fc.asyncProperty(lang, query(names), async (language, asked) => {
        const response = await ask(`/${language}${path}?${asked}`, { as })
        if (path.endsWith('.csv')) expect([200, 400]).toContain(response.status)
        // A cursor that nobody made is a bad request; everything else is forgiven.
        else await expectPage(response, language, [200, 400])
      }),
    )
  })

  test('any reference, id and path', { timeout: TIMEOUT }, async () => {
    const places = [
      '/vacancies/*',
      '/vacancies/*/print',
      '/vacancies/*/report',
      '/work/vacancies/review/*',
      '/work/imports/*',
      '/*',
    ]
    await always(
      fc.asyncProperty(
        lang,
        fc.constantFrom(...places),
        fc.oneof(pathPart, uuid, fc.stringMatching(/^[2-9A-HJKMNP-Z]{4}-?[2-9A-HJKMNP-Z]{4}$/)),
        async (language, place, part) => {
          fc.pre(part !== '' && part !== '.' && part !== '..')
          await expectPage(
            await ask(`/${language}${place.replace('*', part)}`, { as: 'vacancy_officer' }),
            language,
            [400, 404],
          )
        },
      ),
    )
  })
})

describe('forms', () => {
  const fields = (names: Record<string, fc.Arbitrary<string>>) =>
    fc.record(
      Object.fromEntries(
        Object.entries(names).map(([name, value]) => [
          name,
          fc.oneof({ weight: 8, arbitrary: value }, { weight: 1, arbitrary: fc.array(value, { maxLength: 3 }) }),
        ]),
      ),
      { requiredKeys: [] },
    )

  test('a report of a suspicion', { timeout: TIMEOUT }, async () => {
    const form = fields({
      reason: fc.oneof(fc.constantFrom('fee', 'documents', 'military', 'false', 'other'), text),
      story: fc.oneof(text, fc.string({ minLength: 1_990, maxLength: 2_010 })),
    })
    await always(
      fc.asyncProperty(lang, form, fc.constantFrom('full', 'withdrawn', 'held'), async (language, form, advert) => {
        const statuses = { full: [303, 422], withdrawn: [410], held: [404] }[advert]!
        await expectPage(
          await ask(`/${language}/vacancies/${known[advert as AdvertName]}/report`, { form: { sent: '1', ...form } }),
          language,
          statuses,
        )
      }),
    )
  })

  test('signing in', { timeout: TIMEOUT }, async () => {
    const form = fields({
      email: fc.oneof(fc.emailAddress(), text),
      password: text,
      code: fc.oneof(fc.stringMatching(/^\d{3} ?\d{3}$/), text),
      return: fc.oneof(fc.webPath(), text),
    })
    // Each whole attempt costs a password's hash.
    await always(
      fc.asyncProperty(lang, form, async (language, form) => {
        await expectPage(await ask(`/${language}/sign-in`, { form: { sent: '1', ...form } }), language, [422, 429])
      }),
      0.4,
    )
  })

  test('a review, decided and taken back', { timeout: TIMEOUT }, async () => {
    const form = fields({
      decision: fc.oneof(fc.constantFrom('publish', 'reject'), text),
      occupation: fc.oneof(code, text),
      note: text,
    })
    await always(
      fc.asyncProperty(lang, form, async (language, form) => {
        const path = `/${language}/work/vacancies/review/${known.unclear}`
        const response = await ask(path, { as: 'vacancy_officer', form: { sent: '1', ...form } })
        await expectPage(response, language, [303, 422])
        if (response.status === 303)
          expect((await ask(`${path}/undo`, { as: 'vacancy_officer', form: { sent: '1' } })).status).toBe(303)
      }),
    )
  })

  test('account, organisation, import', { timeout: TIMEOUT }, async () => {
    const form = fields({
      locale: fc.oneof(lang, text),
      organisation: fc.oneof(uuid, text),
      return: text,
      kind: fc.oneof(fc.constant('vacancies'), text),
      file: text,
      source: text,
    })
    await always(
      fc.asyncProperty(
        lang,
        fc.constantFrom('/work/account', '/work/organisation', '/work/imports'),
        form,
        async (language, path, form) => {
          const response = await ask(`/${language}${path}`, { as: 'vacancy_officer', form: { sent: '1', ...form } })
          expect([303, 403, 404, 422]).toContain(response.status)
        },
      ),
    )
  })

  test('a file of anything is taken in, and its name does no harm', { timeout: TIMEOUT }, async () => {
    await always(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), text, text, async (bytes, name, source) => {
        const file = new File([new Uint8Array(bytes)], name || 'x')
        const response = await site.ask('/tg/work/imports', {
          as: 'vacancy_officer',
          form: { kind: 'vacancies', file, source },
          headers: stranger(),
        })
        expect([303, 422]).toContain(response.status)
        if (response.status === 303)
          await expectPage(await ask(response.headers.get('location')!, { as: 'vacancy_officer' }), 'tg', [200])
      }),
      0.4,
    )
  })
})
