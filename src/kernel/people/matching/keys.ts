import type { Birth } from './birth.ts'
import { foldDocument, type Roll } from './roll.ts'
import { readWord } from './words.ts'

/** What a blocking key is made of. A change in any of them is a new version of all stored keys. */
export const KEYS_VERSION = 5
const KIND = {
  word: 1,
  words: 2,
  word_date: 3,
  word_year: 4,
  word_day: 5,
  document: 6,
  date_value: 7,
  word_value: 8,
  values: 9,
  date: 10,
  name: 11,
  words_year: 12,
} as const
// Of very long names only the first words make keys.
const MOST_WORDS = 6

type Emit = (high: number, low: number) => void

/**
 * Makes the blocking keys of a roll's records: two records of one person share at least one, whatever the order and script
 * of their names, as long as some two of {word, word, birth date, document, values} came through. Keys are 64 bits, given as two halves.
 * `omit`: values that make no keys.
 */
export function keyMaker(
  roll: Roll,
  omit: (heading: number, value: number) => boolean = () => false,
): (record: number, emit: Emit) => void {
  const { columns, words, births, documents, values, headings } = roll
  const wordHashes = words.map((word) => word.skeletons.map(hashText))
  const documentHashes = documents.map(hashText)
  const valueHashes = values.map(hashText)
  const V = headings.length
  return (record, emit) => {
    const seen: Hash[] = []
    for (let name = columns.nameAt[record]!; name < columns.nameAt[record + 1]!; name++) {
      const end = Math.min(columns.wordAt[name * 4 + 4]!, columns.wordAt[name * 4]! + MOST_WORDS)
      let [high, low, words] = [0, 0, 0]
      for (let at = columns.wordAt[name * 4]!; at < end; at++) {
        const hashes = wordHashes[columns.word[at]!]!
        high += hashes[0]![0]
        low += hashes[0]![1]
        words++
        for (const hash of hashes)
          if (!seen.some((known) => known[0] === hash[0] && known[1] === hash[1])) seen.push(hash)
      }
      // The whole name is rare enough to stand alone in a registry of millions.
      if (words > 2) put(emit, KIND.name, [high, low])
    }
    const { year, date, day } = hashesOfDate(births[columns.birth[record]!]!)
    for (let i = 0; i < seen.length; i++) {
      const word = seen[i]!
      put(emit, KIND.word, word)
      for (let j = i + 1; j < seen.length; j++) {
        put(emit, KIND.words, word, seen[j])
        if (year) put(emit, KIND.words_year, word, sumOf(seen[j]!, year))
      }
      if (year) put(emit, KIND.word_year, word, year)
      if (date) put(emit, KIND.word_date, word, date)
      if (day) put(emit, KIND.word_day, word, day)
    }
    if (date) put(emit, KIND.date, date)
    for (let at = columns.documentAt[record]!; at < columns.documentAt[record + 1]!; at++)
      put(emit, KIND.document, documentHashes[columns.document[at]!]!)
    for (let v = 0; v < V; v++) {
      const number = columns.value[record * V + v]!
      if (number === 0 || omit(v, number)) continue
      const value = valueHashes[number]!
      const here: Hash = [value[0] ^ Math.imul(v + 1, 0x9e3779b1), value[1] + v]
      for (const word of seen) put(emit, KIND.word_value, word, here)
      if (date) put(emit, KIND.date_value, date, here)
      for (let w = v + 1; w < V; w++) {
        const other = columns.value[record * V + w]!
        if (other !== 0 && !omit(w, other))
          put(emit, KIND.values, here, [
            valueHashes[other]![0] ^ Math.imul(w + 1, 0x9e3779b1),
            valueHashes[other]![1] + w,
          ])
      }
    }
  }
}

/**
 * The blocking keys of a roll's records as the registry stores them: 64-bit numbers with a sign, each once. Without those of
 * further values: a registry never asks for them.
 */
export function storedKeys(roll: Roll): (record: number) => bigint[] {
  const make = keyMaker(roll, () => true)
  return (record) => {
    const keys = new Set<bigint>()
    make(record, (high, low) => keys.add(bigintOf(high, low)))
    return [...keys]
  }
}

