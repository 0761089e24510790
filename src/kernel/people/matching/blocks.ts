import { keyMaker } from './keys.ts'
import type { Roll } from './roll.ts'

/** Records that share a key, block by block, and each record's blocks in ascending order. */
export type Blocks = {
  /** Block → its first member. */
  memberAt: Int32Array
  member: Int32Array
  /** Record → its first block. */
  blockAt: Int32Array
  block: Int32Array
  /** Blocks above this size say too little and are left out. */
  largest: number
}

const PARTITIONS = 64
// Candidate pairs for each record, at most, and at least so many in short lists; what comes of common keys alone is left out.
const PAIRS_PER_RECORD = 15
const LEAST_BUDGET = 2_000_000

/**
 * Gathers the records of a roll by their blocking keys. Blocks above a size are left out, so that the others
 * make a bearable number of pairs. `second`: the first record of the second list; blocks of one list only are left out then.
 */
export function makeBlocks(roll: Roll, second = 0): Blocks {
  const n = roll.ids.length
  const { high, low, keyAt } = collectKeys(roll)
  const total = high.length
  const order = new Int32Array(total)
  const partAt = new Int32Array(PARTITIONS + 1)
  for (let k = 0; k < total; k++) partAt[((high[k]! >>> 8) & (PARTITIONS - 1)) + 1]!++
  for (let p = 0; p < PARTITIONS; p++) partAt[p + 1]! += partAt[p]!
  const cursor = partAt.slice(0, PARTITIONS)
  for (let k = 0; k < total; k++) order[cursor[(high[k]! >>> 8) & (PARTITIONS - 1)]!++] = k

  // Every key gets the number of its block; then blocks are numbered anew, without those of one record and the too large.
  const numbers = new Int32Array(total)
  let sizes = new Int32Array(1 << 16)
  let found = 0
  for (let p = 0; p < PARTITIONS; p++) {
    const [from, to] = [partAt[p]!, partAt[p + 1]!]
    const mask = 2 ** Math.ceil(Math.log2(Math.max(2, (to - from) * 2))) - 1
    const table = new Int32Array(mask + 1).fill(-1)
    for (let at = from; at < to; at++) {
      const key = order[at]!
      let slot = (low[key]! ^ (high[key]! >>> 14)) & mask
      while (table[slot] !== -1 && (high[table[slot]!] !== high[key] || low[table[slot]!] !== low[key]))
        slot = (slot + 1) & mask
      if (table[slot] === -1) {
        table[slot] = key
        numbers[key] = found++
        if (found > sizes.length) {
          const larger = new Int32Array(sizes.length * 2)
          larger.set(sizes)
          sizes = larger
        }
      } else numbers[key] = numbers[table[slot]!]!
      sizes[numbers[key]!]!++
    }
  }
  const largest = largestWithin(sizes.subarray(0, found), Math.max(LEAST_BUDGET, n * PAIRS_PER_RECORD), n)
  const renumbered = new Int32Array(found).fill(-1)
  let alive = 0
  let members = 0
  const firsts = second > 0 ? countFirsts(numbers, keyAt, second, found) : null
  for (let block = 0; block < found; block++) {
    const size = sizes[block]!
    if (size < 2 || size > largest || (firsts && (firsts[block] === 0 || firsts[block] === size))) continue
    renumbered[block] = alive++
    members += size
  }
  const memberAt = new Int32Array(new SharedArrayBuffer((alive + 1) * 4))
  for (let block = 0; block < found; block++)
    if (renumbered[block]! >= 0) memberAt[renumbered[block]! + 1] = sizes[block]!
  for (let block = 0; block < alive; block++) memberAt[block + 1]! += memberAt[block]!
  const member = new Int32Array(new SharedArrayBuffer(members * 4))
  const blockAt = new Int32Array(new SharedArrayBuffer((n + 1) * 4))
  const block = new Int32Array(new SharedArrayBuffer(members * 4))
  const filled = memberAt.slice(0, alive)
  let at = 0
  for (let record = 0; record < n; record++) {
    const start = at
    for (let k = keyAt[record]!; k < keyAt[record + 1]!; k++) {
      const number = renumbered[numbers[k]!]!
      if (number >= 0) block[at++] = number
    }
    block.subarray(start, at).sort()
    blockAt[record + 1] = at
    for (let b = start; b < at; b++) member[filled[block[b]!]!++] = record
  }
  return { memberAt, member, blockAt, block, largest }
}

/** Calls `pair` once for each two records that share a block, for blocks `from` ≤ block < `to`. */
export function eachPair(
  { memberAt, member, blockAt, block }: Blocks,
  from: number,
  to: number,
  second: number,
  pair: (a: number, b: number) => void,
): void {
  for (let number = from; number < to; number++)
    for (let i = memberAt[number]!; i < memberAt[number + 1]!; i++)
      for (let j = i + 1; j < memberAt[number + 1]!; j++) {
        const [a, b] = [member[i]!, member[j]!]
        if (second > 0 && (a >= second || b < second)) continue
        let x = blockAt[a]!
        let y = blockAt[b]!
        // Only the first block they share brings them together.
        while (block[x] !== block[y])
          if (block[x]! < block[y]!) x++
          else y++
        if (block[x] === number) pair(a, b)
      }
}

function collectKeys(roll: Roll) {
  const n = roll.ids.length
  const make = keyMaker(roll)
  const keyAt = new Int32Array(n + 1)
  let total = 0
  for (let record = 0; record < n; record++) {
    make(record, () => total++)
    keyAt[record + 1] = total
  }
  const high = new Int32Array(total)
  const low = new Int32Array(total)
  let at = 0
  for (let record = 0; record < n; record++)
    make(record, (h, l) => {
      high[at] = h
      low[at++] = l
    })
  return { high, low, keyAt }
}

function largestWithin(sizes: Int32Array, budget: number, n: number): number {
  const bySize = new Map<number, number>()
  for (const size of sizes) if (size > 1) bySize.set(size, (bySize.get(size) ?? 0) + 1)
  let pairs = 0
  let largest = 2
  for (const size of [...bySize.keys()].sort((a, b) => a - b)) {
    pairs += (bySize.get(size)! * size * (size - 1)) / 2
    if (pairs > budget) return largest
    largest = size
  }
  return Math.max(largest, n)
}

function countFirsts(numbers: Int32Array, keyAt: Int32Array, second: number, found: number): Int32Array {
  const firsts = new Int32Array(found)
  for (let k = 0; k < keyAt[second]!; k++) firsts[numbers[k]!]!++
  return firsts
}
