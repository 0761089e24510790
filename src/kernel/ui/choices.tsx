import type { Child } from 'hono/jsx'
import { About, type FieldProps, type Option, wiring } from './fields.tsx'

/** One answer to choose; `follow` are fields that only it asks for, hidden by style while another one is chosen. */
type Choosable = Option & { follow?: Child }

type GroupProps = FieldProps & {
  options: readonly Choosable[]
  /** The question is the page's heading. */
  heading?: boolean
  /** Short answers stand beside each other. */
  beside?: boolean
}

/** One of a few. Nothing is chosen before a person chooses, unless `value` says so. */
export const RadioGroup = ({ value, ...group }: GroupProps & { value?: string | null }) => (
  <Group {...group} type="radio" chosen={value == null ? [] : [value]} />
)

/** Any of a few, sent under one name. */
export const CheckboxGroup = ({ values, ...group }: GroupProps & { values?: readonly string[] }) => (
  <Group {...group} type="checkbox" chosen={values ?? []} />
)

type CheckboxProps = FieldProps & {
  checked?: boolean
  value?: string
  count?: string | number
  /** Fields that are asked only when it is ticked, hidden by style before. */
  follow?: Child
}

/** One yes. Sends `value` ('yes' without it) when ticked, nothing else. */
export const CheckboxField = ({
  name,
  label,
  hint,
  error,
  id = name,
  checked,
  value = 'yes',
  count,
  follow,
}: CheckboxProps) => (
  <div class={error ? 'field wrong' : 'field'}>
    <About id={id} error={error} />
    <label class="pick">
      <input {...wiring(id, hint, error)} type="checkbox" name={name} value={value} checked={checked} />
      <span>{label}</span>
      <Count count={count} />
    </label>
    <About id={id} hint={hint} />
    {follow && <div class="follow">{follow}</div>}
  </div>
)

type Choice = 'radio' | 'checkbox'

function Group({
  name,
  label,
  hint,
  error,
  id = name,
  options,
  heading,
  beside,
  type,
  chosen,
}: GroupProps & { type: Choice; chosen: readonly string[] }) {
  const { id: _, ...described } = wiring(id, hint, error)
  return (
    <fieldset
      class={['field', error && 'wrong', beside && 'beside'].filter(Boolean).join(' ')}
      aria-describedby={described['aria-describedby']}
    >
      <legend>{heading ? <h1>{label}</h1> : label}</legend>
      <About id={id} hint={hint} error={error} />
      {options.map((option, index) => (
        <>
          <label class="pick">
            <input
              type={type}
              id={index === 0 ? id : undefined}
              name={name}
              value={option.value}
              checked={chosen.includes(option.value)}
              aria-invalid={described['aria-invalid']}
            />
            <span>
              {option.label}
              {option.hint && <small>{option.hint}</small>}
            </span>
            <Count count={option.count} />
          </label>
          {option.follow && <div class="follow">{option.follow}</div>}
        </>
      ))}
    </fieldset>
  )
}

const Count = ({ count }: { count?: Child }) => (count === undefined ? null : <span class="n">{count}</span>)
