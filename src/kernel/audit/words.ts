import type { Ctx } from '../context.ts'
import { LANGUAGE_NAMES } from '../i18n/languages.ts'
import type { Line } from './entries.ts'

/** An act in words: a part names its acts under `audit.ACTION` in its messages. Without words the code stands. */
export const actionText = (ctx: Ctx, action: string): string => worded(ctx, [`audit.${action}`]) ?? action

/** Who acted: the name of a person or program, a task of the system, or somebody passing by. */
export const actorText = (ctx: Ctx, { actor_kind, actor_name, actor_id, task }: Line): string =>
  actor_id
    ? (actor_name ?? actor_id)
    : actor_kind === 'system'
      ? ctx.t('audit.system', { task: task! })
      : ctx.t('audit.visitor')

/** The thing of an act, a part's `audit.subject.TYPE`, with the name of a person or the end of its id. */
export function subjectText(ctx: Ctx, type: string, id: string, people: ReadonlyMap<string, string>): string {
  return `${worded(ctx, [`audit.subject.${type}`]) ?? type} ${people.get(id) ?? shortened(id)}`
}

/**
 * Details in words: keys are a part's `audit.detail.KEY`, values its own `code.LIST.VALUE` and the like. What has no
 * words stays as it was written.
 */
export const detailsText = (ctx: Ctx, { details, subject_type }: Pick<Line, 'details' | 'subject_type'>): string =>
  Object.entries(details as Record<string, unknown>)
    .map(([key, value]) => detailText(ctx, key, value, subject_type))
    .join(', ')

/** The same as it was written, for programs: `key: value`. */
export const detailsCode = (details: Line['details']): string =>
  Object.entries(details as Record<string, unknown>)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ')

function detailText(ctx: Ctx, key: string, value: unknown, subject: string | null): string {
  // A list is told as one yes for each: `role_adviser`, `in_vacancies`.
  const member = value === true && memberText(ctx, key)
  if (member) return member
  return `${worded(ctx, [`audit.detail.${key}`]) ?? key}: ${valueText(ctx, key, value, subject)}`
}

function memberText(ctx: Ctx, key: string): string | undefined {
  const [, list, name] = /^(role|in)_(\w+)$/.exec(key) ?? []
  if (list === 'role') return worded(ctx, [`role.${name}`])
  const source = ctx.platform.parts.flatMap((part) => part.search ?? []).find((one) => list && one.name === name)
  return source && ctx.t(source.label)
}

function valueText(ctx: Ctx, key: string, value: unknown, subject: string | null): string {
  if (typeof value === 'number') return ctx.format.number(value)
  if (typeof value === 'boolean') return ctx.t(value ? 'audit.yes' : 'audit.no')
  const code = String(value)
  if (key === 'locale') return LANGUAGE_NAMES[code as keyof typeof LANGUAGE_NAMES] ?? code
  const list = key === 'before' ? 'state' : key
  const keys = [`code.${list}.${code}`, `code.${subject}_${list}.${code}`, `code.review_${list}.${code}`]
  return worded(ctx, [...keys, `${subject}.${code}`, `${list}.${code}`]) ?? declared(ctx, key, code) ?? shortened(code)
}

/** What a kind of import or export calls itself. */
function declared({ platform, t }: Ctx, key: string, code: string): string | undefined {
  if (key !== 'kind') return
  const kind = platform.parts.flatMap((part) => part.imports ?? []).find((one) => one.kind === code)
  const list = platform.parts.flatMap((part) => part.exports ?? []).find((one) => one.name === code)
  const label = kind?.label ?? list?.title
  return label && t(label)
}

/** The first of these messages that any part has. */
function worded(ctx: Ctx, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const part = ctx.platform.parts.find(({ name }) => ctx.t.has(`${name}.${key}`))
    if (part) return ctx.t(`${part.name}.${key}`)
  }
}

// The first half of an id is its time; the end tells two apart.
const shortened = (id: string) => (/^[0-9a-f-]{36}$/.test(id) ? `…${id.slice(-8)}` : id)
