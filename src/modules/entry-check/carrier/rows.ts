import { GIVEN, SHORT_FORMS } from '#kernel/people/matching/lists.ts'
import { type PersonName, wordsOf } from '#kernel/people/matching/names.ts'
import { foldDocument, isTelling } from '#kernel/people/matching/roll.ts'
import { readWord } from '#kernel/people/matching/words.ts'
import { anyDayInput, documentInput, halfInputs, isYearOnly, openInputs, skeleton, yearInput } from './passenger.ts'

// The other side of `passenger.ts`: a passenger is asked about in one spelling, so whoever is listed stands in all.

/** One person of the lists, as all their records state them. `births`: year·10000 + month·100 + day, 0 for what is not stated. */
export type Listed = { names: readonly PersonName[]; births: readonly number[]; documents: readonly string[] }

// Of very long names only the first words count.
const MOST_WORDS = 4
// Names alone, and names with a year, may refer so many passengers who are somebody else: the commonest are left out beyond.
const STRANGERS = 0.01
const YEARS = 50
// People bear the same names: what was read once is kept. Bounded, begun anew when full.
const MOST_KEPT = 20_000

// Spellings of one given name that are written with other consonants: Иброҳим and Ибрагим. By each of their skeletons.
const ALSO = new Map<string, readonly string[]>()
for (const { spellings } of GIVEN) {
  const skeletons = [...new Set(spellings.map(skeleton))]
  if (skeletons.length > 1) for (const one of skeletons) ALSO.set(one, [...(ALSO.get(one) ?? []), ...skeletons])
}

const kept = new Map<string, readonly string[]>()

/** The skeletons that whoever is listed under this word may be asked about by. */
export function skeletonsOf(word: string): readonly string[] {
  let skeletons = kept.get(word)
  if (!skeletons) {
    skeletons = readSkeletons(word)
    if (kept.size >= MOST_KEPT) kept.clear()
    kept.set(word, skeletons)
  }
  return skeletons
}

function readSkeletons(word: string): readonly string[] {
  const { sounds, groups } = readWord(word)
  const spellings = [word, ...sounds, ...groups.flatMap((group) => SHORT_FORMS[group]!)]
  // Some write x for кс.
  const skeletons = spellings.flatMap((one) => [skeleton(one), skeleton(one.replace(/кс|ks/g, 'x'))])
  return [...new Set(skeletons.flatMap((one) => [one, ...(ALSO.get(one) ?? [])]))].filter(Boolean)
}

/** All inputs by which a carrier is to refer these people. */
export function inputsOfRows(people: readonly Listed[]): Set<string> {
  const inputs = new Set<string>()
  const guesses: Guess[] = []
  for (const { names, births, documents } of people) {
    for (const document of documents) if (isTelling(foldDocument(document))) inputs.add(documentInput(document))
    for (const { one, other, full } of names.flatMap(pairsOf))
      for (const birth of births.length > 0 ? births : [0]) {
        for (const input of sureInputs(one, other, birth, full)) inputs.add(input)
        if (full && isYearOnly(birth)) guesses.push({ one, other, year: Math.floor(birth / 10_000) || null })
      }
  }
  for (const input of rareOnly(guesses, people)) inputs.add(input)
  return inputs
}

function sureInputs(one: string, other: string, birth: number, full: boolean): string[] {
  const year = Math.floor(birth / 10_000)
  if (birth % 10_000 === 0) return year && full ? [anyDayInput(one, other, year)] : []
  const open = openInputs(one, other, birth)
  // A patronymic beside one other word: on the very day only.
  if (!full) return isYearOnly(birth) ? halfInputs(one, other, birth) : [open[1]!]
  const [month, day] = [Math.floor(birth / 100) % 100, birth % 100]
  const crossed =
    day > 0 && day <= 12 && day !== month ? [openInputs(one, other, year * 10_000 + day * 100 + month)[0]!] : []
  return [...halfInputs(one, other, birth), ...open, anyDayInput(one, other, year), ...crossed]
}

type Pair = { one: string; other: string /** Family and given name, or what may be. */; full: boolean }

function pairsOf({ family, given, patronymic, whole }: PersonName): Pair[] {
  const parts =
    family && given
      ? [wordsOf(family), wordsOf(given), wordsOf(patronymic ?? '')]
      : [wordsOf(whole ?? [family, given, patronymic].filter(Boolean).join(' '))]
  const words = parts.flatMap((list, part) => list.slice(0, MOST_WORDS).map((word) => ({ word, part })))
  return words.flatMap(({ word, part }, at) =>
    words.slice(at + 1).flatMap(({ word: next, part: of }) => {
      const full = of < 2
      return skeletonsOf(word).flatMap((one) =>
        skeletonsOf(next).map((other) => ({ one, other, full: full && part < 2 })),
      )
    }),
  )
}

type Guess = { one: string; other: string; year: number | null }

// Without a day of birth a common name would refer everybody who bears it: the rarest first, as long as few others are referred.
function rareOnly(guesses: readonly Guess[], people: readonly Listed[]): string[] {
  const counts = new Map<string, number>()
  let total = 0
  for (const { names } of people)
    for (const { family, given, whole } of names)
      for (const word of wordsOf(whole ?? [family, given].filter(Boolean).join(' '))) {
        const of = skeleton(word)
        counts.set(of, (counts.get(of) ?? 0) + 1)
        total++
      }
  // One of two words, in either order; a list of a few says nothing about a people.
  const share = (of: string) => (2 * Math.max(1, counts.get(of) ?? 0)) / Math.max(total, 1000)
  const byInput = new Map(
    guesses.map(({ one, other, year }) => [
      yearInput(one, other, year),
      (2 * share(one) * share(other)) / (year ? YEARS : 1),
    ]),
  )
  let strangers = 0
  return [...byInput]
    .sort(([, a], [, b]) => a - b)
    .filter(([, expected]) => (strangers += expected) <= STRANGERS)
    .map(([input]) => input)
}
