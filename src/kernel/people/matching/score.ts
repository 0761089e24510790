import { type Comparison, countTerms, emptyComparison, F, FIELDS, recordComparer } from './compare.ts'
import { agreementsOf, type Conflict, conflictsOf, type Decision, decide } from './decide.ts'
import { LEVELS, type Level } from './likeness.ts'
import { PARTS, type Roll } from './roll.ts'
import { probabilityOf, type Rarity, scorerOf, type Weights } from './weights.ts'

/** What one field says: how it agrees, its weight in bits, and both sides in the form in which they were compared. */
export type FieldScore = { field: string; level: Level; weight: number; left: string; right: string }

/** Everything that was reckoned about two records. */
export type Score = {
  probability: number
  /** The probability as bits: the prior and the weights of all fields together. */
  bits: number
  decision: Decision
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
      agreements: agreementsOf(comparison, weight),
      conflicts: conflictsOf(comparison),
      relatives: round(scorer.relatives(comparison)),
      fields: fieldsOf(roll, comparison, a, b, weight),
    }
  }
}

function fieldsOf(
  roll: Roll,
  { levels }: Comparison,
  a: number,
  b: number,
  weight: (field: number) => number,
): FieldScore[] {
  const fields: FieldScore[] = []
  levels.forEach((level, field) => {
    if (level === 0) return
    const [left, right] = [a, b].map((record) => normalForm(roll, record, field)) as [string, string]
    const name = FIELDS[field] ?? roll.headings[field - F.values]!
    fields.push({ field: name, level: LEVELS[level]!, weight: round(weight(field)), left, right })
  })
  return fields
}

const round = (bits: number) => Math.round(bits * 100) / 100

/** What a record states in a field, in the form in which it is compared. */
function normalForm(
  { columns, words, births, documents, values, headings }: Roll,
  record: number,
  field: number,
): string {
  if (field === F.birth) return dateText(births[columns.birth[record]!]!)
  if (field === F.sex) return ['', 'male', 'female'][columns.sex[record]!]!
  if (field === F.document)
    return Array.from(
      columns.document.subarray(columns.documentAt[record], columns.documentAt[record + 1]),
      (at) => documents[at]!,
    ).join(', ')
  if (field >= F.values) return values[columns.value[record * headings.length + field - F.values]!]!
  const names: string[] = []
  for (let name = columns.nameAt[record]!; name < columns.nameAt[record + 1]!; name++) {
    const part = field < PARTS.length - 1 ? [field, field + 1] : [0, PARTS.length]
    const of = columns.word.subarray(
      columns.wordAt[name * PARTS.length + part[0]!],
      columns.wordAt[name * PARTS.length + part[1]!],
    )
    names.push(Array.from(of, (word) => words[word]!.sound).join(' '))
  }
  return [...new Set(names)].filter(Boolean).join(' / ')
}

const dateText = (birth: number) => {
  const digits = String(birth).padStart(8, '0')
  return [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6)].filter((part) => Number(part) > 0).join('-')
}
