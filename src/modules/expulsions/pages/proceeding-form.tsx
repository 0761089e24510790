import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { placePath, placesAtlas, resolvePlace } from '#kernel/places/places.ts'
import { timeZoneOf } from '#kernel/places/times.ts'
import { CheckboxField, RadioGroup } from '#kernel/ui/choices.tsx'
import { DateField, readDate } from '#kernel/ui/date-field.tsx'
import { SelectField, TextField } from '#kernel/ui/fields.tsx'
import { countAppeal, PROCEEDING_TOPIC } from '../appeals.ts'
import {
  appealEnd,
  BELONGINGS,
  CERTIFICATE,
  clockOfTerms,
  dayEnd,
  HELP,
  PROCEEDING_STATUSES,
  type Proceeding,
  type ProceedingFacts,
  WAGES,
} from '../proceedings.ts'

const DATES = [
  'detained_on',
  'hearing_on',
  'decision_on',
  'served_on',
  'appeal_on',
  'appealed_on',
  'visited_on',
] as const
type DateName = (typeof DATES)[number]
// What has happened; a hearing and the end of a term lie ahead.
const PAST: readonly DateName[] = ['detained_on', 'decision_on', 'served_on', 'appealed_on', 'visited_on']

// No hearing is set, and no appeal waits, for longer.
const FURTHEST = { years: 1 }

const isAfter = (day: Temporal.PlainDate | null, other: Temporal.PlainDate | null) =>
  day !== null && other !== null && Temporal.PlainDate.compare(day, other) > 0

const part = (most: number) => z.string().max(most).optional()
const dateParts = Object.fromEntries(
  DATES.flatMap((name) => [
    [`${name}_day`, part(2)],
    [`${name}_month`, part(2)],
    [`${name}_year`, part(4)],
  ]),
) as Record<`${DateName}_${'day' | 'month' | 'year'}`, ReturnType<typeof part>>

const FACTS = {
  status: z.enum(PROCEEDING_STATUSES).default('open'),
  authority: z.string().max(300).optional(),
  place: z.string().max(200).default(''),
  place_meant: z.string().max(20).optional(),
  detained_at: z.string().max(300).optional(),
  hearing_time: z
    .string()
    .regex(/^([01]?\d|2[0-3])[:.][0-5]\d$/, 'expulsions.proceeding.time_wrong')
    .optional(),
  appeal_days: z.coerce.number('expulsions.proceeding.days_wrong').int().min(1).max(90).optional(),
  appeal_on_kept: z.string().max(10).optional(),
  seen: z.string().max(40).optional(),
  was: z.string().max(10_000).optional(),
  appeal_basis: z.string().max(300).optional(),
  lawyer: z.enum(HELP).default('unknown'),
  interpreter: z.enum(HELP).default('unknown'),
  certificate: z.enum(CERTIFICATE).default('unknown'),
  children: z.coerce.number().int().min(0).max(30).optional(),
  wages_owed: z.enum(WAGES).default('unknown'),
  belongings: z.enum(BELONGINGS).default('unknown'),
  ...dateParts,
}

/**
 * What the fields say, or what is wrong with them. Hours are taken by the clock of the place, deadlines by `clockOfTerms`. `before`: what
 * was known until now.
 */
