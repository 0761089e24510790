import type { Child, PropsWithChildren } from 'hono/jsx'
import { Icon } from './icons.tsx'

/** What every field has. `error` is a whole sentence in the reader's language. */
export type FieldProps = {
  name: string
  label: Child
  hint?: Child
  error?: string
  /** The element's id, which the error summary links to; `name` without it. */
  id?: string
}

type TextProps = FieldProps & {
  value?: string | number | null
  type?: 'text' | 'email' | 'password' | 'tel' | 'url' | 'search' | 'number'
  autocomplete?: string
  inputmode?: 'numeric' | 'decimal' | 'email' | 'tel' | 'url'
  maxlength?: number
  placeholder?: string
  spellcheck?: boolean
  lang?: string
  /** How wide: `digits` for codes (letter-spaced), `short` for a number; else as wide as a name. */
  width?: 'digits' | 'short'
  /** Proposals, offered by the browser while one types. */
  options?: readonly string[]
}

/** One line of text. */
export const TextField = ({ label, hint, error, width, options, value, type = 'text', id, ...rest }: TextProps) => {
  const at = id ?? rest.name
  return (
    <Field id={at} label={label} hint={hint} error={error}>
      <input
        {...rest}
        {...wiring(at, hint, error)}
        type={type}
        class={width}
        value={value ?? undefined}
        list={options && `${at}-options`}
      />
      {options && (
        <datalist id={`${at}-options`}>
          {options.map((option) => (
            <option value={option} />
          ))}
        </datalist>
      )}
    </Field>
  )
}

type AreaProps = FieldProps & { value?: string | null; rows?: number; maxlength?: number; lang?: string }

/** Several lines of text. */
export const TextArea = ({ label, hint, error, value, id, rows = 5, ...rest }: AreaProps) => {
  const at = id ?? rest.name
  return (
    <Field id={at} label={label} hint={hint} error={error}>
      <textarea {...rest} {...wiring(at, hint, error)} rows={rows}>
        {value ?? ''}
      </textarea>
    </Field>
  )
}

export type Option = {
  value: string
  label: string
  hint?: string /** How many there are behind it. */
  count?: string | number
}

type SelectProps = FieldProps & {
  value?: string | null
  options: readonly Option[] /** The first, empty choice. */
  empty?: string
}

/** One of many. For up to seven choices `RadioGroup` is quicker to use. */
export const SelectField = ({ label, hint, error, value, options, empty, id, ...rest }: SelectProps) => {
  const at = id ?? rest.name
  return (
    <Field id={at} label={label} hint={hint} error={error}>
      <select {...rest} {...wiring(at, hint, error)}>
        {empty !== undefined && <option value="">{empty}</option>}
        {options.map((option) => (
          <option value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </Field>
  )
}

/** A file to be sent. The form needs `enctype="multipart/form-data"`. */
export const FileField = ({ label, hint, error, id, ...rest }: FieldProps & { accept?: string }) => {
  const at = id ?? rest.name
  return (
    <Field id={at} label={label} hint={hint} error={error}>
      <input {...rest} {...wiring(at, hint, error)} type="file" />
    </Field>
  )
}

type LinesProps = PropsWithChildren<{ label: Child; hint?: Child; id: string }>

/** Short questions under one heading, each with its answer on the same line. */
export const Lines = ({ label, hint, id, children }: LinesProps) => (
  <fieldset class="field lines" aria-describedby={hint ? `${id}-hint` : undefined}>
    <legend>{label}</legend>
    <About id={id} hint={hint} />
    {children}
  </fieldset>
)

/** A value that the form carries along; nothing when there is none. */
export const HiddenField = ({ name, value }: { name: string; value: string | number | null | undefined }) =>
  value === null || value === undefined ? null : <input type="hidden" name={name} value={value} />

// Label, hint, error and control in their order.
const Field = ({ id, label, hint, error, children }: PropsWithChildren<Omit<FieldProps, 'name'> & { id: string }>) => (
  <div class={error ? 'field wrong' : 'field'}>
    <label for={id}>{label}</label>
    <About id={id} hint={hint} error={error} />
    {children}
  </div>
)

/** The hint and the error of the field or group `id`. */
export const About = ({ id, hint, error }: { id: string; hint?: Child; error?: string }) => (
  <>
    {hint && (
      <p class="hint" id={`${id}-hint`}>
        {hint}
      </p>
    )}
    {error && (
      <p class="wrong-text" id={`${id}-error`}>
        <Icon name="s-stop" />
        {error}
      </p>
    )}
  </>
)

/** What ties a control to its label, hint and error for those who hear the page. */
export const wiring = (id: string, hint?: Child, error?: string) => ({
  id,
  'aria-describedby': [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined,
  'aria-invalid': error ? ('true' as const) : undefined,
})
