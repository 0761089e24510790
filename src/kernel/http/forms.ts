import type { z } from 'zod'

export type FormErrors = Record<string, string>
export type FormValues = Record<string, string>
export type FormResult<T> =
  | { ok: true; value: T; values: FormValues }
  | { ok: false; values: FormValues; errors: FormErrors }

/**
 * Reads a submitted form or a query against a schema. Text is trimmed; an empty field counts as absent. A name
 * given several times becomes a list where the schema wants one.
 *
 * The errors are message keys per field: a schema says them itself (`z.string('vacancies.report.reason_missing')`);
 * what it leaves to Zod becomes `ui.error.missing` or `ui.error.invalid`.
 */
export function readForm<S extends z.ZodObject>(schema: S, form: FormData | URLSearchParams): FormResult<z.output<S>> {
  const input: Record<string, unknown> = {}
  const values: FormValues = {}
  for (const name of Object.keys(schema.shape)) {
    const all = form
      .getAll(name)
      .map((value) => (typeof value === 'string' ? tidy(value) : value))
      .filter((value) => value !== '')
    if (typeof all[0] === 'string') values[name] = all.join(',')
    if (all.length > 0) input[name] = wantsList(schema.shape[name]) ? all : all[0]
  }
  const result = schema.safeParse(input)
  if (result.success) return { ok: true, value: result.data, values }
  const errors: FormErrors = {}
  for (const issue of result.error.issues) {
    const field = String(issue.path[0] ?? '')
    errors[field] ??= isKey(issue.message) ? issue.message : field in input ? 'ui.error.invalid' : 'ui.error.missing'
  }
  return { ok: false, values, errors }
}

// PostgreSQL's texts hold every character but NUL.
const tidy = (text: string) => text.replaceAll('\0', '').replaceAll('\r\n', '\n').trim()

const isKey = (message: string) => /^[a-z_]+(\.[a-z0-9_]+)+$/.test(message)

function wantsList(schema: unknown): boolean {
  const type = schema as { def?: { type?: string; innerType?: unknown } } | undefined
  return type?.def?.type === 'array' || (type?.def?.innerType !== undefined && wantsList(type.def.innerType))
}
