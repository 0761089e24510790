import type { Child } from 'hono/jsx'
import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { Crumb, Headline } from '#kernel/ui/blocks.tsx'
import { Button, LinkButton } from '#kernel/ui/buttons.tsx'
import { RadioGroup } from '#kernel/ui/choices.tsx'
import { DateField, readDate } from '#kernel/ui/date-field.tsx'
import { ErrorSummary, errorTexts, inOrder } from '#kernel/ui/errors.tsx'
import { TextField } from '#kernel/ui/fields.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { enterNotice, type Typed } from '../by-hand.ts'
import { MEASURES } from '../kinds.ts'
import { BATCHES, PROCEEDINGS } from '../notices.ts'
import { readLength } from '../reading.ts'
import { LengthField } from './words.tsx'

const PATH = `${BATCHES}/new`
const TEXTS = ['family', 'given', 'patronymic', 'document', 'issuer', 'ground', 'decision_no', 'border_point'] as const
const DATES = ['birth', 'decision_on', 'starts_on', 'executed_on', 'ends'] as const
const HINTS: Partial<Record<(typeof DATES)[number], string>> = {
  birth: 'expulsions.by_hand.birth_hint',
  executed_on: 'expulsions.by_hand.executed_hint',
}
const TERMS = ['until', 'lasts', 'indefinite', 'unknown'] as const
const KINDS = [...MEASURES, 'border_refusal'] as const
// As the page asks.
const ORDER = [
  ...['letter', 'family', 'given', 'patronymic', 'birth', 'document', 'measure', 'issuer', 'ground', 'decision_no'],
  ...['decision_on', 'starts_on', 'executed_on', 'term', 'ends', 'lasts', 'border_point'],
]

const text = z.string().max(300).optional()
const part = z.string().max(4).optional()
const Entered = z.object({
  letter: text,
  lasts: text,
  measure: z.enum(KINDS, 'expulsions.by_hand.measure_missing'),
  // An empty term is never "no ban": whoever does not know says so.
  term: z.enum(TERMS, 'expulsions.by_hand.term_missing'),
  ...Object.fromEntries(TEXTS.map((name) => [name, text])),
  ...Object.fromEntries(DATES.flatMap((name) => ['day', 'month', 'year'].map((unit) => [`${name}_${unit}`, part]))),
})

/** One notice, typed from a letter: it goes the way of a list of one row. */
export const newNoticePage = definePage({
  path: PATH,
  access: 'expulsion.import',
  get: (ctx) => <Enter ctx={ctx} values={{}} errors={{}} />,
  async post(ctx, c, form) {
    const read = readForm(Entered, form)
    const values = Object.fromEntries([...form].map(([name, value]) => [name, String(value)]))
    const errors: FormErrors = read.ok ? {} : read.errors
    const typed: Typed = Object.fromEntries(TEXTS.map((name) => [name, values[name] ?? '']))
    for (const name of DATES) {
      if (name === 'ends' && values.term !== 'until') continue
      const [day, month, year] = ['day', 'month', 'year'].map((unit) => values[`${name}_${unit}`]?.trim() ?? '')
      if (!day && !month && !year) continue
      const date = readDate({ day: day!, month: month!, year: year! })
      if (date) typed[name] = date.toString()
      // Of many a birth only the year is known.
      else if (name === 'birth' && !day && !month) typed[name] = year!
      else errors[name] = 'expulsions.by_hand.date_wrong'
    }
    if (values.term === 'until' && !typed.ends) errors.ends ??= 'expulsions.by_hand.until_missing'
    if (values.term === 'lasts' && !readLength(values.lasts ?? '')) errors.lasts = 'expulsions.answer.no_length'
    if (typed.executed_on && typed.executed_on > plainDate(ctx.now).toString())
      errors.executed_on = 'expulsions.proceeding.date_ahead'
    if (read.ok && Object.keys(errors).length === 0) {
      if (values.term !== 'until') typed.ends = values.term === 'lasts' ? values.lasts! : values.term!
      const entered = await enterNotice(ctx, { ...typed, measure: values.measure! }, values.letter?.trim() || null)
      if ('import_id' in entered) return seeOther(ctx, c, `/work/imports/${entered.import_id}`)
      Object.assign(errors, entered.errors)
    }
    c.status(422)
    return <Enter ctx={ctx} values={values} errors={errors} />
  },
})

function Enter({ ctx, values, errors }: { ctx: Ctx; values: FormValues; errors: FormErrors }) {
  const { t } = ctx
  // A list may have the whole name in one column; here it begins with the family name.
  const { full_name: family, ...others } = errors
  const words = inOrder(errorTexts(ctx, family ? { family, ...others } : others), ORDER)
  const field = (name: (typeof TEXTS)[number]) => (
    <TextField
      name={name}
      label={t(`expulsions.column.${name}`)}
      value={values[name]}
      error={words[name]}
      autocomplete="off"
      maxlength={300}
    />
  )
  const date = (name: (typeof DATES)[number], label = t(`expulsions.column.${name}`)) => (
    <DateField
      ctx={ctx}
      name={name}
      label={label}
      hint={HINTS[name] && t(HINTS[name])}
      error={words[name]}
      value={{ day: values[`${name}_day`], month: values[`${name}_month`], year: values[`${name}_year`] }}
    />
  )
  const follows: Record<string, Child> = {
    until: date('ends', t('expulsions.by_hand.until')),
    lasts: <LengthField ctx={ctx} value={values.lasts} error={words.lasts} />,
  }
  return (
    <WorkPage ctx={ctx} title={t('expulsions.by_hand.title')} current={BATCHES} path={PATH}>
      <Crumb href={localPath(ctx, BATCHES)} label={t('expulsions.list.title')} />
      <Headline title={t('expulsions.by_hand.title')} lead={t('expulsions.by_hand.lead')}>
        <LinkButton kind="plain" icon="clock" href={localPath(ctx, `${PROCEEDINGS}/new`)}>
          {t('expulsions.proceedings.new')}
        </LinkButton>
      </Headline>
      <ErrorSummary ctx={ctx} errors={words} />
      <form method="post" class="card flow" autocomplete="off" novalidate>
        <TextField
          name="letter"
          label={t('expulsions.by_hand.letter')}
          hint={t('expulsions.by_hand.letter_hint')}
          value={values.letter}
          error={words.letter}
          maxlength={200}
        />
        <div class="side">
          {field('family')}
          {field('given')}
          {field('patronymic')}
        </div>
        {date('birth')}
        {field('document')}
        <RadioGroup
          name="measure"
          label={t('expulsions.column.measure')}
          error={words.measure}
          value={values.measure}
          options={KINDS.map((value) => ({
            value,
            label: value === 'border_refusal' ? t('expulsions.by_hand.refusal') : t(`expulsions.code.measure.${value}`),
          }))}
        />
        {field('issuer')}
        {field('ground')}
        {field('decision_no')}
        <div class="side">
          {date('decision_on')}
          {date('starts_on')}
          {date('executed_on')}
        </div>
        <RadioGroup
          name="term"
          label={t('expulsions.fact.term')}
          error={words.term}
          value={values.term}
          options={TERMS.map((value) => ({
            value,
            label: t(`expulsions.by_hand.term.${value}`),
            follow: follows[value],
          }))}
        />
        {field('border_point')}
        <Button>{t('expulsions.by_hand.enter')}</Button>
      </form>
    </WorkPage>
  )
}
