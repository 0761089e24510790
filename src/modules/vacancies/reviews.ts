import { sql } from 'kysely'
import { z } from 'zod'
import { authorise } from '#kernel/access/authorise.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx, StaffActor } from '#kernel/context.ts'
import { newId, parseReference } from '#kernel/ids.ts'
import { problem } from '#kernel/problem.ts'
import { showAs } from './publishing.ts'
import { getVacancy, type Vacancy } from './vacancies.ts'

/** Why an advert waits for an officer. A closed list: `vacancies.code.review_reason.VALUE`. */
export const REVIEW_REASONS = ['military', 'report', 'occupation'] as const
export type ReviewReason = (typeof REVIEW_REASONS)[number]

/** How long an advert may wait: somebody may be in danger, somebody complained, somebody searches in vain. */
export const REVIEW_TERM_HOURS: Record<ReviewReason, number> = { military: 24, report: 24, occupation: 24 * 14 }

/** `q`: part of the title, of the employer, or the reference. */
export type QueueFilter = { reason?: ReviewReason; q?: string; after?: string; limit: number }

/** One advert in the queue, with every reason for which it waits. */
export type QueueItem = {
  vacancy_id: string
  reference: string
  title: string
  lang: string
  employer_name: string | null
  place_code: string | null
  country: string
  state: Vacancy['state']
  isco: string | null
  reasons: ReviewReason[]
  reports: number
  opened_at: Temporal.Instant
  due_at: Temporal.Instant
}

/** Opens a review, or adds the evidence to the one that is open for this reason; `since`: one that was open before, with its term. */
export async function openReview(
  ctx: Ctx,
  vacancyId: string,
  reason: ReviewReason,
  evidence: Record<string, unknown>,
  since = { opened_at: ctx.now, due_at: ctx.now.add({ hours: REVIEW_TERM_HOURS[reason] }) },
) {
  await ctx.db
    .insertInto('vacancies.review')
    .values({
      id: newId(),
      vacancy_id: vacancyId,
      reason,
      evidence: JSON.stringify(evidence),
      ...since,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['vacancy_id', 'reason'])
        .where('decision', 'is', null)
        .doUpdateSet({
          evidence: sql`review.evidence || excluded.evidence || jsonb_build_object('quotes',
            coalesce(review.evidence -> 'quotes', '[]') || coalesce(excluded.evidence -> 'quotes', '[]'))`,
        }),
    )
    .execute()
}

/** Whether an advert waits for an officer for a reason that keeps it from the public. */
export async function mustBeLookedAt(ctx: Ctx, vacancyId: string): Promise<boolean> {
  const open = await ctx.db
    .selectFrom('vacancies.review')
    .select('id')
    .where('vacancy_id', '=', vacancyId)
    .where('reason', '=', 'military')
    .where('decision', 'is', null)
    .executeTakeFirst()
  return open !== undefined
}

/** Takes an open question off the queue that has answered itself. For imports, on the owner's connection. */
export async function forgetReview(ctx: Ctx, vacancyId: string, reason: ReviewReason): Promise<void> {
  await ctx.db
    .deleteFrom('vacancies.review')
    .where('vacancy_id', '=', vacancyId)
    .where('reason', '=', reason)
    .where('decision', 'is', null)
    .execute()
}

/** The adverts that wait for a decision, the most urgent first. `after` is the cursor of the last one seen. */
export async function reviewQueue(
  ctx: Ctx,
  { reason, q, after, limit }: QueueFilter,
): Promise<{ items: QueueItem[]; next: string | null }> {
  authorise(ctx, 'vacancy.review')
  const [dueAt, vacancyId] = after ? readCursor(after) : []
  const part = q ? `%${q.replace(/[\\%_]/g, '\\$&')}%` : null
  const { rows } = await sql<QueueItem>`
    select v.id as vacancy_id, v.reference, v.title, v.lang, v.employer_name, v.place_code, v.country, v.state, v.isco,
      w.reasons, w.opened_at, w.due_at,
      (select count(*)::int from vacancies.report p where p.vacancy_id = v.id and p.reported_at >= w.opened_at) as reports
    from (
      select vacancy_id, array_agg(reason order by due_at) as reasons, min(opened_at) as opened_at, min(due_at) as due_at
      from vacancies.review
      where decision is null
      group by vacancy_id
    ) w
    join vacancies.vacancy v on v.id = w.vacancy_id
    where (${reason ?? null}::text is null or ${reason ?? null} = any (w.reasons))
      and (${part}::text is null or v.title ilike ${part} or v.employer_name ilike ${part} or v.reference = ${(q && parseReference(q)) ?? ''})
      and (${dueAt ?? null}::timestamptz is null or (w.due_at, v.id) > (${dueAt ?? null}::timestamptz, ${vacancyId ?? null}::uuid))
    order by w.due_at, v.id
    limit ${limit + 1}`.execute(ctx.db)
  const items = rows.slice(0, limit)
  const last = rows.length > limit ? items.at(-1) : undefined
  return { items, next: last ? `${last.due_at}~${last.vacancy_id}` : null }
}

