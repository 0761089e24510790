import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LANGUAGES } from '#kernel/i18n/languages.ts'
import { type TestApp, testApp } from '../../../test/app.ts'
import { ago, bring, MIXED, takeRate } from './fixtures/bring.ts'
import { SOURCES } from './sources/advert.ts'
import type { Cells } from './sources/read-advert.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
  await takeRate(app, 'RUB', '0.12', 7)
  await takeRate(app, 'USD', '9.5', 8)
  for (const [i, cells] of MIXED.entries()) await bring(app, cells, `m${i}`)
})
afterAll(() => app.drop())

let number = 0
async function advert(cells: Cells, source_id = `p${number++}`): Promise<string> {
  const id = await bring(app, { country: 'RU', ...cells }, source_id)
  const { reference } = await app.owner
    .selectFrom('vacancies.vacancy')
    .select('reference')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return reference
}
const MILITARY = { title: 'Стрелок', duties: 'Контракт с Министерством обороны.' }

async function get(path: string, options?: Parameters<TestApp['ask']>[1]) {
  const response = await app.ask(path, options)
  const text = await response.text()
  return { status: response.status, location: response.headers.get('location'), text }
}
const plain = (html: string) => html.replace(/<[^>]+>/g, ' ').replaceAll(/[\s\u00a0]+/g, ' ')
const references = (html: string) =>
  [...html.matchAll(/<h2 class="h3"><a href="[^"]+\/([^"/]+)"/g)].map(([, one]) => one!)
/** Where the pager leads on to; the languages' links stay on the page they are on. */
const nextOf = (html: string) =>
  /<nav class="pager".*?<a [^>]*href="([^"]*after=[^"]*)"/s.exec(html)?.[1]?.replaceAll('&amp;', '&')

describe('the list', () => {
  test.each(LANGUAGES)('leads from page to page in %s until each advert was shown once', async (lang) => {
    const seen: string[] = []
    let next: string | undefined = `/${lang}/vacancies?all=yes&country=RU`
    for (; next; ) {
      const { status, text } = await get(next)
      expect(status).toBe(200)
      const shown = references(text)
      expect(shown.length).toBeLessThanOrEqual(20)
      seen.push(...shown)
      next = nextOf(text)
    }
    const { total } = JSON.parse((await get('/api/v1/vacancies?foreigners=all&country=RU')).text)
    expect(total).toBeGreaterThan(30)
    expect(seen).toHaveLength(total)
    expect(new Set(seen).size).toBe(total)
  })

  test('a place is understood in each spelling, and by what it was called', async () => {
    const counts = await Promise.all(
      ['Хатлон', 'Khatlon', 'Бохтар', 'Қурғонтеппа', 'Курган-Тюбе'].map(async (place) => {
        const { text } = await get(`/tg/vacancies?place=${encodeURIComponent(place)}`)
        return /<b>(\d+)<\/b>/.exec(text)?.[1]
      }),
    )
    expect(Number(counts[0])).toBeGreaterThan(5)
    expect(new Set(counts).size).toBe(1)
  })

  test('an unknown place is said, and does not hide the list', async () => {
    const { text } = await get('/en/vacancies?place=Atlantis')
    expect(plain(text)).toContain('We do not know the place “Atlantis”.')
    expect(references(text)).toHaveLength(20)
  })

  test('what filters count is what they then show', async () => {
    const { text } = await get('/en/vacancies?country=RU')
    const [, count] = /value="accommodation"[\s\S]*?class="n">(\d+)</.exec(text)!
    const chosen = await get('/en/vacancies?country=RU&only=accommodation')
    expect(plain(chosen.text)).toMatch(new RegExp(`\\b${count} offers`))
  })

  test('a choice of which nothing is left stays a choice, to be taken back', async () => {
    const { text } = await get('/en/vacancies?country=KZ&contract=permanent&isco=2211&q=сварщик')
    expect(text).toMatch(/name="country" value="KZ" checked/)
    expect(text).toMatch(/name="contract" value="permanent" checked/)
    expect(text).toMatch(/<option value="2211" selected[^>]*>[^<]*\(0\)/)
  })

  test('the table holds what the list holds', async () => {
    const { text } = await get('/en/vacancies.csv?country=KR')
    const { total } = JSON.parse((await get('/api/v1/vacancies?country=KR')).text)
    expect(text.trim().split('\n')).toHaveLength(total + 1)
  })
})

describe('an advert', () => {
  test('that is over, withdrawn, held or unknown answers 410 or 404 at each of its addresses', async () => {
    const over = await advert({ title: 'Пекарь', expires_on: ago(1) })
    const withdrawn = await advert({ title: 'Пекарь' }, 'w')
    await advert({ title: 'Пекарь', withdrawn: 'yes' }, 'w')
    const held = await advert(MILITARY)
    for (const [reference, status] of [
      [over, 410],
      [withdrawn, 410],
      [held, 404],
      ['2222-2222', 404],
      ['%00', 404],
    ] as const) {
      for (const rest of ['', '/print', '/report'])
        expect((await get(`/ru/vacancies/${reference}${rest}`)).status).toBe(status)
      expect((await get(`/ru/vacancies/${reference}/report`, { form: { reason: 'fee' } })).status).toBe(status)
      expect((await get(`/api/v1/vacancies/${reference}`)).status).toBe(status)
    }
    expect(plain((await get(`/en/vacancies/${over}`)).text)).toContain('This advert ended on 20 November 2026.')
    const { text } = await get(`/en/vacancies/${withdrawn}`)
    expect(plain(text)).toContain('This advert was withdrawn.')
    expect(text).toMatch(/<a href="\/en\/vacancies" class="btn"/)
  })

  test('is found under its number however it is typed', async () => {
    const reference = await advert({ title: 'Пекарь' })
    expect((await get(`/en/vacancies/${reference.toLowerCase().replace('-', '')}`)).status).toBe(200)
  })

  test('is worth so much in somoni by a rate of seven days ago, said with day and source; not by one of eight', async () => {
    const roubles = await advert({ title: 'Пекарь', pay_min: '70000', pay_max: '90000', pay_currency: 'RUB' })
    const dollars = await advert({ title: 'Пекарь', pay_min: '2000', pay_currency: 'USD' })
    expect(plain((await get(`/en/vacancies/${roubles}`)).text)).toContain(
      'About 8,400–10,800 somoni at the rate of 14 November 2026, National Bank.',
    )
    const text = plain((await get(`/en/vacancies/${dollars}`)).text)
    expect(text).toContain('2,000')
    expect(text).not.toContain('at the rate of')
  })

  test('says what its source does not state, and since when nobody confirmed it', async () => {
    const text = plain(
      (await get(`/en/vacancies/${await advert({ title: 'Пекарь', published_on: '2024-03-27' })}`)).text,
    )
    expect(text).toContain('Not confirmed since 27 March 2024')
    expect(text).toContain('Foreigners: not stated')
    expect(text).toContain('Pay not stated')
    expect(text).toContain('The advert gives no contact. We do not know it.')
    expect(text).not.toContain('somoni')
  })

  test.each(SOURCES)('names its source %s in words', async (source) => {
    for (const lang of LANGUAGES) {
      const { status, text } = await get(`/${lang}/vacancies/${await advert({ title: 'Пекарь', source })}`)
      expect(status).toBe(200)
      expect(text).not.toContain('vacancies.source.')
    }
  })
})

describe('a suspicion', () => {
  test('without a reason comes back with what was written; with one it thanks', async () => {
    const reference = await advert({ title: 'Пекарь' })
    const path = `/en/vacancies/${reference}/report`
    const refused = await get(path, { form: { story: 'They <b>keep</b> passports.' } })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('<a href="#reason">Choose one.</a>')
    expect(refused.text).toContain('They &lt;b&gt;keep&lt;/b&gt; passports.')
    const long = await get(path, { form: { reason: 'fee', story: 'x'.repeat(2001) } })
    expect([long.status, plain(long.text)]).toEqual([422, expect.stringContaining('up to 2000 characters')])
    const sent = await get(path, { form: { reason: 'fee', story: 'x'.repeat(2000) } })
    expect([sent.status, sent.location]).toEqual([303, `/en/vacancies/${reference}/reported`])
    expect((await get(sent.location!)).status).toBe(200)
  })
})

describe('the queue', () => {
  const officer = { as: 'vacancy_officer' } as const
  const review = (reference: string, rest = '') => `/en/work/vacancies/review/${reference}${rest}`

  test('of two officers who press at the same moment one is told that the other was faster', async () => {
    const reference = await advert(MILITARY)
    const answers = await Promise.all(
      ['publish', 'reject'].map((decision) => get(review(reference), { ...officer, form: { decision } })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409])
    expect(plain(answers.find(({ status }) => status === 409)!.text)).toContain('Somebody was faster')
  })

  test('an occupation that nobody knows is asked again, and nothing is decided', async () => {
    const reference = await advert({ title: 'Универсал на все руки' })
    const form = { decision: 'publish', occupation: 'звездочёт', note: 'Asked by phone.' }
    const refused = await get(review(reference), { ...officer, form })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('<a href="#occupation">No such occupation. Choose one of the list.</a>')
    for (const kept of ['звездочёт', 'Asked by phone.']) expect(refused.text).toContain(kept)
    expect((await get(review(reference), { ...officer, form: { ...form, occupation: '9999' } })).status).toBe(422)
    for (const occupation of ['7112', '7112 Bricklayers', 'хиштчин', 'каменщик']) {
      const sent = await get(review(reference), { ...officer, form: { ...form, occupation } })
      expect([occupation, sent.status]).toEqual([occupation, 303])
      expect(JSON.parse((await get(`/api/v1/vacancies/${reference}`)).text)).toMatchObject({ isco: '7112' })
      expect((await get(review(reference, '/undo'), { ...officer, form: {} })).status).toBe(303)
    }
    expect(JSON.parse((await get(`/api/v1/vacancies/${reference}`)).text)).toMatchObject({ isco: null })
  })

  test('pages, searches and exports what waits', async () => {
    const reference = await advert({ ...MILITARY, employer_name: '100% Отряд_А' })
    for (let more = 0; more < 12; more++) await advert({ title: 'Универсал на все руки' })
    for (const q of ['100%', 'отряд_', reference, reference.toLowerCase()]) {
      const { text } = await get(`/en/work/vacancies/review?q=${encodeURIComponent(q)}`, officer)
      expect(references(text)).toEqual([reference])
    }
    const { text } = await get('/en/work/vacancies/review.csv?reason=military', officer)
    expect(text).toContain(reference)
    const seen: string[] = []
    for (let next: string | undefined = '/en/work/vacancies/review'; next; ) {
      const page: string = (await get(next, officer)).text
      seen.push(...references(page))
      next = nextOf(page)
    }
    const { rows } = await sql<{ n: number }>`
      select count(distinct vacancy_id)::int as n from vacancies.review where decision is null`.execute(app.owner)
    expect(rows[0]!.n).toBeGreaterThan(25)
    expect(seen).toHaveLength(rows[0]!.n)
    expect(new Set(seen).size).toBe(rows[0]!.n)
  })
})

test('the number from a printed page leads to its advert', async () => {
  const reference = await advert({ title: 'Печник' })
  const found = await get(`/tg/vacancies?q=${reference.toLowerCase().replace('-', ' ')}`)
  expect([found.status, found.location]).toEqual([302, `/tg/vacancies/${reference}`])
})
