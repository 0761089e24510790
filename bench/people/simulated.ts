import { makeBlocks } from '#kernel/people/matching/blocks.ts'
import { linkRecords } from '#kernel/people/matching/link.ts'
import { type PersonRecord, rollOf } from '#kernel/people/matching/roll.ts'
import { jaroWinkler } from './jaro-winkler.ts'
import { mistakenRecord, recordOf, SIMULATED_HEADINGS, seeded, simulatePeople } from './simulate.ts'

/** Each simulated person twice: once as stated at home, once by another office, in any script, with two mistakes. */
export function twoRecordsEach(people: number, seed: number, harder = {}): PersonRecord[] {
  const random = seeded(seed)
  const first: PersonRecord[] = []
  const second: PersonRecord[] = []
  for (const person of simulatePeople(people, random, harder)) {
    first.push(recordOf(person, `a${first.length}`, 'tajik'))
    second.push(mistakenRecord(person, `b${second.length}`, 2, random).record)
  }
  return [...first, ...second]
}

const share = (part: number, whole: number) => Math.round((part / whole) * 100_000) / 100_000

/** Wanted of simulated records: shares of pairs of one person, of links, of all records. */
const TARGETS = { blocking_recall: 0.995, automatic_precision: 0.9995, review_pairs_per_record: 0.02 }

/**
 * What blocking finds, what is linked without anybody looking, and what people have to look at: pairs by all records (two for each
 * person), and people who stand in one by all people. `missed`: targets that are not met.
 */
export async function measureSimulated(
  people: number,
  seed: number,
  harder: Parameters<typeof simulatePeople>[2] = {},
) {
  const records = twoRecordsEach(people, seed, harder)
  const roll = rollOf(records, SIMULATED_HEADINGS)
  const { blockAt, block } = makeBlocks(roll)
  let together = 0
  for (let person = 0; person < people; person++) {
    const blocks = new Set(block.subarray(blockAt[person], blockAt[person + 1]))
    if (block.subarray(blockAt[people + person], blockAt[people + person + 1]).some((number) => blocks.has(number)))
      together++
  }
  const { links, weights } = await linkRecords(roll)
  const same = ({ a, b }: { a: number; b: number }) => b - a === people
  const automatic = links.filter(({ decision }) => decision === 'link')
  const review = links.filter(({ decision }) => decision === 'review')
  const measured = {
    blocking_recall: share(together, people),
    automatic_precision: share(automatic.filter(same).length, Math.max(1, automatic.length)),
    review_pairs_per_record: share(review.length, records.length),
  }
  const missed = (Object.keys(TARGETS) as (keyof typeof TARGETS)[]).filter((what) =>
    what === 'review_pairs_per_record' ? measured[what] > TARGETS[what] : measured[what] < TARGETS[what],
  )
  return {
    weights,
    figures: {
      people,
      ...measured,
      missed,
      automatic_wrong: automatic.filter((link) => !same(link)).length,
      automatic_recall: share(automatic.filter(same).length, people),
      people_in_review: share(new Set(review.flatMap(({ a, b }) => [a % people, b % people])).size, people),
      review_same_person: review.filter(same).length,
      review_others: review.filter((link) => !same(link)).length,
      lost: people - links.filter(same).length,
      baseline: plainWay(records, people),
    },
  }
}

// Equal birth date, and names that Jaro and Winkler find alike: what a spreadsheet would do.
function plainWay(records: readonly PersonRecord[], people: number) {
  const name = ({ names }: PersonRecord) => (names[0]!.whole ?? `${names[0]!.family} ${names[0]!.given}`).toLowerCase()
  const byBirth = Map.groupBy(
    records.slice(people).map((record, at) => ({ record, at })),
    ({ record }) => record.birth,
  )
  let [right, wrong] = [0, 0]
  for (let at = 0; at < people; at++)
    for (const other of byBirth.get(records[at]!.birth) ?? []) {
      if (jaroWinkler(name(records[at]!), name(other.record)) < 0.9) continue
      if (other.at === at) right++
      else wrong++
    }
  return {
    how: 'equal birth date, Jaro-Winkler of names from 0.9',
    precision: share(right, Math.max(1, right + wrong)),
    recall: share(right, people),
  }
}
