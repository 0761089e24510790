import { z } from 'zod'
import { may } from '../../access/authorise.ts'
import type { Ctx } from '../../context.ts'
import { type FormErrors, type FormValues, readForm } from '../../http/forms.ts'
import { resolvePlace } from '../../places/places.ts'
import { RadioGroup } from '../../ui/choices.tsx'
import { DateField, readDate } from '../../ui/date-field.tsx'
import { SelectField, TextArea, TextField } from '../../ui/fields.tsx'
import { DOCUMENT_KINDS, SEXES, type StatedDocument, type StatedName, type StatedRecord } from '../facts.ts'
import { isTelling } from '../matching/roll.ts'
import { PROTECTIONS } from '../protection.ts'
import { PURPOSES } from '../purposes.ts'
import { birthOf } from './search.tsx'

const SCRIPTS = ['tg', 'ru', 'latin'] as const
const PARTS = ['family', 'given', 'patronymic'] as const
/** As it was before: a new surname ends no ban, and old papers state it. */
const FORMER = 'former'
const NUMBERS = [1, 2] as const

const text = (most: number) => z.string().max(most, 'people.new.too_long').optional()
const digits = z.string().regex(/^\d+$/, 'people.search.birth_wrong').optional()
const dateOf = (name: string) => ({ [`${name}_day`]: text(2), [`${name}_month`]: text(2), [`${name}_year`]: text(4) })

type NameField = `${(typeof SCRIPTS)[number] | typeof FORMER}_${(typeof PARTS)[number]}`

/** All that can be stated of a person by hand. */
export const PersonFields = z.object({
  id: z.uuid(),
  label: z.string('people.new.label_missing').max(200, 'people.new.too_long'),
  ...(Object.fromEntries(
    [...SCRIPTS, FORMER].flatMap((name) => PARTS.map((part) => [`${name}_${part}`, text(100)])),
  ) as Record<NameField, ReturnType<typeof text>>),
  ...(dateOf(`${FORMER}_until`) as Record<
    `${typeof FORMER}_until_${'day' | 'month' | 'year'}`,
    ReturnType<typeof text>
  >),
  birth_day: digits,
  birth_month: digits,
  birth_year: digits,
  sex: z.enum([...SEXES, 'unknown']).default('unknown'),
  citizenship: text(100),
  home_district: text(200),
  ...(Object.fromEntries(
    NUMBERS.flatMap((n) => [
      [`document${n}_kind`, z.enum(DOCUMENT_KINDS).optional()],
      [`document${n}_country`, text(100)],
      [`document${n}_number`, text(40)],
      ...Object.entries({ ...dateOf(`document${n}_issued`), ...dateOf(`document${n}_expires`) }),
    ]),
  ) as Record<string, ReturnType<typeof text>>),
  phone: z
    .string()
    .regex(/^\+?[\d\s()-]{7,20}$/, 'people.new.phone_wrong')
    .optional(),
  only_theirs: z.enum(['yes', 'no', 'unknown']).default('unknown'),
  reach: text(300),
  flag: z.enum([...PROTECTIONS, 'none']).default('none'),
  purpose: z.enum(PURPOSES).optional(),
  person: text(20),
  same: text(20),
})
type PersonValues = z.output<typeof PersonFields>

export type Reading =
  | { ok: true; value: PersonValues; values: FormValues; stated: StatedRecord }
  | { ok: false; values: FormValues; errors: FormErrors }

/**
 * What the fields say, as the registry takes it, or what is wrong with them. `known`: what is stated of the person already,
 * where only a document or a telephone is added.
 */
