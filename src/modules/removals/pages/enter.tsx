import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { countryOptions } from '#kernel/places/countries.ts'
import { Crumb, Headline } from '#kernel/ui/blocks.tsx'
import { Button } from '#kernel/ui/buttons.tsx'
import { RadioGroup } from '#kernel/ui/choices.tsx'
import { DateField, readDate } from '#kernel/ui/date-field.tsx'
import { ErrorSummary, errorTexts } from '#kernel/ui/errors.tsx'
import { SelectField, TextField } from '#kernel/ui/fields.tsx'
import { Note } from '#kernel/ui/states.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { readDocument, readName } from '#modules/expulsions/public.ts'
import { enterRemoval, type Stated } from '../entering.ts'
import { CATEGORIES, COSTS, ESCORTS, INVITED, MODES } from '../kinds.ts'
import { isOfficer, listCarriers, officeOf } from '../removals.ts'
import { REMOVALS } from './paths.ts'
import { CURRENCIES, currencyOptions, readMoney } from './words.tsx'

const dayParts = (name: string) => ({
  [`${name}_day`]: z.string().max(2).optional(),
  [`${name}_month`]: z.string().max(2).optional(),
  [`${name}_year`]: z.string().max(4).optional(),
})

const Form = z.object({
  category: z.enum(CATEGORIES, 'removals.enter.category_missing'),
  mode: z.enum(MODES, 'removals.enter.mode_missing'),
  carrier: z.uuid().optional(),
  service: z.string().max(40).optional(),
  origin: z.string('removals.enter.origin_missing').max(100),
  destination: z.string('removals.enter.destination_missing').max(100),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .default('RU'),
  people: z.coerce.number('removals.import.no_count').int('removals.import.no_count').min(1).max(1000).default(1),
  name: z.string().max(200).optional(),
  document: z.string().max(40).optional(),
  ground: z.string().max(300).optional(),
  brought_by: z.uuid().optional(),
  invited: z.enum(INVITED).default('unknown'),
  escort: z.enum(ESCORTS).default('unknown'),
  amount: z.string().max(30).optional(),
  currency: z.enum(CURRENCIES).default('EUR'),
  kind: z.enum(COSTS).default('whole'),
  ...dayParts('left_on'),
  ...dayParts('birth'),
})

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

type Read = { ok: true; stated: Stated } | { ok: false; values: FormValues; errors: FormErrors }

async function readStated(ctx: Ctx, form: FormData): Promise<Read> {
  const read = readForm(Form, form)
  const raw = Object.fromEntries([...form].filter((pair): pair is [string, string] => typeof pair[1] === 'string'))
  if (!read.ok) return { ok: false, values: raw, errors: read.errors }
  const errors: FormErrors = {}
  const { amount, currency, kind, name, document, brought_by, invited, carrier: chosen, ...value } = read.value
  const today = plainDate(ctx.now)
  const day = (of: 'left_on' | 'birth') =>
    readDate({ day: raw[`${of}_day`], month: raw[`${of}_month`], year: raw[`${of}_year`] })
  const left_on = day('left_on')
  if (!left_on) errors.left_on = 'removals.enter.date_wrong'
  else if (Temporal.PlainDate.compare(left_on, today) > 0) errors.left_on = 'removals.import.future'
  const carriers = (await listCarriers(ctx)).filter(({ closed_at }) => !closed_at).map(({ id }) => id)
  const carrier = isOfficer(ctx) ? chosen : (officeOf(ctx) ?? undefined)
  if (!carrier || !carriers.includes(carrier)) errors.carrier = 'removals.enter.carrier_missing'
  if (brought_by && !carriers.includes(brought_by)) errors.brought_by = 'removals.enter.carrier_missing'
  const money = amount ? readMoney(amount, currency) : null
  if (amount && !money) errors.amount = 'removals.import.no_cost'
  const born = ['birth_day', 'birth_month', 'birth_year'].some((part) => raw[part]?.trim()) ? day('birth') : undefined
  if (born === null || (born && Temporal.PlainDate.compare(born, today) > 0)) errors.birth = 'removals.enter.date_wrong'
  if (name && value.people !== 1) errors.people = 'removals.import.one_name'
  if (!name && (document || born)) errors.name = 'removals.import.no_name'
  const number = document ? readDocument(document) : null
  if (number && 'error' in number) errors.document = number.error.key
  const tidy = name ? readName(name) : null
  if (tidy && 'error' in tidy) errors.name = tidy.error.key
  if (Object.keys(errors).length > 0) return { ok: false, values: raw, errors }
  const text = (reading: typeof number) => (reading && 'value' in reading ? String(reading.value) : null)
  const { category, mode, people, service = null, origin, destination, country, escort, ground = null } = value
  return {
    ok: true,
    stated: {
      ...{
        carrier: carrier!,
        category,
        mode,
        people,
        left_on: left_on!,
        service,
        origin,
        destination,
        country,
        escort,
      },
      brought_by: category === 'inadmissible' ? (brought_by ?? null) : null,
      invited: category === 'deportee' ? invited : 'unknown',
      ground,
      passenger: name
        ? {
            ...{ name: text(tidy)!, document: text(number) },
            birth: born ? born.year * 10_000 + born.month * 100 + born.day : null,
          }
        : null,
      costs: money ? [{ kind, money }] : [],
    },
  }
}

