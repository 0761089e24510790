import { authorise } from '#kernel/access/authorise.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx, StaffActor } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { problem } from '#kernel/problem.ts'
import { showAs, showGroup } from '../publishing.ts'
import { getVacancy } from '../vacancies.ts'
import { groupIdOf, groupOf } from './groups.ts'

/**
 * Takes an advert out of its group for good: it is listed by itself, and comes back only when somebody puts it back.
 * @throws conflict when it stands alone.
 */
export async function takeApart(ctx: Ctx, reference: string): Promise<void> {
  authorise(ctx, 'vacancy.review')
  const vacancy = await getVacancy(ctx, reference, { lock: true })
  const from = await groupIdOf(ctx, vacancy.id)
  const others = from ? (await groupOf(ctx, from)).filter(({ id }) => id !== vacancy.id) : []
  if (!from || others.length === 0) throw problem('conflict')
  const own = newId()
  const decision = { decided_at: ctx.now, decided_by: (ctx.actor as StaffActor).user_id }
  await ctx.db
    .insertInto('vacancies.apart')
    .values([
      { vacancy_id: vacancy.id, group_id: from, taken_out: true, ...decision },
      // Nor do the others follow it.
      ...others.map(({ id }) => ({ vacancy_id: id, group_id: own, taken_out: false, ...decision })),
    ])
    .execute()
  await moveTo(ctx, vacancy.id, own)
  await audit(ctx, 'vacancy.take_apart', { type: 'vacancy', id: vacancy.id }, { others: others.length })
  await showAs(ctx, vacancy)
  await showGroup(ctx, from)
}

/** The group that an officer took this advert out of last; null when none did. */
export async function groupBefore(ctx: Ctx, vacancyId: string): Promise<string | null> {
  const row = await ctx.db
    .selectFrom('vacancies.apart as a')
    .innerJoin('vacancies.fingerprint as f', 'f.group_id', 'a.group_id')
    .select('a.group_id')
    .where('a.vacancy_id', '=', vacancyId)
    .where('a.taken_out', '=', true)
    .where('f.vacancy_id', '<>', vacancyId)
    .orderBy('a.decided_at', 'desc')
    .executeTakeFirst()
  return row?.group_id ?? null
}

/** Takes that back: the advert stands in the group again. @throws conflict when nobody took it out. */
export async function putBack(ctx: Ctx, reference: string): Promise<void> {
  authorise(ctx, 'vacancy.review')
  const vacancy = await getVacancy(ctx, reference, { lock: true })
  const [own, before] = [await groupIdOf(ctx, vacancy.id), await groupBefore(ctx, vacancy.id)]
  if (!own || !before) throw problem('conflict')
  await ctx.db
    .deleteFrom('vacancies.apart')
    .where((e) =>
      e.or([e.and([e('vacancy_id', '=', vacancy.id), e('group_id', '=', before)]), e('group_id', '=', own)]),
    )
    .execute()
  await moveTo(ctx, vacancy.id, before)
  await audit(ctx, 'vacancy.put_together', { type: 'vacancy', id: vacancy.id }, {})
  await showGroup(ctx, own)
  await showGroup(ctx, before)
}

const moveTo = (ctx: Ctx, vacancyId: string, group_id: string) =>
  ctx.db.updateTable('vacancies.fingerprint').set({ group_id }).where('vacancy_id', '=', vacancyId).execute()
