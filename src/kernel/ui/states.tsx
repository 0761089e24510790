import type { Child, PropsWithChildren } from 'hono/jsx'
import type { Ctx } from '../context.ts'
import { Button } from './buttons.tsx'
import { Icon, type IconName } from './icons.tsx'

/**
 * ok: confirmed, done, open · attention: due today, repaired, not confirmed since · stop: refused, closed, error ·
 * unknown: not stated, not found, waiting · urgent: overdue, danger to a person. Always shown as colour, shape and word.
 */
export const STATES = ['ok', 'attention', 'stop', 'unknown', 'urgent'] as const
export type State = (typeof STATES)[number]

/** The shape that belongs to a state. */
export const stateIcon = (state: State): IconName => `s-${state}`

type StateProps = PropsWithChildren<{ state: State /** Instead of the state's own shape. */; icon?: IconName }>

/** One to three words on a state; at most three tags stand together. */
export const Tag = ({ state, icon = stateIcon(state), children }: StateProps) => (
  <span class={`tag ${state}`}>
    <Icon name={icon} />
    {children}
  </span>
)

type NoteProps = StateProps & {
  /** The first words, bold: what happened. The children say what to do. */
  title?: Child
  id?: string
  /** Read out at once to those who hear the page: for what an action just did. */
  announce?: boolean
  /** The page opens at it, also without script: whoever acted by keyboard goes on from there. */
  focus?: boolean
}

/** A notice: what happened, then what to do. */
export const Note = ({ state, icon = stateIcon(state), title, id, announce, focus, children }: NoteProps) => (
  <div
    class={`note ${state}`}
    id={id}
    role={announce ? 'status' : undefined}
    tabindex={focus ? -1 : undefined}
    autofocus={focus}
  >
    <Icon name={icon} />
    <div>
      {title && <b>{title}</b>} {children}
    </div>
  </div>
)

/** Stands where a source says nothing, or nobody asked: never an empty cell. The children say it in other words. */
export const NotStated = ({ ctx, children }: PropsWithChildren<{ ctx: Ctx }>) => (
  <span class="missing">
    <Icon name="s-unknown" />
    {children ?? ctx.t('ui.not_stated')}
  </span>
)

type UndoProps = PropsWithChildren<{
  ctx: Ctx
  /** Where the form posts to, with the language. */
  action: string
  /** More that the form sends. */
  fields?: Child
  title: Child
  /** The key that takes it back; the page then opens at the message. */
  shortcut?: string
}>

/** What was just done, with the way back. */
export const Undo = ({ ctx, action, fields, title, shortcut, children }: UndoProps) => (
  <Note state="ok" title={title} announce focus={shortcut !== undefined}>
    {children}
    <form method="post" action={action}>
      {fields}
      <Button kind="plain" icon="undo" shortcut={shortcut}>
        {ctx.t('ui.undo')}
      </Button>
    </form>
  </Note>
)
