import { defineJob, type Job } from '../jobs/job.ts'
import { composeMails, sendMails } from './mail.ts'
import { openTransport } from './transport.ts'

/** What was told is forgotten half a year later, read or not; the mails about it after three months. */
const KEPT_DAYS = 180
const MAILS_KEPT_DAYS = 90

/** Once a minute: mails that are due are written, those that wait are sent. Without a mail server a demonstration keeps them. */
const mailJob = defineJob({
  async run(ctx) {
    const transport = openTransport(ctx.platform.config)
    try {
      if (transport || ctx.platform.demonstration) await composeMails(ctx, { deliver: transport !== null })
      if (transport) await sendMails(ctx, transport)
    } finally {
      transport?.close()
    }
  },
})

const forgetJob = defineJob({
  async run({ db, now }) {
    const before = (days: number) => now.subtract({ hours: 24 * days })
    await db.deleteFrom('notifications.delivery').where('created_at', '<', before(MAILS_KEPT_DAYS)).execute()
    await db.deleteFrom('notifications.notification').where('last_at', '<', before(KEPT_DAYS)).execute()
  },
})

export const notificationJobs: Record<string, Job> = {
  'notifications.mail': mailJob,
  'notifications.forget': forgetJob,
}
