import { sql } from 'kysely'
import { z } from 'zod'
import { authorise } from '#kernel/access/authorise.ts'
import type { Ctx } from '#kernel/context.ts'
import { newId, parseReference } from '#kernel/ids.ts'
import { problem } from '#kernel/problem.ts'
import type { Vacancy } from './vacancies.ts'

/** Why an advert waits for an officer. A closed list: `vacancies.code.review_reason.VALUE`. */
export const REVIEW_REASONS = ['military', 'risk', 'report', 'occupation'] as const
export type ReviewReason = (typeof REVIEW_REASONS)[number]

/** How long an advert may wait: somebody may be in danger, somebody complained, somebody searches in vain. */
export const REVIEW_TERM_HOURS: Record<ReviewReason, number> = {
  military: 24,
  risk: 24,
  report: 24,
  occupation: 24 * 14,
}

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
          evidence: sql`review.evidence || excluded.evidence || jsonb_build_object('signs',
            coalesce(review.evidence -> 'signs', '[]') || coalesce(excluded.evidence -> 'signs', '[]'))`,
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
    .where('reason', 'in', ['military', 'risk'])
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
  return {
    all: Number(all.count),
    military: of('military'),
    risk: of('risk'),
    report: of('report'),
    occupation: of('occupation'),
  }
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
