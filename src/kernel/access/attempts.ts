import { sql } from 'kysely'
import type { Ctx } from '../context.ts'
import { deriveKey, fingerprint } from './secrets.ts'

/** Attempts within the time, and for how long the next one is refused. Accounts nobody has are counted alike. */
const LIMITS = {
  account: { attempts: 5, within: '15 minutes', blocked: '15 minutes' },
  // An office has one address for all its staff; successes are given back.
  address: { attempts: 20, within: '15 minutes', blocked: '15 minutes' },
} as const

type By = keyof typeof LIMITS

/**
 * Under what attempts are counted: a passkey says itself whose it is, so only its address counts; whoever is signed in is
 * counted by account alone, and does not use up what the whole office has.
 */
export type AttemptKeys = { [K in By]: Buffer | null }

/** The key of the caller's network address. */
export const addressKey = (ctx: Pick<Ctx, 'platform' | 'caller'>): Buffer => throttleKey(ctx, `address:${ctx.caller}`)

/**
 * Counts an attempt before anything is looked at. Answers until when attempts are refused, or null; `note` hears of a
 * refusal that begins just now.
 */
export async function takeAttempt(
  ctx: Ctx,
  keys: AttemptKeys,
  note: (by: By) => Promise<void>,
): Promise<Temporal.Instant | null> {
  for (const by of ['account', 'address'] as const) {
    if (!keys[by]) continue
    const { attempts, within, blocked } = LIMITS[by]
    const { rows } = await sql<{ until: Temporal.Instant | null; fresh: boolean }>`
      select until, until = ${ctx.now}::timestamptz + ${blocked}::interval as fresh
      from access.take_attempt(${keys[by]}, ${ctx.now}, ${attempts}, ${within}, ${blocked}) as until`.execute(ctx.db)
    const [row] = rows
    if (!row?.until) continue
    if (row.fresh) await note(by)
    return row.until
  }
  return null
}

/** Under what the attempts for one e-mail address are counted. */
export const accountKey = (ctx: Pick<Ctx, 'platform'>, email: string): Buffer =>
  throttleKey(ctx, `account:${email.toLowerCase()}`)

const throttleKey = ({ platform }: Pick<Ctx, 'platform'>, of: string) =>
  fingerprint(deriveKey(platform.config.HAMSAFAR_SECRET_KEY, 'sign-in-throttle'), of)
