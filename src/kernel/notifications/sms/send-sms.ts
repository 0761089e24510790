import { sql } from 'kysely'
import type { Ctx } from '../../context.ts'
import type { Lang } from '../../i18n/languages.ts'
import { newId } from '../../ids.ts'
import { enqueue } from '../../jobs/runs.ts'
import { normalisePhone, type PhoneCountry } from './phone.ts'
import { actKeys, numberKeys, sealSms } from './sealing.ts'
import { type SmsText, smsWords } from './texts.ts'

/** To one number within 24 hours: enough for an answer and a few codes, too little to pester or to cost. */
export const SMS_PER_DAY = 6
/** The task that sends what waits. */
export const SMS_TASK = 'notifications.sms'

type Sms = SmsText & {
  /** As written; `home` is the country of a number without one. */
  to: string
  home?: PhoneCountry
  lang: Lang
  /** Names the act it belongs to: asked twice for the same, one message goes out. Kept as a keyed pseudonym. */
  idempotency: string
  /** Of no use later; twelve hours without it. */
  notAfter?: Temporal.Instant
  /** Where the member of staff who asked goes on when it cannot be sent, below the language: they are told. */
  href?: string
}

/** `taken`: it goes out, or did before. Else it never will: no such number, enough for today, or there is no gateway. */
export type SmsAnswer = { kind: 'taken'; id: string } | { kind: 'refused'; why: 'number' | 'quota' | 'no_gateway' }

/**
 * Takes a text message into the queue, in the transaction of what it is about. Works for every actor. In a demonstration
 * nothing is ever sent: `/outbox` shows it.
 *
 * @throws when the values are not those of its text: a fault of the caller
 */
export async function sendSms(ctx: Ctx, sms: Sms): Promise<SmsAnswer> {
  const { config, demonstration, catalogue } = ctx.platform
  const text = smsWords(catalogue, sms.lang, sms)
  if (!demonstration && !config.HAMSAFAR_SMS_URL) return { kind: 'refused', why: 'no_gateway' }
  const to = normalisePhone(sms.to, sms.home)
  if (!to) return { kind: 'refused', why: 'number' }
  const id = newId()
  const { rows } = await sql<{ outcome: 'taken' | 'quota'; id: string }>`
    select outcome, id
    from notifications.queue_sms(
      ${id}, ${sms.key}, ${sms.lang}, ${sealSms(ctx, id, { to, text })},
      ${numberKeys(ctx, to)}::bytea[], ${actKeys(ctx, sms.idempotency)}::bytea[], ${demonstration},
      ${sms.notAfter ?? ctx.now.add({ hours: 12 })}, ${sms.href ?? null}, ${SMS_PER_DAY}, ${ctx.now}
    )`.execute(ctx.db)
  const [row] = rows as [{ outcome: 'taken' | 'quota'; id: string }]
  if (row.outcome === 'quota') return { kind: 'refused', why: 'quota' }
  // A code is waited for: it does not wait for the clock.
  if (!demonstration) await enqueue(ctx, SMS_TASK, {}, { key: SMS_TASK })
  return { kind: 'taken', id: row.id }
}

/** How far a message is, for whoever asked for it; undefined once it is forgotten. */
export async function smsState(ctx: Ctx, id: string): Promise<'waiting' | 'sent' | 'kept' | 'failed' | undefined> {
  const { rows } = await sql<{ state: 'waiting' | 'sent' | 'kept' | 'failed' | null }>`
    select notifications.sms_state(${id}) as state`.execute(ctx.db)
  return rows[0]?.state ?? undefined
}
