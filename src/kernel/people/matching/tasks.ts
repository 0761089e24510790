import { type Blocks, eachPair } from './blocks.ts'
import { countTerms, emptyComparison, F, recordComparer } from './compare.ts'
import { decide } from './decide.ts'
import { drawPairs, rarityBits, type Sample } from './estimate.ts'
import type { Roll } from './roll.ts'
import { probabilityOf, rarityOf, scorerOf, type Weights } from './weights.ts'

/** What a worker works on, told once; it never asks for ids. `second`: the first record of the second list, 0 for one list. */
export type Matter = { roll: Roll; second: number }

/** One piece of work: to draw pairs from a `space` of so many, or to sample or score those of a range of blocks. */
export type Task = { space: number } | SampleTask | ScoreTask
type Range = { blocks: Blocks; from: number; to: number }
type SampleTask = Range & { sample: number }
type ScoreTask = Range & { weights: Weights; atLeast: number }

/** Pairs with their bits and decisions (index into `DECISIONS`). `pairs`: how many were scored. */
export type Scored = { a: Int32Array; b: Int32Array; bits: Float64Array; decision: Uint8Array; pairs: number }

export const DECISIONS = ['apart', 'review', 'link'] as const

/** Does tasks of one matter, in this thread. */
export function taskRunner({ roll, second }: Matter) {
  const counts = countTerms(roll)
  const compare = recordComparer(roll, counts)
  const comparison = emptyComparison(roll)
  const width = F.values + roll.headings.length
  const rarity = rarityOf(counts, width)

  /** Every pair of a share of the blocks. */
  function sample({ blocks, ...task }: SampleTask): Sample {
    const levels: number[] = []
    const bits: number[] = []
    const shared: number[] = []
    for (let block = task.from; block < task.to; block++) {
      if (hash(block) >= task.sample * 2 ** 32) continue
      eachPair(blocks, block, block + 1, second, (a, b) => {
        compare(a, b, comparison)
        for (let field = 0; field < width; field++) levels.push(comparison.levels[field]!)
        bits.push(rarityBits(rarity, comparison))
        shared.push(rarityBits(rarity, comparison, true))
      })
    }
    return {
      levels: Uint8Array.from(levels),
      rarity: Float32Array.from(bits),
      shared: Float32Array.from(shared),
      pairs: bits.length,
      each: 1 / task.sample,
    }
  }

  function score({ blocks, ...task }: ScoreTask): Scored {
    const scorer = scorerOf(task.weights, rarity)
    const weight = (field: number) => scorer.weight(comparison, field)
    const found = { a: [] as number[], b: [] as number[], bits: [] as number[], decision: [] as number[] }
    let pairs = 0
    eachPair(blocks, task.from, task.to, second, (a, b) => {
      pairs++
      compare(a, b, comparison)
      const bits = scorer.bits(comparison)
      const probability = probabilityOf(bits)
      if (probability < task.atLeast) return
      found.a.push(a)
      found.b.push(b)
      found.bits.push(bits)
      found.decision.push(DECISIONS.indexOf(decide(comparison, probability, weight)))
    })
    return {
      a: Int32Array.from(found.a),
      b: Int32Array.from(found.b),
      bits: Float64Array.from(found.bits),
      decision: Uint8Array.from(found.decision),
      pairs,
    }
  }
  return {
    run: (task: Task) =>
      'space' in task
        ? drawPairs(roll, compare, rarity, second, task.space)
        : 'sample' in task
          ? sample(task)
          : score(task),
  }
}

function hash(number: number): number {
  let mixed = Math.imul(number + 1, 0x9e3779b1)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d)
  return (mixed ^ (mixed >>> 13)) >>> 0
}
