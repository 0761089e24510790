import type { Child } from 'hono/jsx'
import type { Ctx } from '#kernel/context.ts'
import type { FormValues } from '#kernel/http/forms.ts'
import { patentLimits, sayRule } from '#kernel/law/rules.ts'
import { countryOptions } from '#kernel/places/countries.ts'
import { resolvePlace } from '#kernel/places/places.ts'
import { Card, More } from '#kernel/ui/blocks.tsx'
import { RadioGroup } from '#kernel/ui/choices.tsx'
import { DateField } from '#kernel/ui/date-field.tsx'
import { HiddenField, Lines, SelectField, TextArea, TextField } from '#kernel/ui/fields.tsx'
import { Note } from '#kernel/ui/states.tsx'
import { PAY_PERIODS } from '../../pay.ts'
import { COST_ITEMS } from '../../sources/advert.ts'
import { CONTRACTS } from '../../vacancies.ts'
import { MOST_CHARACTERS, MOST_DAYS } from '../content.ts'
import { TAKES } from '../fair.ts'

// Those in which pay for work of people from here is named; any other can come by sheet or program.
const CURRENCIES = ['TJS', 'RUB', 'USD', 'EUR', 'KZT', 'UZS', 'KGS', 'PLN', 'TRY', 'KRW', 'AED', 'CNY'] as const

/** What the fields show: content as typed, and the end in three parts. */
export type PostingValues = FormValues

type Props = {
  ctx: Ctx
  values: PostingValues
  /** What is wrong, by column. */
  words: Record<string, string>
  /** What somebody else saved meanwhile, by column. */
  theirs: Record<string, string>
}

type TextMore = {
  hint?: Child
  most?: number
  type?: 'tel' | 'email' | 'url'
  inputmode?: 'numeric' | 'decimal'
  autocomplete?: string
}

/**
 * Every field of an advert: in each part first what is needed, then, folded until something of it is written or wrong, what
 * may be added.
 */
export async function PostingFields({ ctx, values, words, theirs }: Props) {
  const { t } = ctx
  const about = (name: string, hint?: Child) => ({
    name,
    label: t(`vacancies.column.${name}`),
    hint: theirs[name] === undefined ? hint : <Theirs ctx={ctx} value={theirs[name]} hint={hint} />,
    error: words[name],
    value: values[name],
  })
  const hint = (name: string) => t(`vacancies.posting.hint.${name}`)
  const text = (name: string, more: TextMore = {}) => (
    <TextField
      {...about(name, more.hint)}
      type={more.type}
      autocomplete={more.autocomplete ?? 'off'}
      maxlength={more.most ?? 200}
      width={more.inputmode && 'short'}
      inputmode={more.inputmode}
    />
  )
  const area = (name: string, rows: number, said?: Child) => (
    <TextArea {...about(name, said)} rows={rows} maxlength={MOST_CHARACTERS} />
  )
  const choice = (
    name: string,
    options: readonly string[],
    label: (value: string) => string,
    { said, empty = t('ui.choose') }: { said?: Child; empty?: string } = {},
  ) => (
    <SelectField
      {...about(name, said)}
      empty={empty}
      options={options.map((value) => ({ value, label: label(value) }))}
    />
  )
  const yesNo = (name: string) =>
    choice(name, ['yes', 'no'], (value) => t(`vacancies.posting.${value}`), { empty: '–' })
  const folded = (names: readonly string[], children: Child) => (
    <More
      label={t('vacancies.posting.more')}
      hint={ctx.format.list(names.map((name) => t(`vacancies.column.${name}`).toLocaleLowerCase(ctx.lang)))}
      open={names.some((name) => values[name] || words[name] || theirs[name] !== undefined)}
    >
      {children}
    </More>
  )
  return (
    <>
      {/* Only sheets and programs name it beside the title. */}
      <HiddenField name="profession" value={values.profession} />
      <Part title={t('vacancies.posting.part.work')}>
        {text('title', { hint: hint('title') })}
        <div class="side">
          <SelectField {...about('country')} empty={t('ui.choose')} options={await countryOptions(ctx)} />
          {text('region', { hint: hint('region') })}
        </div>
        {area('duties', 4, hint('duties'))}
        {folded(
          ['requirements', 'experience', 'education', 'workplace', 'positions'],
          <>
            {area('requirements', 3)}
            <div class="side">
              {text('experience')}
              {text('education')}
            </div>
            {text('workplace', { hint: hint('workplace'), most: 300 })}
            {text('positions', { inputmode: 'numeric' })}
          </>,
        )}
      </Part>
      <Part title={t('vacancies.posting.part.pay')}>
        <div class="side halves">
          {text('pay_min', { inputmode: 'decimal' })}
          {text('pay_max', { inputmode: 'decimal' })}
          {choice('pay_currency', currenciesWith(values.pay_currency), (code) => code, { empty: '–' })}
          {choice('pay_period', PAY_PERIODS, (value) => t(`vacancies.code.pay_period.${value}`), { empty: '–' })}
        </div>
        {choice('pay_tax', ['gross', 'net'], (value) => t(`vacancies.posting.tax_${value}`))}
      </Part>
      <Part title={t('vacancies.posting.part.conditions')}>
        {choice('contract', CONTRACTS, (value) => t(`vacancies.code.contract.${value}`), { said: hint('contract') })}
        <Lines id="gives" label={t('vacancies.posting.gives')}>
          {yesNo('accommodation')}
          {yesNo('food')}
          {yesNo('transport')}
        </Lines>
        {folded(
          ['schedule', 'hours', 'conditions', 'foreigners'],
          <>
            <div class="side">
              {text('schedule', { hint: hint('schedule') })}
              {text('hours', { hint: hint('hours') })}
            </div>
            {area('conditions', 3)}
            {choice('foreigners', ['yes', 'quota', 'no'], (value) => t(`vacancies.foreigners.${value}`), {
              said: hint('foreigners'),
            })}
          </>,
        )}
      </Part>
      <Part title={t('vacancies.show.who_pays')}>
        <RadioGroup
          {...about('takes', hint('takes'))}
          label={t('vacancies.posting.takes')}
          options={TAKES.map((value) => ({ value, label: t(`vacancies.code.takes.${value}`) }))}
          beside
        />
        <Lines id="pays" label={t('vacancies.posting.pays')} hint={t('vacancies.posting.hint.pays')}>
          {COST_ITEMS.map((item) => (
            <SelectField
              {...about(`pays_${item}`)}
              label={t(`vacancies.code.cost.${item}`)}
              empty="–"
              options={(['employer', 'worker'] as const).map((value) => ({
                value,
                label: t(`vacancies.code.payer.${value}`),
              }))}
            />
          ))}
        </Lines>
        <Patent ctx={ctx} values={values} />
      </Part>
      <Part title={t('vacancies.posting.part.people')}>
        <div class="side">
          {text('phone', { hint: hint('phone'), most: 60, type: 'tel', autocomplete: 'tel' })}
          {text('email', { most: 254, type: 'email', autocomplete: 'email' })}
        </div>
        {folded(
          ['documents', 'medical_card', 'website', 'expires_on'],
          <>
            {area('documents', 3, hint('documents'))}
            {yesNo('medical_card')}
            {text('website', { type: 'url', autocomplete: 'url' })}
            <DateField
              ctx={ctx}
              {...about('expires_on', t('vacancies.posting.hint.expires_on', { days: MOST_DAYS }))}
              value={{ day: values.expires_on_day, month: values.expires_on_month, year: values.expires_on_year }}
            />
          </>,
        )}
      </Part>
    </>
  )
}

