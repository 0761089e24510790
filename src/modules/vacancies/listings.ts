import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import type { VacanciesListing } from '#kernel/db/types.ts'
import { type ListingQuery, type Question, questionOf } from './conditions.ts'
import { writeCursor } from './cursor.ts'
import { all, type Conditions, type Hit, isFrequent } from './tally.ts'

/** A published advert as lists show it. */
export type Listing = Omit<Selectable<VacanciesListing>, Unshown>
type Unshown = 'document' | 'title_words' | 'other_trades' | 'lot' | 'document_version' | 'listed_at'

// Written out, so that no list reads the long columns of the search; the compiler sees to it that none is missing.
const COLUMNS: Record<keyof Listing, true> = {
  vacancy_id: true,
  reference: true,
  lang: true,
  title: true,
  isco: true,
  country: true,
  place_code: true,
  place_codes: true,
  pay_min: true,
  pay_max: true,
  pay_currency: true,
  pay_period: true,
  pay_gross: true,
  pay_month: true,
  accommodation: true,
  foreigners: true,
  contract: true,
  employer_name: true,
  employer_place_code: true,
  source: true,
  source_url: true,
  sample: true,
  published_on: true,
  confirmed_on: true,
  expires_on: true,
  sort_on: true,
  first_seen_at: true,
  changed_at: true,
  also_offered: true,
}
const columns = sql.join(Object.keys(COLUMNS).map((column) => sql.ref(`l.${column}`)))

/** A page of the published adverts: where words are asked for the best fit first, and always the newest first. */
export async function searchListings(
  ctx: Ctx,
  query: ListingQuery,
): Promise<{ items: Listing[]; next: string | null }> {
  const question = await questionOf(ctx, query)
  const hits = question.tally.page ?? (await partByPart(ctx, question))
  const found = await load(ctx, hits.slice(0, query.limit))
  const last = hits.length > query.limit ? found.at(-1) : undefined
  return {
    items: found.map(({ item }) => item),
    next: last ? writeCursor(last.score, last.item) : null,
  }
}

// What was taken off the list in between is left out.
async function load(ctx: Ctx, hits: readonly Hit[]): Promise<{ item: Listing; score: number }[]> {
  if (hits.length === 0) return []
  const { rows } = await sql<Listing>`
    select ${columns} from vacancies.listing l where l.vacancy_id = any (${hits.map(({ id }) => id)}::uuid[])`.execute(
    ctx.db,
  )
  const byId = new Map(rows.map((item) => [item.vacancy_id, item]))
  return hits.flatMap(({ id, score }) => {
    const item = byId.get(id)
    return item ? [{ item, score }] : []
  })
}

// Where many match, the newest are soon met on the way through the index of days, or of each group's days: so the parts are
// read one behind the other until the page is full. A part in which few stand is sorted instead.
async function partByPart(ctx: Ctx, question: Question): Promise<Hit[]> {
  const { after, limit, tally } = question
  const found: Hit[] = []
  for (const { score, groups, condition } of question.parts) {
    if (found.length > limit) break
    if (after && score > after.score) continue
    const { trade, isco, ...others } = question.conditions
    const conditions: Conditions = groups ? { ...others } : { ...question.conditions, part: condition }
    if (after?.score === score)
      conditions.after = sql`(l.sort_on, l.vacancy_id) < (${after.sortOn}::date, ${after.id}::uuid)`
    const wanted = limit + 1 - found.length
    const ids = groups
      ? await newestOfGroups(ctx, conditions, groups, wanted)
      : isFrequent(tally, score)
        ? await newest(ctx, conditions, wanted)
        : await newestOfFew(ctx, conditions, wanted)
    found.push(...ids.map((id) => ({ id, score })))
  }
  return found
}

const newestFirst = sql`order by l.sort_on desc, l.vacancy_id desc`

const newest = (ctx: Ctx, conditions: Conditions, limit: number) =>
  idsOf(ctx, sql`select l.vacancy_id from vacancies.listing l where ${all(conditions)} ${newestFirst} limit ${limit}`)

// Found as a whole before they are sorted: the way through the index of days would lead past all others.
const newestOfFew = (ctx: Ctx, conditions: Conditions, limit: number) =>
  idsOf(
    ctx,
    sql`
      with few as materialized (select l.vacancy_id, l.sort_on from vacancies.listing l where ${all(conditions)})
      select l.vacancy_id from few l ${newestFirst} limit ${limit}`,
  )

const newestOfGroups = (ctx: Ctx, conditions: Conditions, groups: readonly string[], limit: number) =>
  idsOf(
    ctx,
    sql`
      select l.vacancy_id
      from unnest(${[...groups]}::text[]) as asked (isco)
      cross join lateral (
        select l.vacancy_id, l.sort_on
        from vacancies.listing l
        where l.isco = asked.isco and ${all(conditions)}
        ${newestFirst}
        limit ${limit}
      ) l
      ${newestFirst}
      limit ${limit}`,
  )

const idsOf = async (ctx: Ctx, query: RawBuilder<unknown>) =>
  (await (query as RawBuilder<{ vacancy_id: string }>).execute(ctx.db)).rows.map(({ vacancy_id }) => vacancy_id)

/** Whether an advert with this reference was withdrawn. */
export async function isClosed(ctx: Ctx, reference: string): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('vacancies.closure')
    .select('vacancy_id')
    .where('reference', '=', reference)
    .executeTakeFirst()
  return row !== undefined
}
