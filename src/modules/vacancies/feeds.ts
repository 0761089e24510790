import type { Ctx } from '#kernel/context.ts'
import type { Resource } from '#kernel/http/page.ts'
import { formatOf } from '#kernel/i18n/format.ts'
import { LANGUAGES, type Lang } from '#kernel/i18n/languages.ts'
import { translator } from '#kernel/i18n/translate.ts'
import { placePath } from '#kernel/places/places.ts'
import { type Listing, searchListings } from './listings.ts'
import { payWords } from './pay.ts'

const NEWEST = 50

type Entry = {
  id: string
  url: string
  title: string
  lang: string
  summary: string
  published: string
  updated: string
}

/** The newest adverts for feed readers, in each language: Atom (RFC 4287) and JSON Feed 1.1. */
export const vacancyFeeds: Resource[] = LANGUAGES.flatMap((lang): Resource[] => [
  {
    path: `/feeds/vacancies.${lang}.atom`,
    get: async (ctx, c) =>
      c.body(atom(inLanguage(ctx, lang), await entries(inLanguage(ctx, lang))), 200, {
        'Content-Type': 'application/atom+xml; charset=utf-8',
      }),
  },
  {
    path: `/feeds/vacancies.${lang}.json`,
    get: async (ctx, c) =>
      c.body(JSON.stringify(jsonFeed(inLanguage(ctx, lang), await entries(inLanguage(ctx, lang)))), 200, {
        'Content-Type': 'application/feed+json; charset=utf-8',
      }),
  },
])

const inLanguage = (ctx: Ctx, lang: Lang): Ctx => ({
  ...ctx,
  lang,
  t: translator(ctx.platform.catalogue, lang),
  format: formatOf(lang),
})

async function entries(ctx: Ctx): Promise<Entry[]> {
  const { items } = await searchListings(ctx, { limit: NEWEST })
  return Promise.all(items.map((listing) => entryOf(ctx, listing)))
}

async function entryOf(ctx: Ctx, listing: Listing): Promise<Entry> {
  const pay = payWords(ctx, listing)
  const url = `${ctx.platform.config.origin}/${ctx.lang}/vacancies/${listing.reference}`
  const where = await placePath(ctx, listing.place_code ?? listing.country)
  return {
    id: url,
    url,
    title: listing.title,
    lang: listing.lang,
    summary: [where, pay ? `${pay.amount} ${pay.period}` : ctx.t('vacancies.pay.not_stated'), listing.employer_name]
      .filter(Boolean)
      .join(' · '),
    // An advert without a date is as old as our knowledge of it.
    published: listing.published_on ? `${listing.published_on}T00:00:00+05:00` : listing.first_seen_at.toString(),
    updated: listing.changed_at.toString({ smallestUnit: 'second' }),
  }
}

function jsonFeed(ctx: Ctx, items: Entry[]) {
  const { origin } = ctx.platform.config
  return {
    version: 'https://jsonfeed.org/version/1.1',
    title: `${ctx.t('vacancies.list.title')} · ${ctx.t('ui.brand')}`,
    home_page_url: `${origin}/${ctx.lang}/vacancies`,
    feed_url: `${origin}/feeds/vacancies.${ctx.lang}.json`,
    language: ctx.lang,
    items: items.map(({ id, url, title, lang, summary, published }) => ({
      id,
      url,
      title,
      language: lang,
      content_text: summary,
      date_published: published,
    })),
  }
}

function atom(ctx: Ctx, items: Entry[]): string {
  const { origin } = ctx.platform.config
  const self = `${origin}/feeds/vacancies.${ctx.lang}.atom`
  const newest =
    items
      .map(({ updated }) => updated)
      .sort()
      .at(-1) ?? ctx.now.toString({ smallestUnit: 'second' })
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${ctx.lang}">
<title>${xml(`${ctx.t('vacancies.list.title')} · ${ctx.t('ui.brand')}`)}</title>
<id>${self}</id>
<link rel="self" href="${self}"/>
<link href="${origin}/${ctx.lang}/vacancies"/>
<updated>${newest}</updated>
<author><name>${xml(ctx.t('ui.brand'))}</name></author>
${items.map((entry) => atomEntry(entry)).join('\n')}
</feed>
`
}

const atomEntry = ({ id, url, title, lang, summary, published, updated }: Entry) =>
  `<entry xml:lang="${xml(lang)}"><title>${xml(title)}</title><id>${id}</id><link href="${url}"/><published>${published}</published><updated>${updated}</updated><summary>${xml(summary)}</summary></entry>`

// Control characters have no place in XML at all.
const xml = (text: string) =>
  text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
