import type { Ctx } from '#kernel/context.ts'
import { More } from '#kernel/ui/blocks.tsx'
import { Path } from '#kernel/ui/charts.tsx'
import { Note } from '#kernel/ui/states.tsx'
import { Table } from '#kernel/ui/table.tsx'
import { seriesOf } from '../reading.ts'
import { monthCode, monthName, shortMonth } from './months.ts'
import { YEAR } from './year.tsx'

/** Offers at home against people registered, month by month over two years: the Beveridge curve. */
export async function Beveridge({ ctx, month }: { ctx: Ctx; month: Temporal.PlainDate }) {
  const { t, format } = ctx
  const asked = { until: month, months: 2 * YEAR } as const
  const open = await seriesOf(ctx, { measure: 'open', split: 'country', value: 'TJ', ...asked })
  const registered = await seriesOf(ctx, { measure: 'registered', split: 'total', value: '', ...asked })
  const people = new Map(registered.map((figure) => [monthCode(figure.month), figure.amount]))
  const points = open.flatMap((figure) => {
    const x = people.get(monthCode(figure.month))
    if (figure.amount === null || x == null) return []
    return [{ label: shortMonth(ctx, figure.month, true), month: figure.month, x: Number(x), y: Number(figure.amount) }]
  })
  return (
    <>
      <h2>{t('labour_market.beveridge')}</h2>
      <p class="quiet">{t('labour_market.beveridge_text')}</p>
      {points.length < 2 ? (
        <Note state="unknown">{t('labour_market.beveridge_none')}</Note>
      ) : (
        <>
          <figure>
            <Path
              points={points}
              across={t('labour_market.registered')}
              up={t('labour_market.adverts')}
              label={t('labour_market.chart')}
              number={(value) => format.number(value)}
            />
          </figure>
          <More label={t('labour_market.table')} icon="sheet">
            <Table
              caption={t('labour_market.beveridge')}
              hidden
              narrow="scroll"
              columns={[
                { label: t('labour_market.month') },
                { label: t('labour_market.registered'), num: true },
                { label: t('labour_market.adverts'), num: true },
              ]}
              rows={points.map((point) => [
                monthName(ctx, point.month),
                format.number(point.x),
                format.number(point.y),
              ])}
            />
          </More>
        </>
      )}
    </>
  )
}
