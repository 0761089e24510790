import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Ctx } from '#kernel/context.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { saveRate } from '#kernel/money/rates.ts'
import { fold } from '#kernel/search/fold.ts'
import { NOW, type TestDatabase, testDatabase } from '../../../test/database.ts'
import { saveAdvert } from './adverts.ts'
import {
  countFacets,
  countListings,
  type FacetName,
  type Listing,
  type ListingQuery,
  searchListings,
} from './listings.ts'
import type { Advert } from './sources/advert.ts'
import { type Cells, readAdvert } from './sources/read-advert.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  for (const [i, cells] of [...NAMED, ...MIXED].entries()) await bring(cells, `a${i}`)
  await takeRate('RUB', '0.12', 1)
  await takeRate('USD', '9.5', 8)
})
afterAll(() => database.drop())

const today = plainDate(NOW)
const ago = (days: number) => today.subtract({ days }).toString()

// What the tests below ask for by name.
const NAMED: Cells[] = [
  {
    title: 'Швея',
    country: 'RU',
    region: 'Тульская область',
    employer_name: 'Фабрика «Заря»',
    duties: 'Пошив курток.',
  },
  { title: 'Дӯзанда', lang: 'tg', country: 'TJ', place_code: 'TJ-KT.C01', employer_name: 'Коргоҳи Ҳунар' },
  { title: 'Welder (TIG)', lang: 'en', country: 'KR', duties: 'Pipes and tanks.' },
  { title: 'Уборщик', country: 'RU', duties: 'Помогать сварщикам убирать цех.' },
  { title: 'Электрогазосварщик', country: 'RU', region: 'Тульская область', foreigners: 'no' },
  { title: 'Пастух', country: 'TJ', place_code: 'TJ-SU', foreigners: 'no' },
  { title: 'Пекарь', country: 'RU', expires_on: ago(1) },
  { title: 'Пекарь последнего дня', country: 'RU', expires_on: today.toString() },
]

const every = <T>(values: readonly T[], i: number): T => values[i % values.length]!

// Every combination of what filters look at, unevenly: 97 adverts, the periods share no factor.
const MIXED: Cells[] = Array.from({ length: 97 }, (_, i) => ({
  title: every(['Сварщик', 'Каменщик', 'Повар', 'Универсал на все руки', 'Водитель погрузчика', 'Штукатур, маляр'], i),
  ...every<Cells>(
    [
      { country: 'RU', region: 'Тульская область' },
      { country: 'RU', region: 'Москва' },
      { country: 'TJ', place_code: 'TJ-KT.C01' },
      { country: 'TJ', place_code: 'TJ-DU' },
      { country: 'KR' },
    ],
    i,
  ),
  accommodation: every(['yes', 'no', null], i),
  foreigners: every(['yes', null, 'no', null, 'quota', null, 'yes'], i),
  contract: every(['permanent', 'seasonal', null, 'fixed_term', null, null, null, null, 'permanent', null, null], i),
  ...every<Cells>(
    [
      { pay_min: '60000', pay_max: '90000', pay_currency: 'RUB', pay_period: 'month' },
      { pay_min: '3000', pay_currency: 'TJS', pay_period: 'month' },
      {},
      { pay_min: '400', pay_currency: 'RUB', pay_period: 'hour' },
      { pay_min: '2000', pay_currency: 'USD', pay_period: 'month' },
      { pay_min: '9000', pay_currency: 'TJS', pay_period: 'shift' },
      { pay_max: '120000', pay_currency: 'TJS', pay_period: 'year' },
      { pay_min: '50000', pay_currency: 'RUB' },
    ],
    i,
  ),
  // Some days are shared, some are not stated: then the id alone parts the rows.
  published_on: i % 13 === 0 ? null : ago((i * 7) % 40),
  expires_on: i % 17 === 0 ? ago(2) : i % 19 === 0 ? ago(-9) : null,
}))

async function bring(cells: Cells, source_id: string): Promise<void> {
  const read = readAdvert({ source_id, ...cells }, { today, raw: {} })
  if (!read.ok) throw new Error(JSON.stringify(read.errors))
  await saveAdvert(context(), read.advert as Advert, null)
}

const takeRate = (currency: string, somoni: string, days: number) =>
  saveRate(context(), {
    currency,
    somoni,
    unit: 1,
    rate_date: today.subtract({ days }),
    source: 'test',
    source_url: null,
  })

const context = () => database.ctx({ db: database.owner, actor: { kind: 'system', task: 'test' } })
// A visitor on the app's connection, as the page has it.
const found = async (query: Partial<ListingQuery>, ctx: Ctx = database.ctx()) =>
  (await searchListings(ctx, { limit: 1000, ...query })).items
