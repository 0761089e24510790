import { type RawBuilder, type Selectable, sql } from 'kysely'
import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import type { VacanciesListing } from '#kernel/db/types.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import type { Money } from '#kernel/money.ts'
import { problem } from '#kernel/problem.ts'
import { fold } from '#kernel/search/fold.ts'
import { thresholds } from './pay.ts'

export type Listing = Selectable<VacanciesListing>

/** What a reader may ask of the published adverts. All parts narrow the list together. */
export type ListingQuery = {
  q?: string
  /** ISCO-08 codes of any level: `7` finds all of major group 7. */
  isco?: readonly string[]
  /** Place codes, each with everything inside it. */
  place?: readonly string[]
  country?: readonly string[]
  /** Least pay for a month. */
  salaryMin?: Money
  accommodation?: boolean
  /** `yes`: open to foreigners; `all`: also what is for citizens only, which is left out otherwise. */
  foreigners?: 'yes' | 'all'
  contract?: readonly string[]
  /** First published on this day or later. */
  since?: Temporal.PlainDate
  cursor?: string
  limit: number
}

export type Count = number | { atLeast: number }
export type FacetName = 'isco' | 'country' | 'accommodation' | 'foreigners' | 'contract'
/** How many adverts each choice would leave, given everything else that was asked. */
export type Facets = Record<FacetName, { value: string; count: number }[]>

const COUNT_UP_TO = 1_000
// Seconds of noise in floating point must not reorder pages: ranks are compared as whole millionths.
const rank = (query: RawBuilder<unknown>) => sql<number>`(ts_rank(l.document, ${query}) * 1000000)::int`

/** A page of the published adverts: by relevance where words are asked for, otherwise newest first. */
export async function searchListings(
  ctx: Ctx,
  query: ListingQuery,
): Promise<{ items: Listing[]; next: string | null }> {
  const words = tsQuery(query.q)
  const score = words ? rank(words) : sql<number>`0`
  const after = query.cursor ? readCursor(query.cursor) : null
  const { rows } = await sql<Listing & { score: number }>`
    select l.*, ${score} as score
    from vacancies.listing l
    where ${all(await conditions(ctx, query))}
      and ${after ? sql`(${score}, l.sort_on, l.vacancy_id) < (${after.score}::int, ${after.sortOn}::date, ${after.id}::uuid)` : sql`true`}
    order by ${words ? sql`score desc, ` : sql``} l.sort_on desc, l.vacancy_id desc
    limit ${query.limit + 1}`.execute(ctx.db)
  const items = rows.slice(0, query.limit)
  const last = rows.length > query.limit ? items.at(-1) : undefined
  return { items, next: last ? `${last.score}~${last.sort_on}~${last.vacancy_id}` : null }
}

/** How many adverts match: exact up to 1,000. */
export async function countListings(ctx: Ctx, query: ListingQuery): Promise<Count> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count
    from (select from vacancies.listing l where ${all(await conditions(ctx, query))} limit ${COUNT_UP_TO + 1}) found`.execute(
    ctx.db,
  )
  const count = rows[0]!.count
  return count > COUNT_UP_TO ? { atLeast: COUNT_UP_TO } : count
}

const FACETS: Record<FacetName, RawBuilder<string | null>> = {
  isco: sql`l.isco`,
  country: sql`l.country`,
  accommodation: sql`case when l.accommodation then 'yes' end`,
  foreigners: sql`case when l.foreigners in ('yes', 'quota') then 'yes' end`,
  contract: sql`l.contract`,
}

/** The choices that the filters offer, each with its count; most frequent first. */
export async function countFacets(ctx: Ctx, query: ListingQuery): Promise<Facets> {
  const asked = await conditions(ctx, query)
  const counts = await Promise.all(
    (Object.keys(FACETS) as FacetName[]).map(async (name) => {
      const { [name]: _own, ...others } = asked
      const { rows } = await sql<{ value: string; count: number }>`
        select ${FACETS[name]} as value, count(*)::int as count
        from vacancies.listing l
        where ${all(others)} and ${FACETS[name]} is not null
        group by 1
        order by 2 desc, 1
        limit 100`.execute(ctx.db)
      return [name, rows] as const
    }),
  )
  return Object.fromEntries(counts) as Facets
}

// One condition for each thing asked, by name, so that a facet can leave its own out.
async function conditions(ctx: Ctx, query: ListingQuery): Promise<Record<string, RawBuilder<boolean>>> {
  const words = tsQuery(query.q)
  const found: Record<string, RawBuilder<boolean>> = {
    open: sql`(l.expires_on is null or l.expires_on >= ${plainDate(ctx.now)})`,
  }
  if (query.q && !words) found.q = sql`false`
  if (words) found.q = sql`l.document @@ ${words}`
  if (query.isco?.length)
    found.isco = sql`(${sql.join(
      query.isco.map((code) => sql`l.isco like ${`${code}%`}`),
      sql` or `,
    )})`
  if (query.place?.length) found.place = sql`l.place_codes && ${[...query.place]}::text[]`
  if (query.country?.length) found.country = sql`l.country = any (${[...query.country]}::text[])`
  if (query.accommodation) found.accommodation = sql`l.accommodation`
  if (query.foreigners === 'yes') found.foreigners = sql`l.foreigners in ('yes', 'quota')`
  // What a migrant cannot get is not in a migrant's way. At home nobody is a foreigner.
  else if (query.foreigners !== 'all') found.reachable = sql`(l.foreigners is distinct from 'no' or l.country = 'TJ')`
  if (query.contract?.length) found.contract = sql`l.contract = any (${[...query.contract]}::text[])`
  if (query.since) found.since = sql`l.published_on >= ${query.since}`
  if (query.salaryMin) {
    const comparable = await thresholds(ctx, query.salaryMin)
    found.pay = sql`(${sql.join(
      comparable.map((least) => sql`(l.pay_currency = ${least.currency} and l.pay_month >= ${least.amount})`),
      sql` or `,
    )})`
  }
  return found
}

const all = (conditions: Record<string, RawBuilder<boolean>>) => sql.join(Object.values(conditions), sql` and `)

// Every word must be there, each as it begins: endings differ between what is typed and what is written.
function tsQuery(text: string | undefined): RawBuilder<unknown> | null {
  const words = fold(text ?? '')
    .split(' ')
    .filter(Boolean)
    .slice(0, 12)
  if (words.length === 0) return null
  return sql`to_tsquery('simple', ${words.map((word) => `'${word.replace(/['\\]/g, '')}'${word.length > 2 ? ':*' : ''}`).join(' & ')})`
}

const Cursor = z.tuple([z.string().regex(/^\d{1,7}$/), z.iso.date().regex(/^[12]/), z.uuid()])

function readCursor(cursor: string) {
  const read = Cursor.safeParse(cursor.split('~'))
  if (!read.success) throw problem('bad_request')
  const [score, sortOn, id] = read.data
  return { score: Number(score), sortOn, id }
}

/** Whether an advert with this reference was withdrawn. */
export async function isClosed(ctx: Ctx, reference: string): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('vacancies.closure')
    .select('vacancy_id')
    .where('reference', '=', reference)
    .executeTakeFirst()
  return row !== undefined
}
