import { randomFillSync } from 'node:crypto'

const pool = Buffer.alloc(4096)
let used = pool.length

/**
 * So many random bytes, at most 4,096, from the system's source for keys. They are fetched for many at once: an import takes them
 * ten times a row, and asking takes longer than whatever they are for. Theirs alone until the next call.
 */
export function randomFew(count: number): Buffer {
  if (used + count > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  return pool.subarray(used, (used += count))
}
