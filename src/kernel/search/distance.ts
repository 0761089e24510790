/**
 * How many letters must be changed, left out, added, or swapped with their neighbour to make one word of the other
 * (Damerau and Levenshtein's distance, each place touched once). Stops counting above `most`: then the answer is `most + 1`.
 */
export function distanceBetween(a: string, b: string, most: number): number {
  if (a === b) return 0
  if (Math.abs(a.length - b.length) > most) return most + 1
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      row[j] = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j]!, before[j - 2]! + 1)
    }
    if (Math.min(...row) > most) return most + 1
    before = above
    above = row
  }
  return Math.min(above[b.length]!, most + 1)
}

/** How many slips a word may hold: none in short ones, which are too alike; two from eight letters on. */
export const slipsIn = (word: string): 0 | 1 | 2 => (word.length < 4 ? 0 : word.length < 8 ? 1 : 2)

// Beyond these letters neighbours are found by their beginnings and compared whole afterwards.
const BEGINNING = 9

/**
 * The word's beginning, and what remains of it when up to `slips` letters are left out. Two words within that distance
 * share one of these: so neighbours are found by an index on equality, in any collation.
 */
export function neighbourKeys(word: string, slips: number): string[] {
  const keys = new Set([word.slice(0, BEGINNING)])
  let last = [...keys]
  for (let slip = 0; slip < slips; slip++) {
    last = last.flatMap((key) => Array.from(key, (_, at) => key.slice(0, at) + key.slice(at + 1)))
    for (const key of last) keys.add(key)
  }
  return [...keys]
}
