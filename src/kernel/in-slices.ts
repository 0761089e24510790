import { setImmediate } from 'node:timers/promises'

/**
 * Reckons a long list some at a time, in its order, and lets others in between: an answer of the database, a visitor. Of two lists
 * at once the one with the larger slices is done first.
 */
export async function inSlices<T, R>(
  all: readonly T[],
  size: number,
  reckon: (some: readonly T[]) => R[],
): Promise<R[]> {
  const reckoned: R[] = []
  for (let from = 0; from < all.length; from += size) {
    await setImmediate()
    reckoned.push(...reckon(all.slice(from, from + size)))
  }
  return reckoned
}
