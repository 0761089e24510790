import { nameText, type StatedName } from './facts.ts'
import { isYearOnly } from './matching/birth.ts'
import { blockingKeys } from './matching/keys.ts'
import { wordsOf } from './matching/names.ts'
import { type PersonRecord, rollOf } from './matching/roll.ts'

/** Groups of keys that must all be met, one of each; `people.candidates` takes alternatives in their order. */
export type Alternative = bigint[][]

export type Asked = {
  names: readonly StatedName[]
  birth: number | null /** Blind indexes in hexadecimal. */
  documents: readonly string[]
}

const MOST_WORDS = 5
const OTHER_YEAR = 370_000

/**
 * What to look for in the index, the strongest first: a document; a word with the whole date; three words; two words with
 * the year, or with the day; two words. `loose` adds what alone says little: one word, or the date.
 */
export function alternativesOf({ names, birth, documents }: Asked, loose = false): Alternative[] {
  const words = [...new Set(names.flatMap((name) => wordsOf(nameText(name))))].slice(0, MOST_WORDS)
  const alone = words.map((word) => keysOf({ words: [word] }))
  const firm = birth !== null && !isYearOnly(birth) && birth % 100 > 0
  const year = birth === null ? null : Math.floor(birth / 10_000) * 10_000
  const date = firm ? keysOf({ birth }) : new Set<bigint>()
  const years = words.map((word, at) =>
    year ? keysOf({ words: [word], birth: year }).difference(alone[at]!) : new Set<bigint>(),
  )
  const withDay = words.map((word) => (firm ? keysOf({ words: [word], birth }) : new Set<bigint>()))
  const days = words.map((word, at) =>
    firm
      ? withDay[at]!.intersection(keysOf({ words: [word], birth: birth - OTHER_YEAR })).difference(alone[at]!)
      : new Set<bigint>(),
  )
  const dates = words.map((_, at) =>
    withDay[at]!.difference(alone[at]!).difference(years[at]!).difference(days[at]!).difference(date),
  )
  const pairs: { of: [number, number]; keys: Set<bigint> }[] = []
  for (let i = 0; i < words.length; i++)
    for (let j = i + 1; j < words.length; j++) {
      const both = keysOf({ words: [words[i]!, words[j]!] })
        .difference(alone[i]!)
        .difference(alone[j]!)
      if (both.size > 0) pairs.push({ of: [i, j], keys: both })
    }
  const alternatives: (ReadonlySet<bigint> | undefined)[][] = [
    ...documents.map((document) => [keysOf({ documents: [document] })]),
    ...dates.map((keys) => [keys]),
    ...triples(words.length).map((three) =>
      three.map(([i, j]) => pairs.find(({ of }) => of[0] === i && of[1] === j)?.keys),
    ),
    ...pairs.map(({ of: [i, j], keys }) => [keys, years[i]!.union(years[j]!)]),
    ...pairs.map(({ of: [i, j], keys }) => [keys, days[i]!.union(days[j]!)]),
    ...pairs.map(({ keys }) => [keys]),
    ...(loose
      ? [
          ...years.map((keys) => [keys]),
          ...(words.length === 0 ? [date] : words.length === 1 ? alone : []).map((keys) => [keys]),
        ]
      : []),
  ]
  return alternatives
    .filter(
      (groups): groups is Set<bigint>[] =>
        groups.length > 0 && groups.every((keys) => keys !== undefined && keys.size > 0),
    )
    .map((groups) => groups.map((keys) => [...keys]))
}

/** Alternatives as `people.candidates` reads them; numbers of 64 bits as text. */
export const toJson = (alternatives: readonly Alternative[]): string =>
  JSON.stringify(alternatives.map((groups) => groups.map((keys) => keys.map(String))))

function triples(words: number): [number, number][][] {
  const found: [number, number][][] = []
  for (let i = 0; i < words; i++)
    for (let j = i + 1; j < words; j++)
      for (let k = j + 1; k < words; k++)
        found.push([
          [i, j],
          [i, k],
          [j, k],
        ])
  return found
}

function keysOf({
  words = [],
  birth = null,
  documents = [],
}: {
  words?: string[]
  birth?: number | null
  documents?: string[]
}): Set<bigint> {
  const record: PersonRecord = { id: '', names: [{ whole: words.join(' ') }], birth, sex: null, documents, values: [] }
  return new Set(blockingKeys(rollOf([record]), 0))
}
