import { withActor } from '#kernel/access/transaction.ts'
import type { Ctx, StaffActor } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { draftClaims } from '../src/modules/removals/claims.ts'
import { enterRemoval, type Stated } from '../src/modules/removals/entering.ts'
import type { TestApp } from './app.ts'
import { NOW, type TestDatabase } from './database.ts'

/** What of removals stands behind names in addresses. */
export type RemovalName = 'removal' | 'removal_claim'

const day = (text: string) => Temporal.PlainDate.from(text)

/** Four deportees by air for 1,240 euros, unless told otherwise. */
export const departure = (carrier: string, change: Partial<Stated> = {}): Stated => ({
  ...{ carrier, mode: 'air', category: 'deportee', people: 4, left_on: day('2026-10-05'), service: 'ZZ 802' },
  ...{
    origin: 'Москва',
    destination: 'Душанбе',
    country: 'RU',
    brought_by: null,
    invited: 'unknown',
    escort: 'officers',
  },
  ...{ ground: null, passenger: null, costs: [{ kind: 'whole', money: { amount: 124_000n, currency: 'EUR' } }] },
  ...change,
})

/** What somebody does: in one transaction, under the row policies. */
export const acting = <T>({ db, ctx }: TestDatabase, actor: StaffActor, act: (ctx: Ctx) => Promise<T>, now = NOW) =>
  withActor(db, actor, (transaction) => act(ctx({ actor, db: transaction, now })), now)

/** Makes the office of the notice officer a body of migration: it watches over removals. */
export async function makeWatcher(site: TestApp): Promise<void> {
  const { organisation_id } = await site.actor('notice_officer')
  await site.owner
    .insertInto('expulsions.body')
    .values({ organisation_id, kind: 'migration' })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Makes an organisation a carrier; a new one, with this name, without an id. Answers its id. */
export async function makeCarrier({ owner }: TestDatabase, name: string, id?: string): Promise<string> {
  if (id) {
    await owner.updateTable('organisations.organisation').set({ kind: 'carrier' }).where('id', '=', id).execute()
    return id
  }
  const made = newId()
  await owner
    .insertInto('organisations.organisation')
    .values({ id: made, kind: 'carrier', country: 'TJ', created_at: NOW })
    .execute()
  await owner
    .insertInto('organisations.organisation_name')
    .values({ organisation_id: made, lang: 'en', name })
    .execute()
  return made
}

/** An invented departure of the carrier's desk, with a claim drafted for it. */
export async function bringRemovals(site: TestApp): Promise<Record<RemovalName, string>> {
  const desk = await site.actor('carrier_desk')
  const carrier = await makeCarrier(site, '', desk.organisation_id)
  return acting(site, desk, async (ctx) => {
    const removal = await enterRemoval(
      ctx,
      departure(carrier, {
        people: 1,
        ground: 'Намуна № 7',
        passenger: { name: 'Абдуҷабборхоҷазодаи-Нуруллохонӣ Моҳинисо', document: 'A12345678', birth: 19880223 },
      }),
    )
    await enterRemoval(
      ctx,
      departure(carrier, { category: 'inadmissible', people: 2, service: null, escort: 'unknown' }),
    )
    const { references } = await draftClaims(ctx, { carrier, year: 2026 })
    return { removal, removal_claim: references[0]! }
  })
}
