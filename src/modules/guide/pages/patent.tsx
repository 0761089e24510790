import type { PropsWithChildren } from 'hono/jsx'
import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { definePage, localPath } from '#kernel/http/page.ts'
import { type PatentLimits, type Rule, sayRule } from '#kernel/law/rules.ts'
import { placeName } from '#kernel/places/places.ts'
import { Crumb, More } from '#kernel/ui/blocks.tsx'
import { Button, Buttons, LinkButton } from '#kernel/ui/buttons.tsx'
import { DateField, readDate } from '#kernel/ui/date-field.tsx'
import { ErrorSummary } from '#kernel/ui/errors.tsx'
import { HiddenField, SelectField, TextField } from '#kernel/ui/fields.tsx'
import { PublicPage } from '#kernel/ui/layout.tsx'
import { Note, type State } from '#kernel/ui/states.tsx'
import { checkPatent, patentRegions, today, tradeOf } from '../patent.ts'

export const PATENT_PATH = '/patent'

const part = z.string().max(4).optional()
const Query = z.object({
  region: z.string('guide.patent.region_missing').max(10),
  work: z.string().max(120).optional(),
  on_day: part,
  on_month: part,
  on_year: part,
})

/** May I do this work there on a patent, and what does it cost? Asked and answered by address, so that it can be sent on. */
export const patentPage = definePage({
  path: PATENT_PATH,
  access: 'public',
  async get(ctx, c) {
    const search = new URL(c.req.url).searchParams
    const asked = readForm(Query, search)
    if (!asked.ok) {
      const errors = search.has('region') ? asked.errors : {}
      return <Ask ctx={ctx} values={asked.values} errors={errors} />
    }
    const { region, work, on_day, on_month, on_year } = asked.value
    const typed = { day: on_day, month: on_month, year: on_year }
    const on = Object.values(typed).some(Boolean) ? readDate(typed) : today(ctx)
    if (!on) return <Ask ctx={ctx} values={asked.values} errors={{ on: 'guide.patent.day_wrong' }} />
    const trade = work ? await tradeOf(ctx, work) : null
    const limits = await checkPatent(ctx, { region, isco: trade?.sure?.code ?? null, on })
    if (!limits) return <Ask ctx={ctx} values={asked.values} errors={{ region: 'guide.patent.region_missing' }} />
    if (trade && !trade.sure) return <Which ctx={ctx} search={search} work={work!} trades={trade.perhaps} />
    return <Answer ctx={ctx} region={region} trade={trade?.sure ?? null} on={on} limits={limits} search={search} />
  },
})

const Frame = ({ ctx, title, children }: PropsWithChildren<{ ctx: Ctx; title: string }>) => (
  <PublicPage ctx={ctx} title={title} description={ctx.t('guide.patent.lead')} path={PATENT_PATH}>
    {children}
  </PublicPage>
)

async function Ask({ ctx, values, errors }: { ctx: Ctx; values: FormValues; errors: FormErrors }) {
  const { t } = ctx
  const words = Object.fromEntries(Object.entries(errors).map(([field, key]) => [field, t(key)]))
  const regions = await patentRegions(ctx)
  return (
    <Frame ctx={ctx} title={t('guide.patent.title')}>
      <form class="flow">
        <ErrorSummary ctx={ctx} errors={words} />
        <h1>{t('guide.patent.title')}</h1>
        <p>{t('guide.patent.lead')}</p>
        <SelectField
          name="region"
          label={t('guide.patent.region')}
          empty={t('ui.choose')}
          value={values.region}
          error={words.region}
          options={regions.map(({ code, name }) => ({ value: code, label: name }))}
        />
        <TextField
          name="work"
          label={t('guide.patent.work')}
          hint={t('guide.patent.work_hint')}
          value={values.work}
          error={words.work}
          maxlength={120}
        />
        <DateField
          ctx={ctx}
          name="on"
          label={t('guide.patent.day')}
          hint={t('guide.patent.day_hint')}
          value={{ day: values.on_day, month: values.on_month, year: values.on_year }}
          error={words.on}
        />
        <Buttons>
          <Button icon="search">{t('guide.patent.check')}</Button>
        </Buttons>
        <p class="quiet">{t('guide.patent.what')}</p>
      </form>
    </Frame>
  )
}