export async function readFacts(
  ctx: Ctx,
  form: FormData,
  before?: Proceeding,
): Promise<{ ok: true; facts: ProceedingFacts } | { ok: false; values: FormValues; errors: FormErrors }> {
  const read = readForm(z.object(FACTS), form)
  if (!read.ok) return read
  const { value, values } = read
  const errors: FormErrors = {}
  const place = await resolvePlace(ctx, value.place)
  const atlas = await placesAtlas(ctx)
  const place_code = place?.code ?? (atlas.places.has(value.place) ? value.place : null)
  if (!place_code) errors.place = `expulsions.proceeding.place_${value.place ? 'unknown' : 'missing'}`
  // Another place has another clock, and may have no rule: what only sounds alike is shown before it is taken.
  if (place_code && !place?.exact && place_code !== before?.place_code) {
    Object.assign(values, { found_code: place_code, found_place: await placePath(ctx, place_code) })
    if (value.place_meant !== place_code) errors.place = 'expulsions.proceeding.place_sounds'
  }
  const time_zone = (place_code && (await timeZoneOf(ctx, place_code))) || ctx.format.time_zone
  const today = ctx.now.toZonedDateTimeISO(time_zone).toPlainDate()
  const dates = {} as Record<DateName, Temporal.PlainDate | null>
  for (const name of DATES) {
    const parts = { day: value[`${name}_day`], month: value[`${name}_month`], year: value[`${name}_year`] }
    dates[name] = readDate(parts)
    if (!dates[name] && (parts.day || parts.month || parts.year)) errors[name] = 'expulsions.proceeding.date_wrong'
    if (isAfter(dates[name], PAST.includes(name) ? today : today.add(FURTHEST)))
      errors[name] = PAST.includes(name) ? 'expulsions.proceeding.date_ahead' : 'expulsions.proceeding.date_far'
  }
  // Told as it stands, such an end would say that it is too late.
  if (isAfter(dates.decision_on, dates.served_on)) errors.served_on ??= 'expulsions.proceeding.served_before'
  if ([dates.decision_on, dates.served_on].some((day) => isAfter(day, dates.appeal_on)))
    errors.appeal_on ??= 'expulsions.proceeding.appeal_before'
  if (value.hearing_time && !dates.hearing_on) errors.hearing_on ??= 'expulsions.proceeding.hearing_missing'
  if (value.appeal_days && !dates.served_on && !dates.appeal_on)
    errors.served_on = 'expulsions.proceeding.served_missing'
  if (value.appeal_days && dates.appeal_on) errors.appeal_on = 'expulsions.proceeding.days_or_day'
  // A last day that was stated beside another day of service: only who looks at both can say whether it holds.
  const service = dates.served_on?.toString() ?? 'none'
  const stated = before && (await statedEnd(ctx, before))
  if (stated && dates.appeal_on?.equals(stated) && service !== (before.served_on?.toString() ?? 'none')) {
    Object.assign(values, { kept_for: service, kept_day: ctx.format.date(stated) })
    if (value.appeal_on_kept !== service) errors.appeal_on ??= 'expulsions.proceeding.appeal_stays'
  }
  if (!place_code || Object.keys(errors).length > 0) return { ok: false, values, errors }
  // What somebody states goes before the count; without it the dated rule counts from service.
  const counted =
    dates.served_on && !dates.appeal_on && !value.appeal_days
      ? await countAppeal(ctx, PROCEEDING_TOPIC, dates.served_on, place_code)
      : null
  const appeal_until = dates.appeal_on
    ? dayEnd(dates.appeal_on, await clockOfTerms(ctx, place_code))
    : dates.served_on && value.appeal_days
      ? await appealEnd(ctx, place_code, dates.served_on, { days: value.appeal_days })
      : (counted?.until ?? null)
  const hearing_time = value.hearing_time?.replace('.', ':').padStart(5, '0')
  const hearing_at =
    (hearing_time && dates.hearing_on?.toZonedDateTime({ timeZone: time_zone, plainTime: hearing_time }).toInstant()) ||
    null
  const { status, lawyer, interpreter, certificate, wages_owed, belongings } = value
  return {
    ok: true,
    facts: {
      ...{ status, place_code, lawyer, interpreter, certificate, wages_owed, belongings, hearing_at, appeal_until },
      hearing_on: hearing_at ? null : dates.hearing_on,
      ...{ appeal_days: value.appeal_days ?? null, appeal_rule: counted?.rule.key ?? null },
      ...{ authority: value.authority ?? null, detained_at: value.detained_at ?? null },
      ...{ appeal_basis: value.appeal_basis ?? null, children: value.children ?? null },
      ...{ detained_on: dates.detained_on, decision_on: dates.decision_on, served_on: dates.served_on },
      ...{ appealed_on: dates.appealed_on, visited_on: dates.visited_on },
    },
  }
}

// The last day to appeal, where somebody stated that and nothing it is counted by.
async function statedEnd(ctx: Ctx, { appeal_until, appeal_rule, appeal_days, place_code }: Proceeding) {
  if (!appeal_until || appeal_rule || appeal_days) return null
  return appeal_until.toZonedDateTimeISO((await timeZoneOf(ctx, place_code)) ?? ctx.format.time_zone).toPlainDate()
}

