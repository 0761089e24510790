import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { placePath, resolvePlace } from '#kernel/places/places.ts'
import { DateField, readDate } from '#kernel/ui/date-field.tsx'
import { HiddenField, TextField } from '#kernel/ui/fields.tsx'
import type { Employer, EmployerFacts } from '../employers.ts'
import { readOgrn, readPhone, readTin } from '../numbers.ts'

const part = (most: number) => z.string().max(most).optional()
const Facts = z.object({
  version: z.coerce.number().int(),
  legal_name: z.string('employers.register.name_missing').max(200),
  tin: z.string('employers.register.tin_missing').max(40),
  ogrn: part(30),
  place: part(120),
  address: part(300),
  website: z
    .string()
    .max(200)
    .transform((text) => (/^https?:\/\//i.test(text) ? text : `https://${text}`))
    .pipe(z.url({ protocol: /^https?$/, hostname: z.regexes.domain, error: 'employers.facts.website_form' }))
    .optional(),
  phone: z.string('employers.register.phone_missing').max(40),
  contact_name: z.string('employers.register.contact_missing').max(120),
  licence_no: part(60),
  licence_by: part(200),
  licence_on_day: part(2),
  licence_on_month: part(2),
  licence_on_year: part(4),
  licence_until_day: part(2),
  licence_until_month: part(2),
  licence_until_year: part(4),
})
type Asked = z.output<typeof Facts>

export type FactsReading =
  | { ok: true; facts: EmployerFacts; version: number; values: FormValues }
  | { ok: false; values: FormValues; errors: FormErrors }

/** What the form says of an employer of this country, each number in its one spelling. */
export async function readFacts(ctx: Ctx, form: FormData, { country }: Employer): Promise<FactsReading> {
  const read = readForm(Facts, form)
  if (!read.ok) return read
  const errors: FormErrors = {}
  const { value, values } = read
  const number = (name: 'tin' | 'ogrn', reading: { value: string } | { error: string }) => {
    if ('value' in reading) return reading.value
    errors[name] = reading.error
    return null
  }
  const tin = number('tin', readTin(country, value.tin))
  const ogrn = value.ogrn ? number('ogrn', readOgrn(value.ogrn)) : null
  const place = value.place ? await resolvePlace(ctx, value.place, { country }) : null
  if (value.place && !place) errors.place = 'employers.facts.place_unknown'
  const phone = readPhone(value.phone, country)
  if (!phone) errors.phone = 'employers.register.phone_form'
  const licence_on = dayOf(value, 'licence_on', errors)
  const licence_until = dayOf(value, 'licence_until', errors)
  if (licence_on && licence_until && Temporal.PlainDate.compare(licence_on, licence_until) > 0)
    errors.licence_until = 'employers.facts.licence_order'
  if (Object.keys(errors).length > 0) return { ok: false, values, errors }
  const facts: EmployerFacts = {
    ...{ legal_name: value.legal_name, tin, ogrn, place_code: place?.code ?? null, phone: phone! },
    ...{ address: value.address ?? null, website: value.website ?? null, contact_name: value.contact_name },
    ...{ licence_no: value.licence_no ?? null, licence_by: value.licence_by ?? null, licence_on, licence_until },
  }
  return { ok: true, facts, version: value.version, values }
}

function dayOf(value: Asked, name: 'licence_on' | 'licence_until', errors: FormErrors): Temporal.PlainDate | null {
  const parts = { day: value[`${name}_day`], month: value[`${name}_month`], year: value[`${name}_year`] }
  if (!parts.day && !parts.month && !parts.year) return null
  const day = readDate(parts)
  if (!day) errors[name] = 'employers.facts.date_wrong'
  return day
}

/** The facts as the form's fields show them. */
export async function valuesOf(ctx: Ctx, employer: Employer): Promise<FormValues> {
  const text = (value: string | null) => value ?? ''
  const day = (name: 'licence_on' | 'licence_until') => {
    const on = employer[name]
    return {
      [`${name}_day`]: on ? String(on.day) : '',
      [`${name}_month`]: on ? String(on.month) : '',
      [`${name}_year`]: on ? String(on.year) : '',
    }
  }
  return {
    legal_name: employer.legal_name,
    tin: text(employer.tin),
    ogrn: text(employer.ogrn),
    place: employer.place_code ? await placePath(ctx, employer.place_code) : '',
    address: text(employer.address),
    website: text(employer.website),
    phone: employer.phone,
    contact_name: employer.contact_name,
    licence_no: text(employer.licence_no),
    licence_by: text(employer.licence_by),
    ...day('licence_on'),
    ...day('licence_until'),
  }
}

/** What somebody else saved where it is not what one wrote oneself: by field. */
export const differing = (saved: FormValues, written: FormValues): Record<string, string> =>
  Object.fromEntries(Object.entries(saved).filter(([name, value]) => (written[name] ?? '') !== value))

type Props = {
  ctx: Ctx
  employer: Employer
  values: FormValues
  words: Record<string, string>
  /** What somebody else saved meanwhile. */
  theirs: Record<string, string>
}

/** The fields of an employer's facts; the number of the Russian register only in Russia, the licence only for agencies. */
export function FactFields({ ctx, employer, values, words, theirs }: Props) {
  const { t } = ctx
  const hintOf = (name: string, hint?: string) =>
    theirs[name] === undefined
      ? hint
      : t('employers.own.theirs', { value: theirs[name] === '' ? t('employers.own.nothing') : theirs[name] })
  const text = (name: string, most: number, hint?: string) => (
    <TextField
      name={name}
      label={t(`employers.facts.${name}`)}
      hint={hintOf(name, hint)}
      value={values[name]}
      error={words[name]}
      autocomplete="off"
      maxlength={most}
    />
  )
  const day = (name: 'licence_on' | 'licence_until') => (
    <DateField
      ctx={ctx}
      name={name}
      label={t(`employers.facts.${name}`)}
      error={words[name]}
      value={{ day: values[`${name}_day`], month: values[`${name}_month`], year: values[`${name}_year`] }}
    />
  )
  return (
    <>
      <HiddenField name="version" value={employer.version} />
      {text('legal_name', 200, t('employers.register.legal_name_hint'))}
      {text('tin', 40, t('employers.register.tin_hint'))}
      {employer.country === 'RU' && text('ogrn', 30, t('employers.facts.ogrn_hint'))}
      {text('place', 120, t('employers.facts.place_hint'))}
      {text('address', 300)}
      {text('website', 200)}
      {text('phone', 40, t('employers.facts.phone_hint'))}
      {text('contact_name', 120, t('employers.facts.contact_hint'))}
      {employer.kind === 'agency' && (
        <>
          <h3>{t('employers.facts.licence')}</h3>
          {text('licence_no', 60)}
          {text('licence_by', 200)}
          {day('licence_on')}
          {day('licence_until')}
        </>
      )}
    </>
  )
}
