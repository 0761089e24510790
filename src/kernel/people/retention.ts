import { sql } from 'kysely'
import type { RetentionClock } from '../retention/clock.ts'

/** What the registry keeps for a time only. Records, persons and events have no clock yet: see docs/privacy.md. */
export const peopleRetention: readonly RetentionClock[] = [
  {
    table: 'people.lookup',
    what: 'own words on why somebody was looked up (that, who, when and the purpose stay)',
    after: { months: 12 },
    from: 'the search or look',
    reason: 'a complaint about it can be looked into',
    due: (before) => sql`t.at < ${before} and t.words is not null`,
    set: () => sql`words = null`,
  },
  {
    table: 'people.contact',
    what: 'telephones of people in the registry',
    after: { months: 36 },
    from: 'the source stated them',
    reason: 'numbers change hands: later they would reach somebody else',
    due: (before) => sql`t.received_at < ${before}`,
  },
]
