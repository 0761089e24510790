import type { Ctx } from '#kernel/context.ts'
import type { FormErrors, FormValues } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { countryOptions } from '#kernel/places/countries.ts'
import { Card, Crumb, Headline, More } from '#kernel/ui/blocks.tsx'
import { Button, Buttons } from '#kernel/ui/buttons.tsx'
import { RadioGroup } from '#kernel/ui/choices.tsx'
import { DateField } from '#kernel/ui/date-field.tsx'
import { ErrorSummary, errorTexts, inOrder } from '#kernel/ui/errors.tsx'
import { type Option, SelectField, TextField } from '#kernel/ui/fields.tsx'
import { Note } from '#kernel/ui/states.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { enterRemoval } from '../entering.ts'
import { CATEGORIES, COSTS, ESCORTS, INVITED, MODES } from '../kinds.ts'
import { isOfficer, listCarriers, officeOf } from '../removals.ts'
import { REMOVALS } from './paths.ts'
import { ORDER, readStated } from './read-stated.ts'
import { currencyOptions } from './words.tsx'

/** A departure entered by hand: by a carrier's desk its own, by officers that of any carrier. */
export const newRemovalPage = definePage({
  path: `${REMOVALS}/new`,
  access: 'removal.enter',
  get: (ctx) => <Enter ctx={ctx} values={{}} errors={{}} />,
  async post(ctx, c, form) {
    const read = await readStated(ctx, form)
    if (!read.ok) {
      c.status(422)
      return <Enter ctx={ctx} values={read.values} errors={read.errors} />
    }
    const reference = await enterRemoval(ctx, read.stated)
    return seeOther(ctx, c, `${REMOVALS}/${reference}?done=entered`)
  },
})

async function Enter({ ctx, values, errors }: { ctx: Ctx; values: FormValues; errors: FormErrors }) {
  const { t } = ctx
  const words = errorTexts(ctx, errors)
  const path = `${REMOVALS}/new`
  const officer = isOfficer(ctx)
  const carriers = (await listCarriers(ctx))
    .filter(({ closed_at }) => !closed_at)
    .map(({ id, name }) => ({ value: id, label: name }))
  const countries = await countryOptions(ctx)
  const text = (name: string, hint?: string, numbers?: 'numeric' | 'decimal') => (
    <TextField
      name={name}
      label={t(`removals.fact.${name}`)}
      hint={hint}
      value={values[name]}
      error={words[name]}
      inputmode={numbers}
      width={numbers && 'short'}
      autocomplete="off"
    />
  )
  const choice = (name: string, list: string, among: readonly string[], fallback?: string, hint?: string) => (
    <RadioGroup
      name={name}
      label={t(`removals.fact.${name}`)}
      hint={hint}
      value={values[name] ?? fallback}
      error={words[name]}
      options={among.map((value) => ({ value, label: t(`removals.code.${list}.${value}`) }))}
      beside
    />
  )
  const select = (name: string, options: readonly Option[], fallback?: string, hint?: string, empty?: string) => (
    <SelectField
      name={name}
      label={t(`removals.fact.${name}`)}
      hint={hint}
      empty={empty}
      value={values[name] ?? fallback}
      error={words[name]}
      options={options}
    />
  )
  const date = (name: string) => (
    <DateField
      ctx={ctx}
      name={name}
      label={t(`removals.fact.${name}`)}
      error={words[name]}
      value={{ day: values[`${name}_day`], month: values[`${name}_month`], year: values[`${name}_year`] }}
    />
  )
  // What need not be stated is folded until something of it is written, or wrong.
  const stated = (...names: string[]) => names.some((name) => values[name] || words[name])
  const asks = {
    inadmissible: select(
      'brought_by',
      carriers,
      undefined,
      t('removals.enter.brought_by_hint'),
      t('removals.enter.same_carrier'),
    ),
    deportee: choice('invited', 'invited', INVITED, 'unknown', t('removals.enter.invited_hint')),
  }
  return (
    <WorkPage ctx={ctx} title={t('removals.enter.title')} current={REMOVALS} path={path}>
      <Crumb href={localPath(ctx, REMOVALS)} label={t('removals.list.title')} />
      <Headline title={t('removals.enter.title')} lead={t('removals.enter.lead')} />
      <ErrorSummary ctx={ctx} errors={inOrder(words, ORDER)} />
      {!officer && !carriers.some(({ value }) => value === officeOf(ctx)) && (
        <Note state="stop" title={t('removals.enter.no_carrier')} />
      )}
      <form method="post" class="flow form">
        <Card>
          <h2>{t('removals.enter.who')}</h2>
          <RadioGroup
            name="category"
            label={t('removals.fact.category')}
            hint={t('removals.enter.category_hint')}
            value={values.category}
            error={words.category}
            options={CATEGORIES.map((value) => ({
              value,
              label: t(`removals.code.category.${value}`),
              follow: asks[value],
            }))}
          />
          <TextField
            name="people"
            label={t('removals.fact.people')}
            value={values.people ?? '1'}
            error={words.people}
            inputmode="numeric"
            width="short"
            autocomplete="off"
          />
          <More
            icon="person"
            label={t('removals.enter.passenger')}
            hint={t('removals.enter.passenger_hint')}
            open={stated('name', 'document', 'birth', 'birth_day', 'birth_month', 'birth_year')}
          >
            {text('name')}
            {text('document')}
            {date('birth')}
          </More>
        </Card>
        <Card>
          <h2>{t('removals.enter.departure')}</h2>
          {choice('mode', 'mode', MODES)}
          {officer && select('carrier', carriers, undefined, t('removals.enter.carrier_hint'), t('ui.choose'))}
          {date('left_on')}
          <div class="side">
            {text('origin')}
            {text('destination')}
          </div>
          <div class="side">
            {text('service')}
            {select('country', countries, 'RU')}
          </div>
          <More
            icon="shield"
            label={t('removals.enter.more')}
            open={stated('ground') || (values.escort ?? 'unknown') !== 'unknown'}
          >
            {choice('escort', 'escort', ESCORTS, 'unknown')}
            {text('ground', t('removals.enter.ground_hint'))}
          </More>
        </Card>
        <Card>
          <h2>{t('removals.enter.cost')}</h2>
          {text('amount', t('removals.enter.amount_hint'), 'decimal')}
          <div class="side">
            {select('currency', currencyOptions, 'EUR')}
            {select(
              'kind',
              COSTS.map((value) => ({ value, label: t(`removals.code.cost.${value}`) })),
              'whole',
            )}
          </div>
        </Card>
        <Buttons>
          <Button icon="save">{t('removals.enter.button')}</Button>
        </Buttons>
      </form>
    </WorkPage>
  )
}
