import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { problem } from '#kernel/problem.ts'
import { tellReviewers } from './notices.ts'
import { REVIEW_TERM_HOURS } from './reviews.ts'

/** What people suspect. A closed list: `vacancies.code.report_reason.VALUE`. */
export const REPORT_REASONS = ['fee', 'documents', 'military', 'false', 'other'] as const
export type ReportReason = (typeof REPORT_REASONS)[number]

/** Longest account of a suspicion, in characters. */
export const STORY_LENGTH = 2000

/**
 * Keeps a suspicion about a published advert and puts the advert before an officer within a day. The advert stays
 * as it is until then. @throws not_found when no such advert is published.
 */
export async function reportSuspicion(
  ctx: Ctx,
  reference: string,
  report: { reason: ReportReason; story?: string },
): Promise<void> {
  const due = ctx.now.add({ hours: REVIEW_TERM_HOURS.report })
  const { rows } = await sql<{ found: boolean }>`
    select vacancies.report_suspicion(
      ${newId()}, ${newId()}, ${reference}, ${report.reason}, ${report.story ?? null}, ${ctx.lang}, ${ctx.now}, ${due}
    ) as found`.execute(ctx.db)
  if (!rows[0]?.found) throw problem('not_found')
  await tellReviewers(ctx)
}
