import type { Child, PropsWithChildren } from 'hono/jsx'
import type { Ctx } from '../context.ts'
import { Button, LinkButton } from './buttons.tsx'
import { HiddenField } from './fields.tsx'
import { Icon } from './icons.tsx'

/** What a form carries along from the address, so that a search keeps the filters and the filters keep the search. */
type Keep = readonly (readonly [name: string, value: string])[]

type SeekProps = {
  /** Where the form leads, with the language; without it to this page. */
  action?: string
  name?: string
  label: string
  /** Only under a title that asks the same. */
  hideLabel?: boolean
  /** The button's word; without it the search icon with its name. */
  button?: string
  buttonLabel?: string
  placeholder?: string
  value?: string
  keep?: Keep
  lang?: string
}

/** A search field with its button. */
export function Seek({
  action,
  name = 'q',
  label,
  hideLabel,
  button,
  buttonLabel,
  placeholder,
  value,
  keep = [],
}: SeekProps) {
  return (
    <form role="search" aria-label={label} class="list-search" action={action}>
      <label for={name} class={hideLabel ? 'vh' : undefined}>
        {label}
      </label>
      <div class="seek">
        <input id={name} type="search" name={name} value={value} placeholder={placeholder} maxlength={200} />
        <button type="submit" class="btn">
          {button ?? (
            <>
              <Icon name="search" />
              <span class="vh">{buttonLabel ?? label}</span>
            </>
          )}
        </button>
      </div>
      {keep.map(([key, kept]) => (
        <HiddenField name={key} value={kept} />
      ))}
    </form>
  )
}

type ChoicesProps = {
  ctx: Ctx
  /** Says what is chosen, to those who hear the page. */
  label: string
  options: readonly {
    href: string
    label: Child
    current: boolean /** How many there are behind it. */
    count?: number
  }[]
}

/** Ways to see a list, one of them now: links beside each other, each with its count where it has one. */
export const Choices = ({ ctx, label, options }: ChoicesProps) => (
  <nav class="choices" aria-label={label}>
    {options.map((option) => (
      <a href={option.href} aria-current={option.current ? 'page' : undefined}>
        {option.label}
        {option.count !== undefined && (
          <>
            {' '}
            <b>{ctx.format.number(option.count)}</b>
          </>
        )}
      </a>
    ))}
  </nav>
)

type FiltersProps = PropsWithChildren<{
  ctx: Ctx
  /** Names what can be chosen: «Choose: place, pay, housing». */
  label: string
  action?: string
  /** The list without filters; without it there is nothing to clear. */
  clear?: string
  open?: boolean
  keep?: Keep
}>

/** Filters, folded on phones, beside the list from 960 px (inside `.list-grid`). Each choice carries its count. */
export const Filters = ({ ctx, label, action, clear, open, keep = [], children }: FiltersProps) => (
  <details class="filters more" open={open}>
    <summary>
      <Icon name="filter" />
      {label}
      <Icon name="down" turn />
    </summary>
    <form action={action}>
      {keep.map(([name, value]) => (
        <HiddenField name={name} value={value} />
      ))}
      {children}
      <div class="btns">
        <Button kind="second">{ctx.t('ui.filters.show')}</Button>
        {clear && (
          <LinkButton kind="plain" href={clear}>
            {ctx.t('ui.filters.clear')}
          </LinkButton>
        )}
      </div>
    </form>
  </details>
)

/** How many there are; above a limit nobody counts on. */
type Total = number | { atLeast: number }

type PagerProps = {
  ctx: Ctx
  /** The number of the first row shown, from 1; left out where a cursor does not know it. */
  from?: number
  /** How many rows are shown. */
  shown: number
  total: Total
  /** Addresses of the neighbouring pages; null at the ends. */
  next?: string | null
  previous?: string | null
  /** The words of the button to the next page; «Next» without it. */
  more?: Child
}

/** Where one is in a list, and on. Nothing when the list is empty or one page holds it all from the start. */
export function Pager({ ctx, from, shown, total, next, previous, more }: PagerProps) {
  if (shown === 0 || (!next && !previous)) return null
  const { number } = ctx.format
  const of = typeof total === 'number' ? 'exact' : 'at_least'
  const count = number(typeof total === 'number' ? total : total.atLeast)
  const range =
    from === undefined ? { from: '', to: number(shown) } : { from: number(from), to: number(from + shown - 1) }
  return (
    <nav class="pager" aria-label={ctx.t('ui.pager')}>
      <span class="quiet">
        {ctx.t(from === undefined ? `ui.pager.shown_${of}` : `ui.pager.range_${of}`, { ...range, total: count })}
      </span>
      {previous && (
        <LinkButton kind="second" icon="left" href={previous}>
          {ctx.t('ui.pager.previous')}
        </LinkButton>
      )}
      {next && (
        <LinkButton kind="second" end="right" href={next}>
          {more ?? ctx.t('ui.pager.next')}
        </LinkButton>
      )}
    </nav>
  )
}
