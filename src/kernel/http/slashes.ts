import type { Context } from 'hono'

/**
 * For an address that is not there but for a slash at its end: 301 to the one without it, on this very site whatever the
 * address holds. Undefined for all others.
 */
export function withoutSlash(c: Context): Response | undefined {
  const { pathname, search } = new URL(c.req.url)
  if (!['GET', 'HEAD'].includes(c.req.method) || !/^\/[^/\\].*\/$/.test(pathname)) return
  return c.redirect(pathname.replace(/\/+$/, '') + search, 301)
}
