import type { Context, MiddlewareHandler } from 'hono'
import { Hono } from 'hono'
import { csrf } from 'hono/csrf'
import { secureHeaders } from 'hono/secure-headers'
import { deriveKey, fingerprint } from '#kernel/access/secrets.ts'
import { createApi } from '#kernel/http/api.ts'
import { serveAssets } from '#kernel/http/assets.ts'
import { compressed } from '#kernel/http/compress.ts'
import type { Deps, Env } from '#kernel/http/env.ts'
import { mountHealth, remoteAddress } from '#kernel/http/health.ts'
import { publicLimits } from '#kernel/http/limits.ts'
import { allPages, mountPages } from '#kernel/http/pages.ts'
import { answerProblem } from '#kernel/http/problems.tsx'
import { withoutSlash } from '#kernel/http/slashes.ts'
import { formatOf } from '#kernel/i18n/format.ts'
import { isLang, LANGUAGES, type Lang } from '#kernel/i18n/languages.ts'
import { translator } from '#kernel/i18n/translate.ts'
import { mountLive } from '#kernel/live/stream.ts'
import { problem } from '#kernel/problem.ts'

/** The request pipeline, from the outermost layer to the pages. */
export function createApp(deps: Deps): Hono<Env> {
  const app = new Hono<Env>()
  const languages = readers(deps)

  app.onError((error, c) => answerProblem(error, c, c.var.ctx))
  app.notFound((c) => withoutSlash(c) ?? answerProblem(problem('not_found'), c, c.var.ctx))

  app.use(identify(deps, languages))
  app.use(compressed)
  app.use(
    secureHeaders({
      // Chromium sends `Origin: null` with a form of a no-referrer page, and the check below would refuse it.
      referrerPolicy: 'same-origin',
      // For this name only: what else has a name below it is not ours to bind.
      strictTransportSecurity: 'max-age=15552000',
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        scriptSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
      permissionsPolicy: { camera: [], microphone: [], geolocation: [] },
      xFrameOptions: 'DENY',
    }),
  )
  app.use(mountHealth(app, deps))
  app.get('/assets/*', serveAssets())
  app.use(unlessFromAnywhere(deps, publicLimits()))
  app.use(unlessFromAnywhere(deps, csrf({ origin: allowedOrigins(deps) })))
  mountLive(app, deps)
  mountPages(app, deps)
  app.route('/', createApi(deps))
  return app
}

// A mail program that stops something by its link has no origin, and stands for thousands of people at one address.
function unlessFromAnywhere({ platform }: Deps, guard: MiddlewareHandler<Env>): MiddlewareHandler<Env> {
  const open = allPages(platform.parts)
    .filter(({ fromAnywhere }) => fromAnywhere)
    .map(({ path }) => new RegExp(`^/[a-z]+${path.replace(/:\w+/g, '[^/]+')}$`))
  return (c, next) => (open.some((path) => path.test(c.req.path)) ? next() : guard(c, next))
}

// Everything that every answer needs, so that also a failure can be told in the reader's language.
function identify({ platform, db, reader = db, log, now = () => Temporal.Now.instant() }: Deps, languages: Readers) {
  // The same in every process, so that several count an address together.
  const key = deriveKey(platform.config.HAMSAFAR_SECRET_KEY, 'caller')
  return async (c: Context<Env>, next: () => Promise<void>) => {
    const lang = languageOf(c)
    const caller = fingerprint(key, addressOf(c, platform.config.HAMSAFAR_PROXY)).toString('base64url')
    c.set('lang', lang)
    c.set('caller', caller)
    c.set('ctx', {
      actor: { kind: 'visitor' },
      db: reader,
      now: now(),
      lang,
      ...languages[lang],
      log,
      platform,
      caller,
    })
    await next()
  }
}

type Readers = Record<Lang, { t: ReturnType<typeof translator>; format: ReturnType<typeof formatOf> }>

const readers = ({ platform }: Deps): Readers =>
  Object.fromEntries(
    LANGUAGES.map((lang) => [lang, { t: translator(platform.catalogue, lang), format: formatOf(lang) }]),
  ) as Readers

// Only an address without a language may look at what the browser prefers; such answers are never cached.
function languageOf(c: Context): Lang {
  const first = c.req.path.split('/')[1]
  if (isLang(first)) return first
  return (
    c.req
      .header('accept-language')
      ?.split(',')
      .map((part) => part.trim().slice(0, 2))
      .find(isLang) ?? LANGUAGES[0]
  )
}

const addressOf = (c: Context, behindProxy: boolean) =>
  (behindProxy && c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim()) || remoteAddress(c)

function allowedOrigins({ platform: { config } }: Deps): string[] {
  const { origin } = config
  return origin.startsWith('http://127.0.0.1') ? [origin, origin.replace('127.0.0.1', 'localhost')] : [origin]
}
