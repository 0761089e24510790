import type { Child } from 'hono/jsx'
import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { readForm } from '#kernel/http/forms.ts'
import { definePage, localPath } from '#kernel/http/page.ts'
import { occupationLabel } from '#kernel/occupations/occupations.ts'
import { placeName } from '#kernel/places/places.ts'
import { Empty, More } from '#kernel/ui/blocks.tsx'
import { Button } from '#kernel/ui/buttons.tsx'
import { Bar, Columns, Path } from '#kernel/ui/charts.tsx'
import { SelectField } from '#kernel/ui/fields.tsx'
import { PublicPage } from '#kernel/ui/layout.tsx'
import { Note } from '#kernel/ui/states.tsx'
import { Table } from '#kernel/ui/table.tsx'
import { figuresOf, lastRegistered, type MonthFigure, seriesOf, toldMonths } from '../reading.ts'
import { monthName, shortMonth } from './months.ts'
import { PayTable } from './pay-table.tsx'
import { shown } from './shown.ts'
import { Training } from './training.tsx'

export const MARKET_PATH = '/labour-market'
const YEAR = 12
const Asked = z.object({ month: z.string().optional() })

/** What work is offered, where, for how much, beside those who look for it: one month, and the year before it. */
export const marketPage = definePage({
  path: MARKET_PATH,
  access: 'public',
  async get(ctx, c) {
    const { t } = ctx
    const months = await toldMonths(ctx)
    const form = readForm(Asked, new URL(c.req.url).searchParams)
    const month = months.find((told) => `${told}`.startsWith(form.values.month ?? '')) ?? months[0]
    return (
      <PublicPage
        ctx={ctx}
        title={t('labour_market.title')}
        description={t('labour_market.lead')}
        path={month && form.values.month ? `${MARKET_PATH}?month=${code(month)}` : MARKET_PATH}
      >
        <div class="flow">
          <h1>{t('labour_market.title')}</h1>
          <p>{t('labour_market.lead')}</p>
          {month ? (
            <Market ctx={ctx} months={months} month={month} />
          ) : (
            <Empty title={t('labour_market.none')} text={t('labour_market.none_text')} />
          )}
        </div>
      </PublicPage>
    )
  },
})

const code = (month: Temporal.PlainDate) => `${month}`.slice(0, 7)

type MarketProps = { ctx: Ctx; months: readonly Temporal.PlainDate[]; month: Temporal.PlainDate }

async function Market({ ctx, months, month }: MarketProps) {
  const { t } = ctx
  const figures = await figuresOf(ctx, month)
  const registered = await lastRegistered(ctx, month)
  const fresh = await seriesOf(ctx, { measure: 'fresh', split: 'total', value: '', until: month, months: YEAR })
  return (
    <>
      <form class="flow">
        <SelectField
          name="month"
          label={t('labour_market.month')}
          value={code(month)}
          options={months.map((told) => ({ value: code(told), label: monthName(ctx, told) }))}
        />
        <Button kind="second">{t('labour_market.show')}</Button>
      </form>
      {[...figures, ...registered].some(({ sample }) => sample) && (
        <Note state="attention" title={t('labour_market.sample')}>
          {t('labour_market.sample_text')}
        </Note>
      )}
      <Summary ctx={ctx} figures={figures} registered={registered} />
      <h2>{t('labour_market.fresh')}</h2>
      <Year ctx={ctx} month={month} series={fresh} />
      <Groups ctx={ctx} figures={figures} split="isco" name={(value) => occupationLabel(ctx, value)} />
      <Groups ctx={ctx} figures={figures} split="country" name={(value) => placeName(ctx, value)} />
      <Regions ctx={ctx} figures={figures} registered={registered} />
      <PayTable ctx={ctx} figures={figures} />
      <Training ctx={ctx} figures={figures} />
      <Beveridge ctx={ctx} month={month} />
      <Definitions ctx={ctx} />
      <p class="source">
        {t('labour_market.source')}{' '}
        <a href={localPath(ctx, `${MARKET_PATH}.csv?month=${code(month)}`)}>{t('labour_market.csv')}</a>
      </p>
    </>
  )
}

type Props = { ctx: Ctx; figures: readonly MonthFigure[] }
type WithRegistered = Props & { registered: readonly MonthFigure[] }

const one = (figures: readonly MonthFigure[], measure: string, split: string, value: string) =>
  figures.find((figure) => figure.measure === measure && figure.split === split && figure.value === value)