/** What is known, as the fields show it: by the clock of the place. */
export async function valuesOf(ctx: Ctx, proceeding: Proceeding): Promise<FormValues> {
  const time_zone = (await timeZoneOf(ctx, proceeding.place_code)) ?? ctx.format.time_zone
  const at = (instant: Temporal.Instant | null) => instant?.toZonedDateTimeISO(time_zone)
  const values: FormValues = { place: await placePath(ctx, proceeding.place_code) }
  const date = (name: DateName, day: Temporal.PlainDate | null | undefined) => {
    if (day)
      Object.assign(values, {
        [`${name}_day`]: `${day.day}`,
        [`${name}_month`]: `${day.month}`,
        [`${name}_year`]: `${day.year}`,
      })
  }
  for (const name of ['detained_on', 'decision_on', 'served_on', 'appealed_on', 'visited_on'] as const)
    date(name, proceeding[name])
  date('hearing_on', at(proceeding.hearing_at)?.toPlainDate() ?? proceeding.hearing_on)
  // A counted deadline is counted again when the day of service changes.
  date('appeal_on', await statedEnd(ctx, proceeding))
  if (proceeding.appeal_days) values.appeal_days = String(proceeding.appeal_days)
  const time = at(proceeding.hearing_at)?.toPlainTime().toString({ smallestUnit: 'minute' })
  if (time) values.hearing_time = time
  for (const name of ['authority', 'detained_at', 'appeal_basis'] as const)
    if (proceeding[name]) values[name] = proceeding[name]
  for (const name of ['status', 'lawyer', 'interpreter', 'certificate', 'wages_owed', 'belongings'] as const)
    values[name] = proceeding[name]
  if (proceeding.children !== null) values.children = String(proceeding.children)
  // A place that is named twice in the world is told by its code.
  if ((await resolvePlace(ctx, values.place!))?.code !== proceeding.place_code) values.place = proceeding.place_code
  return values
}

/** The fields of a proceeding, in the order in which they help: the clock first. */
export function FactFields({ ctx, values, words }: { ctx: Ctx; values: FormValues; words: Record<string, string> }) {
  const { t } = ctx
  const text = (name: string, more: { hint?: string; width?: 'short'; inputmode?: 'numeric' } = {}) => (
    <TextField
      name={name}
      label={t(`expulsions.proceeding.${name}`)}
      value={values[name]}
      error={words[name]}
      maxlength={300}
      {...more}
    />
  )
  const date = (name: DateName, hint?: string) => (
    <DateField
      ctx={ctx}
      name={name}
      label={t(`expulsions.proceeding.${name}`)}
      hint={hint}
      error={words[name]}
      value={{ day: values[`${name}_day`], month: values[`${name}_month`], year: values[`${name}_year`] }}
    />
  )
  const choice = (name: string, list: string, options: readonly string[]) => (
    <SelectField
      name={name}
      label={t(`expulsions.proceeding.${name}`)}
      value={values[name] ?? options[0]}
      options={options.map((value) => ({ value, label: t(`expulsions.code.${list}.${value}`) }))}
    />
  )
  return (
    <>
      <fieldset class="flow">
        <legend>
          <h2>{t('expulsions.proceeding.where')}</h2>
        </legend>
        {text('place', { hint: t('expulsions.proceeding.place_hint') })}
        {values.found_code && (
          <CheckboxField
            name="place_meant"
            value={values.found_code}
            label={t('expulsions.proceeding.place_is', { found_place: values.found_place })}
            checked={values.place_meant === values.found_code}
          />
        )}
        <div class="side">
          {text('detained_at')}
          {text('authority')}
        </div>
        <div class="side">
          {date('detained_on')}
          {date('hearing_on')}
          {text('hearing_time', { hint: t('expulsions.proceeding.hearing_hint'), width: 'short' })}
        </div>
      </fieldset>
      <fieldset class="flow">
        <legend>
          <h2>{t('expulsions.proceeding.clock')}</h2>
        </legend>
        <div class="side">
          {date('decision_on')}
          {date('served_on')}
        </div>
        <div class="side">
          {text('appeal_days', { hint: t('expulsions.proceeding.days_hint'), width: 'short', inputmode: 'numeric' })}
          {date('appeal_on', t('expulsions.proceeding.appeal_hint'))}
        </div>
        {values.kept_for && (
          <CheckboxField
            name="appeal_on_kept"
            value={values.kept_for}
            label={t('expulsions.proceeding.appeal_holds', { kept_day: values.kept_day })}
            checked={values.appeal_on_kept === values.kept_for}
          />
        )}
        {text('appeal_basis', { hint: t('expulsions.proceeding.basis_hint') })}
        {date('appealed_on')}
      </fieldset>
      <fieldset class="flow">
        <legend>
          <h2>{t('expulsions.proceeding.help')}</h2>
        </legend>
        <div class="side">
          {choice('lawyer', 'help', HELP)}
          {choice('interpreter', 'help', HELP)}
          {choice('certificate', 'certificate', CERTIFICATE)}
        </div>
        {date('visited_on')}
        {text('children', { hint: t('expulsions.proceeding.children_hint'), width: 'short', inputmode: 'numeric' })}
        <div class="side">
          {choice('wages_owed', 'wages', WAGES)}
          {choice('belongings', 'belongings', BELONGINGS)}
        </div>
      </fieldset>
      <RadioGroup
        name="status"
        label={t('expulsions.proceeding.status')}
        value={values.status ?? 'open'}
        options={PROCEEDING_STATUSES.map((value) => ({ value, label: t(`expulsions.code.proceeding.${value}`) }))}
      />
    </>
  )
}
