import { sql } from 'kysely'
import { audit } from '../audit/audit.ts'
import type { Ctx } from '../context.ts'
import type { JobCtx } from '../jobs/job.ts'
import { notify } from '../notifications/notify.ts'
import { mayStayHere } from './addresses.ts'
import { type Called, type CallOptions, call } from './call.ts'
import { openWebhookSecret } from './secrets.ts'
import { signedHeaders } from './sign.ts'
import { ADMINISTER, dropWaiting } from './subscriptions.ts'

/** After these waits it is tried again, as Standard Webhooks proposes; after the last, three days on, it has failed. */
const WAITS = [
  '1 minute',
  '5 minutes',
  '30 minutes',
  '2 hours',
  '5 hours',
  '10 hours',
  '14 hours',
  '20 hours',
  '24 hours',
]
/** Longer than a call takes: what nobody came back from is tried again after it. */
const UNDER_WAY = '2 minutes'
/** An address at which nothing got through for so long is switched off. */
const GIVE_UP_AFTER = Temporal.Duration.from({ hours: 5 * 24 })
const AT_THE_SAME_TIME = 4

/** Told to the administrators of an organisation when an address of theirs was switched off by us. */
export const WEBHOOK_OFF = 'webhooks.off'

type Claimed = {
  id: string
  attempts: number
  message_id: string
  event: string
  data: unknown
  at: Temporal.Instant
  subscription_id: string
  organisation_id: string
  url: string
  secret: Buffer
  former_secret: Buffer | null
  failing_since: Temporal.Instant | null
}

/**
 * Sends what is due, several addresses at the same time, to each one message after the other. An address that does not
 * take one is left alone until the next minute; others do not wait for it.
 */
export async function deliverDue(ctx: JobCtx, resolve?: CallOptions['resolve']): Promise<void> {
  const began = performance.now()
  // Receivers refuse what is minutes old, so a long run needs a clock.
  const clock = () => ctx.now.add({ milliseconds: Math.round(performance.now() - began) })
  const due = await dueSubscriptions(ctx)
  const work = async () => {
    for (let id = due.pop(); id; id = due.pop()) {
      let goesOn = true
      while (goesOn) {
        ctx.signal.throwIfAborted()
        const delivery = await claim(ctx, id)
        goesOn = delivery !== undefined && (await deliver({ ...ctx, now: clock() }, delivery, resolve))
      }
    }
  }
  await Promise.all(Array.from({ length: AT_THE_SAME_TIME }, work))
}

