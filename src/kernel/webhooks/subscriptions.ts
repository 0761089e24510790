import { sql } from 'kysely'
import { z } from 'zod'
import { authorise } from '../access/authorise.ts'
import { staffOf } from '../access/sessions.ts'
import { audit } from '../audit/audit.ts'
import type { Ctx } from '../context.ts'
import { newId } from '../ids.ts'
import { problem } from '../problem.ts'
import { sealWebhookSecret } from './secrets.ts'
import { newWebhookSecret } from './sign.ts'

/** Whoever sets where the programs of an organisation are told. */
export const ADMINISTER = 'webhook.administer'
/** More addresses than this an organisation has no use for. */
export const MOST_SUBSCRIPTIONS = 20
/** For so long the secret before the present one signs too. */
export const OVERLAP_HOURS = 24

/** Where an organisation wants to be told of what. Its secret is not among what the app can read. */
export type Subscription = {
  id: string
  url: string
  events: string[]
  former_until: Temporal.Instant | null
  created_at: Temporal.Instant
  failing_since: Temporal.Instant | null
  off_at: Temporal.Instant | null
  off_why: 'asked' | 'failing' | 'gone' | null
}

const COLUMNS = ['id', 'url', 'events', 'former_until', 'created_at', 'failing_since', 'off_at', 'off_why'] as const

/** All of the actor's organisation, the newest first. */
export async function listSubscriptions(ctx: Ctx): Promise<Subscription[]> {
  authorise(ctx, ADMINISTER)
  const rows = await ctx.db
    .selectFrom('webhooks.subscription')
    .select(COLUMNS)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute()
  return rows as Subscription[]
}

/** @throws not_found for one that is not the organisation's. */
export async function getSubscription(ctx: Ctx, id: string): Promise<Subscription> {
  authorise(ctx, ADMINISTER)
  if (!z.uuid().safeParse(id).success) throw problem('not_found')
  const found = await ctx.db.selectFrom('webhooks.subscription').select(COLUMNS).where('id', '=', id).executeTakeFirst()
  if (!found) throw problem('not_found')
  return found as Subscription
}

/** Adds an address, and answers its secret, which is not shown again. Wants a fresh proof. @throws conflict when there are too many. */
export async function addSubscription(
  ctx: Ctx,
  { url, events }: { url: string; events: string[] },
): Promise<{ id: string; secret: string }> {
  authorise(ctx, ADMINISTER)
  const { user_id: created_by, organisation_id } = staffOf(ctx)
  if ((await listSubscriptions(ctx)).length >= MOST_SUBSCRIPTIONS) throw problem('conflict')
  const [id, secret] = [newId(), newWebhookSecret()]
  const row = { id, organisation_id, url, events, secret: sealWebhookSecret(ctx, id, secret), created_by }
  await ctx.db
    .insertInto('webhooks.subscription')
    .values({ ...row, created_at: ctx.now })
    .execute()
  await audit(ctx, 'webhook.add', { type: 'webhook', id }, { events: events.length })
  return { id, secret }
}

/** A new secret for an address, shown this once; the one before signs too for a day. Wants a fresh proof. */
export async function changeSecret(ctx: Ctx, id: string): Promise<string> {
  await getSubscription(ctx, id)
  const secret = newWebhookSecret()
  const { rows } = await sql<{ changed: boolean }>`
    select webhooks.change_secret(
      ${id}, ${sealWebhookSecret(ctx, id, secret)}, ${ctx.now.add({ hours: OVERLAP_HOURS })}
    ) as changed`.execute(ctx.db)
  if (!rows[0]!.changed) throw problem('forbidden')
  await audit(ctx, 'webhook.change_key', { type: 'webhook', id })
  return secret
}

/** Switches an address off: what waits for it is not sent. Or on again, which wants a fresh proof. */
export async function switchSubscription(ctx: Ctx, id: string, on: boolean): Promise<void> {
  const { off_at } = await getSubscription(ctx, id)
  if (on === (off_at === null)) return
  await ctx.db
    .updateTable('webhooks.subscription')
    .set(on ? { off_at: null, off_why: null, failing_since: null } : { off_at: ctx.now, off_why: 'asked' })
    .where('id', '=', id)
    .execute()
  if (!on) await dropWaiting(ctx, id)
  await audit(ctx, on ? 'webhook.switch_on' : 'webhook.switch_off', { type: 'webhook', id })
}

/** What waits for an address that was switched off has failed. */
export const dropWaiting = (ctx: Pick<Ctx, 'db'>, subscription_id: string) =>
  ctx.db
    .updateTable('webhooks.delivery')
    .set({ state: 'failed', next_try: null, error: 'switched_off' })
    .where('subscription_id', '=', subscription_id)
    .where('state', '=', 'waiting')
    .execute()
