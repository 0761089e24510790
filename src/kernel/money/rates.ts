import { sql } from 'kysely'
import type { Ctx } from '../context.ts'
import { plainDate } from '../i18n/format.ts'
import { type Money, minorDigits } from '../money.ts'

/** The currency of the country. */
export const SOMONI = 'TJS'
/** A rate older than this many days converts nothing. */
const RATE_DAYS = 7

/** So many somoni (a decimal in text) for `unit` units of a currency, as `source` published it for a day. */
export type Rate = {
  currency: string
  rate_date: Temporal.PlainDate
  somoni: string
  unit: number
  source: string
  source_url: string | null
}

/** An amount in somoni and what it was worked out from; all of it is to be shown. */
export type Conversion = { money: Money; rate_date: Temporal.PlainDate; source: string; source_url: string | null }

const ofRequest = new WeakMap<Ctx, Promise<ReadonlyMap<string, Rate>>>()

/** The newest imported rate of each currency that is not older than RATE_DAYS today, by currency. Asked once a request. */
export function ratesInForce(ctx: Ctx): Promise<ReadonlyMap<string, Rate>> {
  const known = ofRequest.get(ctx) ?? ratesOn(ctx, ctx.now)
  ofRequest.set(ctx, known)
  return known
}

/** The same on another day. */
async function ratesOn(ctx: Ctx, on: Temporal.Instant): Promise<ReadonlyMap<string, Rate>> {
  const day = plainDate(on)
  const rates = await ctx.db
    .selectFrom('money.exchange_rate')
    .select(['currency', 'rate_date', 'somoni', 'unit', 'source', 'source_url'])
    .distinctOn('currency')
    .where('rate_date', '<=', day)
    .where('rate_date', '>=', day.subtract({ days: RATE_DAYS }))
    .orderBy('currency')
    .orderBy('rate_date', 'desc')
    .orderBy('imported_at', 'desc')
    .orderBy('source')
    .execute()
  return new Map(rates.map((rate) => [rate.currency, rate]))
}

/**
 * The amount in somoni by the rates in force. Null for an amount in somoni, and where no rate is recent enough: then
 * the page shows none. From 100 somoni on it is rounded to whole ones, below to dirams, halves up.
 */
export function inSomoni(rates: ReadonlyMap<string, Rate>, { amount, currency }: Money): Conversion | null {
  const rate = rates.get(currency)
  if (!rate) return null
  const [whole, fraction = ''] = rate.somoni.split('.') as [string, string?]
  const dirams = amount * BigInt(whole + fraction) * 100n
  const divisor = 10n ** BigInt(minorDigits(currency) + fraction.length) * BigInt(rate.unit)
  const exact = rounded(dirams, divisor)
  const { rate_date, source, source_url } = rate
  return {
    money: { amount: exact < 10_000n ? exact : rounded(exact, 100n) * 100n, currency: SOMONI },
    rate_date,
    source,
    source_url,
  }
}

/** The amount of a currency that is worth so many somoni, rounded up; null where no rate is recent enough. For comparing, not for showing. */
export function fromSomoni(rates: ReadonlyMap<string, Rate>, { amount }: Money, currency: string): Money | null {
  if (currency === SOMONI) return { amount, currency }
  const rate = rates.get(currency)
  if (!rate) return null
  const [whole, fraction = ''] = rate.somoni.split('.') as [string, string?]
  const divisor = BigInt(whole + fraction) * 100n
  const scaled = amount * 10n ** BigInt(minorDigits(currency) + fraction.length) * BigInt(rate.unit)
  return { amount: (scaled + divisor - 1n) / divisor, currency }
}

/** `inSomoni` for a single amount. */
export async function convertToSomoni(
  ctx: Ctx,
  money: Money,
  on: Temporal.Instant = ctx.now,
): Promise<Conversion | null> {
  return money.currency === SOMONI
    ? null
    : inSomoni(await (on === ctx.now ? ratesInForce(ctx) : ratesOn(ctx, on)), money)
}

/** Which of these rates are here: asked once, then answered for each. */
export async function savedRates(
  ctx: Ctx,
  rates: readonly Rate[],
): Promise<(rate: Rate) => 'new' | 'changed' | 'same'> {
  const rows = await ctx.db
    .selectFrom('money.exchange_rate')
    .select(['currency', 'rate_date', 'source', 'unit', 'source_url'])
    // Without the zeros at its end, as a file may write them or not.
    .select(sql<string>`trim_scale(somoni)::text`.as('somoni'))
    .where(sql<boolean>`source = any(${rates.map(({ source }) => source)})`)
    .where(sql<boolean>`rate_date = any(${rates.map(({ rate_date }) => rate_date.toString())}::date[])`)
    .execute()
  const keyOf = (rate: Rate) => `${rate.currency} ${rate.rate_date} ${rate.source}`
  const known = new Map(rows.map((rate) => [keyOf(rate), rate]))
  return (rate) => {
    const here = known.get(keyOf(rate))
    if (!here) return 'new'
    const equal = here.unit === rate.unit && here.source_url === rate.source_url && here.somoni === trimmed(rate.somoni)
    return equal ? 'same' : 'changed'
  }
}

const trimmed = (decimal: string) =>
  (decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal).replace(/^0+(?=\d)/, '')

/** Saves one published rate. A source may correct what it published for a day; repeating it changes nothing. */
export async function saveRate(ctx: Ctx, rate: Rate): Promise<'created' | 'updated' | 'same'> {
  const row = await ctx.db
    .insertInto('money.exchange_rate')
    .values({ ...rate, imported_at: ctx.now })
    .onConflict((conflict) =>
      conflict
        .columns(['currency', 'rate_date', 'source'])
        .doUpdateSet({ somoni: rate.somoni, unit: rate.unit, source_url: rate.source_url, imported_at: ctx.now })
        .where(
          sql<boolean>`(exchange_rate.somoni, exchange_rate.unit, exchange_rate.source_url)
            is distinct from (excluded.somoni, excluded.unit, excluded.source_url)`,
        ),
    )
    // A row that was updated has the updating transaction in xmax.
    .returning(sql<boolean>`xmax = 0`.as('created'))
    .executeTakeFirst()
  return row === undefined ? 'same' : row.created ? 'created' : 'updated'
}

const rounded = (amount: bigint, divisor: bigint) => (amount * 2n + divisor) / (divisor * 2n)
