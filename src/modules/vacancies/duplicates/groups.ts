import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import type { Vacancy } from '../vacancies.ts'
import { isSame, keysOf } from './keys.ts'

/** More are not compared: of a text that so many share, one of the first is the same. */
const MOST_COMPARED = 100

/**
 * Puts an advert into the group of those that offer the same, by its words of today; into one of its own when there is none.
 * What an officer took apart stays apart. `left`: the group it stood in before. Two that come in at the same moment may each begin a group.
 */
export async function joinGroup(ctx: Ctx, vacancy: Vacancy): Promise<{ group: string; left: string | null }> {
  const known = await ctx.db
    .selectFrom('vacancies.fingerprint')
    .select(['group_id', 'keys'])
    .where('vacancy_id', '=', vacancy.id)
    .executeTakeFirst()
  const keys = keysOf(vacancy)
  if (known && String(known.keys) === String(keys)) return { group: known.group_id, left: null }
  const same = await findSame(ctx, vacancy, keys)
  const stays = known && same.includes(known.group_id)
  const group_id = stays ? known.group_id : (same[0] ?? newId())
  await ctx.db
    .insertInto('vacancies.fingerprint')
    .values({ vacancy_id: vacancy.id, group_id, keys })
    .onConflict((conflict) => conflict.column('vacancy_id').doUpdateSet({ group_id, keys }))
    .execute()
  return { group: group_id, left: known && !stays ? known.group_id : null }
}

/** The groups with an advert that offers the same, without those it was taken out of. */
async function findSame(ctx: Ctx, vacancy: Vacancy, keys: readonly number[]): Promise<string[]> {
  if (keys.length === 0) return []
  // Of keys that hardly any two adverts share there are no statistics: the planner expects thousands, and would read the whole
  // table for the first hundred. Hence the keys by themselves, and no reading of tables to the line below.
  await sql`select set_config('enable_seqscan', 'off', true)`.execute(ctx.db)
  const { rows } = await sql<Vacancy & { group_id: string }>`
    with f as materialized (
      select vacancy_id, group_id from vacancies.fingerprint where keys && ${keys}::int[]
    )
    select v.*, f.group_id
    from f
    join vacancies.vacancy v on v.id = f.vacancy_id
    where v.id <> ${vacancy.id} and v.state = 'published'
      and not exists (
        select from vacancies.apart a where a.vacancy_id = ${vacancy.id} and a.group_id = f.group_id
      )
    limit ${MOST_COMPARED}`.execute(ctx.db)
  await sql`select set_config('enable_seqscan', 'on', true)`.execute(ctx.db)
  const groups = new Set<string>()
  for (const row of rows) if (!groups.has(row.group_id) && isSame(vacancy, row)) groups.add(row.group_id)
  return [...groups]
}

/** More are not told one by one. */
const MOST_SHOWN = 200

/**
 * The published adverts of a group, the head first: the one that stands longest, then the newest. Only it is listed. Of very
 * many the first.
 */
export async function groupOf(ctx: Ctx, groupId: string, limit = MOST_SHOWN): Promise<Vacancy[]> {
  const rows = await ctx.db
    .selectFrom('vacancies.vacancy as v')
    .innerJoin('vacancies.fingerprint as f', 'f.vacancy_id', 'v.id')
    .selectAll('v')
    .where('f.group_id', '=', groupId)
    .where('v.state', '=', 'published')
    .orderBy('v.expires_on', (order) => order.desc().nullsFirst())
    .orderBy('v.published_on', (order) => order.desc().nullsLast())
    .orderBy('v.id')
    .limit(limit)
    .execute()
  return rows as unknown as Vacancy[]
}

/** What a group offers beyond its head: where, and for how much at best (in the currency and for the period that all share). */
export async function offeredBy(ctx: Ctx, groupId: string) {
  const { rows } = await sql<{ offers: number; places: string[] | null; best: bigint | null }>`
    select count(*)::int as offers, max(coalesce(v.pay_max, v.pay_min)) as best,
      array_agg(distinct coalesce(v.place_code, v.employer_place_code))
        filter (where coalesce(v.place_code, v.employer_place_code) is not null) as places
    from vacancies.fingerprint f
    join vacancies.vacancy v on v.id = f.vacancy_id
    where f.group_id = ${groupId} and v.state = 'published'`.execute(ctx.db)
  const { offers, places, best } = rows[0]!
  return { offers, places: places ?? [], best }
}

/** The group an advert stands in; null before it was ever published. */
export async function groupIdOf(ctx: Ctx, vacancyId: string): Promise<string | null> {
  const row = await ctx.db
    .selectFrom('vacancies.fingerprint')
    .select('group_id')
    .where('vacancy_id', '=', vacancyId)
    .executeTakeFirst()
  return row?.group_id ?? null
}

/** The other published adverts that offer the same as this one. */
export async function otherOffers(ctx: Ctx, vacancyId: string): Promise<Vacancy[]> {
  const group = await groupIdOf(ctx, vacancyId)
  return group ? (await groupOf(ctx, group)).filter(({ id }) => id !== vacancyId) : []
}
