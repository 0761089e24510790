import type { Child, PropsWithChildren } from 'hono/jsx'
import { Icon, type IconName } from './icons.tsx'

type ButtonKind = 'filled' | 'second' | 'plain' | 'danger'

type Look = PropsWithChildren<{
  /** `filled` without it: one per page. Decisions about a person are all `second`. */
  kind?: ButtonKind
  icon?: IconName
  /** An icon behind the words, such as `right`. */
  end?: IconName
  /** A key that does the same where nothing is being typed, as `KeyboardEvent.key` says it: `1`, `ArrowRight`. */
  shortcut?: string
}>

type ButtonProps = Look & {
  name?: string
  value?: string
  type?: 'submit' | 'button' | 'reset'
  /** The words must then say what is missing: the button stays readable and reachable, but does nothing. */
  disabled?: boolean
  /** The id of a form elsewhere on the page. */
  form?: string
  formaction?: string
}

/** A button that sends its form. */
export const Button = ({ kind, icon, end, shortcut, type = 'submit', disabled, children, ...rest }: ButtonProps) => (
  <button
    {...rest}
    class={look(kind)}
    type={disabled ? 'button' : type}
    aria-disabled={disabled ? 'true' : undefined}
    aria-keyshortcuts={shortcut}
  >
    <Inside icon={icon} end={end} shortcut={shortcut}>
      {children}
    </Inside>
  </button>
)

type LinkButtonProps = Look & {
  href: string /** Saves the target under its own name. */
  download?: boolean
  lang?: string
}

/** A link that looks like a button: it leads somewhere and changes nothing. */
export const LinkButton = ({ kind, icon, end, shortcut, children, ...rest }: LinkButtonProps) => (
  <a {...rest} class={look(kind)} aria-keyshortcuts={shortcut}>
    <Inside icon={icon} end={end} shortcut={shortcut}>
      {children}
    </Inside>
  </a>
)

/** Buttons beside each other; one below the other on phones. */
export const Buttons = ({ children }: PropsWithChildren) => <div class="btns">{children}</div>

const look = (kind: ButtonKind = 'filled') => (kind === 'filled' ? 'btn' : `btn ${kind}`)

const Inside = ({ icon, end, shortcut, children }: Pick<Look, 'icon' | 'end' | 'shortcut'> & { children?: Child }) => (
  <>
    {icon && <Icon name={icon} />}
    {children}
    {end && <Icon name={end} />}
    {shortcut && <kbd aria-hidden="true">{shortcut === 'ArrowRight' ? '→' : shortcut}</kbd>}
  </>
)
