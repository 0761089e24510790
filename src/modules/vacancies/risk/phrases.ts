import { distanceBetween } from '#kernel/search/distance.ts'
import { fold } from '#kernel/search/fold.ts'
import { plainWord } from './spelling.ts'

/** A phrase to look for: parts that all stand in one sentence, each a row of words with gaps between. */
export type Phrase = readonly Part[]
/** `near`: at most eight words from one of the parts before it. */
type Part = { near: boolean; steps: readonly Step[] }
/** What fits after at most `gap` other words. */
type Step = { gap: number; atom: Atom }
/**
 * One word, or one of a family, whose members may be several words: which words, when it begins at this one. `initials`: the one or
 * two letters it can begin with; null: any.
 */
type Atom = {
  initials: ReadonlySet<string> | null
  begins: (word: string) => boolean
  at: (words: readonly string[], place: number) => Match[]
}
/** Where the words of a phrase stand: their numbers in the sentence, rising within a part. */
export type Match = readonly number[]

/** Families of words that mean the same for a risk, in all languages: `name → members`. */
export type Families = ReadonlyMap<string, Atom>

const SHORT_GAP = 3
const LONG_GAP = 8
/** A beginning this long is still recognised with one slip of the hand. */
const SLIP_FROM = 7
/** Of more places of one phrase in one sentence nothing new is learnt. */
const MOST_MATCHES = 24

/**
 * A phrase as the lists write it. `слово`: this word; `слов*`: words that begin so, with one slip where the beginning is long
 * and other words stand beside it; `а|б`: either; `#`: a number; `#16-35`: one in between; `<name>`: a member of a family;
 * `_` and `__`: up to three or eight words between; `+`: the parts in any order; `~`: the same, near each other.
 * @throws for a family that is not there
 */
export function readPhrase(text: string, families: Families = new Map()): Phrase {
  return text.split(/ (?=[+~] )/).map((part) => {
    const near = part.startsWith('~ ')
    return { near, steps: readSteps(part.replace(/^[+~] /, ''), families) }
  })
}

function readSteps(text: string, families: Families): Step[] {
  const items = text.split(' ')
  const steps: Step[] = []
  let gap = 0
  for (const item of items) {
    if (item === '_') gap = SHORT_GAP
    else if (item === '__') gap = LONG_GAP
    else {
      const family = /^<(.+)>$/.exec(item)?.[1]
      const atom = family ? families.get(family) : oneOf(item.split('|'), { alone: items.length === 1 })
      if (!atom) throw new Error(`no family of words is called ${family}`)
      steps.push({ gap, atom })
      gap = 0
    }
  }
  return steps
}

