import { defineJob } from '../jobs/job.ts'

/** Forgets sign-in attempts a day after they stopped to matter, and spent challenges that nobody could use any more. */
export const tidyJob = defineJob({
  async run({ db, now }) {
    const stale = now.subtract({ hours: 24 })
    await db
      .deleteFrom('access.sign_in_throttle')
      .where('window_start', '<', stale)
      .where((w) => w.or([w('blocked_until', 'is', null), w('blocked_until', '<', stale)]))
      .execute()
    await db.deleteFrom('access.spent_challenge').where('expires_at', '<', stale).execute()
  },
})
