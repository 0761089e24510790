import { type Comparison, type Counts, F } from './compare.ts'
import { L, LEVELS } from './likeness.ts'

/** For one field, how often each level is seen: between records of one person (`m`), of two people (`u`), of relatives (`r`). */
type FieldWeights = { m: number[]; u: number[]; r?: number[] }

/**
 * All that turns a comparison into a probability, after Fellegi and Sunter (1969), with relatives as a third case: brothers agree in
 * surname, patronymic and home, and differ in what is a person's own. `prior` and `relatives`: the shares of all pairs that are one
 * person, or relatives; without `relatives` that case is left out.
 */
export type Weights = { version: string; prior: number; relatives?: number; fields: FieldWeights[] }

const SHARED: ReadonlySet<number> = new Set([F.family, F.patronymic, F.first, F.second, F.birth, F.document])

/**
 * What relatives share; in all other fields they agree as strangers do. Twins have one date of birth, passports that a family fetches
 * on one day follow each other, and further values (home district, …) are those of a household.
 */
export const isShared = (field: number) => SHARED.has(field) || field >= F.values

// Hardly ever do two of a family bear one given name.
export const NAMESAKES = 0.1
export const SAME_NAME: ReadonlySet<number> = new Set([L.exact, L.same, L.variant])

/**
 * Whether the second word of two whole names is a person's own: where no third was compared, the surname is the other one, and
 * relatives would have to bear one given name. A father's name among them (Рустам, Рустамович) is no given name.
 */
export const isSecondOwn = (levels: ArrayLike<number>, at = 0): boolean =>
  levels[at + F.third] === L.unknown && levels[at + F.second] !== L.stem

/** What a second word that is a person's own says of relatives rather than of strangers, in bits by level. */
export const OWN_SECOND: readonly number[] = LEVELS.map((_, level) => (SAME_NAME.has(level) ? Math.log2(NAMESAKES) : 0))

/** How far the rarity of what agrees counts, by number of the level: in full for equal words, hardly for doubtful ones. */
export const RARITY: readonly number[] = LEVELS.map(
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
// So many more of average frequency are reckoned in: what a short list has twice is not common yet.
const FEW = 200

/** How rare what agrees is, against the average agreement: in bits, by field and term. */
export type Rarity = (field: number, term: number, level: number) => number

/** The rarity of everything in a roll, by how often it stands there. */
export function rarityOf(counts: Counts, fields: number): Rarity {
  const tables = Array.from({ length: fields }, (_, field) => {
    const known = counts.known(field)
    if (field === F.sex || known === 0) return null
    const of = counts.of(field)
    let average = 0
    for (const count of of) average += (count / known) ** 2
    const share = (count: number) => (count + FEW * average) / (known + FEW)
    const bits = (count: number) => Math.max(MOST_COMMON, Math.min(MOST_RARE, Math.log2(average / share(count))))
    return Float32Array.from(of, (count) => (count === 0 ? 0 : bits(count)))
  })
  return (field, term, level) => {
    const table = tables[field]
    return table && RARITY[level] ? table[term]! * RARITY[level] : 0
  }
}

/** Turns comparisons into bits for or against "one person". */
export type Scorer = {
  /** The weight of one field. */
  weight(comparison: Comparison, field: number): number
  /** What speaks for relatives rather than one person: 0 or less. */
  relatives(comparison: Comparison): number
  /** The sum of all fields, of relatives and of the prior. */
  bits(comparison: Comparison): number
}

const tables = new WeakMap<Weights, ReturnType<typeof makeTables>>()

/** Levels' weights as they are added up: one row of `LEVELS.length` for each field. Exchanged names weigh once, at the surname. */
export function tablesOf(weights: Weights) {
  let made = tables.get(weights)
  if (!made) {
    made = makeTables(weights)
    tables.set(weights, made)
  }
  return made
}

function makeTables({ prior, relatives = 0, fields }: Weights) {
  const table = (of: (field: FieldWeights) => number[]) =>
    Float64Array.from(
      fields.flatMap((field, at) =>
        of(field).map((share, level) =>
          level === 0 || (level === L.crossed && at === F.given) ? 0 : Math.log2(share / field.u[level]!),
        ),
      ),
    )
  const neither = 1 - prior - relatives
  return {
    person: table(({ m }) => m),
    relatives: table(({ r, u }) => r ?? u),
    prior: { person: Math.log2(prior / neither), relatives: Math.log2(relatives / neither) },
  }
}

/** Makes a scorer of weights. Without `rarity` every agreement counts as the average one. */
export function scorerOf(weights: Weights, rarity: Rarity = () => 0): Scorer {
  const tables = tablesOf(weights)
  const width = weights.fields.length
  const weight = ({ levels, terms }: Comparison, field: number) => {
    const level = levels[field]!
    return tables.person[field * LEVELS.length + level]! + rarity(field, terms[field]!, level)
  }
  function relatives({ levels, terms }: Comparison): number {
    if (!weights.relatives) return 0
    let bits = tables.prior.relatives
    const own = isSecondOwn(levels)
    for (let field = 0; field < width; field++) {
      const level = levels[field]!
      if (own && field === F.second) {
        bits += OWN_SECOND[level]!
        continue
      }
      bits += tables.relatives[field * LEVELS.length + level]!
      if (isShared(field)) bits += rarity(field, terms[field]!, level)
    }
    return -log2OfOneAnd(bits)
  }
  return {
    weight,
    relatives,
    bits(comparison) {
      let sum = tables.prior.person + relatives(comparison)
      for (let field = 0; field < width; field++) sum += weight(comparison, field)
      return sum
    },
  }
}

/** log2(1 + 2^bits), also for large bits. */
export const log2OfOneAnd = (bits: number) => (bits > 40 ? bits : Math.log2(1 + 2 ** bits))

/** Bits as a probability. */
export const probabilityOf = (bits: number) => 1 / (1 + 2 ** -bits)
