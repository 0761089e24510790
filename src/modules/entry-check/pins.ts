import { randomInt } from 'node:crypto'
import { sql } from 'kysely'
import { authorise } from '#kernel/access/authorise.ts'
import { hashPassword, NOBODYS_HASH, verifyPassword } from '#kernel/access/passwords.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import { openFor, pinOwner, pseudonym, sealFor } from './facts.ts'

/** Wrong PINs to one reference within a day: a million are possible. */
const WRONG_PINS = 5
const DAY = { hours: 24 }
/** A PIN serves as long as somebody plans a journey; then the desk gives another. */
const SERVES = { hours: 365 * 24 }

/** Gives a holder a PIN of six digits, which is told once and kept as a hash; all earlier ones of the same person end. */
export async function givePin(ctx: Ctx, holder: string): Promise<string> {
  authorise(ctx, 'entry_check.desk')
  const pin = String(randomInt(1_000_000)).padStart(6, '0')
  const sealed = sealFor(ctx, pinOwner(holder), await hashPassword(pin))
  await sql`select entry_check.set_pin(${holder}, ${sealed}, ${ctx.now.add(SERVES)})`.execute(ctx.db)
  await audit(ctx, 'entry_check.give', { type: 'entry_check', id: holder })
  return pin
}

export type Holder = { id: string; facts_sealed: Buffer }

/**
 * The holder whom reference and PIN open; null for every other pair. It takes as long for a reference that nobody has. After five
 * wrong PINs nothing opens for a day, the right one neither. The caller's transaction must commit: the count is in it.
 */
export async function proveHolder(ctx: Ctx, reference: string, pin: string): Promise<Holder | null> {
  const key = pseudonym(ctx, `pin ${reference}`)
  const may = await takeAttempts(ctx, [[key, WRONG_PINS]], DAY)
  const { rows } = await sql<Holder & { pin_sealed: Buffer }>`
    select id, pin_sealed, facts_sealed from entry_check.find_holder(${reference}, ${ctx.now})`.execute(ctx.db)
  const [holder] = rows
  const hash = holder ? openFor<string>(ctx, pinOwner(holder.id), holder.pin_sealed) : NOBODYS_HASH
  const right = await verifyPassword(pin, hash)
  if (!may || !right || !holder) return null
  await sql`select entry_check.forgive(${key})`.execute(ctx.db)
  return { id: holder.id, facts_sealed: holder.facts_sealed }
}

/** Counts an attempt under each key, unless one of them has had its most within the time. */
export async function takeAttempts(
  ctx: Ctx,
  limits: readonly (readonly [key: Buffer, most: number])[],
  within: Temporal.DurationLike,
): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`
    select entry_check.take(${limits.map(([key]) => key)}::bytea[], ${limits.map(([, most]) => most)}::integer[],
      ${ctx.now.subtract(within)}, ${ctx.now}) as taken`.execute(ctx.db)
  return rows[0]!.taken
}
