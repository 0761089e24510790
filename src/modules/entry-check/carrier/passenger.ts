import { plainDocument } from '../slip-code.ts'

// What is asked about a passenger, the same in the browser of a carrier and here. Documented for carriers in docs/carriers.md.

/** Of 64 bytes of output: the first are the tag, the next hide what stands beside a tag. */
export const TAG_BYTES = 16

const LETTERS: Record<string, string> = {
  ...{
    а: 'a',
    б: 'b',
    в: 'v',
    г: 'g',
    ғ: 'g',
    д: 'd',
    е: 'e',
    ё: 'e',
    ж: 'j',
    з: 'z',
    и: 'i',
    ӣ: 'i',
    й: 'i',
    к: 'k',
    қ: 'k',
  },
  ...{
    л: 'l',
    м: 'm',
    н: 'n',
    о: 'o',
    п: 'p',
    р: 'r',
    с: 's',
    т: 't',
    у: 'u',
    ӯ: 'u',
    ф: 'f',
    х: 'h',
    ҳ: 'h',
    ц: 's',
    ч: 'c',
  },
  ...{ ҷ: 'j', ш: 's', щ: 's', ъ: '', ь: '', ы: 'i', э: 'e', ю: 'u', я: 'a', w: 'v', q: 'k', x: 'h', y: 'i' },
}
// What Latin spellings write with two letters; the longer first.
const PAIRS: readonly (readonly [RegExp, string])[] = [
  [/shch|sch|sh/g, 's'],
  [/dzh|dj|zh/g, 'j'],
  [/kh/g, 'h'],
  [/gh/g, 'g'],
  [/ph/g, 'f'],
  [/ts/g, 's'],
  [/ch/g, 'c'],
]

/** A word of a name without what its spellings differ in: Cyrillic and Latin, vowels, doubled letters, endings of surnames. */
function skeleton(word: string): string {
  const latin = Array.from(word.normalize('NFKC').toLowerCase(), (letter) => LETTERS[letter] ?? letter).join('')
  const plain = PAIRS.reduce(
    (text, [pair, one]) => text.replace(pair, one),
    latin.normalize('NFD').replace(/[^a-z]/g, ''),
  )
  const stem = plain.length > 5 ? plain.replace(/(?:[oe]va?|zoda?)$/, '') : plain
  const consonants = stem.slice(1).replace(/[aeiou]/g, '')
  return (stem.slice(0, 1) + consonants).replace(/(.)\1+/g, '$1')
}

/** `birth`: year·10000 + month·100 + day. */
export const documentInput = (number: string, birth: number): string =>
  `document ${plainDocument(number)
    .replaceAll('O', '0')
    .replaceAll('I', '1')
    .replace(/(^|\D)0+(?=\d)/g, '$1')} ${birth}`

/** Of two words of a name, in whichever order. */
export const nameInput = (one: string, other: string, birth: number): string =>
  `name ${[skeleton(one), skeleton(other)].sort().join(' ')} ${birth}`

/** The number of the bucket that an output falls into, of 2^bits. */
export const bucketOf = (output: Uint8Array, bits: number): number => (output[0]! * 256 + output[1]!) >> (16 - bits)

/** The token beside the tag of this output in a bucket; null when it is not in it: nothing was found. */
export function tokenIn(
  bucket: readonly { tag: Uint8Array; hidden: Uint8Array }[],
  output: Uint8Array,
): Uint8Array | null {
  const found = bucket.find(({ tag }) => tag.every((byte, at) => byte === output[at]))
  return found ? mask(found.hidden, output.slice(TAG_BYTES, 2 * TAG_BYTES)) : null
}

/** Hides a token under a pad, or uncovers it. */
export const mask = (token: Uint8Array, pad: Uint8Array): Uint8Array => token.map((byte, at) => byte ^ pad[at]!)
