import { type RawBuilder, sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'

export type Condition = RawBuilder<boolean>
/** One condition for each thing asked, by name, so that one can be left out. Rows are called `l`. */
export type Conditions = Record<string, Condition>
export type FacetName = 'isco' | 'country' | 'accommodation' | 'foreigners' | 'contract'

// From this many adverts on, a sample is looked at first. A test of words reads the long texts: fewer of them then.
const SAMPLED_FROM = 50_000
const SAMPLE = 16_000
const SAMPLE_OF_TEXTS = 1_500
// With this many hits a sample errs by some 18 % (one standard deviation of the whole; of a part of it by more).
const ENOUGH_HITS = 32
const ENOUGH_HITS_OF_TEXTS = 12
const LOTS = 65_536
const LOTS_IN_INDEX = 16_384

const FACETS: Record<FacetName, RawBuilder<string | null>> = {
  isco: sql`l.isco`,
  country: sql`l.country`,
  accommodation: sql`case when l.accommodation then 'yes' end`,
  foreigners: sql`case when l.foreigners in ('yes', 'quota') then 'yes' end`,
  contract: sql`l.contract`,
}
export const FACET_NAMES = Object.keys(FACETS) as FacetName[]

/** All conditions together. */
export const all = (conditions: Conditions) => sql.join(Object.values(conditions), sql` and `)

const disjoint = new WeakMap<Condition, readonly Condition[]>()

/** Either of two that never hold together. Counted one by one: each by an index of its own. */
export function either(one: Condition, other: Condition): Condition {
  const both = sql<boolean>`(${one} or ${other})`
  disjoint.set(both, [one, other])
  return both
}

/** The conditions as ways to meet them that share no advert: what the ways find is all, each found once. */
export function waysOf({ trade, ...others }: Conditions): RawBuilder<unknown>[] {
  const either = trade && disjoint.get(trade)
  return (either ?? [trade ?? sql<boolean>`true`]).map((way) => sql`${way} and ${all(others)}`)
}

type Row = Record<FacetName, string | null> & { count: number }
/** How many match, by every combination of facets; a sample's numbers stand for `factor` adverts each. */
export type Tally = { rows: Row[]; total: number; factor: number }

// One request asks for the same tally several times: for the total and for each facet that nobody narrowed.
const tallies = new WeakMap<Ctx, WeakMap<object, Map<string, Promise<Tally>>>>()

/** Counts the adverts that meet the conditions: all of them where few do, else those of a random sample. */
export function tally(ctx: Ctx, conditions: Conditions): Promise<Tally> {
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
    const enough = conditions.words ? ENOUGH_HITS_OF_TEXTS : ENOUGH_HITS
    if (sample.total >= enough * sample.factor) return sample
  }
  return countRows(ctx, conditions, 1)
}

async function countRows(ctx: Ctx, conditions: Conditions, factor: number): Promise<Tally> {
  const counted = waysOf(conditions).map(
    (way) => sql`
      select ${sql.join(FACET_NAMES.map((name) => sql`${FACETS[name]} as ${sql.ref(name)}`))}, count(*)::int as count
      from vacancies.listing l
      where ${way}
      group by ${sql.join(FACET_NAMES.map((_, at) => sql.lit(at + 1)))}`,
  )
  const { rows } = await sql<Row>`${sql.join(counted, sql` union all `)}`.execute(ctx.db)
  return { rows, total: rows.reduce((total, row) => total + row.count, 0) * factor, factor }
}

// What the statistics of the last look through the table say; small tables may have none.
async function roughNumber(ctx: Ctx): Promise<number> {
  const { rows } = await sql<{ listings: number }>`
    select reltuples::float8 as listings from pg_class where oid = 'vacancies.listing'::regclass`.execute(ctx.db)
  return rows[0]!.listings
}
