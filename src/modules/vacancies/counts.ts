import type { Ctx } from '#kernel/context.ts'
import { type ListingQuery, questionOf } from './conditions.ts'
import { type Counted, FACET_NAMES, type FacetName } from './tally.ts'

export type Count = number | { atLeast: number }
export type { FacetName }

/** A choice and how many adverts it would leave; `about`: reckoned from a sample. */
type FacetValue = { value: string; count: number; about?: true }
/** How many adverts each choice would leave, given everything else that was asked. */
export type Facets = Record<FacetName, FacetValue[]>

const COUNT_UP_TO = 1_000
const MOST_VALUES = 100

/** How many adverts match: exact up to 1,000. */
export async function countListings(ctx: Ctx, query: ListingQuery): Promise<Count> {
  const { tally } = await questionOf(ctx, query)
  return tally.total > COUNT_UP_TO ? { atLeast: COUNT_UP_TO } : tally.total
}

/**
 * The choices that the filters offer, each with its count; most frequent first. Exact while at most 1,000 adverts match;
 * of more in a large collection they are reckoned from a random sample and marked `about`.
 */
export async function countFacets(ctx: Ctx, query: ListingQuery): Promise<Facets> {
  const { tally } = await questionOf(ctx, query)
  const counts = await Promise.all(FACET_NAMES.map(async (name) => [name, choicesOf(await tally.facet(name))] as const))
  return Object.fromEntries(counts) as Facets
}

function choicesOf({ values, factor }: Counted): FacetValue[] {
  return values
    .flatMap(({ value, count }): FacetValue[] => {
      if (value === null) return []
      return [factor === 1 ? { value, count } : { value, count: rounded(count * factor), about: true }]
    })
    .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, MOST_VALUES)
}

// More digits than two would claim what a sample cannot know.
function rounded(number: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(number)) - 1)
  return Math.round(number / step) * step
}
