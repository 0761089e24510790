import { type RawBuilder, sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { decimalOf, type Money } from '#kernel/money.ts'

/** Amounts as the database lists them: one a currency, never added over currencies. */
export type Sums = readonly { currency: string; amount: string }[]

export const moneyOf = (sums: Sums): Money[] =>
  sums.map(({ currency, amount }) => ({ currency, amount: BigInt(amount) }))

/** Sums by currency of a query with the columns `currency` and `amount`, as a list in the order of the codes. */
export const sumsOf = (amounts: RawBuilder<unknown>) => sql<Sums>`(
  select coalesce(jsonb_agg(jsonb_build_object('currency', x.currency, 'amount', x.amount::text) order by x.currency), '[]')
  from (select a.currency, sum(a.amount) as amount from (${amounts}) a group by a.currency) x)`

/** For people, each currency for itself; null where there is nothing. */
export const moneyText = ({ format }: Pick<Ctx, 'format'>, money: readonly Money[]): string | null =>
  money.length > 0 ? money.map((one) => format.money(one)).join('; ') : null

/** For tables: plain numbers with the code of their currency. */
export const moneyCell = (money: readonly Money[]): string | null =>
  money.length > 0 ? money.map((one) => `${decimalOf(one)} ${one.currency}`).join('; ') : null
