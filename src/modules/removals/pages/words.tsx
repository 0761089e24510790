import type { Child } from 'hono/jsx'
import type { Ctx } from '#kernel/context.ts'
import { parseAmount } from '#kernel/money/parse.ts'
import { isCurrency, type Money } from '#kernel/money.ts'
import { NotStated, type State, Tag } from '#kernel/ui/states.tsx'
import type { ClaimState } from '../kinds.ts'
import { moneyText } from '../money.ts'

/** How the state of a claim looks, beside its word. */
export const CLAIM_LOOKS: Record<ClaimState, State> = {
  drafted: 'attention',
  sent: 'unknown',
  acknowledged: 'unknown',
  paid_part: 'attention',
  paid: 'ok',
  refused: 'stop',
  disputed: 'attention',
  withdrawn: 'stop',
}

/** What became of a claim, as colour, shape and word. */
export const ClaimTag = ({ ctx, state }: { ctx: Ctx; state: ClaimState }) => (
  <Tag state={CLAIM_LOOKS[state]}>{ctx.t(`removals.code.state.${state}`)}</Tag>
)

/** Amounts, one a currency, each on its line: they are never added. */
export const Amounts = ({ ctx, money }: { ctx: Ctx; money: readonly Money[] }) =>
  money.length === 0 ? (
    <NotStated ctx={ctx} />
  ) : (
    <>
      {money.map((one, index) => (
        <>
          {index > 0 && <br />}
          {ctx.format.money(one)}
        </>
      ))}
    </>
  )

/** The same where nothing is no gap: a dash. */
export const amountsOrDash = (ctx: Ctx, money: readonly Money[]): string => moneyText(ctx, money) ?? '–'

/** A value, or that nothing is stated. */
export const orNotStated = (ctx: Ctx, value: Child | null | undefined): Child =>
  value === null || value === undefined || value === '' ? <NotStated ctx={ctx} /> : value

/** An amount and its currency as they were typed; null where they are no amount above zero. */
export function readMoney(amount: string, currency: string): Money | null {
  const minor = isCurrency(currency) ? parseAmount(amount, currency) : null
  return minor ? { amount: minor, currency } : null
}

/** The currencies in which carriers reckon, by their codes, the commonest first. */
export const CURRENCIES = ['EUR', 'RUB', 'USD', 'TJS', 'KZT', 'UZS', 'TRY', 'AED'] as const
export const currencyOptions = CURRENCIES.map((value) => ({ value, label: value }))
