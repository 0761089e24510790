import type { Ctx } from '#kernel/context.ts'
import { defineExport } from '#kernel/exports/export.ts'
import { decimalOf } from '#kernel/money.ts'
import { occupationLabel } from '#kernel/occupations/occupations.ts'
import { placePath } from '#kernel/places/places.ts'
import type { ListingQuery } from '../conditions.ts'
import { searchListings } from '../listings.ts'
import { readAsked, understand } from './asked.ts'

const BATCH = 200

/** The list as asked, as a table: the first 5,000. All of it is in the API. */
export const listExport = defineExport({
  name: 'vacancies.list',
  title: 'vacancies.list.title',
  permission: null,
  act: 'vacancy.export',
  headings: () => [
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
  ],
  async *rows(ctx, search) {
    const { query } = await understand(ctx, readAsked(search), BATCH)
    yield* rowsOf(ctx, query)
  },
})

async function* rowsOf(ctx: Ctx, query: ListingQuery) {
  let cursor: string | null | undefined
  while (cursor !== null) {
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
