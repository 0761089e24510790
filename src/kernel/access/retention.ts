import { sql } from 'kysely'
import { passed, type RetentionClock } from '../retention/clock.ts'

const ENDED = { days: 90 }
const STALE = { hours: 24 }
const SETTLED = 'what happened can be looked into; later the audit alone tells it'

/** How long is kept what people signed in with. */
export const accessRetention: readonly RetentionClock[] = [
  {
    table: 'access.session',
    what: 'sessions of staff',
    after: ENDED,
    from: 'the session ended, by itself or not',
    reason: 'a browser is recognised as known',
    due: (before) => sql`least(t.ended_at, t.idle_until, t.expires_at) < ${before}`,
  },
  {
    table: 'access.set_up_link',
    what: 'links to set up an account',
    after: ENDED,
    from: 'it was used or replaced, or ran out',
    reason: SETTLED,
    due: (before) => sql`least(t.used_at, t.replaced_at, t.expires_at) < ${before}`,
  },
  {
    table: 'access.recovery_code',
    what: 'recovery codes, as keyed hashes',
    after: ENDED,
    from: 'it was used or replaced',
    reason: SETTLED,
    due: (before) => sql`least(t.used_at, t.void_at) < ${before}`,
  },
  {
    table: 'access.passkey',
    what: 'passkeys',
    after: ENDED,
    from: 'it was removed',
    reason: SETTLED,
    due: passed('removed_at'),
  },
  {
    table: 'access.sign_in_throttle',
    what: 'counts of sign-in attempts, under keyed codes',
    after: STALE,
    from: 'they stopped to matter',
    reason: 'limits against guessing',
    due: (before) => sql`greatest(t.window_start, t.blocked_until) < ${before}`,
  },
  {
    table: 'access.spent_challenge',
    what: 'challenges that a passkey has signed',
    after: STALE,
    from: 'nobody could use it any more',
    reason: 'each counts once',
    due: passed('expires_at'),
  },
  {
    table: 'access.api_call',
    what: 'calls by programs of organisations: that, when, a digest, our answer',
    after: ENDED,
    from: 'the call',
    reason: 'the same call again does nothing',
    due: passed('at'),
  },
]
