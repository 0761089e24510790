import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { localPath } from '#kernel/http/page.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { Card } from '#kernel/ui/blocks.tsx'
import { Button } from '#kernel/ui/buttons.tsx'
import { RadioGroup } from '#kernel/ui/choices.tsx'
import { DateField, readDate } from '#kernel/ui/date-field.tsx'
import { SelectField, TextField } from '#kernel/ui/fields.tsx'
import type { takeStep } from '../claim-steps.ts'
import type { Claim } from '../claims.ts'
import { NEXT, STATES } from '../kinds.ts'
import { CLAIMS } from './paths.ts'
import { CURRENCIES, currencyOptions, readMoney } from './words.tsx'

const part = (most: number) => z.string().max(most).optional()
const StepForm = z.object({
  state: z.enum(STATES, 'removals.step.state_missing'),
  letter: part(100),
  amount: part(30),
  currency: z.enum(CURRENCIES).optional(),
  ...{ on_day: part(2), on_month: part(2), on_year: part(4), due_day: part(2), due_month: part(2), due_year: part(4) },
})
type ReadStep = { ok: true; step: Parameters<typeof takeStep>[2] } | { ok: false; errors: FormErrors }

/** What was put down of a claim, or what is wrong with it. */
export function readStep(ctx: Ctx, form: FormData): ReadStep {
  const read = readForm(StepForm, form)
  if (!read.ok) return read
  const errors: FormErrors = {}
  const { state, letter, amount, currency, ...days } = read.value
  const today = plainDate(ctx.now)
  const day = (of: 'on' | 'due') => {
    const parts = { day: days[`${of}_day`], month: days[`${of}_month`], year: days[`${of}_year`] }
    const found = readDate(parts)
    if (!found && Object.values(parts).some(Boolean)) errors[of] = 'removals.enter.date_wrong'
    return found
  }
  const [on, due_on] = [day('on') ?? today, day('due')]
  if (Temporal.PlainDate.compare(on, today) > 0) errors.on = 'removals.import.future'
  const paid = state === 'paid' || state === 'paid_part'
  const money = paid ? readMoney(amount ?? '', currency ?? '') : null
  if (paid && !money) errors.amount = 'removals.step.amount_missing'
  if (!paid && amount) errors.amount = 'removals.step.amount_unpaid'
  if (Object.keys(errors).length > 0) return { ok: false, errors }
  return { ok: true, step: { state, on, letter: letter ?? null, money, due_on } }
}

/** What can happen to a claim next, with day, letter and payment. */
export function NextStep({
  ctx,
  claim,
  values,
  words,
}: {
  ctx: Ctx
  claim: Claim
  values: FormValues
  words: FormErrors
}) {
  const { t } = ctx
  const today = plainDate(ctx.now)
  const given = 'on_day' in values
  return (
    <Card id="step">
      <h2>{t('removals.step.title')}</h2>
      <form method="post" action={localPath(ctx, `${CLAIMS}/${claim.reference}`)} class="flow">
        <RadioGroup
          name="state"
          label={t('removals.step.state')}
          value={values.state}
          error={words.state}
          options={NEXT[claim.state].map((value) => ({ value, label: t(`removals.step.to.${value}`) }))}
        />
        <DateField
          ctx={ctx}
          name="on"
          label={t('removals.step.on')}
          error={words.on}
          value={
            given
              ? { day: values.on_day, month: values.on_month, year: values.on_year }
              : { day: String(today.day), month: String(today.month), year: String(today.year) }
          }
        />
        <TextField
          name="letter"
          label={t('removals.step.letter')}
          hint={t('removals.step.letter_hint')}
          value={values.letter}
          error={words.letter}
          maxlength={100}
        />
        {NEXT[claim.state].includes('paid') && (
          <>
            <TextField
              name="amount"
              label={t('removals.step.amount')}
              hint={t('removals.step.amount_hint')}
              value={values.amount}
              error={words.amount}
              width="short"
              autocomplete="off"
            />
            <SelectField
              name="currency"
              label={t('removals.fact.currency')}
              value={values.currency ?? claim.currency}
              options={currencyOptions}
            />
          </>
        )}
        <DateField
          ctx={ctx}
          name="due"
          label={t('removals.step.due')}
          hint={t('removals.step.due_hint')}
          error={words.due}
          value={{ day: values.due_day, month: values.due_month, year: values.due_year }}
        />
        <Button>{t('removals.step.button')}</Button>
      </form>
    </Card>
  )
}
