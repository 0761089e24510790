import { z } from 'zod'
import { askProof } from '#kernel/access/step-up.ts'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { listOrganisations, nameOf } from '#kernel/organisations/organisations.ts'
import { Empty, Headline } from '#kernel/ui/blocks.tsx'
import { Button } from '#kernel/ui/buttons.tsx'
import { DateField, readDate } from '#kernel/ui/date-field.tsx'
import { ErrorSummary, errorTexts } from '#kernel/ui/errors.tsx'
import { SelectField, TextField } from '#kernel/ui/fields.tsx'
import { Tag } from '#kernel/ui/states.tsx'
import { Table } from '#kernel/ui/table.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { type Agreement, listAgreements, recordAgreement } from '../carrier/agreements.ts'
import { figureDue, isOverdue } from '../carrier/figures.ts'
import { AGREE, CARRIERS } from '../carrier/telling.ts'

const part = (most: number) => z.string().max(most).optional()
const Terms = z.object({
  carrier: z.uuid('entry_check.carriers.carrier_missing'),
  act: z.string('entry_check.carriers.act_missing').trim().min(1, 'entry_check.carriers.act_missing').max(300),
  act_on_day: part(2),
  act_on_month: part(2),
  act_on_year: part(4),
  per_day: z.coerce
    .number('entry_check.carriers.per_day_wrong')
    .int()
    .min(1, 'entry_check.carriers.per_day_wrong')
    .max(5000, 'entry_check.carriers.per_day_wrong'),
})

/** Carriers that may ask about passengers: none, until its agreement is recorded. */
export const agreementsPage = definePage({
  path: CARRIERS,
  access: AGREE,
  get: (ctx) => <Agreements ctx={ctx} values={{}} errors={{}} />,
  async post(ctx, c, form) {
    const away = await askProof(ctx, c, CARRIERS)
    if (away) return away
    const read = readForm(Terms, form)
    const text = (name: string) => String(form.get(name) ?? '')
    const act_on = readDate({ day: text('act_on_day'), month: text('act_on_month'), year: text('act_on_year') })
    if (!read.ok || !act_on) {
      c.status(422)
      const errors = { ...(!act_on && { act_on: 'entry_check.carriers.act_on_wrong' }), ...(!read.ok && read.errors) }
      return <Agreements ctx={ctx} values={read.values} errors={errors} />
    }
    const { carrier, act, per_day } = read.value
    const id = await recordAgreement(ctx, { organisation_id: carrier, act, act_on, per_day })
    return seeOther(ctx, c, `${CARRIERS}/${id}`)
  },
})

async function Agreements({ ctx, values, errors }: { ctx: Ctx; values: FormValues; errors: FormErrors }) {
  const { t, format } = ctx
  const agreements = await listAgreements(ctx)
  const carriers = (await listOrganisations(ctx))
    .filter(({ kind, closed_at }) => kind === 'carrier' && !closed_at)
    .map((one) => ({ value: one.id, label: nameOf(one, ctx.lang) }))
    .sort((a, b) => format.compare(a.label, b.label))
  const words = errorTexts(ctx, errors)
  const field = (name: string) => ({
    name,
    label: t(`entry_check.carriers.${name}`),
    value: values[name],
    error: words[name],
  })
  return (
    <WorkPage ctx={ctx} title={t('entry_check.carriers.title')} current={CARRIERS}>
      <Headline title={t('entry_check.carriers.title')} lead={t('entry_check.carriers.lead')} />
      <ErrorSummary ctx={ctx} errors={words} />
      {agreements.length === 0 ? (
        <Empty title={t('entry_check.carriers.empty')} text={t('entry_check.carriers.empty_text')} />
      ) : (
        <Table
          caption={t('entry_check.carriers.title')}
          hidden
          columns={['carrier', 'act', 'per_day', 'queries', 'figure', 'state'].map((key) => ({
            label: t(`entry_check.carriers.${key}`),
            num: key === 'per_day' || key === 'queries',
          }))}
          rows={agreements.map((one) => [
            <a href={localPath(ctx, `${CARRIERS}/${one.id}`)}>{one.carrier}</a>,
            `${one.act}, ${format.date(one.act_on)}`,
            format.number(one.per_day),
            format.number(one.queries),
            one.figure_for && !one.ended_at ? <FigureTag ctx={ctx} month={one.figure_for} /> : '–',
            <AgreementTag ctx={ctx} agreement={one} />,
          ])}
        />
      )}
      <form method="post" class="card flow" novalidate>
        <h2>{t('entry_check.carriers.new')}</h2>
        <SelectField
          {...field('carrier')}
          empty={t('ui.choose')}
          hint={t('entry_check.carriers.carrier_hint')}
          options={carriers}
        />
        <TextField {...field('act')} hint={t('entry_check.carriers.act_hint')} maxlength={300} />
        <DateField
          ctx={ctx}
          name="act_on"
          label={t('entry_check.carriers.act_on')}
          error={words.act_on}
          value={{ day: values.act_on_day, month: values.act_on_month, year: values.act_on_year }}
        />
        <TextField
          {...field('per_day')}
          hint={t('entry_check.carriers.per_day_hint')}
          width="short"
          inputmode="numeric"
        />
        <Button>{t('entry_check.carriers.record')}</Button>
      </form>
    </WorkPage>
  )
}

/** Whether the carrier may ask, as colour, shape and word. */
export const AgreementTag = ({ ctx: { t }, agreement }: { ctx: Ctx; agreement: Agreement }) => {
  const { ended_at, suspended_at } = agreement
  if (ended_at) return <Tag state="unknown">{t('entry_check.carriers.ended')}</Tag>
  if (suspended_at) return <Tag state="stop">{t('entry_check.carriers.suspended')}</Tag>
  return <Tag state="ok">{t('entry_check.carriers.active')}</Tag>
}

/** By which day the figure of a month must be there, or was to be. */
export const FigureTag = ({ ctx, month }: { ctx: Ctx; month: Temporal.PlainDate }) => {
  const date = ctx.format.date(figureDue(month))
  return isOverdue(ctx, month) ? (
    <Tag state="urgent">{ctx.t('entry_check.figure.overdue', { date })}</Tag>
  ) : (
    <Tag state="attention">{ctx.t('entry_check.figure.by', { date })}</Tag>
  )
}
