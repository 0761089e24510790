import { compareWords, L } from './likeness.ts'
import { slipsBetween } from './slips.ts'
import type { Word } from './words.ts'

/** Two words of two names that belong together; where neither fits the other, `differs`. Numbers of words in their list. */
export type Pair = { level: number; left: number; right: number /** The commoner of the two. */; term: number }

const MOST_BITS = 20
const MOST_WORDS = 2 ** 24
const LEVEL_ROOM = 16

/**
 * Lays the words of two names side by side, whatever their order: those that agree best first, of equally good ones a surname
 * beside a surname, then the rarer. Words of one side that are left over are no pair. Keeps what it found out about two words. Symmetric.
 */
export function wordAligner(words: readonly Word[], count: ArrayLike<number>) {
  // Two words and their level in one number: looked up millions of times, so that it must lie in one place.
  // As large as there are pairs, for two records are compared as often as two lists are.
  const bits = Math.min(MOST_BITS, Math.max(4, Math.ceil(2 * Math.log2(words.length + 1))))
  const memory = new Float64Array(1 << bits).fill(-1)

  function levelOf(a: number, b: number): number {
    if (a === b) return L.exact
    const low = a < b ? a : b
    const high = a < b ? b : a
    const slot = (Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b)) >>> (32 - bits)
    const key = (low * MOST_WORDS + high) * LEVEL_ROOM
    const level = memory[slot]! - key
    if (level > 0 && level < LEVEL_ROOM) return level
    const found = compareWords(words[low]!, words[high]!)
    memory[slot] = key + found
    return found
  }

  const commoner = (a: number, b: number) => (count[a]! > count[b]! || (count[a] === count[b] && a < b) ? a : b)

  function align(left: number[], right: number[], found: Pair[]): void {
    found.length = 0
    if (left.length !== right.length) {
      takeJoined(left, right, (single, first) =>
        found.push({ level: L.same, left: single, right: first, term: single }),
      )
      takeJoined(right, left, (single, first) =>
        found.push({ level: L.same, left: first, right: single, term: single }),
      )
    }
    while (left.length > 0 && right.length > 0) {
      let best: number = L.differs
      let [atLeft, atRight, term, mixed] = [-1, -1, -1, true]
      for (let i = 0; i < left.length; i++)
        for (let j = 0; j < right.length; j++) {
          const level = levelOf(left[i]!, right[j]!)
          if (level > best || level === L.differs) continue
          const common = commoner(left[i]!, right[j]!)
          const crosses = isMixed(left[i]!, right[j]!)
          const rarer = count[common]! < count[term]! || (count[common] === count[term] && common < term)
          if (level < best || (crosses === mixed ? rarer : mixed)) {
            best = level
            ;[atLeft, atRight, term, mixed] = [i, j, common, crosses]
          }
        }
      if (atLeft < 0) break
      found.push({ level: best, left: left[atLeft]!, right: right[atRight]!, term })
      left.splice(atLeft, 1)
      right.splice(atRight, 1)
    }
    partExchanged(found)
    for (let rest = 0; rest < Math.min(left.length, right.length); rest++)
      found.push({ level: L.differs, left: left[rest]!, right: right[rest]!, term: -1 })
  }

  const isMixed = (l: number, r: number) => words[l]!.derived !== words[r]!.derived

  // Карим Раҳимов is not Раҳим Каримов, nor a father his son: the endings change places, and no plain word stays plain.
  function partExchanged(found: Pair[]): void {
    const goes = (from: number, to: number) => words[from]!.derived && !words[to]!.derived
    if (!found.some(({ left, right }) => goes(left, right)) || !found.some(({ left, right }) => goes(right, left)))
      return
    if (found.some(({ left, right }) => !words[left]!.derived && !words[right]!.derived)) return
    for (const pair of found) if (isMixed(pair.left, pair.right)) pair.level = L.differs
  }

  // Аҳмад Ҷон and Аҳмадҷон: one word of one side is two neighbours of the other.
  function takeJoined(single: number[], cut: number[], take: (single: number, first: number) => void): void {
    for (let i = 0; i < single.length; i++)
      for (let j = 0; j + 1 < cut.length; j++) {
        const whole = words[single[i]!]!.sound
        const [first, second] = [words[cut[j]!]!.sound, words[cut[j + 1]!]!.sound]
        if (Math.abs(whole.length - first.length - second.length) > 1 || slipsBetween(whole, first + second, 1) > 1)
          continue
        take(single[i]!, cut[j]!)
        single.splice(i--, 1)
        cut.splice(j, 2)
        break
      }
  }
  return { levelOf, commoner, align }
}
