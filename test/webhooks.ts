import { newId } from '#kernel/ids.ts'
import { sendSms } from '#kernel/notifications/sms/send-sms.ts'
import type { TestApp } from './app.ts'

/** A webhook address with a delivery in each state, of the administrator's organisation; and a text message in the outbox. */
export async function bringWebhook(site: TestApp): Promise<Record<'webhook', string>> {
  const actor = await site.actor('administrator')
  const ctx = site.ctx({ db: site.owner, actor })
  await sendSms(ctx, { key: 'answer_ready', to: '+992901234567', lang: 'tg', idempotency: 'furnished' })
  const { organisation_id, user_id: created_by } = actor
  const row = { id: newId(), organisation_id, url: `https://hooks.example.tj/${'very-long-path-'.repeat(8)}` }
  await site.owner
    .insertInto('webhooks.subscription')
    .values({ ...row, events: ['sms.failed'], secret: Buffer.alloc(1), created_by, created_at: ctx.now })
    .execute()
  const states = [
    { state: 'waiting', attempts: 2, next_try: ctx.now.add({ minutes: 5 }), error: 'no_answer_in_time' },
    { state: 'sent', attempts: 1, status: 204 },
    { state: 'failed', attempts: 10, status: 500 },
  ]
  for (const state of states) {
    const message = { id: newId(), organisation_id, event: 'sms.failed', key: newId(), data: '{}', at: ctx.now }
    await site.owner.insertInto('webhooks.message').values(message).execute()
    const delivery = { id: newId(), message_id: message.id, subscription_id: row.id, created_at: ctx.now }
    await site.owner
      .insertInto('webhooks.delivery')
      .values({ ...delivery, ...state })
      .execute()
  }
  return { webhook: row.id }
}
