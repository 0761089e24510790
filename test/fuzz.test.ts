import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LANGUAGES } from '#kernel/i18n/languages.ts'
import type { RoleName } from '#kernel/module.ts'
import { type AdvertName, bringAdverts } from './adverts.ts'
import { type TestApp, testApp } from './app.ts'
import { documentOf, type OpenApi } from './openapi.ts'
import { strangers } from './strangers.ts'

// `FUZZ_RUNS=5000` for a long look.
const RUNS = Number(process.env.FUZZ_RUNS ?? 150)
const TIMEOUT = 60_000 + RUNS * 100

let site: TestApp
let known: Record<AdvertName, string>
let api: OpenApi
let stranger: () => Record<string, string>
beforeAll(async () => {
  site = await testApp()
  known = await bringAdverts(site, { more: 25 })
  stranger = strangers(site)
  api = await documentOf(site)
})
afterAll(() => site?.drop())

/** What people, machines and attackers write where a text is asked for. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary', maxLength: 300 }),
  // Lone surrogates, NUL and control characters, which `binary` seldom has.
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
  fc.string({ unit: fc.constantFrom(...'\0\b\n\r\t\x1b\x7f\'"\\%_:&|!()<*~-+'), maxLength: 20 }),
  fc.constantFrom(
    '\0',
    'сварщик',
    'дӯзанда',
    "l'été & <b>",
    '%',
    '\\',
    ':*',
    "''",
    'и'.repeat(199),
    '-1',
    'NaN',
    '1e999',
    'null',
    '__proto__',
    'true',
  ),
  fc.bigInt().map(String),
  fc.double().map(String),
  fc.date({ noInvalidDate: false }).map((date) => (Number.isNaN(date.getTime()) ? 'Invalid Date' : date.toISOString())),
  fc.constantFrom('9999-99-99', '2026-02-30', '+275760-09-13', '-000001-01-01', '2026-11-21'),
)
const uuid = fc.oneof(
  fc.uuid(),
  fc.constantFrom('0'.repeat(36), '-'.repeat(36), '00000000-0000-0000-0000-00000000000g'),
)
const date = fc.constantFrom('2026-11-21', '9999-99-99', '0000-00-00', '2026-02-30', '1970-01-01')
/** Cursors that look right, and may be. */
const cursor = fc.oneof(
  fc.tuple(fc.integer({ min: 0, max: 9_999_999 }), date, uuid).map((parts) => parts.join('~')),
  fc
    .tuple(
      fc.constantFrom('2026-11-21T09:00:00Z', '2026-99-99T99:99:99Z', '....................', '9'.repeat(30)),
      uuid,
    )
    .map((parts) => parts.join('~')),
  fc.constantFrom('99999999999999999999~2026-11-21~', '1', '9'.repeat(19), '~~'),
  text,
)
const code = fc.oneof(
  fc.constantFrom(
    'RU',
    'TJ',
    'KR',
    'XX',
    '7212',
    '7',
    '9999',
    'RU-TUL',
    'TJ-KT',
    'TJS',
    'RUB',
    'KRW',
    'KWD',
    'XXX',
    'ZZZ',
    'yes',
    'all',
    'foreigners',
    'seasonal',
    '30',
  ),
  text,
)
const number = fc.oneof(
  fc.integer().map(String),
  fc.constantFrom(
    '999999999999',
    '1000000000000',
    '1e12',
    '0x10',
    '٣٤',
    '1.5',
    '99999999999999999999',
    '9'.repeat(20),
    '1,5',
    '1 000',
  ),
  text,
)

const VALUES: Record<string, fc.Arbitrary<string>> = {
  after: cursor,
  cursor,
  before: fc.oneof(cursor, date, number),
  salary: number,
  salary_min: number,
  limit: number,
  days: number,
  since: fc.oneof(date, text),
}
const valueOf = (name: string) => VALUES[name] ?? fc.oneof(code, text)

