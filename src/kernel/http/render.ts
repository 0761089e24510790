import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { sprite } from '../ui/icons.tsx'

/** Turns a page into its document. Awaits what is asynchronous in it, so call it inside the request's transaction. */
export async function documentOf(page: Child): Promise<string> {
  const html = String(await (page as { toString(): string | Promise<string> }).toString())
  const icons = sprite(html)
  return `<!doctype html>${html.replace(/<body[^>]*>/, (body) => body + icons)}`
}

/** A handler's answer as a Response: its own, or the page with the status set before (200 without one). */
export async function respond(c: Context, answer: Response | Child): Promise<Response> {
  return answer instanceof Response ? answer : c.html(await documentOf(answer))
}
