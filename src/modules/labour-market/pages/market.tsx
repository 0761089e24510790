import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { readForm } from '#kernel/http/forms.ts'
import { definePage, localPath } from '#kernel/http/page.ts'
import { occupationLabel } from '#kernel/occupations/occupations.ts'
import { placeName } from '#kernel/places/places.ts'
import { Empty, Pairs } from '#kernel/ui/blocks.tsx'
import { Button } from '#kernel/ui/buttons.tsx'
import { SelectField } from '#kernel/ui/fields.tsx'
import { PublicPage } from '#kernel/ui/layout.tsx'
import { Note } from '#kernel/ui/states.tsx'
import { figuresOf, lastRegistered, type MonthFigure, seriesOf, toldMonths } from '../reading.ts'
import { Beveridge } from './beveridge.tsx'
import { Groups, Regions } from './groups.tsx'
import { monthCode, monthName } from './months.ts'
import { PayTable } from './pay-table.tsx'
import { figureIn, shown } from './shown.ts'
import { Training } from './training.tsx'
import { YEAR, Year } from './year.tsx'

export const MARKET_PATH = '/labour-market'
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
        styles="figures.css"
        path={month && form.values.month ? `${MARKET_PATH}?month=${monthCode(month)}` : MARKET_PATH}
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
          value={monthCode(month)}
          options={months.map((told) => ({ value: monthCode(told), label: monthName(ctx, told) }))}
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
        <a href={localPath(ctx, `${MARKET_PATH}.csv?month=${monthCode(month)}`)}>{t('labour_market.csv')}</a>
      </p>
    </>
  )
}

type SummaryProps = { ctx: Ctx; figures: readonly MonthFigure[]; registered: readonly MonthFigure[] }

function Summary({ ctx, figures, registered: people }: SummaryProps) {
  const { t, format } = ctx
  const atHome = figureIn(figures, 'open', 'country', 'TJ')
  const registered = figureIn(people, 'registered', 'total', '')
  const perVacancy =
    atHome?.amount && registered?.amount
      ? format.number(Number(registered.amount) / Number(atHome.amount), { maximumSignificantDigits: 3 })
      : t('labour_market.no_figure')
  const fill = figureIn(figures, 'fill', 'total', '')
  const claims: [value: string, title: string, source: string][] = [
    [shown(ctx, figureIn(figures, 'open', 'total', '')), t('labour_market.open'), t('labour_market.open_what')],
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

const DEFINITIONS = ['open', 'fresh', 'pay', 'fill', 'registered', 'skills', 'groups', 'few'] as const

const Definitions = ({ ctx: { t } }: { ctx: Ctx }) => (
  <>
    <h2>{t('labour_market.definitions')}</h2>
    <Pairs
      items={DEFINITIONS.map((name) => [t(`labour_market.define.${name}`), t(`labour_market.define.${name}_text`)])}
    />
  </>
)
