import type { PropsWithChildren } from 'hono/jsx'

/** A link to somebody else's site, which is not told about us. */
export const Outside = ({ href, children }: PropsWithChildren<{ href: string }>) => (
  <a href={href} rel="noopener noreferrer">
    {children}
  </a>
)
