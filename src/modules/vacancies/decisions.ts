import { authorise } from '#kernel/access/authorise.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx, StaffActor } from '#kernel/context.ts'
import { problem } from '#kernel/problem.ts'
import { holdIfNeeded } from './holding.ts'
import { tellPoster } from './posting/notices.ts'
import { showAs } from './publishing.ts'
import { openReview, type ReviewReason } from './reviews.ts'
import { getVacancy, type Vacancy } from './vacancies.ts'

/** What an officer decides: the advert goes (or stays) public, or it does not; and which occupation it names. */
export type Decision = { decision: 'publish' | 'reject'; isco: string | null; note: string | null }

/**
 * Decides everything that is open about an advert. A published advert that is rejected is withdrawn: its address
 * then says that it is closed. What its source withdrew stays closed, whatever is decided.
 * @throws conflict when somebody else decided in the meantime.
 */
export async function decideReview(ctx: Ctx, reference: string, { decision, isco, note }: Decision): Promise<void> {
  authorise(ctx, 'vacancy.review')
  const vacancy = await getVacancy(ctx, reference, { lock: true })
  const before = JSON.stringify({ state: vacancy.state, isco: vacancy.isco, isco_by: vacancy.isco_by })
  const decided = await ctx.db
    .updateTable('vacancies.review')
    .set({ decision, note, before, decided_at: ctx.now, decided_by: (ctx.actor as StaffActor).user_id })
    .where('vacancy_id', '=', vacancy.id)
    .where('decision', 'is', null)
    .returning('reason')
    .execute()
  if (decided.length === 0) throw problem('conflict')
  const state = stateAfter(decision, vacancy.state)
  await change(ctx, vacancy, {
    state,
    isco,
    isco_by: isco === vacancy.isco && vacancy.isco_by !== null ? vacancy.isco_by : 'officer',
  })
  await audit(
    ctx,
    decision === 'publish' ? 'vacancy.publish' : 'vacancy.reject',
    { type: 'vacancy', id: vacancy.id },
    { isco, before: vacancy.state, state },
  )
  await tellPoster(ctx, vacancy)
}

function stateAfter(decision: Decision['decision'], before: Vacancy['state']): Vacancy['state'] {
  if (before === 'withdrawn') return 'withdrawn'
  if (decision === 'publish') return 'published'
  return before === 'published' ? 'withdrawn' : 'rejected'
}

type Before = Pick<Vacancy, 'state' | 'isco' | 'isco_by'>

/**
 * Takes the last decision on an advert back: state and occupation are as before, and it waits in the queue again as it
 * did. An advert that came in again meanwhile, with words that must be looked at, is not public again before they are.
 * @throws conflict when there is none, when something new waits, or when its source took the advert back since.
 */
export async function undoDecision(ctx: Ctx, reference: string): Promise<void> {
  authorise(ctx, 'vacancy.review')
  const vacancy = await getVacancy(ctx, reference, { lock: true })
  const last = await ctx.db
    .selectFrom('vacancies.review')
    .select(['decision', 'decided_at', 'before'])
    .where('vacancy_id', '=', vacancy.id)
    .where('undone_at', 'is', null)
    // What is open comes first: then a second click must not take back an earlier decision.
    .orderBy('decided_at', (order) => order.desc().nullsFirst())
    .executeTakeFirst()
  if (!last?.decision) throw problem('conflict')
  const before = last.before as Before
  if (vacancy.state !== stateAfter(last.decision as Decision['decision'], before.state)) throw problem('conflict')
  if (vacancy.source_withdrew && before.state !== 'withdrawn') throw problem('conflict')
  const undone = await ctx.db
    .updateTable('vacancies.review')
    .set({ undone_at: ctx.now, undone_by: (ctx.actor as StaffActor).user_id })
    .where('vacancy_id', '=', vacancy.id)
    .where('decided_at', '=', last.decided_at)
    .returning(['reason', 'evidence', 'opened_at', 'due_at'])
    .execute()
  await change(ctx, vacancy, before)
  for (const { reason, evidence, opened_at, due_at } of undone)
    await openReview(ctx, vacancy.id, reason as ReviewReason, evidence as Record<string, unknown>, {
      opened_at,
      due_at,
    })
  await holdIfNeeded(ctx, { ...vacancy, ...before })
  await audit(ctx, 'vacancy.undo', { type: 'vacancy', id: vacancy.id }, { before: vacancy.state })
}

async function change(ctx: Ctx, vacancy: Vacancy, to: Before) {
  await ctx.db.updateTable('vacancies.vacancy').set(to).where('id', '=', vacancy.id).execute()
  await showAs(ctx, { ...vacancy, ...to })
}
