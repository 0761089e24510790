import { fold, repairAlphabet } from '../search/fold.ts'

// After Russian and Tajik spelling; both alphabets then go through the same rules below.
const LATIN: Record<string, string> = {
  а: 'a',
  б: 'b',
  в: 'v',
  г: 'g',
  ғ: 'g',
  д: 'd',
  е: 'e',
  ё: 'yo',
  ж: 'j',
  з: 'z',
  и: 'i',
  ӣ: 'i',
  й: 'y',
  к: 'k',
  қ: 'k',
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
  ц: 'ts',
  ч: 'ch',
  ҷ: 'j',
  ш: 'sh',
  щ: 'sh',
  ъ: '',
  ы: 'y',
  ь: '',
  э: 'e',
  ю: 'yu',
  я: 'ya',
  і: 'i',
  ї: 'i',
  ç: 'ch',
  ş: 'sh',
  ı: 'i',
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ß: 'ss',
  æ: 'ae',
}
// The many ways of writing one Tajik or Russian sound in Latin letters, taken together; order matters.
const RESPELLINGS: readonly [RegExp, string][] = [
  [/dzh|dj|zh/g, 'j'],
  [/shch/g, 'sh'],
  [/kh|x/g, 'h'],
  [/gh/g, 'g'],
  [/q/g, 'k'],
  [/w/g, 'v'],
  [/y/g, 'i'],
  [/ie/g, 'e'],
  [/(.)\1+/g, '$1'],
]

/** Raise it whenever the functions below answer differently: the stored spellings are then made anew. */
export const SPELLING_VERSION = 1

/** A place name folded for comparison: as in search, and without the signs ъ and ь. */
export const foldPlace = (name: string): string => fold(name).replace(/[ъь]/g, '')

/** A place name in a plain Latin spelling that Хуҷанд, Худжанд, Khujand, Hudjand and Xujand share. */
export function latinPlace(name: string): string {
  const letters = Array.from(repairAlphabet(name).toLowerCase(), (letter) => LATIN[letter] ?? letter).join('')
  const plain = fold(letters.normalize('NFD').replace(/\p{M}/gu, ''))
  return RESPELLINGS.reduce((text, [from, to]) => text.replace(from, to), plain)
}

// Words that say what kind of place it is, in both spellings. They are left out when names are compared loosely.
const KIND_WORDS = new Set(
  `г гор город область обл край республика респ округ ао автономный автономная район воеводство
   шаҳри шаҳр вилояти вилоят ноҳияи ноҳия ҷумҳурии кишвари округи мухтори
   city of the region oblast district republic krai kray okrug autonomous voivodeship province`
    .split(/\s+/)
    .flatMap((word) => [foldPlace(word), latinPlace(word)]),
)

/** A folded name without the words for kinds of places: `г москва` → `москва`. The name itself when nothing would remain. */
export function coreOf(folded: string): string {
  const words = folded.split(' ').filter((word) => !KIND_WORDS.has(word))
  return words.join(' ') || folded
}
