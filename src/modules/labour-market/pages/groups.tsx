import type { Child } from 'hono/jsx'
import type { Ctx } from '#kernel/context.ts'
import { placeName } from '#kernel/places/places.ts'
import { Bar } from '#kernel/ui/charts.tsx'
import { Table } from '#kernel/ui/table.tsx'
import type { MonthFigure } from '../reading.ts'
import { figureIn, shown } from './shown.ts'

type Props = { ctx: Ctx; figures: readonly MonthFigure[] }

/** Open adverts by occupation or by country, each with a bar beside its figure. */
export async function Groups({
  ctx,
  figures,
  split,
  name,
}: Props & { split: 'isco' | 'country'; name(value: string): Promise<string> }) {
  const { t } = ctx
  const groups = figures.filter((figure) => figure.measure === 'open' && figure.split === split)
  if (groups.length === 0) return null
  const most = Math.max(...groups.map(({ amount }) => Number(amount ?? 0)))
  const rows = await Promise.all(
    groups.map(
      async (figure): Promise<Child[]> => [
        await name(figure.value),
        <>
          {shown(ctx, figure)}
          {figure.amount !== null && <Bar value={Number(figure.amount)} most={most} />}
        </>,
      ],
    ),
  )
  return (
    <>
      <h2>{t(`labour_market.by_${split}`)}</h2>
      <Table
        caption={t(`labour_market.by_${split}`)}
        hidden
        narrow="scroll"
        columns={[{ label: t(`labour_market.${split}`) }, { label: t('labour_market.adverts') }]}
        rows={rows}
      />
    </>
  )
}

/** Offers beside people registered, by region of home alone: only there are people registered. */
export async function Regions({ ctx, figures, registered: people }: Props & { registered: readonly MonthFigure[] }) {
  const { t, format } = ctx
  const regions = [...figures.filter(({ measure }) => measure === 'open'), ...people].filter(
    ({ split, value }) => split === 'region' && value.startsWith('TJ-'),
  )
  const codes = [...new Set(regions.map(({ value }) => value))].sort()
  if (codes.length === 0) return null
  const rows = await Promise.all(
    codes.map(async (region) => {
      const [open, registered] = [
        figureIn(regions, 'open', 'region', region),
        figureIn(regions, 'registered', 'region', region),
      ]
      const each = open?.amount && registered?.amount && Number(registered.amount) / Number(open.amount)
      return [
        await placeName(ctx, region),
        shown(ctx, open),
        shown(ctx, registered),
        each ? format.number(each, { maximumSignificantDigits: 3 }) : t('labour_market.no_figure'),
      ]
    }),
  )
  return (
    <>
      <h2>{t('labour_market.by_region')}</h2>
      <Table
        caption={t('labour_market.by_region')}
        hidden
        columns={[
          { label: t('labour_market.region') },
          { label: t('labour_market.adverts'), num: true },
          { label: t('labour_market.registered'), num: true },
          { label: t('labour_market.per_offer'), num: true },
        ]}
        rows={rows}
      />
    </>
  )
}
