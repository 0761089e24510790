import { passed, type RetentionClock } from '../retention/clock.ts'

/** How long is kept what programs of organisations were told. */
export const webhookRetention: readonly RetentionClock[] = [
  {
    table: 'webhooks.message',
    what: 'messages to programs of organisations, with how they were delivered',
    after: { days: 30 },
    from: 'it was written',
    reason: 'delivering once, seeing failures, sending again',
    due: passed('at'),
  },
  {
    table: 'webhooks.subscription',
    what: 'addresses of such programs that are switched off, with their secrets',
    after: { days: 180 },
    from: 'it was switched off',
    reason: 'it can be switched on again',
    due: passed('off_at'),
  },
]
