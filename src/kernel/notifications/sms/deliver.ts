import { sql } from 'kysely'
import { audit } from '../../audit/audit.ts'
import type { Ctx } from '../../context.ts'
import type { JobCtx } from '../../jobs/job.ts'
import { sendEvent } from '../../webhooks/send-event.ts'
import { notify } from '../notify.ts'
import { UNDER_WAY, WAITS } from '../waits.ts'
import type { Gateway, Tried } from './gateway.ts'
import { openSms } from './sealing.ts'

/** What its asker is told of: a message that never went out. */
export const SMS_FAILED = 'notifications.sms_failed'
/** The same, told to programs of the organisation. */
export const SMS_FAILED_EVENT = 'sms.failed'

type Claimed = {
  id: string
  sealed: Buffer
  attempts: number
  late: boolean
  asked_by: string | null
  organisation_id: string | null
  href: string | null
}

/**
 * Sends what waits, one after the other. What fails waits longer each time, or as long as the gateway says. When the
 * gateway is in trouble the rest stays for the next minute: nothing is gained by asking it for each of them.
 */
export async function sendWaitingSms(ctx: JobCtx, gateway: Gateway): Promise<void> {
  for (;;) {
    ctx.signal.throwIfAborted()
    const sms = await claim(ctx)
    if (!sms) return
    const tried: Tried = sms.late ? { kind: 'refused', why: 'too_late' } : await attempt(ctx, gateway, sms)
    await settle(ctx, sms, tried)
    if (tried.kind === 'again') return
  }
}

async function attempt(ctx: JobCtx, gateway: Gateway, { id, sealed }: Claimed): Promise<Tried> {
  let opened: ReturnType<typeof openSms>
  try {
    opened = openSms(ctx, id, sealed)
  } catch {
    return { kind: 'refused', why: 'sealed_by_another_key' }
  }
  const tried = await gateway({ ...opened, key: id }, ctx.signal)
  ctx.signal.throwIfAborted()
  return tried
}

// Counted before it is tried, in a transaction of its own: a process that dies in the middle leaves it for later.
async function claim(ctx: Ctx): Promise<Claimed | undefined> {
  const { rows } = await sql<Claimed>`
    update notifications.sms s
    set attempts = s.attempts + 1,
        next_try = ${ctx.now}::timestamptz + ${UNDER_WAY}::interval
    where s.id = (
        select w.id
        from notifications.sms w
        where w.state = 'waiting'
          and w.next_try <= ${ctx.now}
        order by w.next_try
        limit 1
        for update skip locked
      )
    returning s.id, s.sealed, s.attempts, s.not_after < ${ctx.now} as late, s.asked_by, s.organisation_id, s.href`.execute(
    ctx.db,
  )
  return rows[0]
}

async function settle(ctx: Ctx, sms: Claimed, tried: Tried): Promise<void> {
  if (tried.kind === 'taken') return end(ctx, sms, 'sent', null)
  const wait = tried.kind === 'again' ? WAITS[sms.attempts - 1] : undefined
  ctx.log[wait ? 'warn' : 'error'](
    { reason: tried.why, sms: sms.id, attempts: sms.attempts },
    'a text message was not taken',
  )
  if (tried.kind === 'refused' || !wait) return end(ctx, sms, 'failed', tried.why)
  await sql`
    update notifications.sms
    set error = ${tried.why},
        next_try = ${ctx.now}::timestamptz + greatest(${wait}::interval, make_interval(secs => ${tried.seconds}))
    where id = ${sms.id}
      and state = 'waiting'`.execute(ctx.db)
}

// Number and text are needed no more.
async function end(ctx: Ctx, sms: Claimed, state: 'sent' | 'failed', error: string | null): Promise<void> {
  await ctx.db.transaction().execute(async (db) => {
    const ended = await db
      .updateTable('notifications.sms')
      .set({ state, error, sealed: null, next_try: null, sent_at: state === 'sent' ? ctx.now : null })
      .where('id', '=', sms.id)
      .where('state', '=', 'waiting')
      .returning('id')
      .executeTakeFirst()
    if (ended && state === 'failed') await tellFailure({ ...ctx, db }, sms, error!)
  })
}

async function tellFailure(ctx: Ctx, { id, asked_by, organisation_id, href }: Claimed, error: string): Promise<void> {
  const subject = { type: 'sms', id }
  await audit(ctx, 'sms.fail', subject, { reason: error })
  if (organisation_id)
    await sendEvent(ctx, { event: SMS_FAILED_EVENT, organisation_id, key: id, data: { sms: id, reason: error } })
  if (!asked_by || !href) return
  const to = { users: [asked_by], organisation_id }
  await notify(ctx, { to, kind: SMS_FAILED, key: 'notifications.notice.sms_failed', href, subject })
}
