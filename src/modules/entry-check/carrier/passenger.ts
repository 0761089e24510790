import { plainDocument } from '../slip-code.ts'

// What is asked about a passenger, the same in the browser of a carrier and here. Documented for carriers in docs/carriers.md.
// Deliberately coarser than the matching of the registry: what that takes for one name is never two here.

/** Of 64 bytes of output: the first are the tag, the next hide what stands beside a tag. */
export const TAG_BYTES = 16
/** What a question consists of, always: so many inputs tell nothing of how a name is spelled. */
export const INPUTS = 8

// Cyrillic letters, also of old Tajik fonts, and marked Latin ones, as they sound: vowels are a; ҷ, ч and ж j.
const LETTERS = new Map(
  [
    ...[
      'аa бb вv гg ғg ѓg ґg дd ђj еa ёa єa жj зz иa ӣa іa їa йa кk қk ќk лl љj ҷj џj мm нn њh оa өa пp рr сs тt ћj уa ӯa ўa үa ұa',
    ],
    ...['фf хh ҳh һh цs чj шš щš ыa эa әa юa яa čj ćj çj şš șš śš žj łl øa æa œa ßs đd ðd þt ıa əa'],
  ]
    .join(' ')
    .split(' ')
    .map((pair) => [pair[0]!, pair[1]!] as const),
)
// What Latin spellings write with several letters; the longer first.
const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/shch|sch/g, 'š'],
  [/tsch|tch|zh|ch/g, 'j'],
  [/d+(?=j)/g, ''],
  [/kh/g, 'h'],
  [/gh/g, 'g'],
  [/sh/g, 'š'],
  [/ph/g, 'f'],
  [/th/g, 't'],
  [/ts|tz(?![aeiouy])|š/g, 's'],
  [/ck|qu(?=[eio])|q/g, 'k'],
  [/off$/, 'ov'],
  [/c(?=[eiy])/g, 's'],
  [/c/g, 'k'],
  [/w/g, 'v'],
  [/x/g, 'h'],
]
// The consonants of the endings of surnames and patronymics: -ович, -овна, -ов, -зода, -пур, -фар, -духт, -он, -ниё.
const ENDINGS = /^(.+?)(?:v|zd|pr|fr|dt|n)+$/

/**
 * A word of a name without what its spellings differ in: alphabets and systems of transliteration, vowels but that one begins it,
 * j and h, doubled letters, endings of surnames.
 */
export function skeleton(word: string): string {
  const plain = Array.from(word.normalize('NFKC').toLowerCase(), (letter) => LETTERS.get(letter) ?? letter)
    .join('')
    .normalize('NFD')
    .replace(/s\u030c/g, 'š')
    .replace(/[^a-zš]/g, '')
  const letters = SPELLINGS.reduce((text, [from, to]) => text.replace(from, to), plain)
    .replace(/[aeiouyj]/g, 'a')
    .replace(/(.)\1+/g, '$1')
  const consonants = letters.slice(1).replace(/[ah]/g, '')
  return (letters.slice(0, 1) + consonants).replace(ENDINGS, '$1').replace(/(.)\1+/g, '$1')
}

/** A document alone: a listed passport is referred whatever is typed beside it. */
export const documentInput = (number: string): string =>
  `document ${plainDocument(number.replace(/[іӀ]/gi, '1'))
    .replace(/[OQ]/g, '0')
    .replace(/[IL]/g, '1')
    .replace(/(^|\D)0+(?=\d)/g, '$1')}`

const pairOf = (one: string, other: string) => [one, other].sort().join(' ')

/** 1 January, or no day at all: how papers say that only the year is known. */
export const isYearOnly = (birth: number): boolean => birth % 10_000 === 0 || birth % 10_000 === 101

/**
 * Of two skeletons and a birth date (year·10000 + month·100 + day): the whole of one, and how the other begins. A slip in one of two
 * words leaves one of these. So many are born by their papers on 1 January that both words stand whole there.
 */
export const halfInputs = (one: string, other: string, birth: number): string[] => {
  const begins = (word: string) => (isYearOnly(birth) ? word : word.slice(0, 1))
  return [`half ${one} ${begins(other)} ${birth}`, `half ${other} ${begins(one)} ${birth}`]
}

/**
 * Of two skeletons and a birth date of which one number is left open: a slip in one of the three leaves two of these. Who was born on
 * 1 January may be anybody of that year, or of 1 January of a year with another digit.
 */
export const openInputs = (one: string, other: string, birth: number): string[] => {
  const [year, month, day] = [Math.floor(birth / 10_000), Math.floor(birth / 100) % 100, birth % 100]
  const [century, decade] = [Math.floor(year / 100), Math.floor(year / 10)]
  const open = isYearOnly(birth)
    ? [`${decade}?-1-1`, `${century}?${year % 10}-1-1`, wholeYear(year)]
    : [`${year}-${month}-*`, `${year}-*-${day}`, `*-${month}-${day}`]
  return open.map((date) => `name ${pairOf(one, other)} ${date}`)
}

/** For whom 1 January was typed: of two skeletons, and of a row with any day of that year. */
export const anyDayInput = (one: string, other: string, year: number): string =>
  `name ${pairOf(one, other)} ${wholeYear(year)}`
const wholeYear = (year: number) => `${year}-*-*`

/** Of two skeletons and a row that states no day of birth; null: nor a year. */
export const yearInput = (one: string, other: string, year: number | null): string =>
  `row ${pairOf(one, other)} ${year ?? 'any'}`

/** All that is asked about one passenger. */
export function inputsOf(passenger: { document: string; family: string; given: string; birth: number }): string[] {
  const [one, other] = [skeleton(firstWord(passenger.family)), skeleton(firstWord(passenger.given))]
  const { birth } = passenger
  return [
    documentInput(passenger.document),
    ...halfInputs(one, other, birth),
    ...openInputs(one, other, birth),
    yearInput(one, other, Math.floor(birth / 10_000)),
    yearInput(one, other, null),
  ]
}

const firstWord = (name: string) => name.trim().split(/[\s-]+/)[0]!

/** The number of the bucket that an output falls into, of 2^bits. */
export const bucketOf = (output: Uint8Array, bits: number): number => (output[0]! * 256 + output[1]!) >> (16 - bits)

/** The token beside the tag of one of these outputs in a bucket; null when none is in it: nothing was found. */
export function tokenIn(
  bucket: readonly { tag: Uint8Array; hidden: Uint8Array }[],
  outputs: readonly Uint8Array[],
): Uint8Array | null {
  for (const output of outputs) {
    const found = bucket.find(({ tag }) => tag.every((byte, at) => byte === output[at]))
    if (found) return mask(found.hidden, output.slice(TAG_BYTES, 2 * TAG_BYTES))
  }
  return null
}

/** Hides a token under a pad, or uncovers it. */
export const mask = (token: Uint8Array, pad: Uint8Array): Uint8Array => token.map((byte, at) => byte ^ pad[at]!)
