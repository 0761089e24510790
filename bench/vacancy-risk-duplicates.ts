import { sql } from 'kysely'
import { newId, newReference } from '#kernel/ids.ts'
import type { Bench } from '../scripts/bench.ts'
import { groupIdOf } from '../src/modules/vacancies/duplicates/groups.ts'
import { keysOf } from '../src/modules/vacancies/duplicates/keys.ts'
import { list } from '../src/modules/vacancies/publishing.ts'
import type { Vacancy } from '../src/modules/vacancies/vacancies.ts'
import { type BenchDatabase, withDatabase } from './search/database.ts'
import { percentiles } from './search/percentiles.ts'

/** How many adverts scale 1 is. */
export const USUAL = 100_000
const BATCH = 1000
const NEW = 1000

/**
 * How long it takes to put one more advert into its group and the list, among `100,000 × --scale` others: half of the new ones
 * repeat an old one (one word in thirty is another, and another town), half do not. Beside it the same without an index: comparing
 * with every text of the same occupation, for a few.
 */
const bench: Bench = ({ scale, say }) =>
  withDatabase({ shared_buffers: '1GB', work_mem: '16MB', max_wal_size: '8GB', jit: 'off' }, async (database) => {
    const adverts = Math.max(1000, Math.round(USUAL * scale))
    const began = performance.now()
    for (let made = 0; made < adverts; made += BATCH) {
      await add(
        database,
        Array.from({ length: Math.min(BATCH, adverts - made) }, (_, at) => advert(made + at)),
      )
      if (made % 100_000 === 0) say(`${made} adverts`)
    }
    await sql`vacuum analyze vacancies.fingerprint`.execute(database.owner)
    await sql`analyze vacancies.vacancy`.execute(database.owner)
    const making_s = Math.round((performance.now() - began) / 1000)
    say(`${adverts} adverts in ${making_s} s`)
    const times: number[] = []
    let [found, wrong] = [0, 0]
    for (let at = 0; at < NEW; at++) {
      const of = (at * 7919) % adverts
      const repeats = at % 2 === 0
      const one = repeats ? repeated(of, at) : advert(adverts + at)
      await insert(database, [one])
      const ctx = database.system()
      const start = performance.now()
      await database.owner.transaction().execute((db) => list({ ...ctx, db }, one.id))
      times.push(performance.now() - start)
      const together = (await groupIdOf(ctx, one.id)) === idOf(of)
      if (repeats && together) found++
      if (
        (repeats && !together && (await others(database, one.id)) > 0) ||
        (!repeats && (await others(database, one.id)) > 0)
      )
        wrong++
    }
    const ours = percentiles(times)
    say(`one more advert, grouped and listed: p50 ${ours.p50_ms} ms, p95 ${ours.p95_ms} ms, p99 ${ours.p99_ms} ms`)
    say(`repeated: ${found} of ${NEW / 2} found, ${wrong} grouped wrongly`)
    const naive_ms = await compareAll(database)
    say(`comparing with every text: ${naive_ms} ms for one advert`)
    const { rows } = await sql<{ mb: number }>`
      select round(pg_total_relation_size('vacancies.fingerprint') / 1048576.0)::int as mb`.execute(database.owner)
    return {
      adverts,
      making_s,
      ...ours,
      found: found / (NEW / 2),
      grouped_wrongly: wrong,
      naive_ms,
      fingerprints_mb: rows[0]!.mb,
    }
  })
export default bench

// A text of its own for each number: words drawn from a few hundred, as trades share theirs.
const SYLLABLES =
  'ра бо та смена завод цех склад машина деталь план срок дом сад поле мост печь груз рейс зал линия'.split(' ')
const TRADES = ['7212', '7112', '5120', '8332', '9112', '5223', '9313', '7231', '5131', '8341']
const TOWNS = ['RU-TUL', 'RU-MOW', 'RU-SPE', 'RU-BA', 'RU-PER', 'RU-KDA']

function* numbersFrom(seed: number): Generator<number> {
  for (let state = (seed + 1) * 2654435761; ; ) {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0
    yield (state ^ (state >>> 13)) >>> 0
  }
}

function textOf(number: number, change = -1): string {
  const draw = numbersFrom(number)
  const next = (below: number) => draw.next().value! % below
  return Array.from({ length: 90 }, (_, at) => {
    const word = `${SYLLABLES[next(SYLLABLES.length)]}${SYLLABLES[next(SYLLABLES.length)]}`
    return at % 60 === change % 60 ? 'иначе' : word
  }).join(' ')
}

const idOf = (number: number) => `00000000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`

type Made = Pick<Vacancy, 'id' | 'title' | 'duties' | 'isco' | 'place_code'>

const advert = (number: number): Made => ({
  id: idOf(number),
  title: `Работа ${number % 500}`,
  duties: textOf(number),
  isco: TRADES[number % TRADES.length]!,
  place_code: TOWNS[number % TOWNS.length]!,
})

const repeated = (of: number, at: number): Made => ({
  ...advert(of),
  id: newId(),
  duties: textOf(of, at),
  place_code: TOWNS[(of + 1) % TOWNS.length]!,
})

const rowOf = (made: Made) => ({
  ...made,
  reference: newReference(12),
  source: 'bench',
  source_id: made.id,
  content_hash: '',
  lang: 'ru',
  country: 'RU',
  isco_by: 'text',
  state: 'published',
  first_seen_at: Temporal.Now.instant(),
  last_seen_at: Temporal.Now.instant(),
})

const insert = ({ owner }: BenchDatabase, made: readonly Made[]) =>
  owner.insertInto('vacancies.vacancy').values(made.map(rowOf)).execute()

const NOTHING = {
  ...{ requirements: null, conditions: null, schedule: null, hours: null, region_text: null, workplace_text: null },
  ...{ employer_name: null, employer_inn: null, pay_min: null, pay_max: null, pay_currency: null, pay_period: null },
  ...{ accommodation: null, foreigners: null, contract: null, sample: false, country: 'RU' },
}

// Those that were there before: each alone in its group, which bears its id.
async function add(database: BenchDatabase, made: readonly Made[]): Promise<void> {
  await insert(database, made)
  await database.owner
    .insertInto('vacancies.fingerprint')
    .values(made.map((one) => ({ vacancy_id: one.id, group_id: one.id, keys: keysOf({ ...NOTHING, ...one }) })))
    .execute()
}

async function others({ owner }: BenchDatabase, id: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int - 1 as n
    from vacancies.fingerprint own
    join vacancies.fingerprint f on f.group_id = own.group_id
    where own.vacancy_id = ${id}`.execute(owner)
  return rows[0]!.n
}

// What it takes without keys: PostgreSQL's own likeness of texts, over all of the same occupation.
async function compareAll({ owner }: BenchDatabase): Promise<number> {
  const began = performance.now()
  await sql`
    select id from vacancies.vacancy
    where isco = ${TRADES[0]!} and similarity(duties, ${textOf(10, 3)}) > 0.8`.execute(owner)
  return Math.round(performance.now() - began)
}