const titles = async (query: Partial<ListingQuery>) => [...new Set((await found(query)).map(({ title }) => title))]

describe('words', () => {
  test.each([
    ['Russian, for a Tajik advert too', 'швея', ['Дӯзанда', 'Швея']],
    ['Tajik', 'дӯзанда', ['Дӯзанда', 'Швея']],
    ['Tajik without its letters', 'ДУЗАНДА', ['Дӯзанда', 'Швея']],
    ['English, by the occupation', 'sewing machine operator', ['Швея']],
    ['a beginning', 'шве', ['Дӯзанда', 'Швея']],
    ['several words, each as it begins', 'швея туль', ['Швея']],
    ['the employer', 'хунар', ['Дӯзанда']],
    ['a place in Latin letters beside a Russian title', 'welder korea', ['Welder (TIG)', 'Сварщик']],
    ['a word of the text', 'курток', ['Швея']],
    ['one word that is nowhere', 'швея марс', []],
    ['nothing that could be a word', '!!! —', []],
  ])('%s', async (_, q, expected) => {
    expect((await titles({ q })).sort()).toEqual(expected)
  })

  test('who is called so stands before what only mentions it', async () => {
    const all = await titles({ q: 'сварщик', foreigners: 'all' })
    expect(all).toEqual(expect.arrayContaining(['Сварщик', 'Электрогазосварщик', 'Welder (TIG)', 'Уборщик']))
    expect(all[0]).toBe('Сварщик')
    expect(all.at(-1)).toBe('Уборщик')
  })
})

describe('filters', () => {
  test('a place with everything inside it', async () => {
    const inside = await found({ place: ['TJ-KT'], foreigners: 'all' })
    expect(new Set(inside.map(({ place_code }) => place_code))).toEqual(new Set(['TJ-KT.C01']))
    expect(inside).toEqual(await found({ place: ['TJ-KT.C01'], foreigners: 'all' }))
    expect(await titles({ place: ['TJ-SU'] })).toEqual(['Пастух'])
    expect((await found({ place: ['TJ'] })).length).toBe((await found({ country: ['TJ'] })).length)
  })

  test('what is for citizens only shows when asked for; at home nobody is a foreigner', async () => {
    expect(await titles({ q: 'электрогазосварщик' })).not.toContain('Электрогазосварщик')
    expect(await titles({ q: 'электрогазосварщик', foreigners: 'all' })).toContain('Электрогазосварщик')
    expect(await titles({ q: 'пастух' })).toEqual(['Пастух'])
    expect(new Set((await found({ foreigners: 'yes' })).map(({ foreigners }) => foreigners))).toEqual(
      new Set(['yes', 'quota']),
    )
  })

  test('an advert goes with the end of its own last day in Dushanbe', async () => {
    expect(await titles({ q: 'пекарь' })).not.toContain('Пекарь')
    expect(await titles({ q: 'пекарь' })).toContain('Пекарь последнего дня')
    const almost = Temporal.Instant.from(`${today}T18:59:59Z`)
    expect(await found({ q: 'последнего дня' }, database.ctx({ now: almost }))).toHaveLength(1)
    expect(await found({ q: 'последнего дня' }, database.ctx({ now: almost.add({ seconds: 1 }) }))).toHaveLength(0)
  })

  test('pay is compared as a month of it', async () => {
    const offers = async (amount: bigint, currency: string) => [
      ...new Set(
        (await found({ salaryMin: { amount, currency }, foreigners: 'all' })).map(
          ({ pay_currency, pay_period }) => `${pay_currency} ${pay_period}`,
        ),
      ),
    ]
    // 400 roubles an hour are 69 333 a month; up to 120 000 somoni a year are 10 000 a month.
    expect((await offers(6_933_300n, 'RUB')).sort()).toEqual(['RUB hour', 'RUB month', 'TJS year'])
    expect((await offers(6_933_400n, 'RUB')).sort()).toEqual(['RUB month', 'TJS year'])
    // 9 000 roubles… 90 000 roubles are 10 800 somoni at 0,12.
    expect((await offers(1_000_000n, 'TJS')).sort()).toEqual(['RUB month', 'TJS year'])
    expect(await offers(1_000_100n, 'TJS')).toEqual(['RUB month'])
    expect(await offers(1_080_100n, 'TJS')).toEqual([])
  })

  test('a rate of eight days ago compares nothing, one of seven days does', async () => {
    const dollars = { salaryMin: { amount: 100_000n, currency: 'USD' }, foreigners: 'all' } as const
    expect(new Set((await found(dollars)).map(({ pay_currency }) => pay_currency))).toEqual(new Set(['USD']))
    const dayBefore = database.ctx({ now: NOW.subtract({ hours: 24 }) })
    expect(new Set((await found(dollars, dayBefore)).map(({ pay_currency }) => pay_currency))).toEqual(
      new Set(['USD', 'RUB', 'TJS']),
    )
  })
})

