import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import type { ListingQuery } from './conditions.ts'
import { countFacets, countListings } from './counts.ts'
import { bring, MIXED, TODAY } from './fixtures/bring.ts'
import { searchListings } from './listings.ts'
import { payCurrencies } from './pay.ts'

// So many adverts that a sample is looked at first: each of the mixed ones many times, on days of its own.
const COPIES = 330
let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  for (const [i, cells] of MIXED.entries()) await bring(database, cells, `a${i}`)
  await database.owner.connection().execute(async (one) => {
    const run = (text: string) => sql.raw(text).execute(one)
    await run('select setseed(0.5)')
    await run(`
      insert into vacancies.vacancy (id, reference, source, source_id, content_hash, lang, title, country, state, first_seen_at, last_seen_at)
      select gen_random_uuid(), v.reference || '/' || n, v.source, v.source_id || '/' || n, '', v.lang, v.title, v.country, v.state, v.first_seen_at, v.last_seen_at
      from vacancies.vacancy v, generate_series(1, ${COPIES}) n`)
    await run(`
      create temp table copied as
      select l.*, v.id, v.reference as own_reference
      from vacancies.vacancy v
      join vacancies.listing l on l.reference = split_part(v.reference, '/', 1)
      where v.reference like '%/%'`)
    await run(`
      update copied
      set vacancy_id = id, reference = own_reference, lot = floor(random() * 65536), sort_on = sort_on - floor(random() * 700)::int`)
    await run('alter table copied drop column id, drop column own_reference')
    await run('insert into vacancies.listing select * from copied')
  })
  await sql`vacuum analyze vacancies.listing`.execute(database.owner)
}, 120_000)
afterAll(() => database.drop())

const PAGE = { limit: 40 }
const byHand = async (condition: ReturnType<typeof sql>) =>
  (
    await sql<{ reference: string }>`
      select reference from vacancies.listing l where ${condition}
      order by sort_on desc, vacancy_id desc`.execute(database.owner)
  ).rows.map(({ reference }) => reference)

async function firstPages(query: Partial<ListingQuery>, pages: number): Promise<string[]> {
  const found: string[] = []
  let cursor: string | undefined
  for (let page = 0; page < pages; page++) {
    const { items, next } = await searchListings(database.ctx(), { ...query, ...PAGE, cursor })
    found.push(...items.map(({ reference }) => reference))
    if (!next) break
    cursor = next
  }
  return found
}

const OPEN = sql`(l.expires_on is null or l.expires_on >= ${TODAY})`
const REACHABLE = sql`${OPEN} and (l.foreigners is distinct from 'no' or l.country = 'TJ')`

test('of many the newest come first, page by page', async () => {
  const whole = await byHand(REACHABLE)
  expect(whole.length).toBeGreaterThan(20_000)
  expect(await firstPages({}, 4)).toEqual(whole.slice(0, 160))
  const text = await byHand(sql`${REACHABLE} and l.document @@ to_tsquery('simple', 'сварщик') and l.country = 'RU'`)
  expect(await firstPages({ q: 'сварщик', literal: true, country: ['RU'] }, 4)).toEqual(text.slice(0, 160))
})

test('a frequent trade: those of that very trade, then others, nobody twice', async () => {
  const { items } = await searchListings(database.ctx(), { q: 'сварщик', limit: 160 })
  expect(new Set(items.map(({ isco }) => isco))).toEqual(new Set(['7212']))
  const paged = await firstPages({ q: 'сварщик' }, 4)
  expect(paged).toEqual(items.map(({ reference }) => reference))
})

test('few among many are found, paged and counted to the last', async () => {
  const query = { country: ['KR'], contract: ['seasonal'], foreigners: 'all' } as const
  const expected = await byHand(sql`${OPEN} and l.country = 'KR' and l.contract = 'seasonal'`)
  expect(expected.length).toBeGreaterThan(300)
  expect(expected.length).toBeLessThan(4000)
  expect(await firstPages(query, 200)).toEqual(expected)
  const facets = await countFacets(database.ctx(), { ...query, ...PAGE })
  const without = await byHand(sql`${OPEN} and l.country = 'KR' and l.contract = 'seasonal' and l.isco is null`)
  const counted = facets.isco.reduce((total, { count }) => total + count, 0)
  expect(counted).toBe(expected.length - without.length)
  expect(facets.isco.every(({ about }) => !about)).toBe(true)
})

test('of many, choices are reckoned from a sample and say so', async () => {
  const ctx = database.ctx()
  expect(await countListings(ctx, PAGE)).toEqual({ atLeast: 1000 })
  const facets = await countFacets(ctx, PAGE)
  for (const country of ['RU', 'TJ', 'KR']) {
    const found = facets.country.find(({ value }) => value === country)!
    const true_count = (await byHand(sql`${REACHABLE} and l.country = ${country}`)).length
    expect(found.about).toBe(true)
    expect(Math.abs(found.count - true_count) / true_count).toBeLessThan(0.15)
  }
})

test('a choice left out is counted without its own filter, also when two narrow', async () => {
  const query: ListingQuery = { country: ['RU'], contract: ['permanent'], foreigners: 'all', ...PAGE }
  const facets = await countFacets(database.ctx(), query)
  const permanent = await byHand(sql`${OPEN} and l.contract = 'permanent' and l.country = 'KR'`)
  const korea = facets.country.find(({ value }) => value === 'KR')!
  expect(Math.abs(korea.count - permanent.length) / permanent.length).toBeLessThan(0.2)
  const seasonal = await byHand(sql`${OPEN} and l.contract = 'seasonal' and l.country = 'RU'`)
  const found = facets.contract.find(({ value }) => value === 'seasonal')!
  expect(Math.abs(found.count - seasonal.length) / seasonal.length).toBeLessThan(0.2)
})

test('which currencies there are is known without reading the adverts', async () => {
  await database.db.transaction().execute(async (db) => {
    const rowsRead = async () =>
      (
        await sql<{ rows: number }>`
          select (seq_tup_read + idx_tup_fetch)::int as rows from pg_stat_xact_user_tables
          where relid = 'vacancies.listing'::regclass`.execute(db)
      ).rows[0]!.rows
    const before = await rowsRead()
    expect((await payCurrencies(database.ctx({ db }))).length).toBeGreaterThan(2)
    expect((await rowsRead()) - before).toBeLessThan(100)
  })
})
