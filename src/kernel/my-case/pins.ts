import { randomInt } from 'node:crypto'
import { sql } from 'kysely'
import { NOBODYS_HASH, verifyPassword } from '../access/passwords.ts'
import { deriveKey, fingerprint } from '../access/secrets.ts'
import type { Ctx } from '../context.ts'

/** Wrong PINs to one reference within a day: a million are possible. */
const WRONG_PINS = 5
const DAY = { hours: 24 }

/** A PIN of six digits. */
export const newPin = (): string => String(randomInt(1_000_000)).padStart(6, '0')

/**
 * Whether the PIN has this hash, null for a reference that nobody has: it takes as long then. After five wrong ones no PIN
 * opens that reference for a day, the right one neither. The caller's transaction must commit: the count is in it.
 */
export async function provePin(ctx: Ctx, reference: string, pin: string, hash: string | null): Promise<boolean> {
  const key = pseudonym(ctx, `pin ${reference}`)
  const may = await takeAttempts(ctx, [[key, WRONG_PINS]], DAY)
  const right = await verifyPassword(pin, hash ?? NOBODYS_HASH)
  if (!may || !right || !hash) return false
  await sql`select my_case.forgive(${key})`.execute(ctx.db)
  return true
}

/** Counts an attempt under each key (32 bytes), unless one of them has had its most within the time. */
export async function takeAttempts(
  ctx: Ctx,
  limits: readonly (readonly [key: Buffer, most: number])[],
  within: Temporal.DurationLike,
): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`
    select my_case.take(${limits.map(([key]) => key)}::bytea[], ${limits.map(([, most]) => most)}::integer[],
      ${ctx.now.subtract(within)}, ${ctx.now}) as taken`.execute(ctx.db)
  return rows[0]!.taken
}

/** A keyed pseudonym, for counting and for knowing a form again; worthless without the installation's secret. */
export const pseudonym = (ctx: Pick<Ctx, 'platform'>, of: string): Buffer =>
  fingerprint(deriveKey(ctx.platform.config.HAMSAFAR_SECRET_KEY, 'my-case pseudonym'), of)
