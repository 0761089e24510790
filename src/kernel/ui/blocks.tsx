import type { Child, PropsWithChildren } from 'hono/jsx'
import { Icon, type IconName } from './icons.tsx'

/** Something that stands alone: a place, an answer, a way to apply. Lists are rows, not cards. */
export const Card = ({
  id,
  near,
  children,
}: PropsWithChildren<{ id?: string /** Tinted: an offer beside the matter. */; near?: boolean }>) => (
  <div class={near ? 'card near flow' : 'card flow'} id={id}>
    {children}
  </div>
)

/** The way back, above the heading. Children follow as plain text: where one is. */
export const Crumb = ({ href, label, children }: PropsWithChildren<{ href: string; label: string }>) => (
  <p class="crumb">
    <a href={href}>
      <Icon name="left" />
      {label}
    </a>
    {children && <span>{children}</span>}
  </p>
)

type HeadlineProps = PropsWithChildren<{ title: Child /** One quiet line below. */; lead?: Child }>

/** A staff page's heading; its main buttons are the children. */
export const Headline = ({ title, lead, children }: HeadlineProps) => (
  <div class="headline">
    <div>
      <h1>{title}</h1>
      {lead && <p class="quiet">{lead}</p>}
    </div>
    {children && <div class="btns">{children}</div>}
  </div>
)

/** Names and values. What has no value gets `<NotStated>`, or is left out when nobody would miss it (`null`). */
export const Pairs = ({
  items,
  stacked,
}: {
  items: readonly (readonly [label: Child, value: Child] | null | false)[]
  stacked?: boolean
}) => (
  <dl class={stacked ? 'pairs stacked' : 'pairs'}>
    {items.map(
      (item) =>
        item && (
          <div>
            <dt>{item[0]}</dt>
            <dd>{item[1]}</dd>
          </div>
        ),
    )}
  </dl>
)

/** Short facts beside each other: `<Fact>` and `<Tag>`. */
export const Facts = ({ children }: PropsWithChildren) => <p class="facts">{children}</p>

export const Fact = ({ icon, lang, children }: PropsWithChildren<{ icon?: IconName; lang?: string }>) => (
  <span lang={lang}>
    {icon && <Icon name={icon} />}
    {children}
  </span>
)

type MoreProps = PropsWithChildren<{
  icon?: IconName
  label: Child
  /** What is inside, in a few words. */
  hint?: Child
  open?: boolean
  card?: boolean
  id?: string
}>

/** Folded text, or a small question that is asked in place. */
export const More = ({ icon, label, hint, open, card, id, children }: MoreProps) => (
  <details class={card ? 'more card' : 'more'} open={open} id={id}>
    <summary>
      {icon && <Icon name={icon} />}
      {hint ? (
        <span>
          {label}
          <small>{hint}</small>
        </span>
      ) : (
        label
      )}
      <Icon name="down" turn />
    </summary>
    <div class="flow">{children}</div>
  </details>
)

/** Nothing was found: says what was looked for; the children are one way out. */
export const Empty = ({ title, text, children }: PropsWithChildren<{ title: Child; text?: Child }>) => (
  <div class="empty flow">
    <p>
      <b>{title}</b>
    </p>
    {text && <p>{text}</p>}
    {children && <div class="btns">{children}</div>}
  </div>
)
