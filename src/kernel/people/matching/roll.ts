import type { Birth } from './birth.ts'
import { type PersonName, wordsOf } from './names.ts'
import { soundOf } from './sounds.ts'
import { readWord, type Word } from './words.ts'

/** A person as one source states them. */
export type PersonRecord = {
  id: string
  names: readonly PersonName[]
  birth: Birth | null
  sex: 'male' | 'female' | null
  documents: readonly string[]
  /** Of each document the country that issued it, where that is known. */
  countries?: readonly (string | null)[]
  /** Whatever else tells people apart (citizenship, district, …), in the order of the roll's `values`. */
  values: readonly (string | null)[]
}

/** The parts of a name, in the order in which a roll keeps them; `whole` is where nobody said which is which. */
export const PARTS = ['family', 'given', 'patronymic', 'whole'] as const

/**
 * Many records in columns, each different word and value kept once: what comparison, keys and weights work on. Number 0 of
 * births, documents and values is "not known". Arrays ending in `At` say where a record's or name's part of another begins.
 */
export type Roll = {
  ids: readonly string[]
  /** Headings of the values. */
  headings: readonly string[]
  words: readonly Word[]
  births: readonly Birth[]
  documents: readonly string[]
  values: readonly string[]
  columns: {
    /** Record → its first name. */
    nameAt: Int32Array
    /** Four for each name, see `PARTS` → its first word. */
    wordAt: Int32Array
    word: Int32Array
    birth: Int32Array
    /** As stated: 0 unknown, 1 male, 2 female; and as the endings of the names say. */
    sex: Uint8Array
    sexOfName: Uint8Array
    documentAt: Int32Array
    document: Int32Array
    /** Beside each document its country's number, 0 where not known. */
    country: Int32Array
    /** Record × headings. */
    value: Int32Array
  }
}

/** Puts records into columns, one after the other. */
export function rollOf(records: Iterable<PersonRecord>, headings: readonly string[] = []): Roll {
  const ids: string[] = []
  const words = dictionary<Word>()
  const wordsOfText = new Map<string, number[]>()
  const births = dictionary<Birth>([0, 0])
  const documents = dictionary<string>(['', ''])
  const values = dictionary<string>(['', ''])
  const countries = dictionary<string>(['', ''])
  const columns = {
    nameAt: [0],
    wordAt: [0],
    word: [] as number[],
    birth: [] as number[],
    sex: [] as number[],
    sexOfName: [] as number[],
    documentAt: [0],
    document: [] as number[],
    country: [] as number[],
    value: [] as number[],
  }

  const read = (text: string) => {
    let numbers = wordsOfText.get(text)
    if (!numbers) {
      numbers = wordsOf(text).map((word) => words.number(word, () => readWord(word)))
      wordsOfText.set(text, numbers)
    }
    return numbers
  }
  const valueOfText = new Map([['', 0]])
  const readValue = (text: string) => {
    let number = valueOfText.get(text)
    if (number === undefined) {
      const value = foldValue(text)
      number = values.number(value, () => value)
      valueOfText.set(text, number)
    }
    return number
  }
  for (const record of records) {
    ids.push(record.id)
    for (const name of record.names) {
      if (!PARTS.some((part) => name[part])) continue
      for (const part of PARTS) {
        if (name[part]) for (const word of read(name[part])) columns.word.push(word)
        columns.wordAt.push(columns.word.length)
      }
    }
    columns.nameAt.push((columns.wordAt.length - 1) / PARTS.length)
    columns.birth.push(record.birth ? births.number(record.birth, () => record.birth!) : 0)
    columns.sex.push(SEXES.indexOf(record.sex))
    const firstWord = columns.wordAt[columns.nameAt.at(-2)! * PARTS.length]!
    columns.sexOfName.push(SEXES.indexOf(sexOf(words.entries, columns.word, firstWord)))
    record.documents.forEach((text, at) => {
      const document = foldDocument(text)
      if (!isTelling(document)) return
      const country = record.countries?.[at] ?? ''
      columns.document.push(documents.number(document, () => document))
      columns.country.push(countries.number(country, () => country))
    })
    columns.documentAt.push(columns.document.length)
    headings.forEach((_, at) => {
      columns.value.push(readValue(record.values[at] ?? ''))
    })
  }
  return {
    ids,
    headings,
    words: words.entries,
    births: births.entries,
    documents: documents.entries,
    values: values.entries,
    columns: {
      nameAt: shared(columns.nameAt),
      wordAt: shared(columns.wordAt),
      word: shared(columns.word),
      birth: shared(columns.birth),
      sex: Uint8Array.from(columns.sex),
      sexOfName: Uint8Array.from(columns.sexOfName),
      documentAt: shared(columns.documentAt),
      document: shared(columns.document),
      country: shared(columns.country),
      value: shared(columns.value),
    },
  }
}

const SEXES: readonly PersonRecord['sex'][] = [null, 'male', 'female']

// The endings of the names, unless they contradict each other.
function sexOf(words: readonly Word[], numbers: readonly number[], from: number): PersonRecord['sex'] {
  let found: PersonRecord['sex'] = null
  for (let at = from; at < numbers.length; at++) {
    const { sex } = words[numbers[at]!]!
    if (sex && found && sex !== found) return null
    found ??= sex
  }
  return found
}

// Threads read the same memory; of few records none are made.
const WORTH_SHARING = 10_000
function shared(numbers: readonly number[]): Int32Array {
  if (numbers.length < WORTH_SHARING) return Int32Array.from(numbers)
  const array = new Int32Array(new SharedArrayBuffer(numbers.length * 4))
  array.set(numbers)
  return array
}

/** A document number without what is written or not: blanks, hyphens, `№`; look-alike Cyrillic letters are Latin. */
export function foldDocument(text: string): string {
  // Nothing to fold in most numbers, nor in the index by which a registry knows them.
  if (/^[A-Za-z0-9]*$/.test(text)) return text.toUpperCase()
  return text
    .replaceAll('№', '')
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[АВЕКМНОРСТУХ]/g, (letter) => 'ABEKMHOPCTYX'['АВЕКМНОРСТУХ'.indexOf(letter)]!)
    .replace(/[^\p{L}\p{N}]/gu, '')
}

/** Whether a document number can tell somebody apart: `б/н`, `нет` and zeros stand where there is none. */
export const isTelling = (number: string): boolean => {
  const digits = number.replace(/\D/g, '')
  return digits.length >= LEAST_DIGITS && !/^0+$/.test(digits)
}
const LEAST_DIGITS = 3

/** Any other value as it is compared: words in sounds, parted by single spaces; numbers stay. */
export function foldValue(text: string): string {
  return text
    .normalize('NFKC')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter(Boolean)
    .map((word) => (/\d/.test(word) ? word.toLowerCase() : soundOf(word)))
    .join(' ')
}

function dictionary<T>(first?: [key: string | number, entry: T]) {
  const numbers = new Map<string | number, number>()
  const entries: T[] = []
  const number = (key: string | number, make: () => T) => {
    let found = numbers.get(key)
    if (found === undefined) {
      found = entries.push(make()) - 1
      numbers.set(key, found)
    }
    return found
  }
  if (first) number(first[0], () => first[1])
  return { entries, number }
}
