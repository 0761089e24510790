import { SOUNDS } from './lists.ts'

const VOWELS: readonly [RegExp, string][] = [
  [/ee/g, 'i'],
  [/oo|ou/g, 'u'],
]
// Spellings that Latin letters need several of for one sound. The order matters: the longer come first.
const SPELLINGS: readonly [RegExp, string][] = [
  [/shch|sch/g, 'š'],
  [/tsch|tch/g, 'č'],
  [/dzh|dj|дж|zh/g, 'j'],
  [/kh/g, 'h'],
  [/gh/g, 'g'],
  [/ch/g, 'č'],
  [/sh/g, 'š'],
  [/ph/g, 'f'],
  [/th/g, 't'],
  [/ts|tz(?![aeiou])/g, 's'],
  [/ck/g, 'k'],
  ...VOWELS,
  [/qu(?=[eio])|q/g, 'k'],
  [/w/g, 'v'],
  [/off$/, 'ov'],
  [/c(?=[eiy])/g, 's'],
  [/c/g, 'k'],
  [/y/g, 'i'],
]
const LETTERS = SPELLINGS.filter((one) => !VOWELS.includes(one))

/** Nothing but small letters that are composed as they should be: most words, and nothing is to be done about them. */
export const isPlain = (word: string): boolean => /^[a-zа-яёғӣқӯҳҷ]*$/.test(word)

/** Lower case, composed, without signs that are written or not as one likes; letters stay what they are. */
export function plainWord(word: string): string {
  if (isPlain(word)) return word
  return word
    .normalize('NFKC')
    .toLowerCase()
    .replace(/['’‘ʼʻ`´"”“]/g, '')
}

/**
 * How a word sounds, in one alphabet for all scripts and systems of transliteration: `Ҷамшед`, `Джамшед`, `Jamshed` and
 * `Dzhamshed` are `jamšed`. Letters without a known sound stay. Folding twice changes nothing.
 */
export function soundOf(word: string): string {
  let sound = plainWord(word)
  // One reading may open another: Исҳоқ is `ishok`, and that is how people write Ишоқ in Latin.
  for (let before = ''; before !== sound; ) {
    before = sound
    sound = readOnce(sound)
  }
  return sound
}

// Asked first: most words, read once, hold none of them.
const ANY_SPELLING = new RegExp(SPELLINGS.map(([from]) => from.source).join('|'))

/**
 * How a word is written, letter by letter in the alphabet of sounds: `Лоиқ` is `loik`, and `lok` to the ear. A slip of the pen is one
 * here: `Зҳир` lacks a letter of Зоҳир, and has no Latin zh.
 */
export const lettersIn = (word: string): string => {
  const plain = plainWord(word)
  return readLetters(plain, isLatin(plain) ? LETTERS : [])
}

const isLatin = (plain: string) => !/[^\u0000-\u024f]/.test(plain)

const readOnce = (text: string) => settle(readLetters(text, SPELLINGS))

function readLetters(text: string, spellings: typeof SPELLINGS): string {
  let letters = ''
  // Two Cyrillic е are no Latin ee: Чоршанбеев.
  for (const letter of text.replace(/дж/g, 'ҷ').replace(/([ео])\1+/g, '$1')) letters += soundOfLetter(letter)
  if (ANY_SPELLING.test(letters)) for (const [from, to] of spellings) letters = letters.replace(from, to)
  return letters.replace(/x/g, 'ks')
}

// Latin letters that look like Cyrillic ones, those with another sound among them: PYCTAM is РУСТАМ in many an old list.
const LOOK_ALIKE = /^(?=.*[bchpxy])[abcehkmoptxy]{5,}$/
const LOOKS = new Map(Array.from('abcehkmoptxy', (letter, at) => [letter, 'авсенкмортху'[at]!]))

/**
 * All the ways a word may sound: a Latin `j` is ҷ or й, `x` is кс or х, `ee` before the ending -v is е and е (Chorshanbeev); a Cyrillic ч
 * is what Russian keyboards have for ҷ, but not at the end (-ович); one of Latin letters that all look Cyrillic may be Cyrillic. The first is `soundOf(word)`.
 */
export function soundsOf(word: string): string[] {
  const plain = plainWord(word)
  const readings = [plain]
  const latin = isLatin(plain)
  const also = (letter: RegExp, read: string) => {
    if (letter.test(plain)) readings.push(...readings.map((text) => text.replace(new RegExp(letter, 'g'), read)))
  }
  if (latin) also(/x/, 'h')
  if (latin) also(/(?<!d)j/, 'i')
  if (latin) also(/ee(?=(?:v|va|vich|vna)$)/, 'e')
  also(/ч(?=.)/, 'ҷ')
  if (LOOK_ALIKE.test(plain)) readings.push(Array.from(plain, (letter) => LOOKS.get(letter)).join(''))
  return [...new Set(readings.map(soundOf))]
}

function soundOfLetter(letter: string): string {
  const known = SOUNDS.get(letter)
  if (known !== undefined) return known
  if (letter <= 'z') return letter
  const bare = letter.normalize('NFD').replace(/\p{M}/gu, '')
  return bare === letter ? letter : (SOUNDS.get(bare) ?? bare)
}

// One letter for a doubled one; i beside a vowel is й, which some systems write and others leave out; h at the end is mute.
function settle(text: string): string {
  return text
    .replace(/(.)\1+/g, '$1')
    .replace(/i(?=[aeou])|(?<=[aeou])i/g, '')
    .replace(/(?<=[aeou])h$/, '')
    .replace(/(.)\1+/g, '$1')
}
