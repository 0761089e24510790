import type { Ctx } from '#kernel/context.ts'
import type { Figure, Measure, Split } from './figures.ts'

export type MonthFigure = Figure & { month: Temporal.PlainDate }

/** The months that have figures, the newest first. */
export async function toldMonths(ctx: Ctx): Promise<Temporal.PlainDate[]> {
  const rows = await ctx.db
    .selectFrom('labour_market.figure')
    .select('month')
    .distinct()
    .orderBy('month', 'desc')
    .execute()
  return rows.map(({ month }) => month)
}

/** All figures of a month. */
export async function figuresOf(ctx: Ctx, month: Temporal.PlainDate): Promise<MonthFigure[]> {
  const rows = await ctx.db
    .selectFrom('labour_market.figure')
    .selectAll()
    .where('month', '=', month)
    .orderBy('measure')
    .orderBy('split')
    .orderBy('amount', (order) => order.desc().nullsLast())
    .orderBy('value')
    .orderBy('currency')
    .execute()
  return rows as MonthFigure[]
}

/** One figure through the months up to `until`, the oldest first. */
export async function seriesOf(
  ctx: Ctx,
  asked: { measure: Measure; split: Split; value: string; until: Temporal.PlainDate; months: number },
): Promise<MonthFigure[]> {
  const rows = await ctx.db
    .selectFrom('labour_market.figure')
    .selectAll()
    .where('measure', '=', asked.measure)
    .where('split', '=', asked.split)
    .where('value', '=', asked.value)
    .where('month', '<=', asked.until)
    .where('month', '>', asked.until.subtract({ months: asked.months }))
    .orderBy('month')
    .execute()
  return rows as MonthFigure[]
}

/** Who was registered in the month, or in the last one before it that offices have stated. */
export async function lastRegistered(ctx: Ctx, until: Temporal.PlainDate): Promise<MonthFigure[]> {
  const rows = await ctx.db
    .selectFrom('labour_market.figure as f')
    .selectAll()
    .where('measure', '=', 'registered')
    .where('month', '=', (e) =>
      e
        .selectFrom('labour_market.figure as l')
        .select((last) => last.fn.max('l.month').as('month'))
        .where('l.measure', '=', 'registered')
        .where('l.month', '<=', until),
    )
    .orderBy('value')
    .execute()
  return rows as MonthFigure[]
}
