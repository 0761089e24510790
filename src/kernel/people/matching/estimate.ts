import { type Comparison, emptyComparison, F, type recordComparer } from './compare.ts'
import { L, LEVELS } from './likeness.ts'
import { monotone } from './monotone.ts'
import type { Roll } from './roll.ts'
import { SIMULATED_WEIGHTS } from './simulated-weights.ts'
import {
  isSecondOwn,
  isShared,
  log2OfOneAnd,
  NAMESAKES,
  OWN_SECOND,
  probabilityOf,
  type Rarity,
  SAME_NAME,
  tablesOf,
  type Weights,
} from './weights.ts'

const RANDOM_PAIRS = 200_000
const ROUNDS = 60
/** Where to begin: most records of a person agree, a few have slips. */
const START = [0, 0.72, 0.06, 0.04, 0.02, 0.06, 0.02, 0.02, 0.01, 0.05]

/** Comparisons kept for estimating. */
export type Sample = {
  /** Pairs × fields. */
  levels: Uint8Array
  /** What rarity adds to each pair: in all fields, and in those that relatives share. */
  rarity: Float32Array
  shared: Float32Array
  pairs: number
  /** How many candidate pairs each stands for. */
  each: number
}

/** Comparisons of random pairs. `width`: how many fields. */
export type RandomPairs = Sample & { width: number }

/** Compares random pairs of records, which are hardly ever one person. `second`: the first record of the second list. */
export function drawPairs(
  roll: Roll,
  compare: ReturnType<typeof recordComparer>,
  rarity: Rarity,
  second: number,
  space: number,
): RandomPairs {
  const n = roll.columns.birth.length
  const random = seededRandom()
  const comparison = emptyComparison(roll)
  const width = comparison.levels.length
  const most = Math.min(RANDOM_PAIRS, space)
  const levels = new Uint8Array(most * width)
  const [bits, shared] = [new Float32Array(most), new Float32Array(most)]
  let pairs = 0
  for (let i = 0; i < most; i++) {
    const a = Math.floor(random() * (second || n))
    const b = second ? second + Math.floor(random() * (n - second)) : Math.floor(random() * n)
    if (a === b) continue
    compare(a, b, comparison)
    levels.set(comparison.levels, pairs * width)
    bits[pairs] = rarityBits(rarity, comparison)
    shared[pairs++] = rarityBits(rarity, comparison, true)
  }
  return {
    levels: levels.subarray(0, pairs * width),
    rarity: bits,
    shared,
    pairs,
    each: space / Math.max(1, pairs),
    width,
  }
}

// A short list shows little by itself: this many pairs of the usual shape stand beside its own.
const USUAL_PAIRS = 300
const USUAL_SLOTS = 60
const USUAL_CHANCE = [0, 0.02, 0.002, 0.002, 0.005, 0.01, 0.03, 0.03, 0.001, 0.9]
const USUAL_MATCHES = 3
/** Whoever looks for doublets expects one: a lone pair would else argue itself away, round after round. */
const LEAST_PAIRS = 1
/** No level is rarer than random pairs could show. */
const LEAST_CHANCE = 0.5 / RANDOM_PAIRS

function blended(seen: ArrayLike<number>, usual: readonly number[], weight: number): number[] {
  let known = 0
  for (let level = 1; level < LEVELS.length; level++) known += seen[level]!
  return usual.map((share, level) =>
    level === L.unknown ? 0 : Math.max(LEAST_CHANCE, (seen[level]! + weight * share) / (known + weight)),
  )
}

/**
 * Estimates weights without knowing who is one person: expectation-maximisation over all `space` pairs. What records of one person look
 * like is learnt from `candidates`, which share a key; what strangers look like from `random` pairs, less those that are one person
 * after all: in a short list with many doublets, and where words agree already, these are a good part. Relatives have a case of
 * their own, or the siblings in a list of families, many more than its doublets, would be taken for what a person's records look like.
 */
export function estimateWeights(
  candidates: Sample,
  random: RandomPairs,
  space: number,
  records: number,
  version: string,
): Weights {
  const begin = Math.min(0.2, records / 4 / space)
  const drawn = countLevels(random, random.width)
  // Few random pairs agree in two words; those that do share a key.
  drawn.set(ofField(countLevels(candidates, random.width), F.third), F.third * LEVELS.length)
  const start = strangersOf(drawn)
  let weights: Weights = {
    version,
    prior: begin,
    relatives: begin,
    fields: start.map((u, field) => ({ m: [...START], u, r: relativesOf(field, START, u) })),
  }
  for (let round = 0; round < ROUNDS; round++) {
    const { seen, person, relatives } = expect(candidates, weights)
    const drawnPersons = expect(random, weights).seen.person
    drawnPersons.set(ofField(seen.person, F.third), F.third * LEVELS.length)
    const strangers = strangersOf(drawn, drawnPersons)
    const before = weights.prior
    const share = (pairs: number, least: number) => Math.min(0.4, Math.max(least, pairs * candidates.each) / space)
    weights = {
      version,
      prior: share(person, LEAST_PAIRS),
      relatives: share(relatives, 0.5),
      fields: strangers.map((u, field) => {
        const of = (which: Float64Array) => blended(ofField(which, field), START, USUAL_MATCHES)
        const m = monotone(ownName(field, of(seen.person)), u, field <= F.third)
        return { m, u, r: relativesOf(field, of(seen.relatives), u) }
      }),
    }
    if (Math.abs(Math.log(weights.prior / before)) < 1e-4) break
  }
  return weights
}

