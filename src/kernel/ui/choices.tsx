import type { Child } from 'hono/jsx'
import { About, type FieldProps, type Option, wiring } from './fields.tsx'

type GroupProps = FieldProps & {
  options: readonly Option[] /** The question is the page's heading. */
  heading?: boolean
}

/** One of a few. Nothing is chosen before a person chooses, unless `value` says so. */
export const RadioGroup = ({ value, ...group }: GroupProps & { value?: string | null }) => (
  <Group {...group} type="radio" chosen={value == null ? [] : [value]} />
)

/** Any of a few, sent under one name. */
export const CheckboxGroup = ({ values, ...group }: GroupProps & { values?: readonly string[] }) => (
  <Group {...group} type="checkbox" chosen={values ?? []} />
)

type CheckboxProps = FieldProps & { checked?: boolean; value?: string; count?: string | number }

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
}: CheckboxProps) => (
  <div class={error ? 'field wrong' : 'field'}>
    <About id={id} error={error} />
    <label class="pick">
      <input {...wiring(id, hint, error)} type="checkbox" name={name} value={value} checked={checked} />
      <span>{label}</span>
      <Count count={count} />
    </label>
    <About id={id} hint={hint} />
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
  type,
  chosen,
}: GroupProps & { type: Choice; chosen: readonly string[] }) {
  const { id: _, ...described } = wiring(id, hint, error)
  return (
    <fieldset class={error ? 'field wrong' : 'field'} aria-describedby={described['aria-describedby']}>
      <legend>{heading ? <h1>{label}</h1> : label}</legend>
      <About id={id} hint={hint} error={error} />
      {options.map((option, index) => (
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
      ))}
    </fieldset>
  )
}

const Count = ({ count }: { count?: Child }) => (count === undefined ? null : <span class="n">{count}</span>)
