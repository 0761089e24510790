import type { Child, PropsWithChildren } from 'hono/jsx'
import type { Ctx } from '../context.ts'
import { LinkButton } from './buttons.tsx'
import { Icon, type IconName } from './icons.tsx'
import { type State, stateIcon, Tag } from './states.tsx'

type Sum = {
  state: State
  icon?: IconName
  count: number
  label: string /** Leads to its group on the page. */
  href: string
}

/** How much there is to do, at the top of *My work*. Where nothing is, nothing calls. */
export const Sums = ({ ctx, items }: { ctx: Ctx; items: readonly Sum[] }) => (
  <nav class="sums" aria-label={ctx.t('ui.sums')}>
    {items.map(({ state, icon = stateIcon(state), count, label, href }) => (
      <a class={count === 0 ? 'none' : state} href={href}>
        <b>{ctx.format.number(count)}</b>
        <Icon name={icon} />
        <span>{label}</span>
      </a>
    ))}
  </nav>
)

type GroupProps = PropsWithChildren<{
  id: string
  state: State
  icon?: IconName
  title: string /** Such as «3 of 8 shown». */
  note?: string /** Below the rows. */
  foot?: Child
}>

/** Tasks of one urgency; the children are `<TaskRow>`s. */
export const TaskGroup = ({ id, state, icon = stateIcon(state), title, note, foot, children }: GroupProps) => (
  <section class={`group ${state}`} id={id}>
    <h2>
      <Icon name={icon} />
      {title}
      {note && <small>{note}</small>}
    </h2>
    <ul>{children}</ul>
    {foot && <p>{foot}</p>}
  </section>
)

type TaskProps = {
  icon: IconName
  title: string
  /** Why it lies here, in one line. */
  why: Child
  href: string
  /** What to do: the button's verb. */
  action: string
  /** The first task of the page may be `filled`; the others are `second`, waiting ones `plain`. */
  kind?: 'filled' | 'second' | 'plain'
  due?: { state: State; icon?: IconName; label: string; note?: string }
}

/** One thing to do: what, why, until when, and one button. */
export const TaskRow = ({ icon, title, why, href, action, kind = 'second', due }: TaskProps) => (
  <li class="task">
    <Icon name={icon} />
    <h3>
      <a href={href}>{title}</a>
    </h3>
    <p class="quiet">{why}</p>
    {due && (
      <p class="due">
        <Tag state={due.state} icon={due.icon}>
          {due.label}
        </Tag>
        {due.note && <span>{due.note}</span>}
      </p>
    )}
    <LinkButton kind={kind} href={href}>
      {action}
      <span class="vh">: {title}</span>
    </LinkButton>
  </li>
)

type TotalItem = { label: string; value: Child; unit?: string; state?: State }

/** A record's figures in one line. */
export const Totals = ({ items }: { items: readonly TotalItem[] }) => (
  <dl class="totals">
    {items.map(({ label, value, unit, state }) => (
      <div class={state}>
        <dt>
          {state && <Icon name={stateIcon(state)} />}
          {label}
        </dt>
        <dd>
          {value} {unit && <small>{unit}</small>}
        </dd>
      </div>
    ))}
  </dl>
)