const NOTHING = new Float64Array(LEVELS.length)
const ofField = (counts: Float64Array, field: number) =>
  counts.subarray(field * LEVELS.length, (field + 1) * LEVELS.length)

function countLevels({ levels }: Sample, width: number): Float64Array {
  const counts = new Float64Array(width * LEVELS.length)
  for (let at = 0; at < levels.length; at++) counts[(at % width) * LEVELS.length + levels[at]!]!++
  return counts
}

// How often each level is seen between strangers, of pairs drawn and those among them that are one person.
function strangersOf(drawn: Float64Array, person?: Float64Array): number[][] {
  const left = person ? drawn.map((count, cell) => Math.max(0, count - person[cell]!)) : drawn
  return Array.from({ length: drawn.length / LEVELS.length }, (_, field) => {
    const slot = field === F.second || field === F.third
    const usual = slot || field >= F.values ? USUAL_CHANCE : SIMULATED_WEIGHTS.fields[field]!.u
    // Where words agree already most may be one person: at the start nothing is believed of such pairs.
    return blended(slot && !person ? NOTHING : ofField(left, field), usual, slot ? USUAL_SLOTS : USUAL_PAIRS)
  })
}

// Of siblings one in some hundreds is a twin, and has the same date of birth.
const TWINS = 0.002

/** In so many pairs of one person's records, at most, is the given name another one; what shows more of these are relatives. */
const OTHER_GIVEN = 0.1
const ownName = (field: number, m: number[]): number[] =>
  field === F.given || field === F.third ? m.with(L.differs, Math.min(OTHER_GIVEN, m[L.differs]!)) : m

// What is a person's own agrees between relatives as between strangers; so does a whole document, though not one that follows it.
const relativesOf = (field: number, shared: readonly number[], u: number[]): number[] => {
  if (field === F.birth) return u.map((share, level) => (level === L.exact ? Math.max(TWINS, share) : share))
  if (field === F.document) return shared.map((share, level) => (level === L.exact ? u[level]! : share))
  if (field === F.given || field === F.third)
    return u.map((share, level) => (SAME_NAME.has(level) ? share * NAMESAKES : share))
  return isShared(field) ? [...shared] : u
}

// How often each level is seen under the present weights, by field, and how many pairs are which.
function expect(sample: Sample, weights: Weights) {
  const tables = tablesOf(weights)
  const width = weights.fields.length
  const seen = { person: new Float64Array(width * LEVELS.length), relatives: new Float64Array(width * LEVELS.length) }
  let person = 0
  let relatives = 0
  for (let pair = 0; pair < sample.pairs; pair++) {
    let own = tables.prior.person + sample.rarity[pair]!
    let kin = tables.prior.relatives + sample.shared[pair]!
    const secondIsOwn = isSecondOwn(sample.levels, pair * width)
    for (let field = 0; field < width; field++) {
      const level = sample.levels[pair * width + field]!
      const cell = field * LEVELS.length + level
      own += tables.person[cell]!
      kin += secondIsOwn && field === F.second ? OWN_SECOND[level]! : tables.relatives[cell]!
    }
    if (own < -12 && kin < -12) continue
    const asPerson = probabilityOf(own - log2OfOneAnd(kin))
    const asRelatives = probabilityOf(kin - log2OfOneAnd(own))
    person += asPerson
    relatives += asRelatives
    for (let field = 0; field < width; field++) {
      const cell = field * LEVELS.length + sample.levels[pair * width + field]!
      seen.person[cell]! += asPerson
      if (!secondIsOwn || field !== F.second) seen.relatives[cell]! += asRelatives
    }
  }
  return { seen, person, relatives }
}

/** What rarity adds to a comparison, over all fields or those that relatives share. */
export function rarityBits(rarity: Rarity, { levels, terms }: Comparison, shared = false): number {
  let bits = 0
  const own = shared && isSecondOwn(levels)
  for (let field = 0; field < levels.length; field++)
    if (!shared || (isShared(field) && !(own && field === F.second)))
      bits += rarity(field, terms[field]!, levels[field]!)
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