// One that came by sheet or program stays when somebody changes other words.
const currenciesWith = (stated: string | undefined): readonly string[] =>
  !stated || CURRENCIES.some((code) => code === stated) ? CURRENCIES : [...CURRENCIES, stated]

const Part = ({ title, children }: { title: string; children?: Child }) => (
  <Card>
    <h2>{title}</h2>
    {children}
  </Card>
)

const Theirs = ({ ctx, value, hint }: { ctx: Ctx; value: string; hint?: Child }) => (
  <>
    <b>{ctx.t('vacancies.posting.theirs', { value: value === '' ? ctx.t('vacancies.posting.nothing') : value })}</b>
    {hint && <> {hint}</>}
  </>
)

// What the law lets only the worker pay in Russia, with its date: no employer chooses it.
async function Patent({ ctx, values }: { ctx: Ctx; values: PostingValues }) {
  if (values.country !== 'RU') return null
  const place = values.region ? await resolvePlace(ctx, values.region, { country: 'RU' }) : null
  const limits = await patentLimits(ctx, { placeCode: place?.code ?? 'RU', isco: null })
  const said = limits?.cost ? await sayRule(ctx, limits.cost) : ctx.t('law.unknown.cost')
  return (
    <Note state="unknown" title={ctx.t('vacancies.posting.patent')}>
      {said}
      {limits?.cost && (
        <>
          {' '}
          <a href={limits.cost.source_url}>{new URL(limits.cost.source_url).host.replace(/^www\./, '')}</a>
        </>
      )}
    </Note>
  )
}

/** The end of an advert in the three parts that its fields have. */
export function inParts(content: Record<string, string>): PostingValues {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(content.expires_on ?? '') ?? []
  const number = (part: string | undefined) => (part ? String(Number(part)) : '')
  return {
    ...content,
    expires_on_day: number(day),
    expires_on_month: number(month),
    expires_on_year: number(year),
  }
}

/** What was typed, with the end as one day again; a day that does not exist stays as it was typed, and is refused. */
export function typedContent(form: FormData): Record<string, string> {
  const values = Object.fromEntries([...form].filter((pair): pair is [string, string] => typeof pair[1] === 'string'))
  const part = (name: string) => values[`expires_on_${name}`]?.trim() ?? ''
  const [day, month, year] = [part('day'), part('month'), part('year')]
  const end = /^\d{4}$/.test(year) && day && month ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : ''
  return { ...values, expires_on: end || [day, month, year].filter(Boolean).join('.') }
}
