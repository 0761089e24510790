import { sql } from 'kysely'
import type { AuditDetails } from '../audit/audit.ts'
import type { Ctx } from '../context.ts'
import { newId } from '../ids.ts'
import { enqueue } from '../jobs/runs.ts'
import { allEvents, TEST_EVENT } from './events.ts'

/** The task that delivers what waits. */
export const WEBHOOK_TASK = 'webhooks.deliver'

export type Event = {
  /** As declared in a manifest. */
  event: string
  organisation_id: string
  /** Names what happened: told twice of the same, one message goes out. */
  key: string
  /** References, counts, codes and dates, as in the audit; the database refuses anything else. */
  data: AuditDetails
}

/**
 * Tells the programs of an organisation something, in the transaction of what happened, at whichever addresses its
 * administrators have set for it. Works for every actor.
 */
export async function sendEvent(ctx: Ctx, event: Event): Promise<void> {
  if (!allEvents(ctx.platform).some((one) => one.event === event.event))
    throw new Error(`No part declares the event ${event.event}`)
  await send(ctx, event, null)
}

/** Sends a test to one address. Answers false when it is switched off. */
export const sendTest = (ctx: Ctx, organisation_id: string, subscription: string): Promise<boolean> =>
  send(ctx, { event: TEST_EVENT, organisation_id, key: newId(), data: { test: true } }, subscription)

async function send(ctx: Ctx, { event, organisation_id, key, data }: Event, only: string | null): Promise<boolean> {
  const { rows } = await sql<{ count: number }>`
    select webhooks.send(
      ${newId()}, ${organisation_id}, ${event}, ${key}, ${JSON.stringify(data)}::jsonb, ${only}::uuid, ${ctx.now}
    ) as count`.execute(ctx.db)
  if (rows[0]!.count === 0) return false
  await enqueue(ctx, WEBHOOK_TASK, {}, { key: WEBHOOK_TASK })
  return true
}
