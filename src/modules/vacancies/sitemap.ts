import type { Ctx } from '#kernel/context.ts'
import { plainDate } from '#kernel/i18n/format.ts'

// Three languages of each stay below the 50,000 addresses that one sitemap may have.
const MOST = 15_000

/** The list and its published adverts for search engines, the newest first. Invented ones are left out. */
export async function vacancySitemap(ctx: Ctx): Promise<{ path: string; lastmod?: Temporal.PlainDate }[]> {
  const rows = await ctx.db
    .selectFrom('vacancies.listing')
    .select(['reference', 'published_on'])
    .where('sample', '=', false)
    .where((e) => e.or([e('expires_on', 'is', null), e('expires_on', '>=', plainDate(ctx.now))]))
    .orderBy('sort_on', 'desc')
    .orderBy('vacancy_id', 'desc')
    .limit(MOST)
    .execute()
  const adverts = rows.map(({ reference, published_on }) => ({
    path: `/vacancies/${reference}`,
    ...(published_on && { lastmod: published_on }),
  }))
  return [{ path: '/vacancies' }, ...adverts]
}
