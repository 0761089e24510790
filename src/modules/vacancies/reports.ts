import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { newId, newReference, parseReference } from '#kernel/ids.ts'
import { problem } from '#kernel/problem.ts'
import { tellReviewers } from './notices.ts'
import { REVIEW_TERM_HOURS } from './reviews.ts'

/** What people suspect. A closed list: `vacancies.code.report_reason.VALUE`. */
export const REPORT_REASONS = ['fee', 'documents', 'military', 'false', 'other'] as const
export type ReportReason = (typeof REPORT_REASONS)[number]

/** Longest account of a suspicion, in characters. */
export const STORY_LENGTH = 2000
/** Nobody guesses 31¹¹ codes. */
const CODE_LENGTH = 12

/**
 * Keeps a suspicion about a published advert and puts the advert before an officer within a day. The advert stays
 * as it is until then. With `wants_outcome` answers the code to ask with later what was decided; it is kept nowhere.
 * @throws not_found when no such advert is published.
 */
export async function reportSuspicion(
  ctx: Ctx,
  reference: string,
  report: { reason: ReportReason; story?: string; wants_outcome?: boolean },
): Promise<string | null> {
  const due = ctx.now.add({ hours: REVIEW_TERM_HOURS.report })
  const code = report.wants_outcome ? newReference(CODE_LENGTH) : null
  const { rows } = await sql<{ found: boolean }>`
    select vacancies.report_suspicion(
      ${newId()}, ${newId()}, ${reference}, ${report.reason}, ${report.story ?? null}, ${ctx.lang}, ${ctx.now}, ${due},
      ${code && hashOf(code)}
    ) as found`.execute(ctx.db)
  if (!rows[0]?.found) throw problem('not_found')
  await tellReviewers(ctx)
  return code
}

/** What became of a report. `decision`: the advert stays (`publish`) or is away (`reject`); null while it waits. */
export type Outcome = {
  decision: 'publish' | 'reject' | null
  reported_at: Temporal.Instant
  due_at: Temporal.Instant
  decided_at: Temporal.Instant | null
}

/** What was decided about the report with this code; null for no such code, and for one that was erased. */
export async function reportOutcome(ctx: Ctx, code: string): Promise<Outcome | null> {
  const canonical = parseReference(code)
  if (!canonical) return null
  const { rows } = await sql<Outcome>`select * from vacancies.report_outcome(${hashOf(canonical)})`.execute(ctx.db)
  return rows[0] ?? null
}

const hashOf = (code: string) => createHash('sha256').update(code).digest()
