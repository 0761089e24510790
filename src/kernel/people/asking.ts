import { nameText, type StatedName } from './facts.ts'
import { askedKeys, documentKey, nameKeys } from './matching/keys.ts'
import { wordsOf } from './matching/names.ts'

/** Groups of keys that must all be met, one of each; `people.candidates` takes alternatives in their order. */
export type Alternative = bigint[][]

export type Asked = {
  names: readonly StatedName[]
  birth: number | null
  /** Blind indexes in hexadecimal. */
  documents: readonly string[]
}

const MOST_WORDS = 5

/**
 * What to look for in the index, the strongest first: a document; a word with the whole date; two words with the year; the
 * whole name; three words; two words with the day; two words, where no birth is known. `loose` adds what is too little to take
 * two records for one: two words in any case, one word with the year, one word or the date alone.
 */
export function alternativesOf({ names, birth, documents }: Asked, loose = false): Alternative[] {
  const stated = names.map((name) => wordsOf(nameText(name)))
  const words = [...new Set(stated.flat())].slice(0, MOST_WORDS)
  const keys = askedKeys(words, birth)
  const each = words.map((_, at) => at)
  const pairs = each.flatMap((i) => each.slice(i + 1).map((j) => [i, j] as const))
  const triples = pairs.flatMap(([i, j]) => each.slice(j + 1).map((k) => [i, j, k] as const))
  const days = ([i, j]: readonly [number, number]) => [...keys.wordDay(i), ...keys.wordDay(j)]
  const alone = words.length === 0 ? [keys.date] : words.length === 1 ? [keys.word(0)] : []
  const alternatives: Alternative[] = [
    ...documents.map((document) => [[documentKey(document)]]),
    ...each.map((at) => [keys.wordDate(at)]),
    ...pairs.map(([i, j]) => [keys.wordsYear(i, j)]),
    ...stated.map((words) => [nameKeys(words)]),
    ...triples.map(([i, j, k]) => [keys.words(i, j), keys.words(i, k), keys.words(j, k)]),
    ...pairs.map((pair) => [keys.words(...pair), days(pair)]),
    ...(loose || birth === null ? pairs.map((pair) => [keys.words(...pair)]) : []),
    ...(loose ? [...each.map((at) => keys.wordYear(at)), ...alone].map((group) => [group]) : []),
  ]
  return alternatives.filter((groups) => groups.every((group) => group.length > 0))
}

/** Alternatives as `people.candidates` reads them; numbers of 64 bits as text. */
export const toJson = (alternatives: readonly Alternative[]): string =>
  JSON.stringify(alternatives.map((groups) => groups.map((keys) => keys.map(String))))
