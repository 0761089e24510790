import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Ctx } from '#kernel/context.ts'
import { beginningOf } from '#kernel/occupations/words.ts'
import { fold } from '#kernel/search/fold.ts'
import { NOW, type TestDatabase, testDatabase } from '../../../test/database.ts'
import type { ListingQuery } from './conditions.ts'
import { countFacets, countListings, type FacetName } from './counts.ts'
import { bring, MIXED, TODAY, takeRate } from './fixtures/bring.ts'
import { type Listing, searchListings } from './listings.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  for (const [i, cells] of MIXED.entries()) await bring(database, cells, `a${i}`)
  await takeRate(database, 'RUB', '0.12', 1)
})
afterAll(() => database.drop())

// A visitor on the app's connection, as the page has it.
const found = async (query: Partial<ListingQuery>, ctx: Ctx = database.ctx()) =>
  (await searchListings(ctx, { limit: 1000, ...query })).items
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
      .every((word) =>
        lexemes.some((lexeme) => (word.length > 2 ? lexeme.startsWith(beginningOf(word)) : lexeme === word)),
      ),
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
  literal: () => true,
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
  if (row.expires_on && Temporal.PlainDate.compare(row.expires_on, TODAY) < 0) return false
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
  since: some(TODAY.subtract({ days: 7 }), TODAY.subtract({ days: 30 })),
})
// Most questions ask two or three things; all at once seldom find anything.
const questions = fc
  .tuple(queries, fc.uniqueArray(fc.constantFrom(...(Object.keys(ASKS) as (keyof ListingQuery)[])), { maxLength: 3 }))
  .map(
    ([query, kept]) =>
      ({
        ...Object.fromEntries(Object.entries(query).filter(([name]) => kept.includes(name as never))),
        literal: true,
      }) as Partial<ListingQuery>,
  )

test('the list, its count and its facets are what counting by hand gives, whatever is asked', async () => {
  const rows = await allRows()
  let nonempty = 0
  await fc.assert(
    fc.asyncProperty(questions, async (query) => {
      const expected = rows.filter((row) => fits(row, query))
      if (expected.length > 0) nonempty++
      const ctx = database.ctx()
      const items = await found(query, ctx)
      expect(items.map(({ reference }) => reference).sort()).toEqual(expected.map(({ reference }) => reference).sort())
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

test('the text index serves the app’s role, whatever policies stand on the list', async () => {
  // Policies can forbid an index: its operators would see rows before the policy did. Then even this changes nothing.
  const plan = await database.db.transaction().execute(async (db) => {
    await sql`set local enable_seqscan = off`.execute(db)
    await sql`set local enable_indexscan = off`.execute(db)
    const { rows } = await sql<{ 'QUERY PLAN': string }>`
      explain select * from vacancies.listing l where l.document @@ to_tsquery('simple', 'сварщик:*')`.execute(db)
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  })
  expect(plan).toContain('Bitmap Index Scan on listing_document')
})

test('what is understood of words pages, counts and narrows down like everything else', async () => {
  const words = fc.constantFrom(
    'сварщик',
    'povar',
    'ронанда',
    'бинокор',
    'каменщик тула',
    'маляр корея срочно',
    'свращик',
  )
  await fc.assert(
    fc.asyncProperty(
      words,
      questions,
      fc.integer({ min: 1, max: 9 }),
      async (q, { q: _q, literal: _l, ...filters }, limit) => {
        const ctx = database.ctx()
        const query = { ...filters, q }
        const whole = (await found(query, ctx)).map(({ reference }) => reference)
        expect(new Set(whole).size).toBe(whole.length)
        expect(await countListings(ctx, { ...query, ...PAGE })).toBe(whole.length)
        const paged: string[] = []
        let cursor: string | undefined
        do {
          const { items, next } = await searchListings(ctx, { ...query, limit, cursor })
          paged.push(...items.map(({ reference }) => reference))
          cursor = next ?? undefined
        } while (cursor)
        expect(paged).toEqual(whole)
      },
    ),
    { numRuns: 40 },
  )
})

test('an advert that comes in while somebody pages shifts nothing', async () => {
  const ctx = database.ctx()
  const whole = (await found({}, ctx)).map(({ reference }) => reference)
  const first = await searchListings(ctx, { limit: 20 })
  await bring(database, { title: 'Новый', country: 'RU', published_on: TODAY.toString() }, 'newcomer')
  const rest = await searchListings(ctx, { limit: 1000, cursor: first.next! })
  expect([...first.items, ...rest.items].map(({ reference }) => reference)).toEqual(whole)
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
    insert into vacancies.listing (vacancy_id, reference, lang, title, country, place_codes, source, sample, sort_on, first_seen_at, changed_at, document)
    select id, reference, 'ru', 'Копия', 'KZ', '{KZ}', 'employer', false, '2026-01-01', ${NOW}, ${NOW}, to_tsvector('simple', 'копия')
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
