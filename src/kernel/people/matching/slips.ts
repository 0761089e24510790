// What one slip costs, between sounds that are mistaken for each other; all others cost 1. Lost vowels and h cost less too.
const CHEAP: readonly [pairs: string, cost: number][] = [
  ['ae ai ao au ei eo eu io iu ou', 0.5],
  ['jč ji', 0.5],
  ['kg gh hk sz sš vf jz šč', 0.7],
  ['td pb mn vb vu', 0.8],
]
const LOST: readonly [letters: string, cost: number][] = [
  ['aeiou', 0.7],
  ['h', 0.5],
]
const SWAP = 0.9

// The costs by two letters' codes; č and š take the places of two control characters, other letters cost 1.
const CODES = 128
const CHANGE = new Float64Array(CODES * CODES).fill(1)
const LOSS = new Float64Array(CODES).fill(1)
const codeOf = (letter: number) => (letter === 0x10d ? 1 : letter === 0x161 ? 2 : letter)
for (let code = 0; code < CODES; code++) CHANGE[code * CODES + code] = 0
for (const [pairs, cost] of CHEAP)
  for (const pair of pairs.split(' ')) {
    const [a, b] = [codeOf(pair.charCodeAt(0)), codeOf(pair.charCodeAt(1))]
    CHANGE[a * CODES + b] = CHANGE[b * CODES + a] = cost
  }
for (const [letters, cost] of LOST) for (const letter of letters) LOSS[letter.charCodeAt(0)] = cost

// Space that is used again and again: words are compared millions of times.
const LONGEST = 64
const [A, B] = [new Int32Array(LONGEST), new Int32Array(LONGEST)]
const ROWS = [0, 1, 2].map(() => new Float64Array(LONGEST + 1))

/**
 * The least sum of slips that makes one sound the other: letters changed, lost, added or exchanged with their neighbour.
 * Stops counting above `most`. Looks at the first 64 letters.
 */
export function slipsBetween(a: string, b: string, most = Number.POSITIVE_INFINITY): number {
  const m = Math.min(a.length, LONGEST)
  const n = Math.min(b.length, LONGEST)
  if (Math.abs(m - n) * 0.5 > most) return Number.POSITIVE_INFINITY
  for (let i = 0; i < m; i++) A[i] = codeOf(a.charCodeAt(i))
  for (let j = 0; j < n; j++) B[j] = codeOf(b.charCodeAt(j))
  let before = ROWS[0]!
  let above = ROWS[1]!
  let row = ROWS[2]!
  above[0] = 0
  for (let j = 1; j <= n; j++) above[j] = above[j - 1]! + lossOf(B[j - 1]!)
  for (let i = 1; i <= m; i++) {
    const x = A[i - 1]!
    const lost = lossOf(x)
    row[0] = above[0]! + lost
    let least = row[0]!
    for (let j = 1; j <= n; j++) {
      const y = B[j - 1]!
      let best = above[j - 1]! + (x === y ? 0 : x < CODES && y < CODES ? CHANGE[x * CODES + y]! : 1)
      if (above[j]! + lost < best) best = above[j]! + lost
      const added = row[j - 1]! + lossOf(y)
      if (added < best) best = added
      if (i > 1 && j > 1 && x === B[j - 2] && A[i - 2] === y && before[j - 2]! + SWAP < best)
        best = before[j - 2]! + SWAP
      row[j] = best
      if (best < least) least = best
    }
    // A swap may still lead back below this row by one slip.
    if (least > most + 1) return Number.POSITIVE_INFINITY
    const free = before
    before = above
    above = row
    row = free
  }
  return above[n]!
}
const lossOf = (code: number) => (code < CODES ? LOSS[code]! : 1)

// Bits of a word's letters: a to z, č, š, and one for all others. Losing or changing one of the first kind costs least.
const bitOf = (code: number) => (code >= 97 && code <= 122 ? code - 97 : code === 0x10d ? 26 : code === 0x161 ? 27 : 28)
const CHEAPEST = Array.from('aeiouhjč').reduce((bits, letter) => bits | (1 << bitOf(letter.charCodeAt(0))), 0)
const LEAST_CHEAP = 0.5
const LEAST_OTHER = 0.7

/** Which letters a word has, as bits. */
export function lettersOf(word: string): number {
  let bits = 0
  for (let at = 0; at < word.length; at++) bits |= 1 << bitOf(word.charCodeAt(at))
  return bits
}

/** `slipsBetween` of two words with these letters is never less: each letter that one lacks was changed or lost. */
export function leastSlips(a: number, b: number): number {
  return Math.max(costOf(a & ~b), costOf(b & ~a))
}
const costOf = (letters: number) => LEAST_CHEAP * ones(letters & CHEAPEST) + LEAST_OTHER * ones(letters & ~CHEAPEST)

function ones(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
