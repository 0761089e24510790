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

/**
 * Ends every PIN of this holder's person: nothing opens with them any more, and no other is given. A slip that was made runs on: it opens
 * nothing, and one that is revoked says that something about its holder changed. Of a desk only for its own check of half a day.
 */
export async function endPins(ctx: Ctx, holder: string): Promise<void> {
  await sql`select entry_check.end_pins(${holder}, ${ctx.now})`.execute(ctx.db)
  await audit(ctx, 'entry_check.end', { type: 'entry_check', id: holder })
}

/** What lets whoever opened an answer end its PIN. */
export const endTicket = (ctx: Ctx, holder: string): string => newTicket(ctx, 'end', { holder })

/** Whose PIN a ticket ends; null when it ends none. */
export const readEnd = (ctx: Ctx, ticket: string): string | null =>
  readTicket<{ holder: string }>(ctx, 'end', ticket)?.holder ?? null

export type Holder = { id: string; facts_sealed: Buffer }

/** The holder whom reference and PIN open; null for every other pair: see `provePin`. The caller's transaction must commit. */
export async function proveHolder(ctx: Ctx, reference: string, pin: string): Promise<Holder | null> {
  const { rows } = await sql<Holder & { pin_sealed: Buffer }>`
    select id, pin_sealed, facts_sealed from entry_check.find_holder(${reference}, ${ctx.now})`.execute(ctx.db)
  const [holder] = rows
  const hash = holder ? openFor<string>(ctx, pinOwner(holder.id), holder.pin_sealed) : null
  const right = await provePin(ctx, reference, pin, hash)
  return right && holder ? { id: holder.id, facts_sealed: holder.facts_sealed } : null
}
