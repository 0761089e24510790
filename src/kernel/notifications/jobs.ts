import { defineJob, type Job } from '../jobs/job.ts'
import { composeMails, sendMails } from './mail.ts'
import { sendWaitingSms } from './sms/deliver.ts'
import { openGateway } from './sms/gateway.ts'
import { SMS_TASK } from './sms/send-sms.ts'
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

/** Once a minute, and as soon as one is asked for: text messages that wait are sent. A demonstration never sends any. */
const smsJob = defineJob({
  async run(ctx) {
    const gateway = openGateway(ctx.platform.config)
    if (gateway && !ctx.platform.demonstration) await sendWaitingSms(ctx, gateway)
  },
})

export const notificationJobs: Record<string, Job> = { 'notifications.mail': mailJob, [SMS_TASK]: smsJob }
