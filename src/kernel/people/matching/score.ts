import { type Comparison, countTerms, emptyComparison, F, FIELDS, recordComparer } from './compare.ts'
import { agreementsOf, type Conflict, conflictsOf, type Decision, decide, decideAdverse } from './decide.ts'
import { LEVELS, type Level } from './likeness.ts'
import type { Roll } from './roll.ts'
import { probabilityOf, type Rarity, scorerOf, type Weights } from './weights.ts'

/** What one field says: how it agrees, and its weight in bits. `at`: its number, see `FIELDS`. */
export type FieldScore = { field: string; at: number; level: Level; weight: number }

/** Everything that was reckoned about two records. */
export type Score = {
  probability: number
  /** The probability as bits: the prior and the weights of all fields together. */
  bits: number
  decision: Decision
  /** The same where one of the two is adverse. */
  adverse: ReturnType<typeof decideAdverse>
  agreements: number
  conflicts: Conflict[]
  /** Bits taken away because they may be relatives. */
  relatives: number
  fields: FieldScore[]
}

/**
 * Scores pairs of a roll's records with given weights. `rarity` is what the frequency of names and values adds; a registry passes that
 * of all its persons, two records alone have none.
 */
export function pairScorer(roll: Roll, weights: Weights, rarity?: Rarity): (a: number, b: number) => Score {
  const compare = recordComparer(roll, countTerms(roll))
  const scorer = scorerOf(weights, rarity)
  const comparison = emptyComparison(roll)
  return (a, b) => {
    compare(a, b, comparison)
    const bits = scorer.bits(comparison)
    const weight = (field: number) => scorer.weight(comparison, field)
    const probability = probabilityOf(bits)
    return {
      probability,
      bits,
      decision: decide(comparison, probability, weight),
      adverse: decideAdverse(comparison),
      agreements: agreementsOf(comparison, weight),
      conflicts: conflictsOf(comparison),
      relatives: round(scorer.relatives(comparison)),
      fields: fieldsOf(roll, comparison, weight),
    }
  }
}

function fieldsOf(roll: Roll, { levels }: Comparison, weight: (field: number) => number): FieldScore[] {
  const fields: FieldScore[] = []
  levels.forEach((level, at) => {
    if (level === 0) return
    const field = FIELDS[at] ?? roll.headings[at - F.values]!
    fields.push({ field, at, level: LEVELS[level]!, weight: round(weight(at)) })
  })
  return fields
}

const round = (bits: number) => Math.round(bits * 100) / 100
