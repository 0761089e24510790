import type { Ctx } from '../context.ts'
import { About, type FieldProps, wiring } from './fields.tsx'

type DateProps = FieldProps & {
  ctx: Ctx
  /** What was typed, part by part, also when it is no date. */
  value?: { day?: string; month?: string; year?: string }
  heading?: boolean
}

/** A date in three small fields, sent as `NAME_day`, `NAME_month` and `NAME_year`. The error summary links to the day. */
export const DateField = ({ ctx, name, label, hint, error, id = name, value = {}, heading }: DateProps) => (
  <fieldset class={error ? 'field wrong' : 'field'} aria-describedby={wiring(id, hint, error)['aria-describedby']}>
    <legend>{heading ? <h1>{label}</h1> : label}</legend>
    <About id={id} hint={hint} error={error} />
    <div class="dates">
      {(['day', 'month', 'year'] as const).map((part) => (
        <div>
          <label for={partId(id, part)}>{ctx.t(`ui.date.${part}`)}</label>
          <input
            id={partId(id, part)}
            class={part}
            name={`${name}_${part}`}
            value={value[part]}
            inputmode="numeric"
            maxlength={part === 'year' ? 4 : 2}
            autocomplete="off"
            aria-invalid={error ? 'true' : undefined}
          />
        </div>
      ))}
    </div>
  </fieldset>
)

const partId = (id: string, part: string) => (part === 'day' ? id : `${id}-${part}`)

// A year of two figures would be one of antiquity: a deadline of long ago, or a length that is over.
const FIRST_YEAR = 1900

/** The date that three small fields say, or null when there is no such day, or nobody can mean it. */
export function readDate({
  day,
  month,
  year,
}: {
  day?: string
  month?: string
  year?: string
}): Temporal.PlainDate | null {
  const parts = [year, month, day].map((part) => Number(part?.trim() || Number.NaN))
  if (!parts.every(Number.isInteger) || parts[0]! < FIRST_YEAR) return null
  try {
    return Temporal.PlainDate.from({ year: parts[0]!, month: parts[1]!, day: parts[2]! }, { overflow: 'reject' })
  } catch {
    return null
  }
}
