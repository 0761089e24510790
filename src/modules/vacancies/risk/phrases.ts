import { distanceBetween } from '#kernel/search/distance.ts'
import { fold } from '#kernel/search/fold.ts'

/** A phrase to look for: parts that must all stand in one sentence, each a row of words with gaps between. */
export type Phrase = readonly Part[]
type Part = readonly Step[]
/** One word that fits, after at most `gap` others. */
type Step = { gap: number; fits: (word: string) => boolean }

const SHORT_GAP = 3
const LONG_GAP = 8
/** A beginning this long is still recognised with one slip of the hand. */
const SLIP_FROM = 7

/**
 * A phrase as the lists write it. `слово`: this word; `слов*`: words that begin so, with one slip where the beginning
 * is long and other words stand beside it; `а|б`: either; `#`: a number; `_` and `__`: up to three or eight words between; `+`: the parts in any order.
 */
export function readPhrase(text: string): Phrase {
  return text.split(' + ').map((part) => {
    const steps: Step[] = []
    const items = part.split(' ')
    let gap = 0
    for (const item of items) {
      if (item === '_') gap = SHORT_GAP
      else if (item === '__') gap = LONG_GAP
      else {
        steps.push({ gap, fits: fitting(item.split('|'), { alone: items.length === 1 }) })
        gap = 0
      }
    }
    return steps
  })
}

function fitting(alternatives: string[], { alone }: { alone: boolean }): Step['fits'] {
  const words = new Set(alternatives.filter((word) => !/[*#]/.test(word)).map(fold))
  const beginnings = alternatives.filter((word) => word.endsWith('*')).map((word) => fold(word.slice(0, -1)))
  const number = alternatives.includes('#')
  return (word) =>
    words.has(word) ||
    beginnings.some((beginning) => word.startsWith(beginning) || (!alone && slippedFrom(word, beginning))) ||
    (number && /\d/.test(word))
}

function slippedFrom(word: string, beginning: string): boolean {
  const long = beginning.length >= SLIP_FROM && word.length >= beginning.length
  // A slip in the first two letters is rare, and looking for it everywhere is not.
  if (!long || word.slice(0, 2) !== beginning.slice(0, 2)) return false
  return [0, 1, -1].some((more) => distanceBetween(word.slice(0, beginning.length + more), beginning, 1) <= 1)
}

/** A phrase of a book that stands in a sentence, with where its words are, from and to. */
export type Found<T> = { entry: T; places: readonly { from: number; to: number }[] }

// The words of a language repeat: what begins with each of them is looked up once. Forgotten whole when there are too many.
const MOST_KNOWN_WORDS = 100_000

/** Finds which of many phrases stand among the words of a sentence. */
export function phraseBook<T extends { phrase: Phrase }>(
  entries: readonly T[],
): (words: readonly string[]) => Found<T>[] {
  const known = new Map<string, readonly T[]>()
  const beginningWith = (word: string) => {
    let own = known.get(word)
    if (!own) {
      if (known.size >= MOST_KNOWN_WORDS) known.clear()
      own = entries.filter(({ phrase }) => phrase[0]![0]!.fits(word))
      known.set(word, own)
    }
    return own
  }
  return (words) =>
    [...new Set(words.flatMap(beginningWith))].flatMap((entry) => {
      const places = entry.phrase.map((part) => findPart(part, words))
      return places.every((place) => place !== null) ? [{ entry, places }] : []
    })
}

function findPart(part: Part, words: readonly string[]): { from: number; to: number } | null {
  for (let from = 0; from < words.length; from++) {
    if (!part[0]!.fits(words[from]!)) continue
    const to = endOf(part, 1, words, from + 1)
    if (to !== null) return { from, to }
  }
  return null
}

function endOf(part: Part, at: number, words: readonly string[], from: number): number | null {
  const step = part[at]
  if (!step) return from
  for (let place = from; place <= from + step.gap && place < words.length; place++) {
    if (!step.fits(words[place]!)) continue
    const end = endOf(part, at + 1, words, place + 1)
    if (end !== null) return end
  }
  return null
}

// Digits and signs put for letters inside a word, and letters set apart, hide words from readers like this one only.
const HIDDEN: Record<string, string> = { '0': 'о', '3': 'з', '4': 'ч', '6': 'б', '@': 'а' }

/** The words of a sentence in one spelling, whatever was done to hide them; a long number is one word. */
export function wordsOf(sentence: string): string[] {
  const open = sentence
    .replace(/(?<=\p{L})[0346@](?=\p{L})|(?<!\p{L}|\d)[034@](?=\p{L}{3})/gu, (sign) => HIDDEN[sign]!)
    .replace(/(?<![\p{L}\p{N}])(?:\p{L}[ .*_-]){3,}\p{L}(?![\p{L}\p{N}])/gu, (word) => word.replace(/[ .*_-]/g, ''))
    .replace(/(?<=\d)[ \u00a0\u202f.](?=\d{3}(?!\d))/g, '')
  return fold(open).split(' ').filter(Boolean)
}
