import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { type Pay, payInAMonth } from '../pay.ts'
import type { Sign } from './flags.ts'

/** Fewer adverts than this tell nothing of what is usual. */
const ENOUGH = 20
/** So many are read; of a trade that is offered a hundred thousand times, these are enough too. */
const READ = 1000
/** Times the median: from here it is unusual, from here no ordinary employer pays it. */
const UNUSUAL = 2
const FAR_ABOVE = 3

/** Pay in a trade: the middle of what published adverts offer at best in a month, minor units. */
type Usual = { median: bigint; adverts: number; isco: string }

type Offer = Pay & { isco: string | null; country: string }

/**
 * Whether the least that an advert promises is far above what its trade pays in the same country and currency; null where that
 * is not so, or where too few adverts tell. A promise far above the usual is how people are lured.
 */
export async function paySign(ctx: Ctx, offer: Offer): Promise<Sign | null> {
  // "Up to" promises nothing for sure; but it is all that such an advert says.
  const least = payInAMonth({ ...offer, pay_max: offer.pay_min ?? offer.pay_max })
  if (least === null || offer.isco === null || offer.pay_currency === null) return null
  const usual = await usualPay(ctx, offer as Offer & { isco: string })
  if (!usual || least < usual.median * BigInt(UNUSUAL)) return null
  const times = Number((least * 10n) / usual.median) / 10
  return {
    flag: 'pay',
    part: offer.pay_min === null ? 'pay_max' : 'pay_min',
    quote: String(times),
    weight: times >= FAR_ABOVE ? 3 : 1,
    rule: `${offer.pay_currency} ${usual.median} ${usual.adverts} ${usual.isco}`,
  }
}

// The unit group; where too few adverts stand in it, its minor group, then its sub-major group.
async function usualPay(ctx: Ctx, { isco, country, pay_currency }: Offer & { isco: string }): Promise<Usual | null> {
  for (const group of [isco, isco.slice(0, 3), isco.slice(0, 2)]) {
    const { rows } = await sql<{ median: string | null; adverts: number }>`
      select (percentile_disc(0.5) within group (order by pay_month))::text as median, count(*)::int as adverts
      from (
        select pay_month
        from vacancies.listing
        where isco >= ${group} and isco < ${`${group}:`} and country = ${country} and pay_currency = ${pay_currency}
          and pay_month is not null
        limit ${READ}
      ) offered`.execute(ctx.db)
    const { median, adverts } = rows[0]!
    if (median !== null && adverts >= ENOUGH) return { median: BigInt(median), adverts, isco: group }
  }
  return null
}

/** What was compared, for people: see `paySign`. */
export function readPayRule(rule: string): { currency: string; median: bigint; adverts: number; isco: string } {
  const [currency, median, adverts, isco] = rule.split(' ') as [string, string, string, string]
  return { currency, median: BigInt(median), adverts: Number(adverts), isco }
}