function oneOf(alternatives: string[], { alone }: { alone: boolean }): Atom {
  const spelt = (word: string) => plainWord(fold(word))
  const words = new Set(alternatives.filter((word) => !/[*#]/.test(word)).map(spelt))
  const beginnings = alternatives.filter((word) => word.endsWith('*')).map((word) => spelt(word.slice(0, -1)))
  const numbers = alternatives.filter((word) => word.startsWith('#')).map(readRange)
  const openings = [...words, ...beginnings]
  const initials =
    numbers.length > 0 || openings.includes('') ? null : new Set(openings.map((word) => word.slice(0, 2)))
  const begins = (word: string) =>
    words.has(word) ||
    beginnings.some((beginning) => word.startsWith(beginning) || (!alone && slippedFrom(word, beginning))) ||
    (numbers.length > 0 && numbers.some((isIn) => isIn(word)))
  return { initials, begins, at: (words, place) => (begins(words[place]!) ? [[place]] : []) }
}

function readRange(text: string): (word: string) => boolean {
  const [least, most] = text.slice(1).split('-').map(Number)
  if (!least) return (word) => /\d/.test(word)
  return (word) => /^\d+$/.test(word) && Number(word) >= least && (!most || Number(word) <= most)
}

function slippedFrom(word: string, beginning: string): boolean {
  const long = beginning.length >= SLIP_FROM && word.length >= beginning.length
  // A slip in the first two letters is rare, and looking for it everywhere is not.
  if (!long || word.slice(0, 2) !== beginning.slice(0, 2)) return false
  return [0, 1, -1].some((more) => distanceBetween(word.slice(0, beginning.length + more), beginning, 1) <= 1)
}

/** A family of these members, each written like a part of a phrase. */
export function readFamily(members: readonly string[]): Atom {
  const rows = members.map((member) => readSteps(member, new Map()))
  const beginningWith = beginners(rows, ([first]) => first!.atom)
  const initials = rows.map(([first]) => first!.atom.initials)
  return {
    initials: initials.includes(null) ? null : new Set(initials.flatMap((letters) => [...letters!])),
    begins: (word) => beginningWith(word).length > 0,
    at: (words, place) => beginningWith(words[place]!).flatMap((steps) => endsOf(steps, words, place)),
  }
}

/** A phrase of a book that stands in a sentence, with every place where it does. */
export type Found<T> = { entry: T; matches: readonly Match[] }

/** Finds which of many phrases stand among the words of a sentence. */
export function phraseBook<T extends { phrase: Phrase }>(
  entries: readonly T[],
): (words: readonly string[]) => Found<T>[] {
  const beginningWith = beginners(entries, ({ phrase }) => phrase[0]!.steps[0]!.atom)
  return (words) =>
    [...new Set(words.flatMap(beginningWith))].flatMap((entry) => {
      const matches = findPhrase(entry.phrase, words)
      return matches.length > 0 ? [{ entry, matches }] : []
    })
}

// Which of many begin with a word, in their order. Few can begin with its first two letters: only these are asked.
function beginners<T>(all: readonly T[], firstOf: (one: T) => Atom): (word: string) => T[] {
  const withInitials = remembered((letters) =>
    all.filter((one) => {
      const { initials } = firstOf(one)
      return !initials || initials.has(letters) || initials.has(letters.slice(0, 1))
    }),
  )
  return remembered((word) => withInitials(word.slice(0, 2)).filter((one) => firstOf(one).begins(word)))
}

// The words of a language repeat: what is known of one is kept. Forgotten whole when there are too many.
const MOST_KNOWN_WORDS = 100_000

function remembered<T>(ask: (word: string) => T): (word: string) => T {
  const known = new Map<string, T>()
  return (word) => {
    if (!known.has(word)) {
      if (known.size >= MOST_KNOWN_WORDS) known.clear()
      known.set(word, ask(word))
    }
    return known.get(word)!
  }
}

/** Where a phrase stands among the words of a sentence. */
export function findPhrase(phrase: Phrase, words: readonly string[]): Match[] {
  let found: Match[] = [[]]
  for (const { near, steps } of phrase) {
    const own = words.flatMap((_, from) => endsOf(steps, words, from))
    found = found
      .flatMap((before) =>
        own
          .filter((match) => !match.some((place) => before.includes(place)) && (!near || areNear(before, match)))
          .map((match) => [...before, ...match]),
      )
      .slice(0, MOST_MATCHES)
    if (found.length === 0) return []
  }
  return found
}

const areNear = (before: Match, match: Match) =>
  before.some((one) => match.some((other) => Math.abs(one - other) <= LONG_GAP))

function endsOf(steps: readonly Step[], words: readonly string[], from: number, at = 0): Match[] {
  const step = steps[at]
  if (!step) return [[]]
  const found: Match[] = []
  for (let place = from; place <= from + step.gap && place < words.length; place++) {
    if (!step.atom.begins(words[place]!)) continue
    for (const own of step.atom.at(words, place)) {
      for (const rest of endsOf(steps, words, own.at(-1)! + 1, at + 1)) found.push([...own, ...rest])
    }
  }
  return found
}
