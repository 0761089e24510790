import { type Comparison, type Counts, F } from './compare.ts'
import { L, LEVELS } from './likeness.ts'

/** For one field: how often each level is seen between records of one person (`m`) and of two people (`u`). */
export type FieldWeights = { m: number[]; u: number[] }

/** All that turns a comparison into a probability. `prior`: the share of pairs that are one person. */
export type Weights = { version: string; prior: number; fields: FieldWeights[] }

// How far the rarity of what agrees counts, by level: in full for equal words, hardly for doubtful ones.
const RARITY = LEVELS.map(
  (level) =>
    ({
      exact: 1,
      same: 1,
      stem: 0.8,
      variant: 0.5,
      near: 0.6,
      part: 0.4,
      far: 0.3,
      crossed: 0.8,
      unknown: 0,
      differs: 0,
    })[level],
)
const MOST_RARE = 14
const MOST_COMMON = -6

/** Bits for or against "one person", by field and together. */
export type Scorer = {
  /** The weight of one field. */
  weight(comparison: Comparison, field: number): number
  /** The sum over all fields and the prior. */
  bits(comparison: Comparison): number
}

/** How rare what agrees is, against the average agreement: in bits, by field and term. Without counts: 0. */
export type Rarity = (field: number, term: number, level: number) => number

export function rarityOf(counts: Counts, fields: number): Rarity {
  const tables = Array.from({ length: fields }, (_, field) => {
    if (field === F.sex) return null
    const known = counts.known(field)
    if (known === 0) return null
    const of = counts.of(field)
    let average = 0
    for (const count of of) average += (count / known) ** 2
    return Float32Array.from(of, (count) =>
      count === 0 ? 0 : Math.max(MOST_COMMON, Math.min(MOST_RARE, Math.log2((average * known) / count))),
    )
  })
  return (field, term, level) => {
    const table = tables[field]
    return table && RARITY[level] ? table[term]! * RARITY[level] : 0
  }
}

/** Turns comparisons into bits with these weights. */
export function scorerOf(weights: Weights, rarity: Rarity = () => 0): Scorer {
  const base = weights.fields.map(({ m, u }) =>
    Float64Array.from(m, (share, level) => (level === L.unknown ? 0 : Math.log2(share / u[level]!))),
  )
  const prior = Math.log2(weights.prior / (1 - weights.prior))
  const weight = ({ levels, terms }: Comparison, field: number) => {
    const level = levels[field]!
    return level === L.unknown ? 0 : base[field]![level]! + rarity(field, terms[field]!, level)
  }
  return {
    weight,
    bits(comparison) {
      let sum = prior
      for (let field = 0; field < base.length; field++) sum += weight(comparison, field)
      return sum
    },
  }
}

/** Bits as a probability. */
export const probabilityOf = (bits: number) => 1 / (1 + 2 ** -bits)
