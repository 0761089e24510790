import type { Ctx } from '#kernel/context.ts'
import { More } from '#kernel/ui/blocks.tsx'
import { Columns } from '#kernel/ui/charts.tsx'
import { Table } from '#kernel/ui/table.tsx'
import type { MonthFigure } from '../reading.ts'
import { monthCode, monthName, shortMonth } from './months.ts'
import { shown } from './shown.ts'

/** In months. */
export const YEAR = 12

type YearProps = { ctx: Ctx; month: Temporal.PlainDate; series: readonly MonthFigure[] }

/** New adverts month by month until this one; a month without a figure keeps its place. */
export function Year({ ctx, month, series }: YearProps) {
  const { t, format } = ctx
  const by = new Map(series.map((figure) => [monthCode(figure.month), figure]))
  const months = Array.from({ length: YEAR }, (_, at) => month.subtract({ months: YEAR - 1 - at }))
  const points = months.map((each) => ({
    label: shortMonth(ctx, each),
    short: String(each.month),
    value: by.get(monthCode(each))?.amount == null ? null : Number(by.get(monthCode(each))!.amount),
  }))
  return (
    <>
      <figure>
        <Columns points={points} label={t('labour_market.chart')} number={(value) => format.number(value)} />
      </figure>
      <More label={t('labour_market.table')} icon="sheet">
        <Table
          caption={t('labour_market.fresh')}
          hidden
          narrow="scroll"
          columns={[{ label: t('labour_market.month') }, { label: t('labour_market.adverts'), num: true }]}
          rows={months.map((each) => [monthName(ctx, each), shown(ctx, by.get(monthCode(each)))])}
        />
      </More>
    </>
  )
}