/**
 * The same keys by what they are made of, for asking: of one word or of two, by their places, alone or with what is known of the
 * birth; of one spelling several. What is not known gives none.
 */
export function askedKeys(words: readonly string[], birth: Birth | null) {
  const hashes = words.map((word) => readWord(word).skeletons.map(hashText))
  const { year, date, day } = hashesOfDate(birth ?? 0)
  const ofWord = (kind: number, at: number, other: Hash | null | undefined) =>
    other === null ? [] : hashes[at]!.map((hash) => keyOf(kind, hash, other))
  const ofTwo = (kind: number, i: number, j: number, other: Hash | null) =>
    hashes[i]!.flatMap((one) =>
      hashes[j]!.filter((two) => other && (one[0] !== two[0] || one[1] !== two[1])).map((two) =>
        keyOf(kind, one, sumOf(two, other!)),
      ),
    )
  return {
    word: (at: number) => ofWord(KIND.word, at, undefined),
    wordDate: (at: number) => ofWord(KIND.word_date, at, date),
    wordYear: (at: number) => ofWord(KIND.word_year, at, year),
    wordDay: (at: number) => ofWord(KIND.word_day, at, day),
    words: (i: number, j: number) => ofTwo(KIND.words, i, j, [0, 0]),
    wordsYear: (i: number, j: number) => ofTwo(KIND.words_year, i, j, year),
    date: date ? [keyOf(KIND.date, date)] : [],
  }
}

/** The key of a whole name; none of less than three words. */
export const nameKeys = (words: readonly string[]): bigint[] =>
  words.length > 2
    ? [
        keyOf(
          KIND.name,
          words
            .slice(0, MOST_WORDS)
            .map((word) => hashText(readWord(word).skeletons[0]!))
            .reduce(sumOf),
        ),
      ]
    : []

export const documentKey = (number: string): bigint => keyOf(KIND.document, hashText(foldDocument(number)))

const bigintOf = (high: number, low: number) => BigInt.asIntN(64, (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0))

function keyOf(kind: number, a: Hash, b?: Hash): bigint {
  let key = 0n
  put((high, low) => (key = bigintOf(high, low)), kind, a, b)
  return key
}

/** What a date of birth gives keys: the year, the date, the day of any year. What papers leave open gives none. */
function hashesOfDate(birth: Birth): Record<'year' | 'date' | 'day', Hash | null> {
  if (birth === 0) return { year: null, date: null, day: null }
  const year = Math.floor(birth / 10_000)
  const [day, month] = [birth % 100, Math.floor(birth / 100) % 100]
  // Day and month are exchanged too often to ask for their order.
  const dayOfYear = Math.min(day, month) * 100 + Math.max(day, month)
  const firm = dayOfYear > 101
  return { year: [year, year], date: firm ? [year, dayOfYear] : null, day: firm ? [dayOfYear, dayOfYear] : null }
}

const sumOf = (a: Hash, b: Hash): Hash => [a[0] + b[0], a[1] + b[1]]

type Hash = readonly [high: number, low: number]

// Sums do not mind the order.
function put(emit: Emit, kind: number, a: Hash, b: Hash = [0, 0]): void {
  let high = Math.imul(kind, 0x9e3779b1) ^ (a[0] + b[0])
  let low = Math.imul(kind, 0x85ebca6b) ^ (a[1] + b[1])
  high = Math.imul(high ^ (low >>> 15) ^ low, 0x2c1b3c6d)
  low = Math.imul(low ^ (high >>> 13), 0x297a2d39)
  high = Math.imul(high ^ (low >>> 16), 0x85ebca6b)
  low = Math.imul(low ^ (high >>> 15), 0xc2b2ae35)
  emit(high ^ (high >>> 14), low ^ (low >>> 13))
}

/** Two 32-bit hashes of a text (after "cyrb53", public domain by bryc). */
function hashText(text: string): Hash {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const letter = text.charCodeAt(i)
    a = Math.imul(a ^ letter, 0x9e3779b1)
    b = Math.imul(b ^ letter, 0x5f356495)
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35)
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35)
  return [a | 0, b | 0]
}
