import type { Ctx } from '../context.ts'
import { contactOwner, maskedNumber, openText } from './numbers.ts'
import { findRegistryKeys } from './registry-key.ts'

/** A telephone as a door of the database gives it out, sealed. */
export type SealedContact = {
  id: string
  phone_sealed: Buffer
  reach_sealed: Buffer | null
  received_at: Temporal.Instant
}

/** A telephone that is only the person's own. `reach`: when and how it is safe to use it, in their words; null: nobody asked. */
export type SafeContact = {
  id: string
  phone: string
  masked: string
  reach: string | null
  received_at: Temporal.Instant
}

/** Telephones opened for whoever holds `person.reach`. Which ones, and that this was noted, is the business of the door. */
export async function openContacts(ctx: Ctx, sealed: readonly SealedContact[]): Promise<SafeContact[]> {
  const keys = sealed.length > 0 ? await findRegistryKeys(ctx) : null
  if (!keys) return []
  return sealed.map(({ id, phone_sealed, reach_sealed, received_at }) => {
    const phone = openText(keys, phone_sealed, contactOwner(id))
    const reach = reach_sealed && openText(keys, reach_sealed, contactOwner(id))
    return { id, phone, masked: maskedNumber(phone), reach, received_at }
  })
}