// The same questions answered the long way round, in TypeScript over all rows.
type Row = Listing & { lexemes: string[] }

const PAGE = { limit: 1000 }
const RUB = 12n // dirams for a rouble

function inADiram(row: Row): bigint | null {
  if (row.pay_month === null) return null
  return row.pay_currency === 'TJS' ? row.pay_month : row.pay_currency === 'RUB' ? (row.pay_month * RUB) / 100n : null
}

const ASKS: { [K in keyof ListingQuery]-?: (row: Row, asked: NonNullable<ListingQuery[K]>) => boolean } = {
  q: ({ lexemes }, q) =>
    fold(q)
      .split(' ')
      .every((word) => lexemes.some((lexeme) => (word.length > 2 ? lexeme.startsWith(word) : lexeme === word))),
  isco: ({ isco }, codes) => codes.some((code) => isco?.startsWith(code)),
  place: ({ place_codes }, codes) => codes.some((code) => place_codes.includes(code)),
  country: ({ country }, codes) => codes.includes(country),
  salaryMin: (row, { amount, currency }) => {
    if (row.pay_currency === currency) return row.pay_month !== null && row.pay_month >= amount
    const somoni = inADiram(row)
    return somoni !== null && currency !== 'USD' && somoni >= (currency === 'RUB' ? (amount * RUB) / 100n : amount)
  },
  accommodation: ({ accommodation }) => accommodation === true,
  foreigners: ({ foreigners }, asked) => asked === 'all' || foreigners === 'yes' || foreigners === 'quota',
  contract: ({ contract }, codes) => codes.includes(contract!),
  since: ({ published_on }, since) => published_on !== null && Temporal.PlainDate.compare(published_on, since) >= 0,
  cursor: () => true,
  limit: () => true,
}

const FACET_OF: Record<FacetName, (row: Row) => string | null> = {
  isco: ({ isco }) => isco,
  country: ({ country }) => country,
  accommodation: ({ accommodation }) => (accommodation ? 'yes' : null),
  foreigners: ({ foreigners }) => (foreigners === 'yes' || foreigners === 'quota' ? 'yes' : null),
  contract: ({ contract }) => contract,
}

function fits(row: Row, query: Partial<ListingQuery>): boolean {
  if (row.expires_on && Temporal.PlainDate.compare(row.expires_on, today) < 0) return false
  if (!query.foreigners && row.foreigners === 'no' && row.country !== 'TJ') return false
  return (Object.keys(query) as (keyof ListingQuery)[]).every(
    (name) => query[name] === undefined || (ASKS[name] as (row: Row, asked: unknown) => boolean)(row, query[name]),
  )
}

