import { passed, type RetentionClock } from '#kernel/retention/clock.ts'

/** How long help at home is kept. Notices have no clock yet. */
export const expulsionsRetention: readonly RetentionClock[] = [
  {
    table: 'expulsions.home_help',
    what: 'that somebody agreed to help at home, with name and telephone as given for it',
    after: { months: 6 },
    from: 'the agreement',
    reason: 'by then they were rung or cannot be; they can agree anew',
    due: passed('agreed_at'),
  },
]
