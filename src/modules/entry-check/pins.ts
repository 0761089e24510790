import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { authorise } from '#kernel/access/authorise.ts'
import { hashPassword } from '#kernel/access/passwords.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import { newPin, provePin } from '#kernel/my-case/pins.ts'
import { openFor, pinOwner, sealFor } from './facts.ts'
import { newTicket, readTicket } from './tickets.ts'

/** A PIN serves as long as somebody plans a journey; then the desk gives another. */
export const SERVES = { hours: 365 * 24 }

/** Gives a holder a PIN of six digits, which is told once and kept as a hash; all earlier ones of the same person end. */
export async function givePin(ctx: Ctx, holder: string): Promise<string> {
  authorise(ctx, 'entry_check.desk')
  const pin = newPin()
  const sealed = sealFor(ctx, pinOwner(holder), await hashPassword(pin))
  await sql`select entry_check.set_pin(${holder}, ${sealed}, ${ctx.now.add(SERVES)})`.execute(ctx.db)
  await audit(ctx, 'entry_check.give', { type: 'entry_check', id: holder })
  return pin
}

/** A PIN that was proven: whose, and which of theirs. */
export type Proven = { holder: string; pin: string }

/**
 * Ends every PIN of this holder's person: nothing opens with them any more, and no other is given. A slip that was made runs on: it opens
 * nothing, and one that is revoked says that something about its holder changed. Of a desk only for its own check of half a day; by proof
 * only while that PIN still opens something. Answers whether one ended.
 */
export async function endPins(ctx: Ctx, { holder, pin }: Pick<Proven, 'holder'> & Partial<Proven>): Promise<boolean> {
  const proven = pin === undefined ? null : Buffer.from(pin, 'base64url')
  const { rows } = await sql<{ ended: boolean }>`
    select entry_check.end_pins(${holder}, ${proven}, ${ctx.now}) as ended`.execute(ctx.db)
  const { ended } = rows[0]!
  if (ended) await audit(ctx, 'entry_check.end', { type: 'entry_check', id: holder })
  return ended
}

/** What lets whoever opened an answer end its PIN. */
export const endTicket = (ctx: Ctx, proven: Proven): string => newTicket(ctx, 'end pin', proven)

/** Which PIN a ticket ends; null when it ends none. */
export const readEnd = (ctx: Ctx, ticket: string): Proven | null => readTicket<Proven>(ctx, 'end pin', ticket)

export type Holder = { id: string; facts_sealed: Buffer; proven: Proven }

/** The holder whom reference and PIN open; null for every other pair: see `provePin`. The caller's transaction must commit. */
export async function proveHolder(ctx: Ctx, reference: string, pin: string): Promise<Holder | null> {
  const { rows } = await sql<Omit<Holder, 'proven'> & { pin_sealed: Buffer }>`
    select id, pin_sealed, facts_sealed from entry_check.find_holder(${reference}, ${ctx.now})`.execute(ctx.db)
  const [holder] = rows
  const hash = holder ? openFor<string>(ctx, pinOwner(holder.id), holder.pin_sealed) : null
  const right = await provePin(ctx, reference, pin, hash)
  if (!right || !holder) return null
  const { id, facts_sealed, pin_sealed } = holder
  return { id, facts_sealed, proven: { holder: id, pin: createHash('sha256').update(pin_sealed).digest('base64url') } }
}
