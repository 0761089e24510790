import type { Ctx } from '#kernel/context.ts'

/** The month with its year as it stands in a list: `ноябри 2026`. */
export const monthName = (ctx: Ctx, month: Temporal.PlainDate): string =>
  ctx.t('labour_market.month_name', { name: ctx.t(`labour_market.months.${month.month}`), year: String(month.year) })

/** The month in few letters, for a drawing. */
export const shortMonth = (ctx: Ctx, month: Temporal.PlainDate, withYear = false): string => {
  const name = ctx.t(`labour_market.months_short.${month.month}`)
  return withYear ? ctx.t('labour_market.month_name', { name, year: String(month.year) }) : name
}

/** The month as it stands in an address: `2026-11`. */
export const monthCode = (month: Temporal.PlainDate): string => `${month}`.slice(0, 7)
