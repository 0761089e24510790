import { sql } from 'kysely'
import type { Bench } from '../scripts/bench.ts'
import { type ListingQuery, questionOf } from '../src/modules/vacancies/conditions.ts'
import { countFacets, countListings } from '../src/modules/vacancies/counts.ts'
import { searchListings } from '../src/modules/vacancies/listings.ts'
import { all } from '../src/modules/vacancies/tally.ts'
import { bringAdverts, table } from './search/adverts.ts'
import { measureAlerts, measureMatching, measurePublishing } from './search/coming.ts'
import { type BenchDatabase, withDatabase } from './search/database.ts'
import { measureHttp } from './search/http.ts'
import { multiplyAdverts } from './search/multiply.ts'
import { percentiles } from './search/percentiles.ts'
import duplicates, { USUAL } from './vacancy-risk-duplicates.ts'

const REQUESTS = 400
const NAIVE_REQUESTS = 4
const HTTP_SECONDS = 10
const PUBLISHED = 200
const SAVED_SEARCHES = 100_000

/**
 * The public search over `--scale` adverts (from 1,000): what a list page asks (search, filters, count, facets), the
 * same answers by plain SQL that reads the table, pages over HTTP beside an empty one, bytes, memory, size of the indexes. Then
 * what is put out: how long until the search finds it, and until 100,000 saved searches know of it; and what fits somebody. At
 * last, on a database of its own, whether it is offered already among as many others: see `vacancy-risk-duplicates.ts`.
 */
const bench: Bench = async (options) => {
  const figures = await searchAndNews(options)
  options.say('the same adverts over again')
  return { ...figures, duplicates: await duplicates({ ...options, scale: options.scale / USUAL }) }
}
export default bench

const searchAndNews: Bench = ({ scale, say }) =>
  withDatabase({ shared_buffers: '4GB', work_mem: '16MB', max_wal_size: '8GB', jit: 'off' }, async (database) => {
    const adverts = Math.max(1000, Math.round(scale))
    say(`making ${adverts} adverts`)
    const began = performance.now()
    await bringAdverts(database.system())
    await multiplyAdverts(database.owner, adverts)
    const making_s = Math.round((performance.now() - began) / 1000)
    const queries = Array.from({ length: REQUESTS }, (_, at) => queryOf(at))
    for (const query of queries.slice(0, 40)) await answer(database, query)
    const runs: { query: ListingQuery; ms: number }[] = []
    for (const query of queries) runs.push({ query, ms: await answer(database, query) })
    for (const { query, ms } of runs.toSorted((a, b) => b.ms - a.ms).slice(0, 10))
      say(`${ms.toFixed(1)} ms ${words(query)}`)
    const ours = percentiles(runs.map(({ ms }) => ms))
    say(`search, count and facets: p50 ${ours.p50_ms} ms, p95 ${ours.p95_ms} ms, p99 ${ours.p99_ms} ms`)
    const naive = await measureNaive(database, queries.slice(0, NAIVE_REQUESTS))
    say(`the same by plain SQL: p50 ${naive.p50_ms} ms, p95 ${naive.p95_ms} ms`)
    const { list, empty, rss_start_mb, rss_mb } = await measureHttp(database.appUrl, queries.map(address), HTTP_SECONDS)
    say(`list page ${list.rps} requests/s, empty page ${empty.rps} requests/s`)
    const sizes = await sizesOf(database)
    const found = await measurePublishing(database, PUBLISHED)
    say(`put out until found: p50 ${found.p50_ms} ms, p99 ${found.p99_ms} ms`)
    const asked = queries.map(address).map((path) => path.split('?')[1]!)
    const alerts = await measureAlerts(database, asked, SAVED_SEARCHES)
    say(
      `${SAVED_SEARCHES} saved searches, ${alerts.adverts} adverts: ${alerts.seconds.toFixed(1)} s, ${alerts.hits} found`,
    )
    const matches = await measureMatching(database)
    say(`what fits somebody: p50 ${matches.p50_ms} ms, p95 ${matches.p95_ms} ms`)
    return {
      adverts,
      making_s,
      ...ours,
      naive_p50_ms: naive.p50_ms,
      naive_p95_ms: naive.p95_ms,
      list_rps: list.rps,
      list_http_p50_ms: list.p50_ms,
      list_http_p95_ms: list.p95_ms,
      list_bytes: list.bytes,
      empty_rps: empty.rps,
      empty_bytes: empty.bytes,
      server_rss_start_mb: rss_start_mb,
      server_rss_mb: rss_mb,
      ...sizes,
      published_to_found_p50_ms: found.p50_ms,
      published_to_found_p99_ms: found.p99_ms,
      alert_searches: SAVED_SEARCHES,
      alert_adverts: alerts.adverts,
      alert_hits: alerts.hits,
      alerts_s: Math.round(alerts.seconds * 10) / 10,
      alerts_naive_s: alerts.naive_s,
      matches_p50_ms: matches.p50_ms,
      matches_p95_ms: matches.p95_ms,
      matches_naive_ms: matches.naive_ms,
    }
  })

