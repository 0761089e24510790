import { passed, type RetentionClock } from '../retention/clock.ts'

/** How long is kept what people were told. Stated on the privacy page too. */
export const notificationRetention: readonly RetentionClock[] = [
  {
    table: 'notifications.delivery',
    what: 'mails about notifications',
    after: { days: 90 },
    from: 'it was written',
    reason: 'delivering once, and seeing failures',
    due: passed('created_at'),
  },
  {
    table: 'notifications.notification',
    what: 'notifications',
    after: { days: 180 },
    from: 'it last happened, read or not',
    reason: 'knowing what waits, after a long leave too',
    due: passed('last_at'),
  },
  {
    table: 'notifications.sms',
    what: 'text messages (number and words only until it went out or failed)',
    after: { days: 30 },
    from: 'it was asked for',
    reason: 'sending once, the quota of a number, seeing failures',
    due: passed('created_at'),
  },
]
