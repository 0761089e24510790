import { type Comparison, emptyComparison, type recordComparer } from './compare.ts'
import { L, LEVELS } from './likeness.ts'
import type { Roll } from './roll.ts'
import { probabilityOf, type Rarity, type Weights } from './weights.ts'

const RANDOM_PAIRS = 200_000
const ROUNDS = 60
/** Where to begin: most records of a person agree, a few have slips. */
const START = [0, 0.72, 0.06, 0.04, 0.02, 0.06, 0.02, 0.02, 0.01, 0.05]

/** Comparisons kept for estimating: levels by field, and what rarity adds to each pair. */
export type Sample = {
  levels: Uint8Array
  rarity: Float32Array
  pairs: number /** How many candidate pairs each stands for. */
  each: number
}

/**
 * How often each level is seen between two people: from random pairs of records, which are hardly ever one person.
 * `second`: the first record of the second list.
 */
export function estimateChance(roll: Roll, compare: ReturnType<typeof recordComparer>, second: number): number[][] {
  const n = roll.ids.length
  const random = seededRandom()
  const comparison = emptyComparison(roll)
  const seen = Array.from(comparison.levels, () => new Array<number>(LEVELS.length).fill(0))
  const tries = Math.min(RANDOM_PAIRS, (n * (n - 1)) / 2)
  for (let i = 0; i < tries; i++) {
    const a = Math.floor(random() * (second || n))
    const b = second ? second + Math.floor(random() * (n - second)) : Math.floor(random() * n)
    if (a === b) continue
    compare(a, b, comparison)
    comparison.levels.forEach((level, field) => seen[field]![level]!++)
  }
  return seen.map(shares)
}

// A level never seen is still possible: half a pair.
function shares(seen: number[]): number[] {
  const known = seen.reduce((sum, count, level) => (level === L.unknown ? sum : sum + count), 0)
  return seen.map((count, level) => (level === L.unknown ? 0 : (count + 0.5) / (known + 0.5 * (LEVELS.length - 1))))
}

/**
 * Estimates weights from candidate pairs without knowing which are one person: expectation-maximisation over all `space` pairs,
 * where those that share no key count as different people.
 */
export function estimateWeights(sample: Sample, chance: number[][], space: number, version: string): Weights {
  const width = chance.length
  let weights: Weights = {
    version,
    prior: Math.min(0.5, Math.max(1, sample.pairs * sample.each * 0.2) / space),
    fields: chance.map((u) => ({ m: [...START], u })),
  }
  for (let round = 0; round < ROUNDS; round++) {
    const base = weights.fields.map(({ m, u }) =>
      m.map((share, level) => (level === L.unknown ? 0 : Math.log2(share / u[level]!))),
    )
    const prior = Math.log2(weights.prior / (1 - weights.prior))
    const seen = chance.map(() => new Array<number>(LEVELS.length).fill(0))
    let matches = 0
    for (let pair = 0; pair < sample.pairs; pair++) {
      let bits = prior + sample.rarity[pair]!
      for (let field = 0; field < width; field++) bits += base[field]![sample.levels[pair * width + field]!]!
      if (bits < -12) continue
      const probability = probabilityOf(bits)
      matches += probability
      for (let field = 0; field < width; field++) seen[field]![sample.levels[pair * width + field]!]! += probability
    }
    const before = weights.prior
    weights = {
      version,
      prior: Math.min(0.5, Math.max(0.5, matches * sample.each) / space),
      fields: chance.map((u, field) => ({ m: smoothed(seen[field]!), u })),
    }
    if (Math.abs(Math.log(weights.prior / before)) < 1e-4) break
  }
  return weights
}

// A few pairs of the usual shape are added, so that little data moves the weights little.
function smoothed(seen: number[]): number[] {
  const known = seen.reduce((sum, count, level) => (level === L.unknown ? sum : sum + count), 0)
  return seen.map((count, level) => (level === L.unknown ? 0 : (count + 3 * START[level]!) / (known + 3)))
}

/** What rarity adds to a comparison, over all fields. */
export function rarityBits(rarity: Rarity, { levels, terms }: Comparison): number {
  let bits = 0
  for (let field = 0; field < levels.length; field++) bits += rarity(field, terms[field]!, levels[field]!)
  return bits
}

// The same list gives the same weights.
function seededRandom(): () => number {
  let state = 1
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