function Summary({ ctx, figures, registered: people }: WithRegistered) {
  const { t, format } = ctx
  const atHome = one(figures, 'open', 'country', 'TJ')
  const registered = one(people, 'registered', 'total', '')
  const perVacancy =
    atHome?.amount && registered?.amount
      ? format.number(Number(registered.amount) / Number(atHome.amount), { maximumFractionDigits: 1 })
      : t('labour_market.no_figure')
  const fill = one(figures, 'fill', 'total', '')
  const claims: [value: string, title: string, source: string][] = [
    [shown(ctx, one(figures, 'open', 'total', '')), t('labour_market.open'), t('labour_market.open_what')],
    [
      perVacancy,
      t('labour_market.per_vacancy'),
      registered
        ? t('labour_market.per_vacancy_of', { month: monthName(ctx, registered.month) })
        : t('labour_market.per_vacancy_what'),
    ],
    [
      fill?.amount ? t('labour_market.days', { count: Number(fill.amount) }) : shown(ctx, fill),
      t('labour_market.fill'),
      t('labour_market.fill_what'),
    ],
  ]
  return (
    <div class="claims">
      {claims.map(([value, title, source], at) => (
        <div class={at === 0 ? 'claim' : 'claim other'}>
          <b>{value}</b>
          <p>{title}</p>
          <p class="source">{source}</p>
        </div>
      ))}
    </div>
  )
}

type YearProps = { ctx: Ctx; month: Temporal.PlainDate; series: readonly MonthFigure[] }

function Year({ ctx, month, series }: YearProps) {
  const { t, format } = ctx
  const by = new Map(series.map((figure) => [code(figure.month), figure]))
  const months = Array.from({ length: YEAR }, (_, at) => month.subtract({ months: YEAR - 1 - at }))
  const points = months.map((each) => ({
    label: shortMonth(ctx, each),
    short: String(each.month),
    value: by.get(code(each))?.amount == null ? null : Number(by.get(code(each))!.amount),
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
          rows={months.map((each) => [monthName(ctx, each), shown(ctx, by.get(code(each)))])}
        />
      </More>
    </>
  )
}

async function Groups({
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
        shown(ctx, figure),
        figure.amount === null ? '' : <Bar value={Number(figure.amount)} most={most} />,
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
        columns={[
          { label: t(`labour_market.${split}`) },
          { label: t('labour_market.adverts'), num: true },
          { label: t('labour_market.share') },
        ]}
        rows={rows}
      />
    </>
  )
}

// At home alone: only there are people registered.
async function Regions({ ctx, figures, registered: people }: WithRegistered) {
  const { t, format } = ctx
  const regions = [...figures.filter(({ measure }) => measure === 'open'), ...people].filter(
    ({ split, value }) => split === 'region' && value.startsWith('TJ-'),
  )
  const codes = [...new Set(regions.map(({ value }) => value))].sort()
  if (codes.length === 0) return null
  const rows = await Promise.all(
    codes.map(async (region) => {
      const [open, registered] = [one(regions, 'open', 'region', region), one(regions, 'registered', 'region', region)]
      const each = open?.amount && registered?.amount && Number(registered.amount) / Number(open.amount)
      return [
        await placeName(ctx, region),
        shown(ctx, open),
        shown(ctx, registered),
        each ? format.number(each, { maximumFractionDigits: 1 }) : t('labour_market.no_figure'),
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

async function Beveridge({ ctx, month }: { ctx: Ctx; month: Temporal.PlainDate }) {
  const { t, format } = ctx
  const asked = { until: month, months: 2 * YEAR } as const
  const open = await seriesOf(ctx, { measure: 'open', split: 'country', value: 'TJ', ...asked })
  const registered = await seriesOf(ctx, { measure: 'registered', split: 'total', value: '', ...asked })
  const people = new Map(registered.map((figure) => [code(figure.month), figure.amount]))
  const points = open.flatMap((figure) => {
    const x = people.get(code(figure.month))
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

const DEFINITIONS = ['open', 'fresh', 'pay', 'fill', 'registered', 'skills', 'groups', 'few'] as const

const Definitions = ({ ctx: { t } }: { ctx: Ctx }) => (
  <>
    <h2>{t('labour_market.definitions')}</h2>
    <dl>
      {DEFINITIONS.map((name) => (
        <>
          <dt>{t(`labour_market.define.${name}`)}</dt>
          <dd>{t(`labour_market.define.${name}_text`)}</dd>
        </>
      ))}
    </dl>
  </>
)
