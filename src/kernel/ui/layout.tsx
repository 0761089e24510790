import type { Child, PropsWithChildren } from 'hono/jsx'
import type { Ctx } from '../context.ts'
import { asset } from '../http/assets.ts'
import { LANGUAGE_NAMES, LANGUAGES } from '../i18n/languages.ts'
import { Brand } from './brand.tsx'
import { Icon } from './icons.tsx'
import { type NavigationLink, pathOf, publicNavigation } from './navigation.ts'

type DocumentProps = PropsWithChildren<{
  ctx: Ctx
  title: string
  description?: string
  /** For search engines, such as `noindex`. */
  robots?: string
  look: 'public' | 'staff'
  /** Instead of the style sheet of that look, one that takes it in. */
  styles?: string
  /** More for the head. */
  head?: Child
}>

/** The HTML document around a page; `documentOf` adds the doctype and the icons. */
export const Document = ({ ctx, title, description, robots, look, styles, head, children }: DocumentProps) => (
  <html lang={ctx.lang}>
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{`${title} · ${ctx.t('ui.brand')}`}</title>
      {description && <meta name="description" content={description} />}
      {robots && <meta name="robots" content={robots} />}
      <meta name="theme-color" content="#12225a" />
      <link rel="stylesheet" href={asset(styles ?? `${look}.css`)} />
      <link rel="icon" href={asset('mark.svg')} type="image/svg+xml" />
      {head}
    </head>
    <body class={look}>
      <a class="skip" href="#main">
        {ctx.t('ui.skip')}
      </a>
      <div class="band" />
      {children}
    </body>
  </html>
)

export type PublicPageProps = PropsWithChildren<{
  ctx: Ctx
  /** Names the tab; the page's own `<h1>` stands in the children. */
  title: string
  /** One sentence for search engines and shared links. */
  description?: string
  /** The header link to mark, as a path without the language: `/vacancies`. Without it: `path`. */
  current?: string
  /** This page without the language: for the language links (a query is kept there), canonical and hreflang. */
  path?: string
  robots?: string
  styles?: DocumentProps['styles']
  head?: Child
  /** The page sets its own widths, edge to edge (the home page). */
  bleed?: boolean
}>

/** A public page: header, the languages, the way out of danger, footer, and a bar in thumb's reach on phones. */
export function PublicPage({
  ctx,
  title,
  description,
  current,
  path = '/',
  robots,
  styles,
  head,
  bleed,
  children,
}: PublicPageProps) {
  const document = { ctx, title, description, robots, styles }
  const { header, thumb, footer } = publicNavigation(ctx)
  const here = pathOf(ctx, current ?? path.split('?')[0]!)
  const metadata = robots?.includes('noindex') ? head : [<Alternates ctx={ctx} path={path} />, head]
  return (
    <Document {...document} look="public" head={metadata}>
      <header class="top">
        <div class="wrap">
          <Brand ctx={ctx} href={pathOf(ctx, '/')} />
          <nav aria-label={ctx.t('ui.nav.main')}>
            {header.map((link) => (
              <Anchor link={link} here={here} />
            ))}
          </nav>
          <Languages ctx={ctx} path={path} />
        </div>
      </header>
      <main id="main" class={bleed ? 'bleed' : 'wrap'}>
        {children}
      </main>
      <footer class="foot">
        <div class="wrap">
          <ul>
            {footer.map((link) => (
              <li>
                <Anchor link={link} here={here} />
              </li>
            ))}
          </ul>
          <div>
            <p class="quiet">{ctx.t('ui.footer.about')}</p>
            {ctx.platform.demonstration && <p class="quiet">{ctx.t('ui.footer.demonstration')}</p>}
          </div>
        </div>
      </footer>
      <nav class="thumb" aria-label={ctx.t('ui.nav.thumb')}>
        {thumb.map((link) => (
          <Anchor link={link} here={here} />
        ))}
      </nav>
    </Document>
  )
}

const Anchor = ({ link, here }: { link: NavigationLink; here: string }) => (
  <a href={link.href} class={link.danger ? 'danger' : undefined} aria-current={link.href === here ? 'page' : undefined}>
    {link.icon && <Icon name={link.icon} />}
    {link.label}
  </a>
)

// The chooser works without script: each language leads to this very page.
const Languages = ({ ctx, path }: { ctx: Ctx; path: string }) => (
  <details class="menu">
    <summary>
      <Icon name="globe" />
      <span class="vh">{ctx.t('ui.languages')}: </span>
      {LANGUAGE_NAMES[ctx.lang]}
    </summary>
    <div>
      <LanguageLinks ctx={ctx} path={path} />
    </div>
  </details>
)

/** This page in every language, each written in itself. `path` stands without the language and may carry a query. */
export const LanguageLinks = ({ ctx, path }: { ctx: Ctx; path: string }) => (
  <>
    {LANGUAGES.map((lang) => (
      <a
        href={pathOf({ lang }, path)}
        lang={lang}
        hreflang={lang}
        aria-current={lang === ctx.lang ? 'true' : undefined}
      >
        {LANGUAGE_NAMES[lang]}
      </a>
    ))}
  </>
)

// A query narrows a list; to search engines it is still the one page.
function Alternates({ ctx, path }: { ctx: Ctx; path: string }) {
  const page = path.split('?')[0]!
  const { origin } = ctx.platform.config
  const url = (lang: (typeof LANGUAGES)[number]) => origin + pathOf({ lang }, page)
  return (
    <>
      <link rel="canonical" href={url(ctx.lang)} />
      {LANGUAGES.map((lang) => (
        <link rel="alternate" hreflang={lang} href={url(lang)} />
      ))}
      <link rel="alternate" hreflang="x-default" href={page === '/' ? `${origin}/` : url(LANGUAGES[0])} />
    </>
  )
}
