import { countTerms, F } from './compare.ts'
import type { Linked } from './link.ts'
import { PARTS, type Roll } from './roll.ts'
import { type FieldScore, pairScorer } from './score.ts'
import { rarityOf } from './weights.ts'

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/**
 * The lines of a file of pairs, with what every field said. Identifiers stand as they were given, also where a spreadsheet would take
 * one for a formula (`=cmd()`): programs join them with the lists, so they get no apostrophe as cells of exports do. Explanations begin
 * with the decision and are no formula.
 */
export function* explainedRows(roll: Roll, { links, weights }: Linked): Generator<string> {
  const score = pairScorer(roll, weights, rarityOf(countTerms(roll), F.values + roll.headings.length))
  yield 'left_id,right_id,probability,explanation\n'
  for (const { a, b, decision } of links) {
    const { probability, fields, relatives } = score(a, b)
    const kin = relatives <= -0.1 ? [`could be relatives ${signed(relatives)}`] : []
    const cells = [
      roll.ids[a]!,
      roll.ids[b]!,
      probability.toFixed(6),
      `${decision}: ${[...fields.map((field) => fieldText(roll, field, a, b)), ...kin].join('; ')}`,
    ]
    yield `${cells.map(quoted).join(',')}\n`
  }
}

function fieldText(roll: Roll, { field, at, level, weight }: FieldScore, a: number, b: number): string {
  const [left, right] = [normalForm(roll, a, at), normalForm(roll, b, at)]
  return `${field} ${level} ${signed(weight)} (${left === right ? left : `${left} ~ ${right}`})`
}

const signed = (bits: number) => `${bits >= 0 ? '+' : '−'}${Math.abs(bits).toFixed(1)}`

/** What a record states in a field, in the form in which it is compared. */
function normalForm(
  { columns, words, births, documents, values, headings }: Roll,
  record: number,
  field: number,
): string {
  if (field === F.birth) return dateText(births[columns.birth[record]!]!)
  if (field === F.sex) return ['', 'male', 'female'][columns.sex[record]! || columns.sexOfName[record]!]!
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
