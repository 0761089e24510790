import type { Ctx } from '#kernel/context.ts'
import type { MonthFigure } from '../reading.ts'

/** A figure, or that it is protected, or that there is none. */
export function shown(ctx: Ctx, figure: MonthFigure | undefined): string {
  if (!figure) return ctx.t('labour_market.no_figure')
  return figure.amount === null ? ctx.t('labour_market.protected') : ctx.format.number(figure.amount)
}

/** The figure of a measure for one group, where there is one. */
export const figureIn = (figures: readonly MonthFigure[], measure: string, split: string, value: string) =>
  figures.find((figure) => figure.measure === measure && figure.split === split && figure.value === value)
