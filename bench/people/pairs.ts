import { compareNames } from '#kernel/people/matching/compare-names.ts'
import { readRows } from './files.ts'
import { jaroWinkler } from './jaro-winkler.ts'
import { measureOf } from './measures.ts'

type Case = { left: string; right: string; same: boolean }

const AT = 0.8

function measure(cases: readonly Case[], says: (left: string, right: string) => boolean) {
  let [right, wrong, missed] = [0, 0, 0]
  for (const { left, right: other, same } of cases) {
    const found = says(left, other)
    if (found && same) right++
    else if (found) wrong++
    else if (same) missed++
  }
  return measureOf(right, wrong, missed)
}

const bestBaseline = (cases: readonly Case[]) =>
  [0.75, 0.8, 0.85, 0.9, 0.95]
    .map((threshold) => ({
      threshold,
      ...measure(cases, (a, b) => jaroWinkler(a.toLowerCase(), b.toLowerCase()) >= threshold),
    }))
    .reduce((best, one) => (one.f1 > best.f1 ? one : best))

const measures = (cases: readonly Case[]) => ({
  cases: cases.length,
  at_0_8: measure(cases, (a, b) => compareNames(a, b).score >= AT),
  at_0_5: measure(cases, (a, b) => compareNames(a, b).score >= 0.5),
  baseline_jaro_winkler: bestBaseline(cases),
})

/** OpenSanctions' name checks of persons, with the answers of its own matcher beside. */
export function measureNameChecks(file: string) {
  const rows = readRows(file, ',').filter(({ schema }) => schema === 'Person')
  const cases = rows.map(({ name1, name2, is_match }) => ({ left: name1!, right: name2!, same: is_match === 'true' }))
  const theirs = new Map(
    rows.map(({ name1, name2, predicted_match }) => [`${name1}\n${name2}`, predicted_match === 'true']),
  )
  return { ...measures(cases), baseline_logic_v2: measure(cases, (a, b) => theirs.get(`${a}\n${b}`)!) }
}

/** Names of the same people in Tajik and Latin letters: each against all others, so that most pairs are different people. */
export function measureTajikPairs(file: string) {
  const rows = readRows(file, '\t')
  const cases = rows.flatMap((one, i) =>
    rows.flatMap((other, j) => {
      const pair = { left: one.latin!, right: other.tajik_cyrillic!, same: i === j }
      // The other Latin spellings are abbreviated at times; they count only for the same person.
      return i === j && one.latin_alt_spelling ? [pair, { ...pair, left: one.latin_alt_spelling }] : [pair]
    }),
  )
  return measures(cases)
}
