import { makeBlocks } from '#kernel/people/matching/blocks.ts'
import { linkRecords } from '#kernel/people/matching/link.ts'
import { type PersonRecord, rollOf } from '#kernel/people/matching/roll.ts'
import { jaroWinkler } from './jaro-winkler.ts'
import { mistakenRecord, recordOf, SIMULATED_HEADINGS, seeded, simulatePeople } from './simulate.ts'

/** Each simulated person twice: once as stated at home, once by another office, in any script, with two mistakes. */
export function twoRecordsEach(people: number, seed: number): PersonRecord[] {
  const random = seeded(seed)
  const first: PersonRecord[] = []
  const second: PersonRecord[] = []
  for (const person of simulatePeople(people, random)) {
    first.push(recordOf(person, `a${first.length}`, 'tajik'))
    second.push(mistakenRecord(person, `b${second.length}`, 2, random).record)
  }
  return [...first, ...second]
}

const share = (part: number, whole: number) => Math.round((part / whole) * 100_000) / 100_000

/** What blocking finds, what is linked without anybody looking, and what people have to look at. */
export async function measureSimulated(people: number, seed: number) {
  const records = twoRecordsEach(people, seed)
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
  return {
    weights,
    figures: {
      people,
      blocking_recall: share(together, people),
      automatic_precision: share(automatic.filter(same).length, Math.max(1, automatic.length)),
      automatic_recall: share(automatic.filter(same).length, people),
      review_pairs_per_record: share(review.length, records.length),
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
