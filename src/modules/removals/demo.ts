import type { Ctx, StaffActor } from '#kernel/context.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { wholeUnits } from '#kernel/money.ts'
import { takeStep } from './claim-steps.ts'
import { draftClaims, getClaim } from './claims.ts'
import { enterRemoval, type Stated } from './entering.ts'
import type { Category } from './kinds.ts'

type Invented = [days: number, category: Category, people: number, service: string, origin: string, euros: number]

// Days ago, and whole euros.
const DEPARTURES: readonly Invented[] = [
  [12, 'deportee', 4, 'ZZ 802', 'Москва', 1240],
  [26, 'inadmissible', 2, 'ZZ 806', 'Санкт-Петербург', 410],
  [41, 'deportee', 3, 'ZZ 802', 'Москва', 930],
  [58, 'inadmissible', 1, 'ZZ 810', 'Екатеринбург', 190],
  [75, 'deportee', 6, 'ZZ 804', 'Новосибирск', 2050],
]

/** Invented departures of the invented airline, with a claim for those of deportees that was sent. Owner's connection, once. */
export async function removalsDemo(ctx: Ctx): Promise<void> {
  const desk = await carrierDesk(ctx)
  if (!desk) return
  const asDesk = { ...ctx, actor: desk }
  const today = plainDate(ctx.now)
  for (const [days, category, people, service, origin, euros] of DEPARTURES) {
    const stated: Stated = {
      ...{ carrier: desk.organisation_id, mode: 'air', category, people, left_on: today.subtract({ days }), service },
      ...{
        origin,
        destination: 'Душанбе',
        country: 'RU',
        brought_by: null,
        invited: 'unknown',
        ground: null,
        passenger: null,
      },
      escort: category === 'deportee' ? 'officers' : 'none',
      costs: [{ kind: 'whole', money: { amount: wholeUnits(euros, 'EUR'), currency: 'EUR' } }],
    }
    await enterRemoval(asDesk, stated)
  }
  const { references } = await draftClaims(asDesk, {
    carrier: desk.organisation_id,
    year: today.subtract({ days: 12 }).year,
  })
  const claim = references[0] && (await getClaim(asDesk, references[0]))
  if (claim)
    await takeStep(asDesk, claim, {
      ...{ state: 'sent', on: today, letter: 'Намуна · Образец · Sample № 7', money: null },
      due_on: today.add({ days: 2 }),
    })
}

async function carrierDesk(ctx: Ctx): Promise<StaffActor | null> {
  const found = await ctx.db
    .selectFrom('access.user_account as u')
    .innerJoin('access.membership as m', 'm.user_id', 'u.id')
    .innerJoin('access.membership_role as r', 'r.membership_id', 'm.id')
    .select(['u.id as user_id', 'u.name', 'm.organisation_id'])
    .where('r.role', '=', 'carrier_desk')
    .orderBy('u.id')
    .executeTakeFirst()
  const rights = ['removal.read', 'removal.enter', 'removal.claim']
  return found ? { kind: 'staff', ...found, organisation_name: '', session_id: '', permissions: new Set(rights) } : null
}
