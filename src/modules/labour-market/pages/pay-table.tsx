import type { Ctx } from '#kernel/context.ts'
import { occupationLabel } from '#kernel/occupations/occupations.ts'
import { placeName } from '#kernel/places/places.ts'
import { Table } from '#kernel/ui/table.tsx'
import type { MonthFigure } from '../reading.ts'

/** Median pay in each currency, by country and by occupation. Groups of fewer than ten adverts are not listed. */
export async function PayTable({ ctx, figures }: { ctx: Ctx; figures: readonly MonthFigure[] }) {
  const { t, format } = ctx
  const told = figures.filter(
    ({ measure, split, amount }) => measure === 'pay' && amount !== null && (split === 'country' || split === 'isco'),
  )
  if (told.length === 0) return null
  const rows = await Promise.all(
    told.map(async ({ split, value, amount, currency, basis }) => [
      await (split === 'country' ? placeName(ctx, value) : occupationLabel(ctx, value)),
      format.money({ amount: amount!, currency }),
      format.number(basis!),
    ]),
  )
  return (
    <>
      <h2>{t('labour_market.pay')}</h2>
      <Table
        caption={t('labour_market.pay')}
        hidden
        columns={[
          { label: t('labour_market.group') },
          { label: t('labour_market.pay_month'), num: true },
          { label: t('labour_market.adverts'), num: true },
        ]}
        rows={rows}
      />
    </>
  )
}
