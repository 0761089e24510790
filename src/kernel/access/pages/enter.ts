import type { Context } from 'hono'
import type { Ctx } from '../../context.ts'
import { localPath } from '../../http/page.ts'
import { keepDevices } from '../devices.ts'
import { FEW_CODES } from '../recovery-codes.ts'
import { returnPath } from '../return-path.ts'
import { setSessionCookie } from '../sessions.ts'
import type { SignInResult } from '../sign-in.ts'

/**
 * Where signing in leads to, in the account's own language: to the organisations when one must be chosen, to new recovery
 * codes when few are left, else to the page that was asked for.
 */
export function enterWorkspace(
  ctx: Ctx,
  c: Context,
  { token, devices, choose, lang, codes_left }: Extract<SignInResult, { kind: 'signed_in' }>,
  back: string | undefined,
): Response {
  setSessionCookie(ctx, c, token)
  keepDevices(ctx, c, devices)
  const few = codes_left !== undefined && codes_left <= FEW_CODES
  const asked = few ? '/work/account/recovery-codes' : (back?.replace(/^\/[a-z]+/, '') ?? '/work')
  const target = localPath({ lang }, asked)
  const path = choose ? localPath({ lang }, `/work/organisation?return=${encodeURIComponent(target)}`) : target
  return c.redirect(path, 303)
}

/** Why nobody was signed in, in words; the status goes with it, and when to come back is told to machines too. */
export function refusal(
  ctx: Ctx,
  c: Context,
  result: { kind: 'wrong' | 'no_organisation' } | { kind: 'blocked'; until: Temporal.Instant },
): string {
  if (result.kind !== 'blocked') {
    c.status(422)
    return ctx.t(`access.sign_in.${result.kind}`)
  }
  c.status(429)
  c.header('Retry-After', String(Math.ceil(result.until.since(ctx.now).total('seconds'))))
  return ctx.t('access.sign_in.blocked', { time: ctx.format.time(result.until) })
}

/** The page of the workspace that an address or a form asks to come back to. */
export const askedFor = (value: unknown): string | undefined =>
  returnPath(typeof value === 'string' ? value : null, '') || undefined

/** A path that keeps what is asked to come back to. */
export const withReturn = (path: string, back: string | undefined): string =>
  back ? `${path}?return=${encodeURIComponent(back)}` : path
