import { makeBlocks } from './blocks.ts'
import { joinLinks } from './clusters.ts'
import { countTerms, emptyComparison, recordComparer } from './compare.ts'
import { assembleCrew } from './crew.ts'
import { conflictsOf, type Decision, THRESHOLDS } from './decide.ts'
import { estimateWeights, type RandomPairs, type Sample } from './estimate.ts'
import type { Roll } from './roll.ts'
import { DECISIONS, type Scored, type Task } from './tasks.ts'
import type { Weights } from './weights.ts'

/** Two records that are or may be one person. */
type Link = { a: number; b: number; bits: number; decision: Decision }

export type Linked = {
  links: Link[]
  weights: Weights
  /** How many pairs shared a key and were scored. */
  pairs: number
  threads: number
}

const SAMPLE = 300_000
const CHUNKS = 48

/**
 * Finds the records of a roll that are or may be one person: weights are estimated from the roll itself, every pair of records that share
 * a key is scored, and those from `THRESHOLDS.review` on come back. Links that would chain different people are put to review.
 *
 * @param second the first record of a second list: then only pairs across the two are looked for; 0 for one list
 */
export async function linkRecords(
  roll: Roll,
  second = 0,
  progress: (step: string) => void = () => {},
): Promise<Linked> {
  const n = roll.ids.length
  const space = second > 0 ? second * (n - second) : (n * (n - 1)) / 2
  const crew = assembleCrew({ roll, second })
  try {
    // Drawn by a thread, where there are some, while this one makes the keys.
    const drawn = crew.run([{ space }])
    const blocks = makeBlocks(roll, second)
    const { total, ranges } = chunkCosts(blocks.memberAt)
    progress('keys')
    const [random] = (await drawn) as RandomPairs[]
    const share = Math.min(1, SAMPLE / Math.max(1, total))
    const samples = (await crew.run(ranges.map((range) => ({ ...range, blocks, sample: share })))) as Sample[]
    const weights = estimateWeights(joinSamples(samples), random!, space, n, 'estimated')
    progress('weights')
    const tasks: Task[] = ranges.map((range) => ({ ...range, blocks, weights, atLeast: THRESHOLDS.review }))
    const scored = (await crew.run(tasks)) as Scored[]
    progress('pairs')
    const compare = recordComparer(roll, countTerms(roll))
    const comparison = emptyComparison(roll)
    const links = withoutChains(scored, (a, b) => {
      compare(a, b, comparison)
      return conflictsOf(comparison).length === 0
    })
    return { links, weights, pairs: scored.reduce((sum, { pairs }) => sum + pairs, 0), threads: crew.threads }
  } finally {
    await crew.end()
  }
}

// Ranges of blocks with about the same number of pairs each.
function chunkCosts(memberAt: Int32Array) {
  const costs = Array.from({ length: memberAt.length - 1 }, (_, block) => {
    const size = memberAt[block + 1]! - memberAt[block]!
    return (size * (size - 1)) / 2
  })
  const total = costs.reduce((sum, cost) => sum + cost, 0)
  const ranges: { from: number; to: number }[] = []
  let from = 0
  let sum = 0
  costs.forEach((cost, block) => {
    sum += cost
    if (sum < total / CHUNKS && block < costs.length - 1) return
    ranges.push({ from, to: block + 1 })
    from = block + 1
    sum = 0
  })
  return { total, ranges }
}

function joinSamples(samples: readonly Sample[]): Sample {
  const joined = <T extends Uint8Array | Float32Array>(pick: (sample: Sample) => T, make: (length: number) => T): T => {
    const all = make(samples.reduce((sum, sample) => sum + pick(sample).length, 0))
    let at = 0
    for (const sample of samples) {
      all.set(pick(sample), at)
      at += pick(sample).length
    }
    return all
  }
  return {
    levels: joined(
      ({ levels }) => levels,
      (length) => new Uint8Array(length),
    ),
    rarity: joined(
      ({ rarity }) => rarity,
      (length) => new Float32Array(length),
    ),
    shared: joined(
      ({ shared }) => shared,
      (length) => new Float32Array(length),
    ),
    pairs: samples.reduce((sum, { pairs }) => sum + pairs, 0),
    each: samples[0]?.each ?? 1,
  }
}

const SPREAD = 2 ** 26

function withoutChains(scored: readonly Scored[], together: (a: number, b: number) => boolean): Link[] {
  const links: Link[] = scored.flatMap(({ a, b, bits, decision }) =>
    Array.from(a, (left, at) => ({ a: left, b: b[at]!, bits: bits[at]!, decision: DECISIONS[decision[at]!]! })),
  )
  const sure = links.filter(({ decision }) => decision === 'link')
  // Of most pairs it is known already: to compare them once more would take longer than all else here.
  const linked = new Set(sure.map(({ a, b }) => a * SPREAD + b))
  const { kept } = joinLinks(sure, (a, b) => linked.has(Math.min(a, b) * SPREAD + Math.max(a, b)) || together(a, b))
  sure.forEach((link, at) => {
    if (!kept[at]) link.decision = 'review'
  })
  return links.sort((x, y) => x.a - y.a || x.b - y.b)
}
