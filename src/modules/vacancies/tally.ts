import { type RawBuilder, sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import type { Asked } from './conditions.ts'
import type { Part } from './parts.ts'

export type Condition = RawBuilder<boolean>
/** One condition for each thing asked, by name, so that one can be left out. Rows are called `l`. */
export type Conditions = Record<string, Condition>
export type FacetName = 'isco' | 'country' | 'accommodation' | 'foreigners' | 'contract'

// From this many adverts on, a sample is looked at first: on a small table it would cost as much as looking at all.
const SAMPLED_FROM = 30_000
const SAMPLE = 15_000
// A sample with so many hits errs by some 12 % (one standard deviation of the whole; of a part of it by more). So many
// adverts are soon met on a way through them by day, and fewer are soon sorted: both read about as many rows.
const ENOUGH_HITS = 64
const FREQUENT = 4_000
// Without one of these, a question usually matches most of the table.
const SELECTIVE = ['trade', 'words', 'named_place', 'place']
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

const disjoint = new WeakMap<Condition, readonly [Condition, Condition]>()

/** Of these unit groups, or of others that name the trade beside their own. Looked for one by one: each by an index of its own. */
export function either(ofGroups: Condition, beside: Condition): Condition {
  const both = sql<boolean>`(${ofGroups} or ${beside})`
  disjoint.set(both, [ofGroups, beside])
  return both
}

// Ways to meet the conditions that share no advert: what the ways find is all, each found once. Each with the parts that its
// adverts may stand in, so that nothing is asked of those of a unit group but what its index holds.
function waysOf({ conditions, parts }: Asked, loose: readonly FacetName[]): Pick<Asked, 'conditions' | 'parts'>[] {
  const { trade, wishes, ...others } = without(conditions, loose)
  // Half of all adverts have what everybody wishes: looked for by its index, it would cost more than all there is in a place.
  if (wishes) others.wishes = sql`(${wishes}) is true`
  const ways = trade && disjoint.get(trade)
  if (!ways) return [{ conditions: { ...(trade && { trade }), ...others }, parts }]
  const [ofGroups, beside] = ways
  return [
    { conditions: { trade: ofGroups, ...others }, parts: parts.filter(({ groups }) => groups) },
    { conditions: { trade: beside, ...others }, parts: parts.filter(({ groups }) => !groups) },
  ]
}

type Value = { value: string | null; count: number }
/** How many adverts each choice of a facet would leave; a sample's numbers stand for `factor` adverts each. */
export type Counted = { values: readonly Value[]; factor: number }
/** An advert that was found, and how well it fits. */
export type Hit = { id: string; score: number }

/** What matches a question. */
export type Tally = {
  /** How many match, reckoned where `factor` is not 1. */
  total: number
  factor: number
  /** How many of them are what the question needs; all where it needs nothing. */
  needed: number
  /** How many stand in each part of the answer, by score; a sample's are not multiplied. */
  parts: ReadonlyMap<number, number>
  /** A facet's counts, given everything else that was asked. */
  facet(name: FacetName): Promise<Counted>
  /** The page that was asked and one more; null where so many match that not all of them were looked at. */
  page: readonly Hit[] | null
}

/** Counts the adverts that a question matches: all of them where few do, else those of a random sample. */
export async function tally(ctx: Ctx, asked: Asked): Promise<Tally> {
  const narrowed = FACET_NAMES.filter((name) => name in asked.conditions)
  const listings = await roughNumber(ctx)
  if (listings < SAMPLED_FROM) {
    const most = !SELECTIVE.some((name) => name in asked.conditions)
    return most
      ? { ...exactly(await countSample(ctx, asked, narrowed, LOTS)), page: null }
      : exactly(await countAll(ctx, asked, narrowed))
  }
  const lots = Math.min(LOTS_IN_INDEX, Math.ceil((LOTS * SAMPLE) / listings))
  const factor = LOTS / lots
  const sample = await countSample(ctx, asked, narrowed, lots)
  const hits = sum(sample.parts.values())
  const few = narrowed.filter((name) => !enough(sum(sample.facets[name].map(({ count }) => count)), factor))
  if (enough(hits, factor)) {
    const facet = async (name: FacetName) => ({ values: sample.facets[name], factor })
    const needed = sample.needed * factor || sum((await countAll(ctx, withNeeds(asked), [])).parts.values())
    return { total: hits * factor, needed, factor, parts: sample.parts, facet, page: null }
  }
  // What is few also without its one filter is counted together with it; two filters less may leave the whole table, unless
  // something else narrows it.
  const together = few.length === 1 || SELECTIVE.some((name) => name in asked.conditions) ? few : []
  const exact = exactly(await countAll(ctx, asked, together))
  const facet = async (name: FacetName) => {
    if (!narrowed.includes(name) || together.includes(name)) return exact.facet(name)
    if (!few.includes(name)) return { values: sample.facets[name], factor }
    const { [name]: _own, ...conditions } = asked.conditions
    return exactly(await countAll(ctx, { ...asked, conditions }, [])).facet(name)
  }
  return { ...exact, facet }
}

/** Whether so many stand in a part that the newest of them are soon met. */
export const isFrequent = ({ parts, factor }: Tally, score: number) => enough(parts.get(score) ?? 0, factor)

const enough = (hits: number, factor: number) => hits >= ENOUGH_HITS && hits * factor >= FREQUENT

type Counts = { facets: Record<FacetName, Value[]>; parts: Map<number, number>; needed: number; page: Hit[] }

const withNeeds = ({ needs, ...asked }: Asked): Asked => ({
  ...asked,
  conditions: { ...asked.conditions, ...(needs && { needs }) },
})

const exactly = ({ facets, parts, needed, page }: Counts): Tally => ({
  total: sum(parts.values()),
  needed,
  factor: 1,
  parts,
  facet: async (name) => ({ values: facets[name], factor: 1 }),
  page,
})

const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, number) => total + number, 0)

