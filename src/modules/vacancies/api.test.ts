import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import { ago, bring, MIXED, takeRate } from './fixtures/bring.ts'
import type { Cells } from './sources/read-advert.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
  await takeRate(app, 'RUB', '0.12', 7)
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
const ask = async (path: string) => {
  const response = await app.ask(path)
  return { status: response.status, body: JSON.parse(await response.text()) }
}

test('an item says what the source states, and null where it says nothing', async () => {
  const full = await advert({
    title: 'Пекарь',
    region: 'Тульская область',
    pay_min: '70000.50',
    pay_currency: 'RUB',
    pay_period: 'month',
    pay_tax: 'gross',
    accommodation: 'yes',
    foreigners: 'quota',
    contract: 'seasonal',
    employer_name: 'Хлеб',
    published_on: ago(3),
    expires_on: ago(-3),
    source_url: 'https://example.ru/1',
  })
  const url = (reference: string) => `http://127.0.0.1:8080/tg/vacancies/${reference}`
  const item = {
    reference: full,
    title: 'Пекарь',
    lang: 'ru',
    isco: '7512',
    place: 'RU-TUL',
    employer_place: null,
    country: 'RU',
    pay: { min: '7000050', max: null, currency: 'RUB', period: 'month', gross: true },
    accommodation: true,
    foreigners: 'quota',
    contract: 'seasonal',
    employer: 'Хлеб',
    published: '2026-11-18',
    expires: '2026-11-24',
    sample: false,
    source: 'employer',
    source_url: 'https://example.ru/1',
    url: url(full),
  }
  const { body } = await ask('/api/v1/vacancies?q=Хлеб')
  expect(body).toMatchObject({ items: [item], next: null, total: 1 })
  expect(body.facets).toMatchObject({
    isco: [{ value: '7512', count: 1 }],
    contract: [{ value: 'seasonal', count: 1 }],
  })
  expect((await ask(`/api/v1/vacancies/${full}`)).body).toMatchObject(item)
  const bare = await advert({ title: 'Звездочёт', country: 'KZ' })
  expect((await ask(`/api/v1/vacancies?country=KZ`)).body.items).toEqual([
    {
      ...Object.fromEntries(Object.keys(item).map((name) => [name, null])),
      ...{ reference: bare, title: 'Звездочёт', lang: 'ru', country: 'KZ', sample: false, source: 'employer' },
      pay: { min: null, max: null, currency: null, period: null, gross: null },
      url: url(bare),
    },
  ])
})

test.each([
  'isco=7',
  'q=рус',
  'q=сварщик&foreigners=all',
  'place=TJ-KT.C01&place=RU-TUL',
  'salary_min=5000&currency=RUB',
])('`next` leads through the whole list of ?%s, with what was asked', async (query) => {
  const whole = (await ask(`/api/v1/vacancies?${query}&limit=100`)).body
  expect(whole.next).toBeNull()
  expect(whole.total).toBeGreaterThan(10)
  const paged = []
  for (let next: string | null = `/api/v1/vacancies?${query}&limit=7`; next; ) {
    const { body } = await ask(next)
    expect(body.total).toBe(whole.total)
    paged.push(...body.items)
    if (body.next) expect(body.next).toMatch(/^http:\/\/127\.0\.0\.1:8080\/api\/v1\/vacancies\?/)
    next = body.next?.replace('http://127.0.0.1:8080', '') ?? null
  }
  expect(paged).toEqual(whole.items)
  expect(paged).toHaveLength(whole.total)
})

test('more than a hundred at once, or nonsense, is refused with what is wrong', async () => {
  for (const query of ['limit=101', 'limit=0', 'country=russia', 'since=soon', 'cursor=x', 'isco=abc']) {
    const { status, body } = await ask(`/api/v1/vacancies?${query}`)
    expect([query, status]).toEqual([query, expect.toBeOneOf([400, 422])])
    expect(body).toMatchObject({ status, title: expect.any(String) })
  }
})

test('above a thousand the total says at least', async () => {
  await sql`
      with made as (
        insert into vacancies.vacancy (id, reference, source, source_id, content_hash, lang, title, country, state, first_seen_at, last_seen_at)
        select gen_random_uuid(), 'Z' || n, 'employer', 'z' || n, '', 'ru', 'Копия', 'UZ', 'published', ${NOW}, ${NOW}
        from generate_series(1, 1001) n
        returning id, reference
      )
      insert into vacancies.listing (vacancy_id, reference, lang, title, country, place_codes, source, sample, sort_on, first_seen_at, changed_at, document)
      select id, reference, 'ru', 'Копия', 'UZ', '{UZ}', 'employer', false, '2026-01-01', ${NOW}, ${NOW}, to_tsvector('simple', 'копия')
      from made`.execute(app.owner)
  const { body } = await ask('/api/v1/vacancies?country=UZ&limit=1')
  expect(body.total).toEqual({ atLeast: 1000 })
  expect(await (await app.ask('/en/vacancies?country=UZ')).text()).toContain('more than <b>1,000</b>')
})

test('accommodation=false asks for adverts that refuse it, and a place may be typed small', async () => {
  await advert({ title: 'Каменщик', region: 'Рязанская область', accommodation: 'no' })
  await advert({ title: 'Каменщик с жильём', region: 'Рязанская область', accommodation: 'yes' })
  const { body } = await ask('/api/v1/vacancies?accommodation=false&place=ru-rya')
  expect(body.items.map(({ title }: { title: string }) => title)).toEqual(['Каменщик'])
})
