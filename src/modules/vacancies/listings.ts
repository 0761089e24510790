import { type RawBuilder, type Selectable, sql } from 'kysely'
import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import type { VacanciesListing } from '#kernel/db/types.ts'
import { problem } from '#kernel/problem.ts'
import { exactly, type ListingQuery, type Question, questionOf, tsQuery } from './conditions.ts'
import { all, type Condition, type Conditions, tally, waysOf } from './tally.ts'

/** A published advert as lists show it. */
export type Listing = Omit<Selectable<VacanciesListing>, Unshown>
type Unshown = 'document' | 'title_words' | 'other_trades' | 'lot' | 'document_version'

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
}
const columns = sql.join(Object.keys(COLUMNS).map((column) => sql.ref(`l.${column}`)))

/**
 * A part of the answer: adverts that fit equally well, newest first. Parts stand one behind the other by `score`.
 * `groups`: of these unit groups only, by whose index they are read.
 */
type Part = { score: number; groups?: readonly string[]; condition?: Condition }

/** A page of the published adverts: where words are asked for the best fit first, and always the newest first. */
export async function searchListings(
  ctx: Ctx,
  query: ListingQuery,
): Promise<{ items: Listing[]; next: string | null }> {
  const question = await questionOf(ctx, query)
  const after = query.cursor ? readCursor(query.cursor) : null
  const { total, factor } = await tally(ctx, question.conditions)
  if (total === 0) return { items: [], next: null }
  const asked = { question, after, limit: query.limit + 1 }
  const found = factor === 1 ? await amongFew(ctx, asked) : await partByPart(ctx, asked)
  const items = found.slice(0, query.limit)
  const last = found.length > query.limit ? items.at(-1) : undefined
  return {
    items: items.map(({ item }) => item),
    next: last ? `${last.score}~${last.item.sort_on}~${last.item.vacancy_id}` : null,
  }
}

// The very trade, nearly it, titles that name it beside another or unclearly, its family, what only shares the word. Of
// other words: titles that have them all, then texts.
function partsOf({ understood: { trades, words }, groups, conditions }: Question): Part[] {
  if (trades) {
    const byNearness = Map.groupBy(trades.groups, ([, nearness]) => nearness)
    const named = [3, 2, 1, 0].map(
      (nearness, at): Part => ({
        score: [5, 4, 2, 1][at]!,
        groups: (byNearness.get(nearness as 0) ?? [])
          .map(([code]) => code)
          .filter((code) => !groups || groups.includes(code)),
      }),
    )
    const others = sql<boolean>`(l.isco is null or l.isco <> all (${[...trades.groups.keys()]}::text[])) and l.other_trades && ${exactly(trades)}::text[]`
    return [...named.slice(0, 2), { score: 3, condition: others }, ...named.slice(2)].filter(
      ({ groups: own }) => own?.length !== 0,
    )
  }
  if (!conditions.words) return [{ score: 0, ...(groups && { groups }) }]
  if (words.length === 0) return []
  const inTitle = sql<boolean>`l.title_words @@ ${tsQuery(words)}`
  return [
    { score: 1, condition: inTitle },
    { score: 0, condition: sql<boolean>`not ${inTitle}` },
  ]
}

type Found = { item: Listing; score: number }
type Asked = { question: Question; after: ReturnType<typeof readCursor> | null; limit: number }

// All that match are found first, by what indexes hold, and sorted afterwards: the way through the index of days would lead
// through all adverts.
async function amongFew(ctx: Ctx, { question, after, limit }: Asked): Promise<Found[]> {
  const parts = partsOf(question).map(
    ({ score, groups, condition }) =>
      sql`when ${groups ? sql`l.isco = any (${[...groups]}::text[])` : (condition ?? sql`true`)} then ${sql.lit(score)}`,
  )
  if (parts.length === 0) return []
  const score = sql`case ${sql.join(parts, sql` `)} end`
  const ways = waysOf(question.conditions).map(
    (way) => sql`select l.vacancy_id, l.sort_on, ${score} as score from vacancies.listing l where ${way}`,
  )
  const { rows } = await sql<Listing & { score: number }>`
    with hit as materialized (
      select *
      from (${sql.join(ways, sql` union all `)}) found
      where score is not null
        and ${after ? sql`(score, sort_on, vacancy_id) < (${after.score}::int, ${after.sortOn}::date, ${after.id}::uuid)` : sql`true`}
      order by score desc, sort_on desc, vacancy_id desc
      limit ${limit}
    )
    select ${columns}, hit.score
    from hit
    join vacancies.listing l on l.vacancy_id = hit.vacancy_id
    order by hit.score desc, l.sort_on desc, l.vacancy_id desc`.execute(ctx.db)
  return rows.map(({ score: own, ...item }) => ({ item, score: own }))
}

// Where many match, the newest are soon met on the way through the index of days, or of each group's days: so the parts are
// read one behind the other until the page is full.
async function partByPart(ctx: Ctx, { question, after, limit }: Asked): Promise<Found[]> {
  const found: Found[] = []
  for (const part of partsOf(question)) {
    if (found.length >= limit) break
    if (after && part.score > after.score) continue
    const { trade, isco, ...others } = question.conditions
    const conditions: Conditions = part.groups ? others : { ...question.conditions }
    if (part.condition) conditions.part = part.condition
    if (after?.score === part.score)
      conditions.after = sql`(l.sort_on, l.vacancy_id) < (${after.sortOn}::date, ${after.id}::uuid)`
    const items = await newest(ctx, conditions, part.groups, limit - found.length)
    found.push(...items.map((item) => ({ item, score: part.score })))
  }
  return found
}

async function newest(
  ctx: Ctx,
  conditions: Conditions,
  groups: readonly string[] | undefined,
  limit: number,
): Promise<Listing[]> {
  const rows = (more: RawBuilder<unknown>) => sql`
    select ${columns}
    from vacancies.listing l
    where ${more} ${all(conditions)}
    order by l.sort_on desc, l.vacancy_id desc
    limit ${limit}`
  const answer = !groups
    ? rows(sql``)
    : groups.length === 1
      ? rows(sql`l.isco = ${groups[0]} and`)
      : sql`
    select hit.*
    from unnest(${[...groups]}::text[]) as asked (isco)
    cross join lateral (${rows(sql`l.isco = asked.isco and`)}) hit
    order by hit.sort_on desc, hit.vacancy_id desc
    limit ${limit}`
  return (await (answer as RawBuilder<Listing>).execute(ctx.db)).rows
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
