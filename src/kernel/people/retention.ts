import { sql } from 'kysely'
import { passed, type RetentionClock } from '../retention/clock.ts'
import { erasePersons } from './erasure.ts'

/** How long the registry keeps what. */
export const peopleRetention: readonly RetentionClock[] = [
  {
    table: 'people.person',
    what: 'people in the registry whom no part of the platform needs any more (list below): names, birth date, documents, records, links, how they were compared, what was entered by hand',
    after: { months: 120 },
    from: 'the newest of their records came',
    reason:
      'the longest ban of a known length is ten years (law 114-FZ of the Russian Federation, article 27, part 1, points 2.1 and 14)',
    erase: erasePersons,
  },
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