export async function readPerson(ctx: Ctx, form: FormData, known: StatedRecord | null): Promise<Reading> {
  const read = readForm(PersonFields, form)
  if (!read.ok) {
    const errors = Object.fromEntries(
      Object.entries(read.errors).map(([field, key]) => [field.replace(/_(day|month|year)$/, ''), key]),
    )
    return { ok: false, values: read.values, errors }
  }
  const { value, values } = read
  const errors: FormErrors = {}
  const nameOf = (of: (typeof SCRIPTS)[number] | typeof FORMER): StatedName[] => {
    const parts = PARTS.flatMap((part) => {
      const stated = value[`${of}_${part}`]
      return stated ? [[part, stated] as const] : []
    })
    return parts.length > 0 ? [Object.fromEntries(parts)] : []
  }
  const names = SCRIPTS.flatMap(nameOf)
  if (!known && names.length === 0) errors.tg_family = 'people.new.name_missing'
  const former = formerName(ctx, nameOf(FORMER)[0], value, errors)
  if (former) names.push(former)
  const birth = birthOf(value)
  if (birth === undefined || (birth && birth > Number(ctx.now.toString().slice(0, 10).replaceAll('-', ''))))
    errors.birth = 'people.search.birth_wrong'
  const country = async (field: string, stated: string | undefined) => {
    if (!stated) return null
    const code = /^[A-Z]{2}$/.test(stated) ? stated : (await resolvePlace(ctx, stated))?.code
    if (!code || !/^[A-Z]{2}$/.test(code)) errors[field] = 'people.new.country_unknown'
    return code ?? null
  }
  const citizenship = await country('citizenship', value.citizenship)
  const documents: StatedDocument[] = []
  for (const n of NUMBERS) {
    const cell = (name: string) => (value as Record<string, string | undefined>)[`document${n}_${name}`]
    const date = (name: string) => {
      const parts = { day: cell(`${name}_day`), month: cell(`${name}_month`), year: cell(`${name}_year`) }
      const day = readDate(parts)
      if (!day && Object.values(parts).some(Boolean)) errors[`document${n}_${name}`] = 'people.new.date_wrong'
      return day
    }
    const [issued_on, expires_on] = [date('issued'), date('expires')]
    const [number, kind, of] = [cell('number'), cell('kind'), await country(`document${n}_country`, cell('country'))]
    if (!number && (kind || of || issued_on || expires_on)) errors[`document${n}_number`] = 'people.new.number_missing'
    const short = number && (number.replace(/[^\p{L}\p{N}]/gu, '').length < 4 || !isTelling(number))
    if (short)
      errors[`document${n}_number`] = /[1-9]/.test(number) ? 'people.new.number_short' : 'people.new.number_none'
    if (number && !kind) errors[`document${n}_kind`] = 'people.new.kind_missing'
    if (number && kind)
      documents.push({ kind: kind as StatedDocument['kind'], country: of, number, issued_on, expires_on })
  }
  if (!value.phone && value.reach) errors.phone = 'people.new.phone_missing'
  if (known && documents.length === 0 && !value.phone && names.length === 0 && Object.keys(errors).length === 0)
    errors.document1_number = 'people.new.nothing'
  if (Object.keys(errors).length > 0) return { ok: false, values, errors }
  const place = value.home_district
    ? ((await resolvePlace(ctx, value.home_district))?.code ?? value.home_district)
    : null
  const only = { yes: true, no: false, unknown: null } as const
  const contact = value.phone
    ? { phone: value.phone, only_theirs: only[value.only_theirs], reach: value.reach ?? null }
    : null
  const stated: StatedRecord = known
    ? { ...known, names: [...known.names, ...names], documents, contact }
    : {
        ...{ names, birth: birth ?? null, sex: value.sex === 'unknown' ? null : value.sex, citizenship },
        ...{ home_district: place, documents, contact, adverse: false },
      }
  return { ok: true, value, values, stated }
}

function formerName(
  ctx: Ctx,
  name: StatedName | undefined,
  { former_until_day: day, former_until_month: month, former_until_year: year }: PersonValues,
  errors: FormErrors,
): StatedName | undefined {
  if (!day && !month && !year) return name
  const until = readDate({ day, month, year })
  if (!until || String(until) > ctx.now.toString().slice(0, 10)) errors.former_until = 'people.new.date_wrong'
  else if (!name) errors.former_family = 'people.new.former_missing'
  else return { ...name, until: String(until) }
}

type FieldsProps = { ctx: Ctx; values: FormValues; words: Record<string, string>; adding: boolean }

