import type { Roll } from './roll.ts'

/** What a blocking key is made of. A change in any of them is a new version of all stored keys. */
export const KEYS_VERSION = 2
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
 * `omit`: values that make no keys, in one list at once; a registry omits none.
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
    const birth = births[columns.birth[record]!]!
    const year = Math.floor(birth / 10_000)
    const [day, month] = [birth % 100, Math.floor(birth / 100) % 100]
    // Day and month are exchanged too often to ask for their order.
    const dayOfYear = Math.min(day, month) * 100 + Math.max(day, month)
    const firm = dayOfYear > 101
    for (let i = 0; i < seen.length; i++) {
      const word = seen[i]!
      put(emit, KIND.word, word)
      for (let j = i + 1; j < seen.length; j++) {
        put(emit, KIND.words, word, seen[j])
        if (birth !== 0) put(emit, KIND.words_year, word, [seen[j]![0] + year, seen[j]![1] + year])
      }
      if (birth === 0) continue
      put(emit, KIND.word_year, word, [year, year])
      if (firm) put(emit, KIND.word_date, word, [year, dayOfYear])
      if (firm) put(emit, KIND.word_day, word, [dayOfYear, dayOfYear])
    }
    if (firm) put(emit, KIND.date, [year, dayOfYear])
    for (let at = columns.documentAt[record]!; at < columns.documentAt[record + 1]!; at++)
      put(emit, KIND.document, documentHashes[columns.document[at]!]!)
    for (let v = 0; v < V; v++) {
      const number = columns.value[record * V + v]!
      if (number === 0 || omit(v, number)) continue
      const value = valueHashes[number]!
      const here: Hash = [value[0] ^ Math.imul(v + 1, 0x9e3779b1), value[1] + v]
      for (const word of seen) put(emit, KIND.word_value, word, here)
      if (firm) put(emit, KIND.date_value, [year, dayOfYear], here)
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

/** The blocking keys of one record as the registry stores them: 64-bit numbers with a sign, each once. */
export function blockingKeys(roll: Roll, record: number): bigint[] {
  const keys = new Set<bigint>()
  keyMaker(roll)(record, (high, low) => keys.add(BigInt.asIntN(64, (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0))))
  return [...keys]
}

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