const TEXTS = table('golden.tsv').map(({ query }) => query!)
const every = <T>(values: readonly T[], at: number): T => values[at % values.length]!

// What people ask: nothing, a trade, a trade and a place, text; alone or with one or two filters. Periods share no factor.
export function queryOf(at: number): ListingQuery {
  const q =
    at % 8 === 0
      ? undefined
      : at % 23 === 0
        ? every(['ночная смена', 'без опыта', 'ремонт оборудования'], at)
        : every(TEXTS, at * 7)
  return {
    limit: 20,
    ...(q && { q }),
    ...every<Partial<ListingQuery>>(
      [
        {},
        {},
        { place: ['RU-TUL'] },
        {},
        { country: ['RU'] },
        { accommodation: true },
        {},
        { place: ['TJ-SU'] },
        { foreigners: 'yes' },
      ],
      at,
    ),
    ...every<Partial<ListingQuery>>(
      [
        {},
        {},
        {},
        {},
        {},
        {},
        { salaryMin: { amount: 6_000_000n, currency: 'RUB' } },
        { contract: ['permanent'] },
        {},
        {},
        { isco: ['7'] },
      ],
      at,
    ),
  }
}

async function answer(database: BenchDatabase, query: ListingQuery): Promise<number> {
  const ctx = database.visitor()
  const began = performance.now()
  await Promise.all([searchListings(ctx, query), countListings(ctx, query), countFacets(ctx, query)])
  return performance.now() - began
}

// The same conditions as somebody would write them who knows of no index: read all, count all, sort all.
async function measureNaive(database: BenchDatabase, queries: readonly ListingQuery[]) {
  const times: number[] = []
  for (const query of queries) {
    const { conditions } = await questionOf(database.visitor(), query)
    const began = performance.now()
    await database.app.transaction().execute(async (trx) => {
      await sql`set local enable_indexscan = off`.execute(trx)
      await sql`set local enable_bitmapscan = off`.execute(trx)
      await sql`set local enable_indexonlyscan = off`.execute(trx)
      await sql`
        select * from vacancies.listing l where ${all(conditions)}
        order by l.sort_on desc, l.vacancy_id desc limit 20`.execute(trx)
      await sql`select count(*) from vacancies.listing l where ${all(conditions)}`.execute(trx)
      for (const facet of ['isco', 'country', 'accommodation', 'foreigners', 'contract']) {
        const { [facet]: _own, ...others } = conditions
        await sql`
          select ${sql.ref(facet)}, count(*) from vacancies.listing l where ${all(others)} group by 1`.execute(trx)
      }
    })
    times.push(performance.now() - began)
  }
  return percentiles(times)
}

function address({ q, place, country, accommodation, foreigners, contract }: ListingQuery): string {
  const query = new URLSearchParams([
    ...(q ? [['q', q]] : []),
    ...(place ?? []).map((code) => ['place', code]),
    ...(country ?? []).map((code) => ['country', code]),
    ...(accommodation ? [['only', 'accommodation']] : []),
    ...(foreigners === 'yes' ? [['only', 'foreigners']] : []),
    ...(contract ?? []).map((code) => ['contract', code]),
  ] as string[][])
  return `/ru/vacancies?${query}`
}

const words = (query: ListingQuery) =>
  JSON.stringify(query, (_, value) => (typeof value === 'bigint' ? String(value) : value))

async function sizesOf({ owner }: BenchDatabase) {
  const { rows } = await sql<Record<'table_mb' | 'index_mb' | 'vocabulary_mb', number>>`
    select
      round(pg_table_size('vacancies.listing') / 1048576.0)::int as table_mb,
      round(pg_indexes_size('vacancies.listing') / 1048576.0)::int as index_mb,
      round(pg_total_relation_size('search.word') / 1048576.0)::int as vocabulary_mb`.execute(owner)
  return rows[0]!
}
