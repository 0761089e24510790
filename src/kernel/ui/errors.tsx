import type { Ctx } from '../context.ts'
import type { FormErrors, FormValues } from '../http/forms.ts'
import { Icon } from './icons.tsx'

/**
 * What has to be put right, at the top of the page, each line a link to its field.
 * `errors` are field id → sentence, in the order of the page; nothing is shown without any. The page opens at it, also
 * without script; `still`: where it is only shown.
 */
export function ErrorSummary({
  ctx,
  errors,
  title,
  still,
}: {
  ctx: Ctx
  errors: Record<string, string> | undefined
  title?: string
  still?: boolean
}) {
  const lines = Object.entries(errors ?? {})
  if (lines.length === 0) return null
  return (
    <div class="errors" role="alert" tabindex={-1} autofocus={!still}>
      <h2>
        <Icon name="s-stop" />
        {title ?? ctx.t('ui.errors.title', { count: lines.length })}
      </h2>
      <ul>
        {lines.map(([id, text]) => (
          <li>
            <a href={`#${id}`}>{text}</a>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** The errors of a form that was read, from message keys to sentences; `values` are what sentences may name. */
export const errorTexts = (ctx: Ctx, errors: FormErrors, values?: FormValues): Record<string, string> =>
  Object.fromEntries(Object.entries(errors).map(([field, key]) => [field, ctx.t(key, values)]))

/** The same errors in the order in which the page asks; a field that is not among `fields` comes last. */
export function inOrder<T>(errors: Record<string, T>, fields: readonly string[]): Record<string, T> {
  const place = (name: string) => (fields.includes(name) ? fields.indexOf(name) : fields.length)
  return Object.fromEntries(Object.entries(errors).sort(([a], [b]) => place(a) - place(b)))
}
