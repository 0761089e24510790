import type { Ctx } from '#kernel/context.ts'
import type { Resource } from '#kernel/http/page.ts'
import { LANGUAGES } from '#kernel/i18n/languages.ts'
import { pathOf } from '#kernel/ui/navigation.ts'

// sitemaps.org: one file holds at most 50,000 addresses.
const MOST_ADDRESSES = 50_000

/** Search engines may read all that is public; the workspace and sign-in have nothing for them. */
export const robots: Resource = {
  path: '/robots.txt',
  get: ({ platform }, c) => {
    const closed = LANGUAGES.flatMap((lang) => [`/${lang}/work`, `/${lang}/sign-in`])
    return c.text(
      [
        'User-agent: *',
        ...closed.map((path) => `Disallow: ${path}`),
        `Sitemap: ${platform.config.origin}/sitemap.xml`,
        '',
      ].join('\n'),
    )
  },
}

/** The public pages that the parts name, in every language. */
export const sitemap: Resource = {
  path: '/sitemap.xml',
  get: async (ctx, c) => {
    const urls = (await listedPages(ctx)).map(
      ({ url, lastmod }) => `<url><loc>${escape(url)}</loc>${lastmod ? `<lastmod>${lastmod}</lastmod>` : ''}</url>`,
    )
    c.header('Content-Type', 'application/xml; charset=utf-8')
    return c.body(
      `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${urls.join('\n')}\n</urlset>\n`,
    )
  },
}

async function listedPages(ctx: Ctx) {
  const entries = await Promise.all(ctx.platform.parts.map((part) => part.sitemap?.(ctx) ?? []))
  return entries
    .flat()
    .flatMap(({ path, lastmod }) =>
      LANGUAGES.map((lang) => ({ url: ctx.platform.config.origin + pathOf({ lang }, path), lastmod })),
    )
    .slice(0, MOST_ADDRESSES)
}

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** People also type `/tg/`. */
export const languageRoots: readonly Resource[] = LANGUAGES.map((lang) => ({
  path: `/${lang}/`,
  get: (_, c) => c.redirect(`/${lang}`, 301),
}))
