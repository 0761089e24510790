import { slipsBetween } from './slips.ts'
import type { Word } from './words.ts'

/**
 * How well two values agree, the best first; 0 is "not known on one side". Every field uses those that it can tell apart.
 * `variant`: a short form of the same name. `part`: an initial, a beginning, or some words of several. `crossed`: under another
 * heading, such as given name and surname exchanged, or day and month.
 */
export const LEVELS = [
  'unknown',
  'exact',
  'same',
  'stem',
  'variant',
  'near',
  'part',
  'far',
  'crossed',
  'differs',
] as const
export type Level = (typeof LEVELS)[number]
export const L = Object.fromEntries(LEVELS.map((level, number) => [level, number])) as Record<Level, number>

const MOST_SLIPS = 2.5

/** How well two words of names agree. Symmetric. */
export function compareWords(a: Word, b: Word): number {
  if (a.plain === b.plain) return L.exact
  if (a.sounds.some((sound) => b.sounds.includes(sound))) return L.same
  if (a.given > 0 && b.given > 0) return a.given === b.given ? L.variant : L.differs
  if (a.stems.some((stem) => b.stems.includes(stem))) return L.stem
  if (a.groups.some((group) => b.groups.includes(group))) return L.variant
  if (a.sound.length === 1 || b.sound.length === 1) return a.sound[0] === b.sound[0] ? L.part : L.differs
  let best = Number.POSITIVE_INFINITY
  let length = 0
  for (const left of a.sounds)
    for (const right of b.sounds) {
      const slips = slipsBetween(left, right, MOST_SLIPS)
      if (slips < best) {
        best = slips
        length = Math.max(left.length, right.length)
      }
    }
  if (best <= 1 && best / length <= 0.25) return L.near
  if (a.roots.some((left) => b.roots.some((right) => sameRoot(left, right)))) return L.near
  if (best / length <= 0.34 && best <= MOST_SLIPS) return L.far
  if (Math.min(a.sound.length, b.sound.length) >= 3 && (a.sound.startsWith(b.sound) || b.sound.startsWith(a.sound)))
    return L.part
  return L.differs
}

// One slip in a stem whose ending differs too.
const sameRoot = (a: string, b: string) => Math.min(a.length, b.length) >= 4 && slipsBetween(a, b, 1) <= 1