// All that match are found once, by what indexes hold; counted and sorted afterwards. `loose` filters narrow the page and the
// other facets, never their own.
async function countAll(ctx: Ctx, asked: Asked, loose: readonly FacetName[]): Promise<Counts> {
  const { after, limit } = asked
  const ways = waysOf(asked, loose).map(
    ({ conditions, parts }) => sql`
      select ${columnsOf(asked, parts)}, l.vacancy_id, l.sort_on
      from vacancies.listing l
      where ${all(conditions)} and ${almost(asked, loose)}`,
  )
  const page = sql`
    select 'page', vacancy_id::text, score
    from hit l
    where ${met(asked, loose)}
      and ${after ? sql`(score, sort_on, vacancy_id) < (${after.score}::int, ${after.sortOn}::date, ${after.id}::uuid)` : sql`true`}
    order by score desc, sort_on desc, vacancy_id desc
    limit ${limit + 1}`
  return count(ctx, asked, sql.join(ways, sql` union all `), loose, page)
}

function countSample(ctx: Ctx, asked: Asked, loose: readonly FacetName[], lots: number): Promise<Counts> {
  const hits = sql`
    select ${columnsOf(asked)}
    from vacancies.listing l
    where ${all(without(asked.conditions, loose))} and ${almost(asked, loose)} and l.lot < ${sql.lit(lots)}`
  return count(ctx, asked, hits, loose)
}

// Equal adverts are counted together first: each facet then goes through few rows.
async function count(
  ctx: Ctx,
  asked: Asked,
  hits: RawBuilder<unknown>,
  loose: readonly FacetName[],
  page?: RawBuilder<unknown>,
): Promise<Counts> {
  const columns = sql.join([...FACET_NAMES, 'score', 'needed'].map((name) => sql.ref(name)))
  const facets = FACET_NAMES.map(
    (name) => sql`
    select ${sql.lit(name)}, ${FACETS[name]}, sum(count)::int
    from alike l
    where ${met(
      asked,
      loose.filter((other) => other !== name),
    )}
    group by 2`,
  )
  const { rows } = await sql<{ what: string; value: string | null; count: number }>`
    with hit as (${hits}),
    alike as materialized (select ${columns}, count(*) as count from hit group by ${columns})
    select 'part' as what, score::text as value, sum(count)::int as count
    from alike l
    where ${met(asked, loose)}
    group by 2
    union all select 'needed', null, coalesce(sum(count), 0)::int from alike l where ${met(asked, loose)} and needed
    union all ${sql.join(facets, sql` union all `)}
    ${page ? sql`union all (${page})` : sql``}`.execute(ctx.db)
  const of = Map.groupBy(rows, ({ what }) => what)
  return {
    facets: Object.fromEntries(
      FACET_NAMES.map((name): [FacetName, Value[]] => [name, of.get(name) ?? []]),
    ) as Counts['facets'],
    parts: new Map((of.get('part') ?? []).map((row) => [Number(row.value), row.count])),
    needed: of.get('needed')![0]!.count,
    page: (of.get('page') ?? []).map((row) => ({ id: row.value!, score: row.count })),
  }
}

const without = (conditions: Conditions, names: readonly string[]): Conditions =>
  Object.fromEntries(Object.entries(conditions).filter(([name]) => !names.includes(name)))

// Filters of facets ask of nothing but the facets' own columns, which are called `l` all the way.
const met = ({ conditions }: Asked, loose: readonly FacetName[]) =>
  loose.length > 0
    ? sql.join(
        loose.map((name) => conditions[name]!),
        sql` and `,
      )
    : sql`true`

// Who fails two loose filters counts nowhere.
const almost = ({ conditions }: Asked, loose: readonly FacetName[]) =>
  loose.length < 2
    ? sql`true`
    : sql`${sql.join(
        loose.map((name) => sql`coalesce(${conditions[name]!}, false)::int`),
        sql` + `,
      )} >= ${sql.lit(loose.length - 1)}`

const columnsOf = (asked: Asked, parts = asked.parts) =>
  sql.join([
    ...FACET_NAMES.map((name) => sql.ref(`l.${name}`)),
    sql`${scoreOf(parts)} as score`,
    sql`${asked.needs ? sql`coalesce(${asked.needs}, false)` : sql`true`} as needed`,
  ])

function scoreOf(parts: readonly Part[]) {
  const cases = parts.slice(0, -1).map(({ score, condition }) => sql`when ${condition} then ${sql.lit(score)}`)
  const last = sql.lit(parts.at(-1)?.score ?? 0)
  return cases.length === 0 ? last : sql`case ${sql.join(cases, sql` `)} else ${last} end`
}

// What the statistics of the last look through the table say; small tables may have none.
async function roughNumber(ctx: Ctx): Promise<number> {
  const { rows } = await sql<{ listings: number }>`
    select reltuples::float8 as listings from pg_class where oid = 'vacancies.listing'::regclass`.execute(ctx.db)
  return rows[0]!.listings
}
