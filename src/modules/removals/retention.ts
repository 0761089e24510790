import { sql } from 'kysely'
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
