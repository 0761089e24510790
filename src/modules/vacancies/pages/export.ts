import type { Ctx } from '#kernel/context.ts'
import { download } from '#kernel/exports/download.ts'
import { definePage } from '#kernel/http/page.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { decimalOf } from '#kernel/money.ts'
import { occupationLabel } from '#kernel/occupations/occupations.ts'
import { placePath } from '#kernel/places/places.ts'
import { type ListingQuery, searchListings } from '../listings.ts'
import { readAsked, understand } from './asked.ts'

const BATCH = 200
const MOST = 2_000

/** The list as asked, as a table: the newest 2,000. All of it is in the API. */
export const listExport = definePage({
  path: '/vacancies.csv',
  access: 'public',
  async get(ctx, c) {
    const { query } = await understand(ctx, readAsked(new URL(c.req.url).searchParams), BATCH)
    const headings = [
      'reference',
      'title',
      'isco',
      'occupation',
      'country',
      'place',
      'pay_min',
      'pay_max',
      'currency',
      'period',
      'accommodation',
      'foreigners',
      'contract',
      'employer',
      'published',
      'expires',
      'source',
      'sample',
    ]
    const name = ctx.t('vacancies.list.title')
    return download({ name, headings, rows: rowsOf(ctx, query) }, 'csv', `${name} ${plainDate(ctx.now)}`)
  },
})

async function* rowsOf(ctx: Ctx, query: ListingQuery) {
  let cursor: string | null | undefined
  for (let written = 0; written < MOST && cursor !== null; written += BATCH) {
    const { items, next } = await searchListings(ctx, { ...query, ...(cursor && { cursor }) })
    for (const item of items) {
      const amount = (value: bigint | null) =>
        value === null ? null : decimalOf({ amount: value, currency: item.pay_currency! })
      yield [
        item.reference,
        item.title,
        item.isco,
        item.isco && (await occupationLabel(ctx, item.isco)),
        item.country,
        await placePath(ctx, item.place_code ?? item.country),
        amount(item.pay_min),
        amount(item.pay_max),
        item.pay_currency,
        item.pay_period,
        item.accommodation,
        item.foreigners,
        item.contract,
        item.employer_name,
        item.published_on?.toString() ?? null,
        item.expires_on?.toString() ?? null,
        item.source,
        item.sample,
      ]
    }
    cursor = next
  }
}
