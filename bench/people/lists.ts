import { eachPair, makeBlocks } from '#kernel/people/matching/blocks.ts'
import { linkRecords } from '#kernel/people/matching/link.ts'
import { type PersonRecord, rollOf } from '#kernel/people/matching/roll.ts'
import type { KnownList } from './files.ts'
import { jaroWinkler } from './jaro-winkler.ts'
import { measurePairs } from './measures.ts'

/** Links a list whose doublets are known, as the command line does, and by a plain way beside it. */
export async function measureList({ records, headings, truth }: KnownList) {
  const began = performance.now()
  const roll = rollOf(records, headings)
  const { links, pairs } = await linkRecords(roll)
  const seconds = (performance.now() - began) / 1000
  const automatic = links.filter(({ decision }) => decision === 'link')
  return {
    records: records.length,
    pairs_scored: pairs,
    seconds: Math.round(seconds * 10) / 10,
    found: measurePairs(links, truth),
    automatic: measurePairs(automatic, truth),
    baseline_jaro_winkler: plainWay(records, truth, roll),
  }
}

const ALIKE = 0.9

// The best of these thresholds: mean Jaro-Winkler of all fields that both know, over the same candidates.
function plainWay(records: readonly PersonRecord[], truth: readonly string[], roll: ReturnType<typeof rollOf>) {
  const texts = records.map(plainFields)
  const blocks = makeBlocks(roll)
  const found: { a: number; b: number; likeness: number }[] = []
  eachPair(blocks, 0, blocks.memberAt.length - 1, 0, (a, b) => {
    let [sum, known] = [0, 0]
    for (let field = 0; field < texts[a]!.length; field++) {
      const [left, right] = [texts[a]![field]!, texts[b]![field]!]
      if (left === '' || right === '') continue
      known++
      sum += jaroWinkler(left, right)
    }
    if (known > 1 && sum / known >= ALIKE - 0.15) found.push({ a, b, likeness: sum / known })
  })
  const measures = [ALIKE - 0.15, ALIKE - 0.1, ALIKE - 0.05, ALIKE, ALIKE + 0.05].map((threshold) => ({
    threshold: Math.round(threshold * 100) / 100,
    ...measurePairs(
      found.filter(({ likeness }) => likeness >= threshold),
      truth,
    ),
  }))
  return measures.reduce((best, measure) => (measure.f1 > best.f1 ? measure : best))
}

const plainFields = ({ names, birth, sex, documents, values }: PersonRecord) =>
  [names[0]?.family, names[0]?.given, names[0]?.whole, birth ? String(birth) : '', sex, documents[0], ...values].map(
    (text) => (text ?? '').toLowerCase(),
  )