const Cursor = z.tuple([z.iso.datetime().regex(/^[12]/), z.uuid()])

function readCursor(cursor: string): [dueAt: string, vacancyId: string] {
  const read = Cursor.safeParse(cursor.split('~'))
  if (!read.success) throw problem('bad_request')
  return read.data
}

/** How many adverts wait, in all and for each reason. */
export async function countReviews(ctx: Ctx): Promise<Record<ReviewReason | 'all', number>> {
  const rows = await ctx.db
    .selectFrom('vacancies.review')
    .select(['reason', (e) => e.fn.countAll<bigint>().as('count')])
    .where('decision', 'is', null)
    .groupBy('reason')
    .execute()
  const all = await ctx.db
    .selectFrom('vacancies.review')
    .select((e) => e.fn.count<bigint>('vacancy_id').distinct().as('count'))
    .where('decision', 'is', null)
    .executeTakeFirstOrThrow()
  const of = (reason: ReviewReason) => Number(rows.find((row) => row.reason === reason)?.count ?? 0)
  return { all: Number(all.count), military: of('military'), report: of('report'), occupation: of('occupation') }
}

/** The review that waits longest for this reason. */
export async function oldestReview(ctx: Ctx, reason: ReviewReason) {
  return ctx.db
    .selectFrom('vacancies.review')
    .select(['opened_at', 'due_at'])
    .where('reason', '=', reason)
    .where('decision', 'is', null)
    .orderBy('due_at')
    .orderBy('id')
    .executeTakeFirst()
}

/** Everything an officer needs to decide on one advert: open reasons, reports, earlier decisions. Newest first. */
export async function reviewHistory(ctx: Ctx, vacancyId: string) {
  authorise(ctx, 'vacancy.review')
  const reviews = await ctx.db
    .selectFrom('vacancies.review as r')
    .leftJoin('access.user_account as u', 'u.id', 'r.decided_by')
    .select([
      'r.id',
      'r.reason',
      'r.evidence',
      'r.opened_at',
      'r.due_at',
      'r.decision',
      'r.decided_at',
      'r.note',
      'r.undone_at',
      'u.name as decided_by_name',
    ])
    .where('r.vacancy_id', '=', vacancyId)
    .orderBy('r.opened_at', 'desc')
    .orderBy('r.id', 'desc')
    .execute()
  const reports = await ctx.db
    .selectFrom('vacancies.report')
    .select(['id', 'reason', 'story', 'lang', 'reported_at'])
    .where('vacancy_id', '=', vacancyId)
    .orderBy('reported_at', 'desc')
    .execute()
  return { reviews, reports }
}

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
}

function stateAfter(decision: Decision['decision'], before: Vacancy['state']): Vacancy['state'] {
  if (before === 'withdrawn') return 'withdrawn'
  if (decision === 'publish') return 'published'
  return before === 'published' ? 'withdrawn' : 'rejected'
}

type Before = Pick<Vacancy, 'state' | 'isco' | 'isco_by'>

/**
 * Takes the last decision on an advert back: state and occupation are as before, and it waits in the queue again as it
 * did. @throws conflict when there is none, when something new waits, or when its source took the advert back since.
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
  await audit(ctx, 'vacancy.undo', { type: 'vacancy', id: vacancy.id }, { before: vacancy.state })
}

async function change(ctx: Ctx, vacancy: Vacancy, to: Before) {
  await ctx.db.updateTable('vacancies.vacancy').set(to).where('id', '=', vacancy.id).execute()
  await showAs(ctx, { ...vacancy, ...to })
}
