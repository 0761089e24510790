import { nameText, type StatedName } from './facts.ts'
import { askedKeys, documentKey, nameKeys } from './matching/keys.ts'
import { wordsOf } from './matching/names.ts'

/** Groups of keys that must all be met, one of each. */
export type Alternative = bigint[][]

/**
 * `people.candidates` takes them in this order: the weak ones only where hardly anybody was found before, the weakest not even
 * there when a sure one found somebody.
 */
export type Alternatives = Record<'sure' | 'strong' | 'weak' | 'weakest', Alternative[]>

export type Asked = {
  names: readonly StatedName[]
  birth: number | null
  /** Blind indexes in hexadecimal. */
  documents: readonly string[]
}

const MOST_WORDS = 5

/**
 * What to look for in the index. Sure: two words with the whole date, beside which nobody counts who shares one word and the year.
 * Strong, the strongest first: a document; a word with the whole date; two words with the year; the whole name; three words; two
 * words with the day. Weak: two words, where no birth is known. `loose` adds what is too little to take two records for one: two
 * words in any case, and as the weakest one word with the year, one word or the date alone.
 */
export function alternativesOf({ names, birth, documents }: Asked, loose = false): Alternatives {
  const stated = names.map((name) => wordsOf(nameText(name)))
  const words = [...new Set(stated.flat())].slice(0, MOST_WORDS)
  const keys = askedKeys(words, birth)
  const each = words.map((_, at) => at)
  const pairs = each.flatMap((i) => each.slice(i + 1).map((j) => [i, j] as const))
  const triples = pairs.flatMap(([i, j]) => each.slice(j + 1).map((k) => [i, j, k] as const))
  const dates = each.map((at) => keys.wordDate(at))
  const days = each.map((at) => keys.wordDay(at))
  const both = each.map((i) => each.map((j) => (i < j ? keys.words(i, j) : [])))
  const alone = words.length === 0 ? keys.date : words.length === 1 ? keys.word(0) : []
  const meetable = (alternatives: Alternative[]) =>
    alternatives.filter((groups) => groups.every((group) => group.length > 0))
  return {
    sure: meetable(pairs.map(([i, j]) => [dates[i]!, dates[j]!])),
    strong: meetable([
      [documents.map(documentKey)],
      [dates.flat()],
      [pairs.flatMap(([i, j]) => keys.wordsYear(i, j))],
      [stated.flatMap(nameKeys)],
      ...triples.map(([i, j, k]) => [both[i]![j]!, both[i]![k]!, both[j]![k]!]),
      ...pairs.map(([i, j]) => [both[i]![j]!, [...days[i]!, ...days[j]!]]),
    ]),
    weak: meetable([[loose || birth === null ? both.flat(2) : []]]),
    weakest: meetable([[loose ? each.flatMap((at) => keys.wordYear(at)) : []], [loose ? alone : []]]),
  }
}

/** Alternatives as `people.candidates` reads them: null parts one strength from the next; each group of keys as PostgreSQL writes arrays. */
export const toJson = ({ sure, strong, weak, weakest }: Alternatives): string =>
  JSON.stringify(
    [...sure, null, ...strong, null, ...weak, null, ...weakest].map(
      (groups) => groups && groups.map((keys) => `{${keys}}`),
    ),
  )
