import { countTerms, F } from './compare.ts'
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

// So many that what is done in one fits the processor's cache.
const PARTITION_BITS = 10
// Candidate pairs for each record, at most, and at least so many in short lists; what comes of common keys alone is left out.
const PAIRS_PER_RECORD = 10
const LEAST_BUDGET = 2_000_000
const LARGEST_COUNT = 2_000
const LARGEST_SHARE = 0.05

/**
 * Gathers the records of a roll by their blocking keys. Blocks above a size are left out, so that the others
 * make a bearable number of pairs. `second`: the first record of the second list; blocks of one list only are left out then.
 */
export function makeBlocks(roll: Roll, second = 0): Blocks {
  const n = roll.ids.length
  const { high, low, keyAt } = collectKeys(roll)
  const { numbers, sizes } = numberKeys(high, low, keyAt[n]!)
  const found = sizes.length
  const largest = largestWithin(sizes, Math.max(LEAST_BUDGET, n * PAIRS_PER_RECORD), n)
  const renumbered = sharedInts(found).fill(-1)
  let alive = 0
  let members = 0
  const firsts = second > 0 ? countFirsts(numbers, keyAt, second, found) : null
  for (let block = 0; block < found; block++) {
    const size = sizes[block]!
    if (size < 2 || size > largest || (firsts && (firsts[block] === 0 || firsts[block] === size))) continue
    renumbered[block] = alive++
    members += size
  }
  const memberAt = sharedInts(alive + 1)
  for (let block = 0; block < found; block++)
    if (renumbered[block]! >= 0) memberAt[renumbered[block]! + 1] = sizes[block]!
  for (let block = 0; block < alive; block++) memberAt[block + 1]! += memberAt[block]!
  const member = sharedInts(members)
  const blockAt = sharedInts(n + 1)
  const block = sharedInts(members)
  const filled = memberAt.slice(0, alive)
  let at = 0
  for (let record = 0; record < n; record++) {
    const start = at
    for (let k = keyAt[record]!; k < keyAt[record + 1]!; k++) {
      const number = renumbered[numbers[k]!]!
      if (number >= 0) block[at++] = number
    }
    sortFew(block, start, at)
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

// A value of one in twenty makes keys that would only be thrown away, and are many.
function isCommon(roll: Roll): (heading: number, value: number) => boolean {
  const counts = countTerms(roll)
  const most = Math.max(LARGEST_COUNT, roll.ids.length * LARGEST_SHARE)
  return (heading, value) => counts.of(F.values + heading)[value]! > most
}

// Keys of a long list are many, so they stand in pieces: nothing is copied to make room.
const PIECE_BITS = 20
const PIECE = 2 ** PIECE_BITS

function collectKeys(roll: Roll) {
  const n = roll.ids.length
  const make = keyMaker(roll, isCommon(roll))
  const keyAt = sharedInts(n + 1)
  const high: Int32Array[] = []
  const low: Int32Array[] = []
  let total = 0
  const add = (h: number, l: number) => {
    const at = total++ & (PIECE - 1)
    if (at === 0) {
      high.push(sharedInts(PIECE))
      low.push(sharedInts(PIECE))
    }
    high.at(-1)![at] = h
    low.at(-1)![at] = l
  }
  for (let record = 0; record < n; record++) {
    make(record, add)
    keyAt[record + 1] = total
  }
  return { high, low, keyAt }
}

// Gives equal keys one number: parted by their first bits, then found by hash within a part.
function numberKeys(high: Int32Array[], low: Int32Array[], total: number): { numbers: Int32Array; sizes: Int32Array } {
  const shift = 32 - PARTITION_BITS
  const partAt = new Int32Array(2 ** PARTITION_BITS + 1)
  for (let key = 0; key < total; key++) partAt[(high[key >>> PIECE_BITS]![key & (PIECE - 1)]! >>> shift) + 1]!++
  for (let part = 1; part < partAt.length; part++) partAt[part]! += partAt[part - 1]!
  const cursor = partAt.slice(0, -1)
  const order = sharedInts(total)
  const highs = sharedInts(total)
  const lows = sharedInts(total)
  for (let key = 0; key < total; key++) {
    const [piece, place] = [key >>> PIECE_BITS, key & (PIECE - 1)]
    const at = cursor[high[piece]![place]! >>> shift]!++
    order[at] = key
    highs[at] = high[piece]![place]!
    lows[at] = low[piece]![place]!
  }
  const numbers = sharedInts(total)
  let sizes = sharedInts(1 << 16)
  let found = 0
  let table = sharedInts(1 << 10)
  const ofPlace = sharedInts(total)
  for (let part = 0; part + 1 < partAt.length; part++) {
    const [from, to] = [partAt[part]!, partAt[part + 1]!]
    while (table.length < (to - from) * 2) table = doubled(table)
    const mask = table.length - 1
    table.fill(-1)
    for (let at = from; at < to; at++) {
      let slot = (lows[at]! ^ (highs[at]! >>> 5)) & mask
      let same = table[slot]!
      while (same !== -1 && (lows[same] !== lows[at] || highs[same] !== highs[at])) {
        slot = (slot + 1) & mask
        same = table[slot]!
      }
      if (same === -1) {
        table[slot] = at
        if (found === sizes.length) sizes = doubled(sizes)
        ofPlace[at] = found++
      } else ofPlace[at] = ofPlace[same]!
      sizes[ofPlace[at]!]!++
      numbers[order[at]!] = ofPlace[at]!
    }
  }
  return { numbers, sizes: sizes.subarray(0, found) }
}

// Memory that threads share is not weighed when garbage is collected; else these arrays would have it collected time and again.
const sharedInts = (length: number) => new Int32Array(new SharedArrayBuffer(length * 4))

function doubled(array: Int32Array<SharedArrayBuffer>): Int32Array<SharedArrayBuffer> {
  const larger = sharedInts(array.length * 2)
  larger.set(array)
  return larger
}

// A record's few blocks, in place: a call of sort() for each costs more than the sorting.
function sortFew(numbers: Int32Array, from: number, to: number): void {
  for (let i = from + 1; i < to; i++) {
    const number = numbers[i]!
    let j = i - 1
    while (j >= from && numbers[j]! > number) {
      numbers[j + 1] = numbers[j]!
      j--
    }
    numbers[j + 1] = number
  }
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
