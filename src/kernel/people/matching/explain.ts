import { countTerms, F } from './compare.ts'
import type { Linked } from './link.ts'
import type { Roll } from './roll.ts'
import { type FieldScore, pairScorer } from './score.ts'
import { rarityOf } from './weights.ts'

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** The lines of a file of pairs, with what every field said. Identifiers stand as they were given. */
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
      `${decision}: ${fields.map(fieldText).join('; ')}`,
    ]
    yield `${cells.map(quoted).join(',')}\n`
  }
}

const fieldText = ({ field, level, weight, left, right }: FieldScore) =>
  `${field} ${level} ${signed(weight)} (${left === right ? left : `${left} ~ ${right}`})`

const signed = (bits: number) => `${bits >= 0 ? '+' : '−'}${Math.abs(bits).toFixed(1)}`
