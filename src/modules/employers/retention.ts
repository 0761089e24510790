import type { RetentionClock } from '#kernel/retention/clock.ts'
import { passed } from '#kernel/retention/clock.ts'

/** How long is kept what somebody who registered told. */
export const employersRetention: readonly RetentionClock[] = [
  {
    table: 'employers.registration',
    what: 'registrations of employers (what was told goes as soon as the mailbox is proven)',
    after: { days: 14 },
    from: 'its link ran out',
    reason: 'a link that comes late is told from one that never was',
    due: passed('expires_at'),
  },
  {
    table: 'employers.invitation',
    what: 'names and addresses of colleagues whom employers asked to join',
    after: { days: 14 },
    from: 'its link ran out',
    reason: 'a link that comes late is told from one that never was',
    due: passed('expires_at'),
  },
]
