import { sql } from 'kysely'
import { exactly } from '#kernel/occupations/asked-occupations.ts'
import type { Condition, Conditions, Tally } from './tally.ts'
import { textQuery } from './text-query.ts'
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
export function partsOf(understood: Understood, groups: readonly string[] | null, conditions: Conditions): Part[] {
  const { trades, words } = understood
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
  if (!conditions.words && !conditions.wishes) return [{ score: 0, ...(groups && { groups }), condition: sql`true` }]
  if (words.length === 0) return []
  const inTitle = sql<boolean>`l.title_words @@ ${textQuery(understood)}`
  return [
    { score: 1, condition: inTitle },
    { score: 0, condition: sql`not ${inTitle}` },
  ]
}

/** Why the best answers are perhaps not what was asked. */
export type Doubt = 'guess' | 'kin' | 'mention'

/**
 * Whether none of the answers is known to be what was asked: the trade was guessed, or nobody offers that very trade, or the
 * words stand in texts only. Null also where a sample was counted, which tells nothing about what is rare.
 */
export function doubtOf({ trades, words }: Understood, { total, factor, parts }: Tally): Doubt | null {
  if (total === 0 || factor !== 1) return null
  const has = (...scores: number[]) => scores.some((score) => (parts.get(score) ?? 0) > 0)
  if (trades) return trades.guessed ? 'guess' : has(5, 3) ? null : 'kin'
  return words.length > 0 && !has(1) ? 'mention' : null
}
