import { type Pair, wordAligner } from './align.ts'
import { isFeminineOf, L, LEVELS, type Level } from './likeness.ts'
import { wordsOf } from './names.ts'
import { slipsBetween } from './slips.ts'
import { probabilityOf } from './weights.ts'
import { readWord, type Word } from './words.ts'

/** One step of how two names were compared: two words and how they agree, or a word that only one name has. */
export type NameStep = {
  left: string | null
  right: string | null
  level: Level
  /** Both as they sound, in one alphabet for all scripts. */
  sounds: [string | null, string | null]
  /** What the step says, in bits: 0 for one name, below for doubt. */
  weight: number
}

// Two names are put side by side because somebody thinks they may be one: so many bits for it before the first word.
const PRIOR = 8
const BITS: Record<Level, number> = {
  exact: 0,
  same: -0.1,
  stem: -0.8,
  variant: -1.9,
  near: 0,
  part: -2.6,
  far: 0,
  crossed: 0,
  differs: -24,
  unknown: 0,
}
// A slip weighs by its share of the word: three in ten letters leave hardly a doubt, five leave no likeness.
const BITS_OF_SLIPS = -18
// A man's name and a woman's; Каримов and Каримова may still be a clerk's slip.
const OTHER_SEX = -10
const OTHER_ENDING = -3.5
// A word only one name has: parts are often left out, but of a name of one word hardly anything is left.
const LEFT_OUT = -0.4
const ONE_WORD = -2.6

/**
 * How likely two names, in any script, order and completeness, are one name: 0..1, with every step. Says nothing of how many
 * people bear it. Symmetric.
 */
export function compareNames(a: string, b: string): { score: number; steps: NameStep[] } {
  const texts = [...new Set([...wordsOf(a), ...wordsOf(b)])]
  const words = texts.map(readWord)
  const numbers = (name: string) => [...new Set(wordsOf(name).map((word) => texts.indexOf(word)))]
  const [left, right] = [numbers(a), numbers(b)]
  if (left.length === 0 || right.length === 0) return { score: 0, steps: [] }
  const shorter = Math.min(left.length, right.length)
  const [restLeft, restRight] = [[...left], [...right]]
  const found: Pair[] = []
  wordAligner(
    words,
    words.map(() => 0),
  ).align(restLeft, restRight, found)
  const steps: NameStep[] = found.map(({ level, left: l, right: r }) => ({
    left: texts[l]!,
    right: texts[r]!,
    level: LEVELS[level]!,
    sounds: [words[l]!.sound, words[r]!.sound],
    weight: BITS[LEVELS[level]!] + stepBits(level, words[l]!, words[r]!),
  }))
  const paired = Math.min(restLeft.length, restRight.length)
  for (const word of restLeft.slice(paired)) steps.push(lacking(word, null))
  for (const word of restRight.slice(paired)) steps.push(lacking(null, word))
  function lacking(l: number | null, r: number | null): NameStep {
    const sound = (word: number | null) => (word === null ? null : words[word]!.sound)
    const text = (word: number | null) => (word === null ? null : texts[word]!)
    return {
      left: text(l),
      right: text(r),
      level: 'unknown',
      sounds: [sound(l), sound(r)],
      weight: shorter === 1 ? ONE_WORD : LEFT_OUT,
    }
  }
  return { score: probabilityOf(steps.reduce((bits, { weight }) => bits + weight, PRIOR)), steps }
}

function stepBits(level: number, a: Word, b: Word): number {
  if (level !== L.variant && (isFeminineOf(a, b) || isFeminineOf(b, a))) return OTHER_SEX
  const sexes = a.sex && b.sex && a.sex !== b.sex ? OTHER_ENDING : 0
  return sexes + (level === L.near || level === L.far ? slipBits(a, b) : 0)
}

function slipBits(a: Word, b: Word): number {
  const rate = (left: string, right: string) => slipsBetween(left, right) / Math.max(left.length, right.length)
  const heard = a.sounds.flatMap((left) => b.sounds.map((right) => rate(left, right)))
  return BITS_OF_SLIPS * Math.min(...heard, rate(a.written[0]!.text, b.written[0]!.text))
}
