import { defineJob, type Job } from '../jobs/job.ts'
import { composeMails, sendMails } from './mail.ts'
import { openTransport } from './transport.ts'

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

export const notificationJobs: Record<string, Job> = { 'notifications.mail': mailJob }
