import { sql } from 'kysely'
import { passed, type RetentionClock } from '../retention/clock.ts'

/** How long references open, and attempts are counted. */
export const myCaseRetention: readonly RetentionClock[] = [
  {
    table: 'my_case.holder',
    what: 'PINs of people without an account (the reference stays, and opens nothing)',
    after: { hours: 24 },
    from: 'two years after the reference was given',
    reason: 'coming back to one’s own matter without an account',
    due: (before) => sql`t.ends_at < ${before} and t.pin_sealed is not null`,
    set: () => sql`pin_sealed = null`,
  },
  {
    table: 'my_case.attempt',
    what: 'attempts at the entry check and at PINs, under keyed codes',
    after: { days: 90 },
    from: 'the attempt',
    reason: 'limits against guessing and against asking about many',
    due: passed('at'),
  },
]
