import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import { tellReviewers } from './notices.ts'
import { showAs } from './publishing.ts'
import { openReview } from './reviews.ts'
import { type Hold, risksOf } from './risk/risks.ts'
import type { Vacancy } from './vacancies.ts'

/** Puts an advert that is held before the officers, with the words for which it is. */
export async function askOfficers(ctx: Ctx, id: string, holds: readonly Hold[]): Promise<void> {
  for (const { reason, evidence } of holds) await openReview(ctx, id, reason, evidence)
  await tellReviewers(ctx)
  if (holds[0]) await audit(ctx, 'vacancy.hold', { type: 'vacancy', id }, { reason: holds[0].reason })
}

/**
 * Takes a published advert from the public when its words must be looked at first, by the rules of today. What an officer
 * decided about these very words stands.
 */
export async function holdIfNeeded(ctx: Ctx, vacancy: Vacancy): Promise<void> {
  if (vacancy.state !== 'published') return
  const holds = await risksOf(ctx, vacancy)
  if (holds.length === 0 || (await isDecided(ctx, vacancy))) return
  await ctx.db.updateTable('vacancies.vacancy').set({ state: 'held' }).where('id', '=', vacancy.id).execute()
  await askOfficers(ctx, vacancy.id, holds)
  await showAs(ctx, { ...vacancy, state: 'held' })
}

// Decided since the present wording came in: an earlier decision was about other words.
async function isDecided(ctx: Ctx, { id, source, source_id, content_hash }: Vacancy): Promise<boolean> {
  const decision = await ctx.db
    .selectFrom('vacancies.review as r')
    .innerJoin('vacancies.source_record as s', (join) =>
      join
        .on('s.source', '=', source)
        .on('s.source_id', '=', source_id)
        .on('s.content_hash', '=', content_hash)
        .onRef('s.received_at', '<=', 'r.decided_at'),
    )
    .select('r.id')
    .where('r.vacancy_id', '=', id)
    .where('r.decision', '=', 'publish')
    .where('r.undone_at', 'is', null)
    .executeTakeFirst()
  return decision !== undefined
}
