import type { Ctx } from '#kernel/context.ts'
import { type ListingQuery, questionOf } from './conditions.ts'
import { FACET_NAMES, type FacetName, type Tally, tally } from './tally.ts'

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
  const { conditions } = await questionOf(ctx, query)
  const { total } = await tally(ctx, conditions)
  return total > COUNT_UP_TO ? { atLeast: COUNT_UP_TO } : total
}

/**
 * The choices that the filters offer, each with its count; most frequent first. Exact while at most 1,000 adverts match;
 * of more in a large collection they are reckoned from a random sample and marked `about`.
 */
export async function countFacets(ctx: Ctx, query: ListingQuery): Promise<Facets> {
  const { conditions } = await questionOf(ctx, query)
  const counts = await Promise.all(
    FACET_NAMES.map(async (name) => {
      if (!(name in conditions)) return [name, valuesOf(await tally(ctx, conditions), name)] as const
      const { [name]: _own, ...others } = conditions
      return [name, valuesOf(await tally(ctx, others), name)] as const
    }),
  )
  return Object.fromEntries(counts) as Facets
}

function valuesOf({ rows, total, factor }: Tally, name: FacetName): FacetValue[] {
  const counts = new Map<string, number>()
  for (const { [name]: value, count: found } of rows)
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + found)
  const about = factor > 1 && total > COUNT_UP_TO
  return [...counts]
    .map(
      ([value, found]): FacetValue =>
        about ? { value, count: rounded(found * factor), about } : { value, count: found },
    )
    .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, MOST_VALUES)
}

// More digits than two would claim what a sample cannot know.
function rounded(number: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(number)) - 1)
  return Math.round(number / step) * step
}
