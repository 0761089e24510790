import { sql } from 'kysely'
import { authorise } from '#kernel/access/authorise.ts'
import { staffOf } from '#kernel/access/sessions.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { problem } from '#kernel/problem.ts'
import { tellReviewers } from '../notices.ts'
import { getVacancy, type Vacancy } from '../vacancies.ts'
import { tellPoster } from './notices.ts'
import { getPosting } from './postings.ts'

/** Longest question and answer, in characters. */
export const MOST_WORDS = 2000
/** So long an employer has to answer; the term of the review waits with it, in hours. */
export const ANSWER_HOURS = 72

export type Question = {
  id: string
  words: string
  asked_at: Temporal.Instant
  answer: string | null
  answered_at: Temporal.Instant | null
}

/** What was asked about an advert and answered, the newest first: for officers and for its employer. */
export async function questionsOf(ctx: Ctx, reference: string): Promise<Question[]> {
  return ctx.db
    .selectFrom('vacancies.question as q')
    .innerJoin('vacancies.vacancy as v', 'v.id', 'q.vacancy_id')
    .select(['q.id', 'q.words', 'q.asked_at', 'q.answer', 'q.answered_at'])
    .where('v.reference', '=', reference)
    .orderBy('q.asked_at', 'desc')
    .orderBy('q.id', 'desc')
    .execute()
}

/** Whether an officer may ask: the advert is held, and its employer posted it here. */
export const isAskable = ({ state, employer_id }: Pick<Vacancy, 'state' | 'employer_id'>): boolean =>
  state === 'held' && employer_id !== null

/**
 * Asks the employer about its held advert, which stays held; the review waits three days for the answer.
 * @throws conflict for an advert that is not held or came from elsewhere, or while a question is open
 */
export async function askPoster(ctx: Ctx, reference: string, words: string): Promise<void> {
  authorise(ctx, 'vacancy.review')
  const vacancy = await getVacancy(ctx, reference, { lock: true })
  if (!isAskable(vacancy)) throw problem('conflict')
  const asked = await ctx.db
    .insertInto('vacancies.question')
    .values({ id: newId(), vacancy_id: vacancy.id, words, asked_at: ctx.now, asked_by: staffOf(ctx).user_id })
    .onConflict((conflict) => conflict.column('vacancy_id').where('answered_at', 'is', null).doNothing())
    .executeTakeFirst()
  if (asked.numInsertedOrUpdatedRows === 0n) throw problem('conflict', { detail: 'vacancies.question.open' })
  await ctx.db
    .updateTable('vacancies.review')
    .set({ due_at: sql`greatest(due_at, ${ctx.now.add({ hours: ANSWER_HOURS })})` })
    .where('vacancy_id', '=', vacancy.id)
    .where('decision', 'is', null)
    .execute()
  await audit(ctx, 'vacancy.ask', { type: 'vacancy', id: vacancy.id })
  await tellPoster(ctx, vacancy)
}

/** Answers the open question about the own advert. @throws conflict when none is open: somebody answered meanwhile */
export async function answerReviewer(ctx: Ctx, reference: string, words: string): Promise<void> {
  const posting = await getPosting(ctx, reference, { lock: true })
  const open = (await questionsOf(ctx, posting.reference)).find(({ answered_at }) => answered_at === null)
  if (!open) throw problem('conflict')
  await ctx.db
    .updateTable('vacancies.question')
    .set({ answer: words, answered_at: ctx.now, answered_by: staffOf(ctx).user_id })
    .where('id', '=', open.id)
    .execute()
  await audit(ctx, 'posting.answer', { type: 'posting', id: posting.id })
  await tellReviewers(ctx)
}
