import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '#kernel/root.ts'
import { fold } from '#kernel/search/fold.ts'

const rowsOf = (file: string): string[][] =>
  readFileSync(join(ROOT, 'data/expulsions', file), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))

const HEADINGS = Map.groupBy(rowsOf('headings.tsv'), ([field]) => field!)
// Folded once: a list of a hundred thousand rows asks for them half a million times.
const WORDS = Map.groupBy(
  rowsOf('words.tsv').map(([list, value, words]) => ({ list: list!, value: value!, words: folded(words!) })),
  ({ list }) => list,
)

/** A word of a phrase, folded; `begins`: any word that begins so. */
type Word = { text: string; begins: boolean }

// A word with an asterisk is the beginning of words. Figures of a date are words of their own.
function folded(phrase: string): Word[] {
  return phrase.split(' ').flatMap((written) =>
    fold(written)
      .split(' ')
      .map((text) => ({ text, begins: written.endsWith('*') })),
  )
}

// The longest first: «не разрешен въезд» before what else could be made of its words. Whole words are found at once.
const PHRASES = new Map(
  [...WORDS].map(([list, phrases]) => [list, phrases.toSorted((one, other) => other.words.length - one.words.length)]),
)
const WHOLE = new Map(
  [...WORDS].map(([list, phrases]) => [
    list,
    new Map(phrases.toReversed().map(({ words, value }) => [words.map(({ text }) => text).join(' '), value])),
  ]),
)

/** How columns with this field are headed in lists: `data/expulsions/headings.tsv`. */
export const headingsOf = (field: string): string[] => (HEADINGS.get(field) ?? []).map(([, heading]) => heading!)

/** The words of a cell, as they are compared. */
export const wordsOf = (text: string): string[] => fold(text).split(' ').filter(Boolean)

/**
 * The values of a list that words name, by the phrases of `data/expulsions/words.tsv`: several when they name several; and the words
 * that belong to none of these phrases, in their order.
 */
export function valuesNamed(list: string, words: readonly string[]): { values: string[]; rest: string[] } {
  const values = new Set<string>()
  let rest = [...words]
  // Most phrases begin with no letter of the cell's words.
  const initials = words.map(initial)
  for (const phrase of PHRASES.get(list) ?? []) {
    if (!initials.includes(initial(phrase.words[0]!.text))) continue
    for (let at = placeOf(phrase.words, rest); at >= 0; at = placeOf(phrase.words, rest)) {
      values.add(phrase.value)
      rest = rest.toSpliced(at, phrase.words.length, BETWEEN)
    }
  }
  return { values: [...values], rest: rest.filter((word) => word !== BETWEEN) }
}

const initial = (word: string) => word.charCodeAt(0)

// Where a phrase was: what stood on both sides of it makes no other.
const BETWEEN = '·'

const isWord = (word: string, { text, begins }: Word) => (begins ? word.startsWith(text) : word === text)

function placeOf(phrase: readonly Word[], words: readonly string[]): number {
  for (let at = 0; at + phrase.length <= words.length; at++)
    if (phrase.every((word, i) => isWord(words[at + i]!, word))) return at
  return -1
}

/** Whether one of these words says that something is not so, or no more. */
export const isDenied = (words: readonly string[]): boolean => words.some((word) => inList('denial', word))

/** Whether a word is one of a list, or begins like one. */
export const inList = (list: string, word: string): boolean => valueOfWord(list, word) !== undefined

/** The value of a list that one word is, or begins like. */
export const valueOfWord = (list: string, word: string): string | undefined =>
  PHRASES.get(list)?.find(({ words }) => words.length === 1 && isWord(word, words[0]!))?.value

/** The one value of a list that a cell is, word for word; undefined for anything else. */
export const valueIs = (list: string, text: string): string | undefined => WHOLE.get(list)?.get(fold(text))
