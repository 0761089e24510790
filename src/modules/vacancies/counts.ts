import { type RawBuilder, sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { all, type Conditions, type ListingQuery, questionOf } from './conditions.ts'

export type Count = number | { atLeast: number }
export type FacetName = 'isco' | 'country' | 'accommodation' | 'foreigners' | 'contract'
/** A choice and how many adverts it would leave; `about`: reckoned from a sample. */
export type FacetValue = { value: string; count: number; about?: true }
/** How many adverts each choice would leave, given everything else that was asked. */
export type Facets = Record<FacetName, FacetValue[]>

const COUNT_UP_TO = 1_000
const MOST_VALUES = 100

// From this many adverts on, a sample is looked at first. A test of words reads the long texts: fewer of them then.
const SAMPLED_FROM = 50_000
const SAMPLE = 16_000
const SAMPLE_OF_TEXTS = 4_000
// With this many hits a sample errs by some 7 % (one standard deviation of the whole; of a part of it by more).
const ENOUGH_HITS = 200
const LOTS = 65_536
const LOTS_IN_INDEX = 16_384

const FACETS: Record<FacetName, RawBuilder<string | null>> = {
  isco: sql`l.isco`,
  country: sql`l.country`,
  accommodation: sql`case when l.accommodation then 'yes' end`,
  foreigners: sql`case when l.foreigners in ('yes', 'quota') then 'yes' end`,
  contract: sql`l.contract`,
}
const NAMES = Object.keys(FACETS) as FacetName[]

/** How many adverts match: exact up to 1,000. */
export async function countListings(ctx: Ctx, query: ListingQuery): Promise<Count> {
  const { conditions } = await questionOf(ctx, query)
  const { total } = await tally(ctx, conditions)
  return total > COUNT_UP_TO ? { atLeast: COUNT_UP_TO } : total
}

/**
 * The choices that the filters offer, each with its count; most frequent first. Exact while at most 1,000 adverts match;
 * of more in a large collection they are reckoned from a random sample and marked `about`.
 */
export async function countFacets(ctx: Ctx, query: ListingQuery): Promise<Facets> {
  const { conditions } = await questionOf(ctx, query)
  const counts = await Promise.all(
    NAMES.map(async (name) => {
      if (!(name in conditions)) return [name, valuesOf(await tally(ctx, conditions), name)] as const
      const { [name]: _own, ...others } = conditions
      return [name, valuesOf(await tally(ctx, others), name)] as const
    }),
  )
  return Object.fromEntries(counts) as Facets
}

type Row = Record<FacetName, string | null> & { count: number }
/** How many match, by every combination of facets; a sample's numbers stand for `factor` adverts each. */
type Tally = { rows: Row[]; total: number; factor: number }

// One request asks for the same tally several times: for the total and for each facet that nobody narrowed.
const tallies = new WeakMap<Ctx, WeakMap<object, Map<string, Promise<Tally>>>>()

function tally(ctx: Ctx, conditions: Conditions): Promise<Tally> {
  const ofRequest = tallies.get(ctx) ?? new WeakMap()
  tallies.set(ctx, ofRequest)
  // The same condition objects make the same question: `open` is always one of them.
  const ofQuestion = ofRequest.get(conditions.open!) ?? new Map<string, Promise<Tally>>()
  ofRequest.set(conditions.open!, ofQuestion)
  const key = Object.keys(conditions).join(' ')
  const counted = ofQuestion.get(key) ?? count(ctx, conditions)
  ofQuestion.set(key, counted)
  return counted
}

async function count(ctx: Ctx, conditions: Conditions): Promise<Tally> {
  const listings = await roughNumber(ctx)
  if (listings >= SAMPLED_FROM) {
    const wanted = conditions.words ? SAMPLE_OF_TEXTS : SAMPLE
    const lots = Math.min(LOTS_IN_INDEX, Math.ceil((LOTS * wanted) / listings))
    const sample = await countRows(ctx, { ...conditions, sample: sql`l.lot < ${sql.lit(lots)}` }, LOTS / lots)
    if (sample.total >= ENOUGH_HITS * sample.factor) return sample
  }
  return countRows(ctx, conditions, 1)
}

async function countRows(ctx: Ctx, conditions: Conditions, factor: number): Promise<Tally> {
  const { rows } = await sql<Row>`
    select ${sql.join(NAMES.map((name) => sql`${FACETS[name]} as ${sql.ref(name)}`))}, count(*)::int as count
    from vacancies.listing l
    where ${all(conditions)}
    group by ${sql.join(NAMES.map((_, at) => sql.lit(at + 1)))}`.execute(ctx.db)
  return { rows, total: rows.reduce((total, row) => total + row.count, 0) * factor, factor }
}

function valuesOf({ rows, total, factor }: Tally, name: FacetName): FacetValue[] {
  const counts = new Map<string, number>()
  for (const { [name]: value, count: found } of rows)
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + found)
  const about = factor > 1 && total > COUNT_UP_TO
  return [...counts]
    .map(
      ([value, found]): FacetValue =>
        about ? { value, count: rounded(found * factor), about } : { value, count: found },
    )
    .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, MOST_VALUES)
}

// More digits than two would claim what a sample cannot know.
function rounded(number: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(number)) - 1)
  return Math.round(number / step) * step
}

// What the statistics of the last look through the table say; small tables may have none.
async function roughNumber(ctx: Ctx): Promise<number> {
  const { rows } = await sql<{ listings: number }>`
    select reltuples::float8 as listings from pg_class where oid = 'vacancies.listing'::regclass`.execute(ctx.db)
  return rows[0]!.listings
}