/** Some of these names, some of them several times, some that nobody knows; escaped as browsers do, or carelessly. */
const query = (names: readonly string[]) =>
  fc
    .array(
      fc.oneof(
        {
          weight: 9,
          arbitrary: fc.constantFrom(...names).chain((name) => valueOf(name).map((value) => [name, value] as const)),
        },
        { weight: 1, arbitrary: fc.tuple(text, text) },
      ),
      { maxLength: 6 },
    )
    .chain((pairs) =>
      fc
        .boolean()
        .map((tidy) =>
          tidy
            ? new URLSearchParams(pairs.map(([name, value]) => [name, value])).toString()
            : pairs.map(([name, value]) => `${rough(name)}=${rough(value)}`).join('&'),
        ),
    )

// Only what would end the query is escaped; halves of characters and lone percent signs go as they are.
const rough = (part: string) => part.toWellFormed().replace(/[#&\s\0-\x1f]/g, (sign) => encodeURIComponent(sign))

const lang = fc.constantFrom(...LANGUAGES)
const pathPart = text.map((part) => encodeURIComponent(part.toWellFormed()))

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
const always = (property: fc.IAsyncProperty<unknown>, runs = RUNS) =>
  fc.assert(property, { numRuns: runs, endOnFailure: true })

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
      60,
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
      60,
    )
  })
})

describe('the API', () => {
  test('its document is OpenAPI 3.1, and whole', () => {
    expect(api.faults).toEqual([])
    expect(Object.keys(api.document.paths).sort()).toEqual(['/api/v1/vacancies', '/api/v1/vacancies/{reference}'])
    const names = api.document.paths['/api/v1/vacancies']!.get!.parameters!.map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining([
        'q',
        'isco',
        'place',
        'country',
        'salary_min',
        'currency',
        'accommodation',
        'foreigners',
        'since',
        'cursor',
        'limit',
      ]),
    )
  })

  /** What the document promises: the schema of this status, or a problem document. */
  async function expectPromised(path: string, response: Response): Promise<unknown> {
    expect(response.status).toBeLessThan(500)
    const body = await response.json()
    if (response.status === 200) {
      expect(api.validate(path, 200, body)).toEqual([])
      return body
    }
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(body).toMatchObject({ type: expect.any(String), title: expect.any(String), status: response.status })
    return body
  }

  test('any query: an answer as documented, or a problem', { timeout: TIMEOUT }, async () => {
    const names = [
      'q',
      'isco',
      'place',
      'country',
      'salary_min',
      'currency',
      'accommodation',
      'foreigners',
      'contract',
      'since',
      'cursor',
      'limit',
    ]
    let good = 0
    await always(
      fc.asyncProperty(query(names), async (asked) => {
        const response = await ask(`/api/v1/vacancies?${asked}`)
        expect([200, 400, 422]).toContain(response.status)
        await expectPromised('/api/v1/vacancies', response)
        if (response.status === 200) good++
      }),
      RUNS * 2,
    )
    expect(good).toBeGreaterThan(20)
  })

  test('every published advert, alone and page by page, is as documented', async () => {
    const seen: string[] = []
    for (let next: string | null = '/api/v1/vacancies?limit=10&foreigners=all'; next; ) {
      const page = (await expectPromised('/api/v1/vacancies', await ask(next))) as {
        items: { reference: string }[]
        next: string | null
        total: number
      }
      expect(page.items.length).toBeGreaterThan(0)
      seen.push(...page.items.map(({ reference }) => reference))
      next = page.next && page.next.slice(new URL(page.next).origin.length)
      if (!next) expect(seen).toHaveLength(page.total)
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toContain(known.full)
    for (const reference of seen)
      await expectPromised('/api/v1/vacancies/{reference}', await ask(`/api/v1/vacancies/${reference}`))
    for (const [reference, status] of [
      [known.withdrawn, 410],
      [known.expired, 410],
      [known.held, 404],
      ['nothing', 404],
    ] as const) {
      const response = await ask(`/api/v1/vacancies/${reference}`)
      expect(response.status).toBe(status)
      await expectPromised('/api/v1/vacancies/{reference}', response)
    }
  })

  test('any reference', async () => {
    await always(
      fc.asyncProperty(pathPart, async (part) => {
        fc.pre(part !== '' && part !== '.' && part !== '..')
        const response = await ask(`/api/v1/vacancies/${part}`)
        expect([400, 404, 422]).toContain(response.status)
        await expectPromised('/api/v1/vacancies/{reference}', response)
      }),
    )
  })
})