async function allRows(): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select l.*, tsvector_to_array(l.document) as lexemes from vacancies.listing l`.execute(database.owner)
  return rows
}

const some = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined, freq: 1 })
const several = (...values: string[]) =>
  fc.option(fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 }), { nil: undefined })
const queries = fc.record({
  q: some('сварщик', 'дузанда', 'повар рус', 'туль', 'ко', 'маляр штук', 'нигде'),
  isco: several('7', '71', '7212', '5120', '9'),
  place: several('TJ', 'TJ-KT', 'TJ-KT.C01', 'RU-TUL', 'RU-MOW', 'KR'),
  country: several('TJ', 'RU', 'KR'),
  salaryMin: some(
    { amount: 5_000_000n, currency: 'RUB' },
    { amount: 8_000_000n, currency: 'RUB' },
    { amount: 300_000n, currency: 'TJS' },
    { amount: 990_000n, currency: 'TJS' },
    { amount: 100_000n, currency: 'USD' },
  ),
  accommodation: some(true),
  foreigners: some('yes' as const, 'all' as const),
  contract: several('permanent', 'seasonal', 'fixed_term'),
  since: some(today.subtract({ days: 7 }), today.subtract({ days: 30 })),
})
// Most questions ask two or three things; all at once seldom find anything.
const questions = fc
  .tuple(queries, fc.uniqueArray(fc.constantFrom(...(Object.keys(ASKS) as (keyof ListingQuery)[])), { maxLength: 3 }))
  .map(
    ([query, kept]) =>
      Object.fromEntries(
        Object.entries(query).filter(([name]) => kept.includes(name as never)),
      ) as Partial<ListingQuery>,
  )

describe('properties', () => {
  test('the list, its count and its facets are what counting by hand gives, whatever is asked', async () => {
    const rows = await allRows()
    let nonempty = 0
    await fc.assert(
      fc.asyncProperty(questions, async (query) => {
        const expected = rows.filter((row) => fits(row, query))
        if (expected.length > 0) nonempty++
        const ctx = database.ctx()
        const items = await found(query, ctx)
        expect(items.map(({ reference }) => reference).sort()).toEqual(
          expected.map(({ reference }) => reference).sort(),
        )
        expect(await countListings(ctx, { ...query, ...PAGE })).toBe(expected.length)
        const facets = await countFacets(ctx, { ...query, ...PAGE })
        for (const [name, valueOf] of Object.entries(FACET_OF) as [FacetName, (row: Row) => string | null][]) {
          // A facet counts what each of its choices would leave, so its own choice does not narrow it.
          const { [name]: _own, ...others } = query
          const keep = name === 'foreigners' ? { ...others, foreigners: query.foreigners && ('all' as const) } : others
          const counts = Map.groupBy(
            rows.filter((row) => fits(row, keep) && valueOf(row) !== null),
            (row) => valueOf(row)!,
          )
          expect(Object.fromEntries(facets[name].map(({ value, count }) => [value, count]))).toEqual(
            Object.fromEntries(Array.from(counts, ([value, list]) => [value, list.length])),
          )
        }
      }),
      { numRuns: 60 },
    )
    expect(nonempty).toBeGreaterThan(20)
  })

  test('pages one after the other are the whole list, in its order, whatever their size', async () => {
    await fc.assert(
      fc.asyncProperty(questions, fc.integer({ min: 1, max: 40 }), async (query, limit) => {
        const ctx = database.ctx()
        const whole = (await found(query, ctx)).map(({ reference }) => reference)
        const paged: string[] = []
        let cursor: string | undefined
        do {
          const { items, next } = await searchListings(ctx, { ...query, limit, cursor })
          expect(items.length).toBeLessThanOrEqual(limit)
          if (next) expect(items).toHaveLength(limit)
          paged.push(...items.map(({ reference }) => reference))
          cursor = next ?? undefined
        } while (cursor)
        expect(paged).toEqual(whole)
      }),
      { numRuns: 40 },
    )
  })

  test('newest first; what states no day stands last', async () => {
    const days = (await found({ foreigners: 'all' })).map(({ published_on }) => published_on?.toString() ?? '')
    expect(days).toEqual(days.toSorted().reverse())
    expect(days.at(-1)).toBe('')
  })

  test('an advert that comes in while somebody pages shifts nothing', async () => {
    const ctx = database.ctx()
    const whole = (await found({}, ctx)).map(({ reference }) => reference)
    const first = await searchListings(ctx, { limit: 20 })
    await bring({ title: 'Новый', country: 'RU', published_on: today.toString() }, 'newcomer')
    const rest = await searchListings(ctx, { limit: 1000, cursor: first.next! })
    expect([...first.items, ...rest.items].map(({ reference }) => reference)).toEqual(whole)
  })
})

test('a count is exact up to 1,000, beyond it says that there are more', async () => {
  const clone = (copies: number, offset: number) =>
    sql`
    with source as (select * from vacancies.vacancy where source_id = 'a0'),
    made as (
      insert into vacancies.vacancy (id, reference, source, source_id, content_hash, lang, title, country, state, first_seen_at, last_seen_at)
      select gen_random_uuid(), 'X' || n, source, 'x' || n, content_hash, lang, 'Копия', 'KZ', state, first_seen_at, last_seen_at
      from source, generate_series(${offset}::int + 1, ${offset + copies}::int) n
      returning id, reference
    )
    insert into vacancies.listing (vacancy_id, reference, lang, title, country, place_codes, source, sample, sort_on, first_seen_at, document)
    select id, reference, 'ru', 'Копия', 'KZ', '{KZ}', 'employer', false, '2026-01-01', ${NOW}, to_tsvector('simple', 'копия')
    from made`.execute(database.owner)
  await clone(1000, 0)
  const query: ListingQuery = { country: ['KZ'], ...PAGE }
  expect(await countListings(database.ctx(), query)).toBe(1000)
  await clone(1, 1000)
  expect(await countListings(database.ctx(), query)).toEqual({ atLeast: 1000 })
  expect((await countFacets(database.ctx(), query)).country.find(({ value }) => value === 'KZ')).toEqual({
    value: 'KZ',
    count: 1001,
  })
})
