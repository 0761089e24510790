import { sql } from 'kysely'
import { hashPassword } from '../access/passwords.ts'
import { keysFor } from '../access/secret-key.ts'
import { openWithAny, seal } from '../access/secrets.ts'
import type { Ctx } from '../context.ts'
import { newId, newReference, parseReference } from '../ids.ts'
import { provePin, pseudonym } from './pins.ts'

/** Somebody who has opened their case: what modules keep of them stands under this id. */
export type Holder = { id: string; reference: string }

/** A PIN opens for two years: so long a search for work and what follows from it may take. */
const SERVES = { hours: 2 * 365 * 24 }
/** A form that is sent twice shows the PIN again: the first answer may never have been seen. Later it does not. */
const SAME_FORM_MINUTES = 15

/**
 * Makes a holder, who then acts in this transaction. The PIN is told once. `form` is the random id of the form that was filled in:
 * sent again it makes no second holder, and after a quarter of an hour tells no PIN either (null).
 */
export async function addHolder(ctx: Ctx, form: string): Promise<Holder & { pin: string | null }> {
  const pin = String(pseudonym(ctx, `pin of ${form}`).readUIntBE(0, 6) % 1_000_000).padStart(6, '0')
  const id = newId()
  const { rows } = await sql<Holder & { created_at: Temporal.Instant }>`
    select id, reference, created_at
    from my_case.add_holder(
      ${id}, ${newReference(12)}, ${sealPin(ctx, id, await hashPassword(pin))}, ${pseudonym(ctx, `form ${form}`)},
      ${ctx.now}, ${ctx.now.add(SERVES)}
    )`.execute(ctx.db)
  const { created_at, ...holder } = rows[0]!
  await actAsHolder(ctx, holder)
  const age = created_at.until(ctx.now).total('minutes')
  return { ...holder, pin: age < SAME_FORM_MINUTES ? pin : null }
}

/** The holder whom reference and PIN open, who then acts in this transaction; null for every other pair: see `provePin`. */
export async function openHolder(ctx: Ctx, typed: string, pin: string): Promise<Holder | null> {
  const reference = parseReference(typed) ?? ''
  const { rows } = await sql<Holder & { pin_sealed: Buffer }>`
    select id, reference, pin_sealed from my_case.find_holder(${reference}, ${ctx.now})`.execute(ctx.db)
  const [found] = rows
  const hash = found ? openPin(ctx, found.id, found.pin_sealed) : null
  if (!(await provePin(ctx, reference, pin, hash)) || !found) return null
  const holder = { id: found.id, reference: found.reference }
  await actAsHolder(ctx, holder)
  return holder
}

/** The same for whoever has opened it a while ago; null when it has ended since. */
export async function reopenHolder(ctx: Ctx, id: string): Promise<Holder | null> {
  const { rows } = await sql<Holder>`select id, reference from my_case.reopen_holder(${id}, ${ctx.now})`.execute(ctx.db)
  const [holder] = rows
  if (!holder) return null
  await actAsHolder(ctx, holder)
  return holder
}

// Row policies ask my_case.holder(): it holds until this transaction ends.
const actAsHolder = (ctx: Ctx, { id }: Holder) => sql`select set_config('app.holder', ${id}, true)`.execute(ctx.db)

const ownerOf = (id: string) => `my_case.holder ${id}`
const sealPin = (ctx: Ctx, id: string, hash: string) =>
  seal(keysFor(ctx.platform.config, 'my-case')[0]!, Buffer.from(hash), ownerOf(id))
const openPin = (ctx: Ctx, id: string, sealed: Buffer) =>
  openWithAny(keysFor(ctx.platform.config, 'my-case'), sealed, ownerOf(id)).toString()

/** Seals the PINs that lie under the former secret key anew, in one transaction. Owner's connection. */
export async function moveHolderKeys(ctx: Ctx): Promise<number> {
  const [present, former] = keysFor(ctx.platform.config, 'my-case')
  if (!former) return 0
  return ctx.db.transaction().execute(async (db) => {
    const rows = await db
      .selectFrom('my_case.holder')
      .select(['id', 'pin_sealed'])
      .where('pin_sealed', 'is not', null)
      .forUpdate()
      .execute()
    let moved = 0
    for (const { id, pin_sealed } of rows) {
      if (openable(present!, id, pin_sealed!)) continue
      const hash = openPin({ ...ctx, db }, id, pin_sealed!)
      await db
        .updateTable('my_case.holder')
        .set({ pin_sealed: seal(present!, Buffer.from(hash), ownerOf(id)) })
        .where('id', '=', id)
        .execute()
      moved++
    }
    return moved
  })
}

function openable(key: Buffer, id: string, sealed: Buffer): boolean {
  try {
    return openWithAny([key], sealed, ownerOf(id)).length > 0
  } catch {
    return false
  }
}
