import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { Ctx } from '../context.ts'
import { keysFor } from './secret-key.ts'
import { fingerprint } from './secrets.ts'

// A browser that somebody has signed in with keeps a token that says so, for that account. It opens nothing: it only lets
// that browser try on while strangers elsewhere use up the attempts of the account, and its sign-ins need no notice.
// After: OWASP, Device Cookies.

const NONCE_BYTES = 16
/** Colleagues share computers: the browser knows this many accounts. */
const MOST_ACCOUNTS = 4
const REMEMBERED = Temporal.Duration.from({ hours: 24 * 90 })

/** The token for this account among those that a browser sent; undefined when it has none. */
export function knownDevice(ctx: Pick<Ctx, 'platform'>, email: string, sent = ''): string | undefined {
  return sent
    .split('.')
    .slice(0, MOST_ACCOUNTS)
    .find((token) => {
      const bytes = Buffer.from(token, 'base64url')
      const [nonce, seal] = [bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES)]
      return sealsOf(ctx, email, nonce).some((own) => own.length === seal.length && timingSafeEqual(own, seal))
    })
}

/** What a browser is to send from now on, after signing in to this account: the account's token last. */
export function rememberDevice(ctx: Pick<Ctx, 'platform'>, email: string, sent = ''): string {
  const known = knownDevice(ctx, email, sent)
  const nonce = randomBytes(NONCE_BYTES)
  const token = known ?? Buffer.concat([nonce, sealsOf(ctx, email, nonce)[0]!]).toString('base64url')
  const others = sent.split('.').filter((other) => /^[\w-]{64}$/.test(other) && other !== token)
  return [...others, token].slice(-MOST_ACCOUNTS).join('.')
}

const sealsOf = ({ platform }: Pick<Ctx, 'platform'>, email: string, nonce: Buffer): Buffer[] =>
  keysFor(platform.config, 'device').map((key) => fingerprint(key, `${email.toLowerCase()} ${nonce.toString('hex')}`))

// Cookies that begin with __Host- no other host and no other path can set; browsers take them over https only.
const isHttps = ({ platform }: Pick<Ctx, 'platform'>) => platform.config.origin.startsWith('https:')
const cookieName = (ctx: Pick<Ctx, 'platform'>) => (isHttps(ctx) ? '__Host-hamsafar-device' : 'hamsafar-device')

/** The tokens that a browser sent. */
export const sentDevices = (ctx: Ctx, c: Context): string | undefined => getCookie(c, cookieName(ctx))

/** Has the browser keep its tokens for 90 days. */
export const keepDevices = (ctx: Ctx, c: Context, devices: string): void =>
  setCookie(c, cookieName(ctx), devices, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: isHttps(ctx),
    maxAge: REMEMBERED.total('seconds'),
  })
