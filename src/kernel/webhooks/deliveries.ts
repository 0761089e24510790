import { z } from 'zod'
import { audit } from '../audit/audit.ts'
import type { Ctx } from '../context.ts'
import { enqueue } from '../jobs/runs.ts'
import { problem } from '../problem.ts'
import { WEBHOOK_TASK } from './send-event.ts'
import { getSubscription } from './subscriptions.ts'

/** One message on its way to one address, or there. */
export type Delivery = {
  id: string
  message_id: string
  event: string
  state: 'waiting' | 'sent' | 'failed'
  attempts: number
  next_try: Temporal.Instant | null
  status: number | null
  error: string | null
  created_at: Temporal.Instant
}

const CURSOR = z.tuple([z.iso.datetime().regex(/^[12]/), z.uuid()])

/** What was sent to an address, the newest first. `before` is the cursor of the last one seen. */
export async function listDeliveries(
  ctx: Ctx,
  subscription_id: string,
  { before, limit }: { before?: string | undefined; limit: number },
): Promise<{ items: Delivery[]; next: string | null }> {
  const read = before === undefined ? undefined : CURSOR.safeParse(before.split('~'))
  if (read && !read.success) throw problem('bad_request')
  const rows = await ctx.db
    .selectFrom('webhooks.delivery as d')
    .innerJoin('webhooks.message as m', 'm.id', 'd.message_id')
    .select(['d.id', 'd.message_id', 'm.event', 'd.state', 'd.attempts', 'd.next_try', 'd.status', 'd.error'])
    .select('d.created_at')
    .where('d.subscription_id', '=', subscription_id)
    .$if(read !== undefined, (query) =>
      query.where((e) =>
        e(e.refTuple('d.created_at', 'd.id'), '<', e.tuple(Temporal.Instant.from(read!.data![0]), read!.data![1])),
      ),
    )
    .orderBy('d.created_at', 'desc')
    .orderBy('d.id', 'desc')
    .limit(limit + 1)
    .execute()
  const items = rows.slice(0, limit) as Delivery[]
  const last = rows.length > limit ? items.at(-1) : undefined
  return { items, next: last ? `${last.created_at}~${last.id}` : null }
}

/** Sends once more what had failed, under the same id. @throws conflict where it has not failed, or the address is off. */
export async function sendAgain(ctx: Ctx, subscription_id: string, id: string): Promise<void> {
  const { off_at } = await getSubscription(ctx, subscription_id)
  if (!z.uuid().safeParse(id).success) throw problem('not_found')
  if (off_at) throw problem('conflict')
  const again = await ctx.db
    .updateTable('webhooks.delivery')
    .set({ state: 'waiting', attempts: 0, next_try: ctx.now, error: null })
    .where('id', '=', id)
    .where('subscription_id', '=', subscription_id)
    .where('state', '=', 'failed')
    .returning('id')
    .executeTakeFirst()
  if (!again) throw problem('conflict')
  await enqueue(ctx, WEBHOOK_TASK, {}, { key: WEBHOOK_TASK })
  await audit(ctx, 'webhook.send_again', { type: 'webhook', id: subscription_id })
}
