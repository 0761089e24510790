import type { Child } from 'hono/jsx'
import type { Ctx } from '#kernel/context.ts'
import type { StatedName } from '#kernel/people/facts.ts'
import { nameText } from '#kernel/people/facts.ts'
import { birthText, langOf } from '#kernel/people/pages/words.ts'
import { TextField } from '#kernel/ui/fields.tsx'
import { NotStated, type State, Tag } from '#kernel/ui/states.tsx'
import type { RowElsewhere } from '../batches.ts'
import type { RowState, Status } from '../kinds.ts'
import { type TermFacts, termText } from '../term-text.ts'

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

/** Until when a measure holds, as a cell: an unknown end has the shape of what is not stated. */
export const TermCell = ({ ctx, row }: { ctx: Ctx; row: TermFacts }) =>
  row.term === 'unknown' && !row.lasts ? <Tag state="unknown">{termText(ctx, row)}</Tag> : <>{termText(ctx, row)}</>

/** How long a measure holds, in words as a letter states it. */
export const LengthField = ({ ctx, value, error }: { ctx: Ctx; value?: string; error?: string }) => (
  <TextField
    name="lasts"
    label={ctx.t('expulsions.answer.lasts')}
    hint={ctx.t('expulsions.answer.lasts_hint')}
    value={value}
    error={error}
    maxlength={100}
    autocomplete="off"
  />
)

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

/** Where a row is at other offices: what they have done with it, and who is late. */
export const ElsewhereList = ({ ctx, rows }: { ctx: Ctx; rows: readonly RowElsewhere[] }) => {
  const late = (due_at: RowElsewhere['due_at']) =>
    due_at && Temporal.Instant.compare(due_at, ctx.now) < 0
      ? ctx.t('expulsions.state.late', { time: durationText(ctx, due_at, ctx.now) })
      : null
  const alike = Map.groupBy(rows, ({ state, due_at }) => [state, late(due_at)].join())
  return (
    <ul class="plainlist">
      {[...alike.values()].map((some) => {
        const { state, due_at } = some[0]!
        return (
          <li>
            {state === 'held' ? (
              <Tag state="unknown">{ctx.t('expulsions.relay.known.held')}</Tag>
            ) : (
              <RowTag ctx={ctx} state={state} />
            )}{' '}
            {late(due_at) && <Tag state="urgent">{late(due_at)}</Tag>}
            <div class="quiet">{some.map(({ office }) => office).join(', ')}</div>
          </li>
        )
      })}
    </ul>
  )
}

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