/** The fields of a person; where something is added to one who is here, only what can be new. */
export function Fields({ ctx, values, words, adding }: FieldsProps) {
  const { t } = ctx
  const field = (name: string, label: string, more: { hint?: string; width?: 'short'; lang?: string } = {}) => (
    <TextField name={name} label={label} value={values[name]} error={words[name]} spellcheck={false} {...more} />
  )
  const date = (name: string, label: string, hint?: string) => (
    <DateField
      ctx={ctx}
      name={name}
      label={label}
      hint={hint}
      error={words[name]}
      value={{ day: values[`${name}_day`], month: values[`${name}_month`], year: values[`${name}_year`] }}
    />
  )
  return (
    <>
      {field('label', t('people.new.label'), { hint: t('people.new.label_hint') })}
      {!adding && (
        <>
          {SCRIPTS.map((script) => (
            <fieldset class="flow">
              <legend>
                <h2>{t(`people.new.name_${script}`)}</h2>
              </legend>
              <div class="side">
                {PARTS.map((part) =>
                  field(`${script}_${part}`, t(`people.field.${part}`), script === 'latin' ? {} : { lang: script }),
                )}
              </div>
            </fieldset>
          ))}
          {date('birth', t('people.field.birth'), t('people.search.birth_hint'))}
          <RadioGroup
            name="sex"
            label={t('people.field.sex')}
            value={values.sex ?? 'unknown'}
            options={[
              ...SEXES.map((value) => ({ value, label: t(`people.code.sex.${value}`) })),
              { value: 'unknown', label: t('ui.not_stated') },
            ]}
          />
          <div class="side">
            {field('citizenship', t('people.field.citizenship'), { hint: t('people.new.country_hint') })}
            {field('home_district', t('people.field.district'), { hint: t('people.new.district_hint') })}
          </div>
        </>
      )}
      <fieldset class="flow">
        <legend>
          <h2>{t('people.new.former')}</h2>
        </legend>
        <div class="side">{PARTS.map((part) => field(`${FORMER}_${part}`, t(`people.field.${part}`)))}</div>
        {date(`${FORMER}_until`, t('people.new.former_until'), t('people.new.former_hint'))}
      </fieldset>
      {NUMBERS.map((n) => (
        <fieldset class="flow">
          <legend>
            <h2>{t('people.new.document', { number: n })}</h2>
          </legend>
          <div class="side">
            <SelectField
              name={`document${n}_kind`}
              label={t('people.field.kind')}
              empty={t('ui.choose')}
              value={values[`document${n}_kind`]}
              error={words[`document${n}_kind`]}
              options={DOCUMENT_KINDS.map((value) => ({ value, label: t(`people.code.document.${value}`) }))}
            />
            {field(`document${n}_number`, t('people.search.document'))}
          </div>
          {field(`document${n}_country`, t('people.new.issuer'), { hint: t('people.new.country_hint') })}
          <div class="side">
            {date(`document${n}_issued`, t('people.field.issued'))}
            {date(`document${n}_expires`, t('people.new.expires'))}
          </div>
        </fieldset>
      ))}
      <fieldset class="flow">
        <legend>
          <h2>{t('people.phone')}</h2>
        </legend>
        {field('phone', t('people.new.phone'), { hint: t('people.new.phone_hint') })}
        <RadioGroup
          name="only_theirs"
          label={t('people.new.only_theirs')}
          value={values.only_theirs ?? 'unknown'}
          options={['yes', 'no', 'unknown'].map((value) => ({ value, label: t(`people.new.only_${value}`) }))}
        />
        <TextArea
          name="reach"
          label={t('people.new.reach')}
          hint={t('people.new.reach_hint')}
          value={values.reach}
          error={words.reach}
          rows={2}
          maxlength={300}
        />
      </fieldset>
      {!adding && may(ctx, 'person.protect') && (
        <RadioGroup
          name="flag"
          label={t('people.protection.title')}
          hint={t('people.protection.hint')}
          value={values.flag ?? 'none'}
          options={[
            { value: 'none', label: t('people.protection.none') },
            ...PROTECTIONS.map((value) => ({ value, label: t(`people.code.protection.${value}`) })),
          ]}
        />
      )}
    </>
  )
}
