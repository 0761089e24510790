import type { Child } from 'hono/jsx'
import type { Ctx } from '#kernel/context.ts'
import type { StatedName } from '#kernel/people/facts.ts'
import { nameText } from '#kernel/people/facts.ts'
import { birthText, langOf } from '#kernel/people/pages/words.ts'
import { NotStated, type State, Tag } from '#kernel/ui/states.tsx'
import type { BatchRow } from '../batches.ts'
import type { RowState, Status } from '../kinds.ts'

/** A person as one row names them: the name in its own language, and the date of birth. */
export const Who = ({ ctx, name, birth }: { ctx: Ctx; name: StatedName | null | undefined; birth: number | null }) => {
  const text = name ? nameText(name) : null
  return (
    <>
      {text ? <span lang={langOf(text)}>{text}</span> : <NotStated ctx={ctx} />}
      {birth !== null && <span class="quiet"> {birthText(birth)}</span>}
    </>
  )
}

/** Until when a measure holds. That a source is silent is said, never left empty. */
export function termText(ctx: Ctx, { term, ends_on }: Pick<BatchRow, 'term' | 'ends_on'>): string {
  return term === 'until'
    ? ctx.t('expulsions.term.until', { date: ctx.format.date(ends_on!) })
    : ctx.t(`expulsions.code.term.${term}`)
}

/** The same as a cell: an unknown term has the shape of what is not stated. */
export const TermCell = ({ ctx, row }: { ctx: Ctx; row: Pick<BatchRow, 'term' | 'ends_on'> }) =>
  row.term === 'unknown' ? <Tag state="unknown">{termText(ctx, row)}</Tag> : <>{termText(ctx, row)}</>

const STATUS: Record<Status, State> = {
  in_force: 'stop',
  appealed: 'attention',
  lifted: 'ok',
  served: 'unknown',
  not_me: 'ok',
}

/** What became of a measure. */
export const StatusTag = ({ ctx, status }: { ctx: Ctx; status: Status }) => (
  <Tag state={STATUS[status]}>{ctx.t(`expulsions.code.status.${status}`)}</Tag>
)

const ROW: Record<RowState, State> = {
  sent: 'attention',
  received: 'attention',
  question: 'unknown',
  answered: 'attention',
  acknowledged: 'ok',
  passed_on: 'ok',
}

/** Where a row is at the reader's office. */
export const RowTag = ({ ctx, state }: { ctx: Ctx; state: RowState }) => (
  <Tag state={ROW[state]}>{ctx.t(`expulsions.code.row.${state}`)}</Tag>
)

/** How long something took or lasts: days and hours, or minutes. */
export function durationText({ t }: Ctx, from: Temporal.Instant, to: Temporal.Instant): string {
  const minutes = Math.max(0, Math.round((to.epochMilliseconds - from.epochMilliseconds) / 60_000))
  if (minutes < 60) return t('expulsions.time.minutes', { count: minutes })
  const hours = Math.round(minutes / 60)
  if (hours < 48) return t('expulsions.time.hours', { count: hours })
  return t('expulsions.time.days', { count: Math.floor(hours / 24) })
}

/** A value, or that nothing is stated. */
export const orNotStated = (ctx: Ctx, value: Child | null | undefined): Child =>
  value === null || value === undefined || value === '' ? <NotStated ctx={ctx} /> : value
