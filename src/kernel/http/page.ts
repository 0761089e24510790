import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import type { Ctx } from '../context.ts'

type Answer = Response | Child

/**
 * One URL below `/{lang}`: its query, action and page together.
 *
 * `access` decides who reaches it, in which transaction and what may be cached:
 * - `public`: everybody; GET never reads the session, is the same for all and may be cached;
 * - `sign-in`: everybody; never stored; may set the session cookie;
 * - `staff`: whoever is signed in; any other value is a permission that the actor needs.
 */
export type Page = {
  path: string
  access: 'public' | 'sign-in' | 'staff' | (string & {})
  /**
   * A public page that is seldom another, whatever is asked of it: packed once, as well as brotli can. For heavy pages at
   * one address; packing takes some hundredths of a second.
   */
  steady?: boolean
  /** The page, or a Response of its own. For an invalid form set `c.status(422)` and return the page again. */
  get?(ctx: Ctx, c: Context): Promise<Answer> | Answer
  post?(ctx: Ctx, c: Context, form: FormData): Promise<Answer>
  /**
   * Its form may be sent from anywhere, and is not counted among the forms of an address: whoever knows the address of the page
   * may do what it does. For links that mail programs send by themselves (RFC 8058).
   */
  fromAnywhere?: boolean
  /** Largest request body in bytes; 256 KiB without it. */
  bodyLimit?: number
}

/** A public file that stands outside the languages, such as `/robots.txt`. */
export type Resource = { path: string; get(ctx: Ctx, c: Context): Promise<Answer> | Answer }

/** Names a page; only gives it its type. */
export const definePage = (page: Page): Page => page

/** The address of a page in the reader's language: `/vacancies` → `/tg/vacancies`. */
export const localPath = (ctx: Pick<Ctx, 'lang'>, path: string) => `/${ctx.lang}${path}`

/** The answer to an action that succeeded: 303 to another page in the reader's language. */
export const seeOther = (ctx: Ctx, c: Context, path: string): Response => c.redirect(localPath(ctx, path), 303)
