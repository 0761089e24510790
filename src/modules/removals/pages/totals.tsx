import type { Ctx } from '#kernel/context.ts'
import { definePage, localPath } from '#kernel/http/page.ts'
import { Card, Crumb, Empty, Headline } from '#kernel/ui/blocks.tsx'
import { NotStated, Tag } from '#kernel/ui/states.tsx'
import { Table } from '#kernel/ui/table.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { FIGURES, type Figure } from '../figures.ts'
import { moneyText } from '../money.ts'
import { isOfficer } from '../removals.ts'
import { type Beside, besideFigure, totalsByCarrier } from '../totals.ts'
import { REMOVALS } from './paths.ts'
import { Amounts, amountsOrDash } from './words.tsx'

/** What the records add up to, by carrier and year; beside it, and never in it, what others published. */
export const totalsPage = definePage({
  path: `${REMOVALS}/totals`,
  access: 'removal.read',
  async get(ctx) {
    const { t, format } = ctx
    const totals = await totalsByCarrier(ctx)
    const title = t('removals.totals.title')
    return (
      <WorkPage ctx={ctx} title={title} current={REMOVALS} path={`${REMOVALS}/totals`}>
        <Crumb href={localPath(ctx, REMOVALS)} label={t('removals.list.title')} />
        <Headline title={title} lead={t(isOfficer(ctx) ? 'removals.totals.lead' : 'removals.totals.lead_own')} />
        <h2>{t('removals.totals.counted')}</h2>
        {totals.length === 0 ? (
          <Empty title={t('removals.totals.empty')} text={t('removals.list.empty_text')} />
        ) : (
          <Table
            caption={t('removals.totals.counted')}
            hidden
            columns={['carrier', 'year', 'category', 'people', 'cost', 'claimed', 'received'].map((key) => ({
              label: t(`removals.totals.column.${key}`),
              num: !['carrier', 'year', 'category'].includes(key),
            }))}
            rows={totals.map((total) => [
              total.carrier_name,
              String(total.year),
              t(`removals.code.category.${total.category}`),
              format.number(total.people),
              <Amounts ctx={ctx} money={total.costs} />,
              amountsOrDash(ctx, total.claimed),
              amountsOrDash(ctx, total.received),
            ])}
          />
        )}
        <p class="quiet">{t('removals.totals.how')}</p>
        <h2>{t('removals.figures.title')}</h2>
        <p>{t('removals.figures.lead')}</p>
        {
          await Promise.all(
            FIGURES.map(async (figure) => (
              <Published ctx={ctx} figure={figure} beside={await besideFigure(ctx, figure)} />
            )),
          )
        }
      </WorkPage>
    )
  },
})

/** One published figure: what it says, what the records say, and who counted what, how and when. */
function Published({ ctx, figure, beside }: { ctx: Ctx; figure: Figure; beside: Beside }) {
  const { t } = ctx
  const heading = `${figure.carrier ?? t('removals.figures.all_carriers')}, ${periodText(ctx, figure)}`
  const known = beside.removals > 0
  return (
    <Card id={figure.key}>
      <h3 lang={figure.carrier ? 'en' : undefined}>{heading}</h3>
      <Table
        caption={heading}
        hidden
        columns={['what', 'published', 'records'].map((key) => ({ label: t(`removals.figures.column.${key}`) }))}
        rows={[
          [
            t('removals.figures.people'),
            <Worded
              ctx={ctx}
              text={t(`removals.figures.${figure.people.precision}`, { value: ctx.format.number(figure.people.count) })}
              worded={figure.people.worded}
            />,
            known ? countsText(ctx, beside) : t('removals.figures.no_records'),
          ],
          [
            t('removals.figures.category'),
            figure.category ? (
              t(`removals.code.category.${figure.category}`)
            ) : (
              <Tag state="unknown">{t('removals.figures.category_not_told')}</Tag>
            ),
            known ? t('removals.figures.kept_apart') : '–',
          ],
          [
            t('removals.figures.money'),
            figure.money ? (
              <Worded
                ctx={ctx}
                text={t(`removals.figures.${figure.money.precision}`, { value: ctx.format.money(figure.money.money) })}
                worded={figure.money.worded}
              />
            ) : (
              <NotStated ctx={ctx} />
            ),
            known ? (moneyText(ctx, beside.costs) ?? <NotStated ctx={ctx} />) : t('removals.figures.no_records'),
          ],
        ]}
      />
      <p class="quiet">
        {t(`removals.counted_by.${figure.counted_by}`)} {t(`removals.how.${figure.how}`)}{' '}
        {figure.told_on
          ? t('removals.figures.told_on', { date: ctx.format.date(figure.told_on) })
          : t('removals.figures.told_unknown')}{' '}
        {t('removals.figures.source')}{' '}
        {figure.source_url ? <a href={figure.source_url}>{figure.source}</a> : <span lang="en">{figure.source}</span>}
        {'.'}
      </p>
      {figure.caveats.map((caveat) => (
        <p class="quiet">
          <b>{t(`removals.caveat.${caveat}`)}</b>
        </p>
      ))}
    </Card>
  )
}

// A number in the reader's language, and the few words of the source that say what was counted.
const Worded = ({ ctx, text, worded }: { ctx: Ctx; text: string; worded: string | null }) => (
  <>
    <b>{text}</b>
    {worded && (
      <>
        <br />
        <span class="quiet">
          {ctx.t('removals.figures.worded')} <q lang="en">{worded}</q>
        </span>
      </>
    )}
  </>
)

const countsText = ({ t, format }: Ctx, { deportee, inadmissible }: Beside): string =>
  t('removals.figures.counts', { deportee: format.number(deportee), inadmissible: format.number(inadmissible) })

const periodText = ({ t }: Ctx, { period, from }: Figure): string =>
  period.includes('-H') ? t(`removals.figures.half_${period.at(-1)}`, { year: from.year }) : period
