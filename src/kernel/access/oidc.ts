import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Configuration } from 'openid-client'
import { z } from 'zod'
import type { Config } from '../config.ts'
import type { Ctx } from '../context.ts'
import { LANGUAGES, type Lang } from '../i18n/languages.ts'
import { deriveKey, open, seal } from './secrets.ts'

const VALID_SECONDS = 600
const COOKIE = 'hamsafar-provider'
/** Where the provider sends people back to, with every language alike: it is registered there. */
export const CALLBACK = '/sign-in/provider/return'

// Loaded only where a provider is configured.
const client = () => import('openid-client')

/** Whether an outside sign-in service is configured. */
export const hasProvider = ({ platform }: Pick<Ctx, 'platform'>): boolean =>
  Boolean(platform.config.HAMSAFAR_OIDC_ISSUER)

const discovered = new Map<string, Promise<Configuration>>()

// Read once per process; a provider that was away is asked again.
function configuration({ platform }: Pick<Ctx, 'platform'>): Promise<Configuration> {
  const { HAMSAFAR_OIDC_ISSUER: issuer, HAMSAFAR_OIDC_CLIENT_ID, HAMSAFAR_OIDC_CLIENT_SECRET } = platform.config
  const known = discovered.get(issuer!)
  if (known) return known
  const found = discover(issuer!, HAMSAFAR_OIDC_CLIENT_ID!, HAMSAFAR_OIDC_CLIENT_SECRET)
  discovered.set(issuer!, found)
  found.catch(() => discovered.delete(issuer!))
  return found
}

async function discover(issuer: string, id: string, secret: string | undefined): Promise<Configuration> {
  const { discovery, allowInsecureRequests } = await client()
  // Configuration lets http pass for this machine only.
  const execute = issuer.startsWith('http:') ? [allowInsecureRequests] : []
  return discovery(new URL(issuer), id, secret, undefined, { execute, timeout: 10 })
}

const PENDING = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  back: z.string().nullable(),
  lang: z.enum(LANGUAGES),
  until: z.number(),
})
type Pending = z.output<typeof PENDING>

/**
 * Begins a sign-in at the provider (authorization code with PKCE, state and nonce): the address to go to. What must be
 * known on the way back is sealed into a cookie of the browser that began.
 */
export async function beginAtProvider(ctx: Ctx, c: Context, back: string | null): Promise<string> {
  const { randomState, randomNonce, randomPKCECodeVerifier, calculatePKCECodeChallenge, buildAuthorizationUrl } =
    await client()
  const until = ctx.now.epochMilliseconds + VALID_SECONDS * 1000
  const pending: Pending = {
    state: randomState(),
    nonce: randomNonce(),
    verifier: randomPKCECodeVerifier(),
    back,
    lang: ctx.lang,
    until,
  }
  const address = buildAuthorizationUrl(await configuration(ctx), {
    redirect_uri: callbackAddress(ctx),
    scope: 'openid email',
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: 'S256',
  })
  const sealed = seal(keyOf(ctx), Buffer.from(JSON.stringify(pending)), COOKIE).toString('base64url')
  setCookie(c, COOKIE, sealed, { ...cookieOptions(ctx), maxAge: VALID_SECONDS })
  return address.href
}

export type ProviderAnswer = { lang: Lang; back: string | null; email: string | null }

/**
 * Ends a sign-in at the provider: the e-mail address that it has verified, null when it refused or did not vouch for one.
 * Null altogether when this browser did not begin one.
 */
export async function endAtProvider(ctx: Ctx, c: Context): Promise<ProviderAnswer | null> {
  const pending = readPending(ctx, getCookie(c, COOKIE))
  deleteCookie(c, COOKIE, cookieOptions(ctx))
  if (!pending || pending.until < ctx.now.epochMilliseconds) return null
  const { lang, back, verifier, state, nonce } = pending
  const { authorizationCodeGrant } = await client()
  const address = new URL(callbackAddress(ctx) + new URL(c.req.url).search)
  const claims = await authorizationCodeGrant(await configuration(ctx), address, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  }).then(
    (tokens) => tokens.claims(),
    (error: Error) => {
      ctx.log.warn({ reason: error.message }, 'the outside sign-in service did not vouch for anybody')
      return undefined
    },
  )
  const vouched = claims?.email_verified === true && typeof claims.email === 'string'
  return { lang, back, email: vouched ? (claims.email as string) : null }
}

function readPending(ctx: Ctx, cookie: string | undefined): Pending | null {
  try {
    return PENDING.parse(JSON.parse(open(keyOf(ctx), Buffer.from(cookie ?? '', 'base64url'), COOKIE).toString()))
  } catch {
    return null // none, another installation's, or altered
  }
}

const callbackAddress = ({ platform }: Pick<Ctx, 'platform'>) => `${platform.config.origin}/${LANGUAGES[0]}${CALLBACK}`
const keyOf = ({ platform }: { platform: { config: Config } }) =>
  deriveKey(platform.config.HAMSAFAR_SECRET_KEY, 'provider')
const cookieOptions = ({ platform }: Pick<Ctx, 'platform'>) =>
  ({
    path: `/${LANGUAGES[0]}${CALLBACK}`,
    httpOnly: true,
    sameSite: 'Lax',
    secure: platform.config.origin.startsWith('https:'),
  }) as const