async function Enter({ ctx, values, errors }: { ctx: Ctx; values: FormValues; errors: FormErrors }) {
  const { t } = ctx
  const words = errorTexts(ctx, errors)
  const path = `${REMOVALS}/new`
  const officer = isOfficer(ctx)
  const carriers = (await listCarriers(ctx))
    .filter(({ closed_at }) => !closed_at)
    .map(({ id, name }) => ({ value: id, label: name }))
  const text = (name: keyof FormValues & string, hint?: string) => (
    <TextField
      name={name}
      label={t(`removals.fact.${name}`)}
      hint={hint}
      value={values[name]}
      error={words[name]}
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
    />
  )
  const date = (name: string, hint?: string) => (
    <DateField
      ctx={ctx}
      name={name}
      label={t(`removals.fact.${name}`)}
      hint={hint}
      error={words[name]}
      value={{ day: values[`${name}_day`], month: values[`${name}_month`], year: values[`${name}_year`] }}
    />
  )
  return (
    <WorkPage ctx={ctx} title={t('removals.enter.title')} current={REMOVALS} path={path}>
      <Crumb href={localPath(ctx, REMOVALS)} label={t('removals.list.title')} />
      <Headline title={t('removals.enter.title')} lead={t('removals.enter.lead')} />
      <ErrorSummary ctx={ctx} errors={words} />
      {!officer && !carriers.some(({ value }) => value === officeOf(ctx)) && (
        <Note state="stop" title={t('removals.enter.no_carrier')} />
      )}
      <form method="post" class="card flow">
        <h2>{t('removals.enter.departure')}</h2>
        {choice('category', 'category', CATEGORIES, undefined, t('removals.enter.category_hint'))}
        {choice('mode', 'mode', MODES)}
        {officer && (
          <SelectField
            name="carrier"
            label={t('removals.fact.carrier')}
            hint={t('removals.enter.carrier_hint')}
            empty={t('ui.choose')}
            value={values.carrier}
            error={words.carrier}
            options={carriers}
          />
        )}
        {date('left_on')}
        {text('service')}
        {text('origin')}
        {text('destination')}
        <SelectField
          name="country"
          label={t('removals.fact.country')}
          value={values.country ?? 'RU'}
          error={words.country}
          options={await countryOptions(ctx)}
        />
        <TextField
          name="people"
          label={t('removals.fact.people')}
          value={values.people ?? '1'}
          error={words.people}
          inputmode="numeric"
          width="short"
        />
        {choice('escort', 'escort', ESCORTS, 'unknown')}
        {text('ground', t('removals.enter.ground_hint'))}
        <h2>{t('removals.enter.bearer')}</h2>
        <SelectField
          name="brought_by"
          label={t('removals.fact.brought_by')}
          hint={t('removals.enter.brought_by_hint')}
          empty={t('removals.enter.same_carrier')}
          value={values.brought_by}
          error={words.brought_by}
          options={carriers}
        />
        {choice('invited', 'invited', INVITED, 'unknown', t('removals.enter.invited_hint'))}
        <h2>{t('removals.enter.passenger')}</h2>
        <p class="quiet">{t('removals.enter.passenger_hint')}</p>
        {text('name')}
        {text('document')}
        {date('birth')}
        <h2>{t('removals.enter.cost')}</h2>
        {text('amount', t('removals.enter.amount_hint'))}
        <SelectField
          name="currency"
          label={t('removals.fact.currency')}
          value={values.currency ?? 'EUR'}
          error={words.currency}
          options={currencyOptions}
        />
        <SelectField
          name="kind"
          label={t('removals.fact.kind')}
          value={values.kind ?? 'whole'}
          error={words.kind}
          options={COSTS.map((value) => ({ value, label: t(`removals.code.cost.${value}`) }))}
        />
        <Button>{t('removals.enter.button')}</Button>
      </form>
    </WorkPage>
  )
}
