import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { fromSomoni, inSomoni, ratesInForce, SOMONI } from '#kernel/money/rates.ts'
import { formatMoneyRange, type Money } from '#kernel/money.ts'

/** How long pay is for. A closed list: `vacancies.code.pay_period.VALUE`. */
export const PAY_PERIODS = ['hour', 'day', 'shift', 'week', 'month', 'year', 'total'] as const

/** Pay as the advert offers it; null means that the advert does not say. Amounts in minor units. */
export type Pay = {
  pay_min: bigint | null
  pay_max: bigint | null
  pay_currency: string | null
  pay_period: string | null
}

// A month of full-time work by the ILO's usual reckoning: 40 hours and 5 days a week, 52 weeks a year.
// In twelfths, so that bigint division loses nothing before the end. A shift or a whole job has no month.
const TWELFTHS_OF_A_MONTH: Partial<Record<string, bigint>> = {
  hour: 52n * 40n,
  day: 52n * 5n,
  week: 52n,
  month: 12n,
  year: 1n,
}

/** The best pay offered as an amount in a month, in minor units; null where the period does not tell. */
export function payInAMonth({ pay_min, pay_max, pay_period }: Pay): bigint | null {
  const best = pay_max ?? pay_min
  const factor = TWELFTHS_OF_A_MONTH[pay_period ?? '']
  return best === null || factor === undefined ? null : (best * factor) / 12n
}

/** The same in SQL, of a row `v`. */
export const monthlyPay = sql<bigint | null>`(coalesce(v.pay_max, v.pay_min) * case v.pay_period ${sql.join(
  Object.entries(TWELFTHS_OF_A_MONTH).map(
    ([period, twelfths]) => sql`when ${sql.lit(period)} then ${sql.lit(Number(twelfths))}`,
  ),
  sql` `,
)} end / 12)`

/** Pay in words: `70 000–95 000 рублей` and `в месяц`; null when the advert states none. */
export function payWords(
  ctx: Ctx,
  { pay_min, pay_max, pay_currency, pay_period }: Pay,
): { amount: string; period: string } | null {
  if (pay_currency === null) return null
  const amount = formatMoneyRange(ctx.lang, { min: pay_min, max: pay_max, currency: pay_currency })
  if (amount === null) return null
  return {
    amount,
    period: ctx.t(pay_period ? `vacancies.code.pay_period.${pay_period}` : 'vacancies.pay.period_unknown'),
  }
}

/** What the pay is in somoni, with the rate's day and source; null without a rate of the last 7 days. */
export async function payInSomoni(
  ctx: Ctx,
  { pay_min, pay_max, pay_currency }: Pay,
): Promise<{ amount: string; rate_date: Temporal.PlainDate; source: string } | null> {
  if (pay_currency === null || pay_currency === SOMONI) return null
  const rates = await ratesInForce(ctx)
  const [min, max] = [pay_min, pay_max].map((amount) =>
    amount === null ? null : inSomoni(rates, { amount, currency: pay_currency }),
  )
  const one = min ?? max
  if (!one) return null
  const amount = formatMoneyRange(ctx.lang, {
    min: min?.money.amount ?? null,
    max: max?.money.amount ?? null,
    currency: SOMONI,
  })!
  return { amount, rate_date: one.rate_date, source: one.source }
}

/** The same least pay in every currency that can be compared with it today: itself, and others by the rates in force. */
export async function thresholds(ctx: Ctx, least: Money): Promise<Money[]> {
  const rates = await ratesInForce(ctx)
  const somoni = least.currency === SOMONI ? least : inSomoni(rates, least)?.money
  if (!somoni) return [least]
  const others = [SOMONI, ...rates.keys()].filter((currency) => currency !== least.currency)
  return [least, ...others.map((currency) => fromSomoni(rates, somoni, currency)).filter((money) => money !== null)]
}

/** The currencies of published pay; somoni first. Each is one step through the index, however many adverts there are. */
export async function payCurrencies(ctx: Ctx): Promise<string[]> {
  const { rows } = await sql<{ currency: string }>`
    with recursive step (currency) as (
      select min(pay_currency collate "C") from vacancies.listing
      union all
      select (
        select min(pay_currency collate "C") from vacancies.listing where pay_currency collate "C" > step.currency
      )
      from step
      where step.currency is not null
    )
    select currency from step where currency is not null`.execute(ctx.db)
  return [...new Set([SOMONI, ...rows.map(({ currency }) => currency)])]
}
