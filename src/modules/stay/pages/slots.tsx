import type { Child, PropsWithChildren } from 'hono/jsx'
import { Icon } from '#kernel/ui/icons.tsx'

// What `client/days.ts` finds by name: it shows, writes and listens, and has no words of its own.

/** A part of the page that the script shows when it holds. */
export const If = ({ name, children }: PropsWithChildren<{ name: string }>) => (
  <div hidden data-if={name}>
    {children}
  </div>
)

/** The same within a sentence. */
export const Inline = ({ name, children }: PropsWithChildren<{ name: string }>) => (
  <span hidden data-if={name}>
    {children}
  </span>
)

/** Where the script writes a day or a number. */
export const Out = ({ name }: { name: string }) => <b data-out={name} />

/** What is wrong with a trip or a day. */
export const Fault = ({ name, children }: PropsWithChildren<{ name: string }>) => (
  <p class="wrong-text" role="alert" hidden data-if={name}>
    <Icon name="s-stop" />
    {children}
  </p>
)

/** A button of the script; `name` is what it does. */
export const Act = ({ name, kind, children }: { name: string; kind: 'second' | 'plain'; children?: Child }) => (
  <button class={`btn ${kind}`} type="button" data-act={name}>
    {children}
  </button>
)