async function dueSubscriptions(ctx: Ctx): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select s.id
    from webhooks.subscription s
    where s.off_at is null
      and exists (
        select
        from webhooks.delivery d
        where d.subscription_id = s.id
          and d.state = 'waiting'
          and d.next_try <= ${ctx.now}
      )`.execute(ctx.db)
  return rows.map(({ id }) => id)
}

// Counted before it is tried, in a transaction of its own: a process that dies in the middle leaves it for later.
async function claim(ctx: Ctx, subscription: string): Promise<Claimed | undefined> {
  const { rows } = await sql<Claimed>`
    update webhooks.delivery d
    set attempts = d.attempts + 1,
        next_try = ${ctx.now}::timestamptz + ${UNDER_WAY}::interval
    from webhooks.subscription s, webhooks.message m
    where d.id = (
        select w.id
        from webhooks.delivery w
        where w.subscription_id = ${subscription}
          and w.state = 'waiting'
          and w.next_try <= ${ctx.now}
        order by w.created_at, w.id
        limit 1
        for update skip locked
      )
      and s.id = d.subscription_id
      and s.off_at is null
      and m.id = d.message_id
    returning d.id, d.attempts, d.message_id, m.event, m.data, m.at, s.id as subscription_id, s.organisation_id, s.url,
      s.secret, case when s.former_until > ${ctx.now} then s.former_secret end as former_secret, s.failing_since`.execute(
    ctx.db,
  )
  return rows[0]
}

// Whether the address took it.
async function deliver(ctx: JobCtx, delivery: Claimed, resolve: CallOptions['resolve']): Promise<boolean> {
  const called = await attempt(ctx, delivery, resolve)
  ctx.signal.throwIfAborted()
  const status = called.kind === 'answered' ? called.status : null
  if (status !== null && status >= 200 && status < 300) {
    await settle(ctx, delivery, status)
    return true
  }
  const error = called.kind === 'silent' ? called.why : isRedirect(called.status) ? 'redirect' : null
  ctx.log.warn({ delivery: delivery.id, attempts: delivery.attempts, status, error }, 'a webhook was not taken')
  await putOff(ctx, delivery, { status, error, seconds: called.kind === 'answered' ? called.seconds : 0 })
  return false
}

function attempt(ctx: JobCtx, delivery: Claimed, resolve: CallOptions['resolve']): Promise<Called> {
  const { message_id, event, data, at, url, subscription_id } = delivery
  const secrets = [delivery.secret, delivery.former_secret]
    .filter((sealed) => sealed !== null)
    .map((sealed) => openWebhookSecret(ctx, subscription_id, sealed))
  // The same at every try: only the moment of the try, and with it the signature, changes.
  const body = JSON.stringify({ type: event, timestamp: at.toString(), data })
  const headers = signedHeaders(secrets, `msg_${message_id}`, ctx.now, body)
  const local = mayStayHere(ctx.platform.config)
  return call(url, {
    body,
    headers: { ...headers, 'user-agent': 'Hamsafar' },
    local,
    signal: ctx.signal,
    ...(resolve && { resolve }),
  })
}

const isRedirect = (status: number) => status >= 300 && status < 400

async function settle(ctx: Ctx, { id, subscription_id, failing_since }: Claimed, status: number): Promise<void> {
  await ctx.db
    .updateTable('webhooks.delivery')
    .set({ state: 'sent', next_try: null, status, error: null, sent_at: ctx.now })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .execute()
  if (failing_since)
    await ctx.db
      .updateTable('webhooks.subscription')
      .set({ failing_since: null })
      .where('id', '=', subscription_id)
      .execute()
}

type Failure = { status: number | null; error: string | null; seconds: number }

async function putOff(ctx: Ctx, delivery: Claimed, { status, error, seconds }: Failure): Promise<void> {
  const wait = WAITS[delivery.attempts - 1]
  await ctx.db.transaction().execute(async (db) => {
    await sql`
      update webhooks.delivery
      set status = ${status},
          error = ${error},
          state = ${wait ? 'waiting' : 'failed'},
          next_try = ${ctx.now}::timestamptz + greatest(${wait ?? null}::interval, make_interval(secs => ${wait ? seconds : null}))
      where id = ${delivery.id}
        and state = 'waiting'`.execute(db)
    const since = delivery.failing_since ?? ctx.now
    const gone = status === 410
    const given_up = Temporal.Instant.compare(since.add(GIVE_UP_AFTER), ctx.now) <= 0
    await db
      .updateTable('webhooks.subscription')
      .set({ failing_since: since })
      .where('id', '=', delivery.subscription_id)
      .execute()
    if (gone || given_up) await switchOff({ ...ctx, db }, delivery, gone ? 'gone' : 'failing')
  })
}

async function switchOff(ctx: Ctx, delivery: Claimed, off_why: 'gone' | 'failing'): Promise<void> {
  const { subscription_id: id, organisation_id } = delivery
  const off = await ctx.db
    .updateTable('webhooks.subscription')
    .set({ off_at: ctx.now, off_why })
    .where('id', '=', id)
    .where('off_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (!off) return
  await dropWaiting(ctx, id)
  await audit(ctx, 'webhook.switch_off', { type: 'webhook', id }, { reason: off_why })
  await notify(ctx, {
    to: { permission: ADMINISTER, organisation_id },
    kind: WEBHOOK_OFF,
    key: `webhooks.notice.${off_why}`,
    href: `/work/webhooks/${id}`,
    subject: { type: 'webhook', id },
  })
}