type WhichProps = { ctx: Ctx; search: URLSearchParams; work: string; trades: { code: string; label: string }[] }

/** A word that may mean several trades: the law names them one by one. */
function Which({ ctx, search, work, trades }: WhichProps) {
  const { t } = ctx
  const address = (change: string | null) => {
    const next = new URLSearchParams(search)
    if (change === null) next.delete('work')
    else next.set('work', change)
    return localPath(ctx, `${PATENT_PATH}?${next}`)
  }
  return (
    <Frame ctx={ctx} title={t('guide.patent.which')}>
      <div class="flow">
        <Crumb href={localPath(ctx, PATENT_PATH)} label={t('guide.patent.title')} />
        <h1>{t('guide.patent.which')}</h1>
        <p>{t(trades.length > 0 ? 'guide.patent.which_text' : 'guide.patent.which_none', { work })}</p>
        <ul class="ways">
          {trades.map(({ code, label }) => (
            <li>
              <a href={address(code)}>
                <span>{label}</span>
              </a>
            </li>
          ))}
        </ul>
        <Buttons>
          <LinkButton kind="second" href={address(null)}>
            {t('guide.patent.without_work')}
          </LinkButton>
        </Buttons>
      </div>
    </Frame>
  )
}

type AnswerProps = {
  ctx: Ctx
  region: string
  trade: { code: string; label: string } | null
  on: Temporal.PlainDate
  limits: PatentLimits
  search: URLSearchParams
}

async function Answer({ ctx, region, trade, on, limits, search }: AnswerProps) {
  const { t } = ctx
  const title = t('guide.patent.answer', { place: await placeName(ctx, region), date: ctx.format.date(on) })
  const said = async (state: State, heading: string, rule: Rule | null, unknown: string) => (
    <Note state={rule ? state : 'unknown'} title={t(heading)}>
      <p>{rule ? await sayRule(ctx, rule) : t(unknown)}</p>
      {rule && <Source ctx={ctx} rule={rule} />}
    </Note>
  )
  return (
    <Frame ctx={ctx} title={title}>
      <div class="flow">
        <Crumb href={localPath(ctx, `${PATENT_PATH}`)} label={t('guide.patent.other')} />
        <h1>{title}</h1>
        <p>{trade ? t('guide.patent.for', { work: trade.label }) : t('guide.patent.for_any')}</p>
        {await said('stop', 'guide.patent.may_i', limits.trade, trade ? 'law.unknown.trade' : 'guide.patent.no_work')}
        {await said('ok', 'guide.patent.cost', limits.cost, 'law.unknown.cost')}
        {await said('attention', 'guide.patent.bound', limits.region, 'law.unknown.region')}
        {limits.payment && (await said('attention', 'guide.patent.pay', limits.payment, ''))}
        <p>
          <b>{t('guide.patent.never_allowed')}</b> {t('law.verify')}
        </p>
        <More label={t('guide.patent.change')} open={false}>
          <form class="flow">
            <HiddenField name="region" value={region} />
            <TextField name="work" label={t('guide.patent.work')} value={search.get('work')} maxlength={120} />
            <Buttons>
              <Button kind="second">{t('guide.patent.check')}</Button>
            </Buttons>
          </form>
        </More>
        <Buttons>
          <LinkButton kind="second" icon="phone" href={localPath(ctx, '/help#russia')}>
            {t('guide.patent.ask')}
          </LinkButton>
          {trade && (
            <LinkButton
              kind="second"
              icon="work"
              href={localPath(
                ctx,
                `/vacancies?${new URLSearchParams({ isco: trade.code, place: await placeName(ctx, region) })}`,
              )}
            >
              {t('guide.patent.offers')}
            </LinkButton>
          )}
        </Buttons>
      </div>
    </Frame>
  )
}

const Source = ({ ctx, rule }: { ctx: Ctx; rule: Rule }) => (
  <p class="source">
    <a href={rule.source_url} rel="noopener noreferrer">
      {new URL(rule.source_url).host.replace(/^www\./, '')}
    </a>
    {rule.as_of && ` · ${ctx.t('law.as_of', { date: ctx.format.date(rule.as_of) })}`}
    {rule.confidence === 'medium' && ` · ${ctx.t('law.medium')}`}
  </p>
)
