import { leastSlips, slipsBetween } from './slips.ts'
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
const NEAR = { slips: 1, rate: 0.25 }
const FAR = { slips: MOST_SLIPS, rate: 0.34 }
const SHORTEST_ROOT = 4

/** How well two words of names agree. Symmetric. */
export function compareWords(a: Word, b: Word): number {
  if (a.plain === b.plain) return L.exact
  if (meet(a.sounds, b.sounds)) return L.same
  if (a.given > 0 && b.given > 0) return a.given === b.given ? L.variant : L.differs
  if (isFeminineOf(a, b) || isFeminineOf(b, a)) return meet(a.groups, b.groups) ? L.variant : L.far
  if (meet(a.stems, b.stems)) return L.stem
  if ((b.derived && meet(a.shortStems, b.stems)) || (a.derived && meet(b.shortStems, a.stems))) return L.stem
  if (a.base > 0 && b.base > 0)
    return a.base === b.base ? L.stem : a.lightly !== b.lightly && isOneSlip(a, b) ? L.near : L.differs
  if (meet(a.groups, b.groups)) return L.variant
  if (a.sound.length === 1 || b.sound.length === 1) return a.sound[0] === b.sound[0] ? L.part : L.differs
  const { slips, rate } = slipsOfSounds(a, b)
  if (isNear(slips, rate) || oneSlipInRoot(a, b) || oneSlipOfPen(a, b)) return L.near
  if (slips <= FAR.slips && rate <= FAR.rate) return L.far
  const [short, long] = a.sound.length < b.sound.length ? [a.sound, b.sound] : [b.sound, a.sound]
  return short.length >= 3 && long.startsWith(short) ? L.part : L.differs
}

/** Ҷамила of Ҷамил: as near as a slip, but a woman's name and a man's. Каримова of Каримов is one surname. */
export const isFeminineOf = (a: Word, b: Word): boolean =>
  !a.derived && !b.derived && b.sound.length >= SHORTEST_ROOT && a.sound === `${b.sound}a`

function meet<T>(a: readonly T[], b: readonly T[]): boolean {
  for (const one of a) for (const other of b) if (one === other) return true
  return false
}

// Of all readings those that lie nearest to each other, by slips for each letter.
function slipsOfSounds(a: Word, b: Word): { slips: number; rate: number } {
  let best = { slips: Number.POSITIVE_INFINITY, rate: Number.POSITIVE_INFINITY }
  for (let x = 0; x < a.sounds.length; x++)
    for (let y = 0; y < b.sounds.length; y++) {
      const [left, right] = [a.sounds[x]!, b.sounds[y]!]
      const length = Math.max(left.length, right.length)
      const most = Math.min(FAR.slips, FAR.rate * length)
      if (leastSlips(a.letters[x]!, b.letters[y]!) > most) continue
      const slips = slipsBetween(left, right, most)
      if (slips / length < best.rate) best = { slips, rate: slips / length }
    }
  return best
}

const isNear = (slips: number, rate: number) => slips <= NEAR.slips && rate <= NEAR.rate

function isOneSlip(a: Word, b: Word): boolean {
  const { slips, rate } = slipsOfSounds(a, b)
  return isNear(slips, rate) || oneSlipOfPen(a, b)
}

// Of Лоиқ and Лниқ the ear hears two: `lok` and `lnik`.
function oneSlipOfPen(a: Word, b: Word): boolean {
  for (const { text: left, letters } of a.written)
    for (const { text: right, letters: others } of b.written) {
      if (Math.abs(left.length - right.length) > 1 || leastSlips(letters, others) > NEAR.slips) continue
      const slips = slipsBetween(left, right, NEAR.slips)
      if (isNear(slips, slips / Math.max(left.length, right.length))) return true
    }
  return false
}

// The endings may differ as well.
function oneSlipInRoot(a: Word, b: Word): boolean {
  for (const { text: left, letters } of a.roots)
    for (const { text: right, letters: others } of b.roots) {
      if (Math.min(left.length, right.length) < SHORTEST_ROOT || Math.abs(left.length - right.length) > 2) continue
      if (leastSlips(letters, others) <= 1 && slipsBetween(left, right, 1) <= 1) return true
    }
  return false
}
