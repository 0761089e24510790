import { sql } from 'kysely'
import type { Ctx } from '../context.ts'
import { knownDevice } from './devices.ts'
import { deriveKey, fingerprint } from './secrets.ts'

/** Attempts within the time, and for how long the next one is refused. Accounts nobody has are counted alike. */
const LIMITS = {
  // One account from one place.
  account: { attempts: 5, within: '15 minutes', blocked: '15 minutes' },
  // An office has one address for all its staff; successes are given back.
  address: { attempts: 20, within: '15 minutes', blocked: '15 minutes' },
  // One account from all places that are not known to it. One place alone never gets that far.
  everywhere: { attempts: 20, within: '1 hour', blocked: '1 hour' },
} as const

type By = keyof typeof LIMITS
const ORDER: readonly By[] = ['account', 'address', 'everywhere']

/** Under what an attempt is counted; what is missing does not count. */
export type AttemptKeys = Partial<Record<By, Buffer>>

/**
 * Under what an attempt to sign in to this account counts. A browser that somebody has signed in with before has five of
 * its own: strangers cannot use them up. Every other place has five, and all of them together have twenty an hour.
 */
export function signInKeys(ctx: Ctx, email: string, devices: string | undefined): AttemptKeys {
  const device = knownDevice(ctx, email, devices)
  if (device) return { account: placeKey(ctx, email, `device:${device}`) }
  const account = placeKey(ctx, email, `address:${ctx.caller}`)
  return { account, address: addressKey(ctx), everywhere: accountKey(ctx, email) }
}

/** Under what counts an attempt of whoever is signed in: by account alone, and nobody outside can use it up. */
export const signedInKeys = (ctx: Ctx, email: string): AttemptKeys & { account: Buffer } => ({
  account: placeKey(ctx, email, 'signed in'),
})

/** The key of the caller's network address. A passkey says itself whose it is, so only this counts there. */
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
  for (const by of ORDER) {
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

/** Forgives all attempts at an account, from wherever. Wants the right to administer. */
export async function forgiveAttempts(ctx: Ctx, email: string): Promise<void> {
  const first = accountKey(ctx, email)
  const last = Buffer.concat([first, Buffer.alloc(first.length + 1, 0xff)])
  await ctx.db.deleteFrom('access.sign_in_throttle').where('key', '>=', first).where('key', '<=', last).execute()
}

const accountKey = (ctx: Pick<Ctx, 'platform'>, email: string) => throttleKey(ctx, `account:${email.toLowerCase()}`)

// The account's key comes first, so that all places of an account are found together.
const placeKey = (ctx: Pick<Ctx, 'platform'>, email: string, place: string) =>
  Buffer.concat([accountKey(ctx, email), throttleKey(ctx, place)])

const throttleKey = ({ platform }: Pick<Ctx, 'platform'>, of: string) =>
  fingerprint(deriveKey(platform.config.HAMSAFAR_SECRET_KEY, 'sign-in-throttle'), of)
