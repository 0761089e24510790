import { sql } from 'kysely'
import type { PersonNeed } from '#kernel/people/needs.ts'
import type { RetentionClock } from '#kernel/retention/clock.ts'

/** How long it is kept who was carried. Departures, costs and claims name nobody and stay: what was paid is accounted for. */
export const removalsRetention: readonly RetentionClock[] = [
  {
    table: 'removals.about',
    what: 'who was on board of a removal, and its legal basis (that it happened, its costs and claims stay)',
    after: { months: 60 },
    from: 'it was entered',
    reason: 'claims about its costs are settled',
    due: (before) =>
      sql`exists (select from removals.removal r where r.id = t.removal_id and r.entered_at < ${before})`,
  },
  {
    table: 'removals.joined',
    what: 'which measure or refusal at the border a removal carried out',
    after: { months: 60 },
    from: 'it was joined',
    reason: 'claims about its costs are settled',
    due: (before) => sql`t.joined_at < ${before}`,
  },
]

/** Why people who were carried stay in the registry. */
export const removalsNeeds: readonly PersonNeed[] = [
  {
    what: 'that they were on board of a removal, as long as that is kept for claims',
    holds: () => sql`exists (select from removals.about a where a.record_id = t.record_id)`,
  },
]
