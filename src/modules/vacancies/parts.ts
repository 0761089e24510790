import { sql } from 'kysely'
import { exactly, tsQuery } from './conditions.ts'
import type { Condition, Conditions } from './tally.ts'
import type { Understood } from './understanding.ts'

/**
 * A part of the answer: adverts that fit equally well, newest first. Parts stand one behind the other by `score`.
 * `groups`: of these unit groups only, by whose index they are read.
 */
export type Part = { score: number; groups?: readonly string[]; condition: Condition }

/**
 * The very trade, nearly it, titles that name it beside another or unclearly, its family, what only shares the word. Of
 * other words: titles that have them all, then texts. Best first; every advert that matches stands in one of them.
 * @param groups unit groups asked by filter
 */
export function partsOf(
  { trades, words }: Understood,
  groups: readonly string[] | null,
  conditions: Conditions,
): Part[] {
  if (trades) {
    const byNearness = Map.groupBy(trades.groups, ([, nearness]) => nearness)
    const named = [3, 2, 1, 0].map((nearness, at): Part => {
      const codes = (byNearness.get(nearness as 0) ?? []).map(([code]) => code)
      const own = groups ? codes.filter((code) => groups.includes(code)) : codes
      return { score: [5, 4, 2, 1][at]!, groups: own, condition: sql`l.isco = any (${codes}::text[])` }
    })
    const beside = sql<boolean>`(l.isco is null or l.isco <> all (${[...trades.groups.keys()]}::text[])) and l.other_trades && ${exactly(trades)}::text[]`
    return [...named.slice(0, 2), { score: 3, condition: beside }, ...named.slice(2)].filter(
      ({ groups: own }) => own?.length !== 0,
    )
  }
  if (!conditions.words) return [{ score: 0, ...(groups && { groups }), condition: sql`true` }]
  if (words.length === 0) return []
  const inTitle = sql<boolean>`l.title_words @@ ${tsQuery(words)}`
  return [
    { score: 1, condition: inTitle },
    { score: 0, condition: sql`not ${inTitle}` },
  ]
}
