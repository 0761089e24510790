import { sql } from 'kysely'
import { passed, type RetentionClock } from '../retention/clock.ts'

/** What the registry keeps for a time only. Records, persons and events have no clock: see docs/privacy.md. */
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
    table: 'people.look',
    what: 'at whom somebody looked (that they searched, when and for which purpose stays)',
    after: { months: 60 },
    from: 'the look',
    reason: 'the person sees it in their own log, as long as an entry ban usually lasts',
    due: passed('at'),
  },
  {
    table: 'people.protection',
    what: 'protection that was lifted',
    after: { months: 60 },
    from: 'it was lifted',
    reason: 'a complaint that something was passed on meanwhile can be looked into',
    due: passed('until'),
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
