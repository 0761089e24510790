/** Goes up whenever `fold` answers differently: whatever stores folded text then has to fold it again. */
export const FOLD_VERSION = 1

// People type Tajik on Russian keyboards; old "Times New Roman Tj" fonts put Tajik letters on Macedonian and other signs.
const LETTERS: Record<string, string> = {
  ё: 'е',
  ғ: 'г',
  қ: 'к',
  ҳ: 'х',
  ҷ: 'ч',
  ӣ: 'и',
  ӯ: 'у',
  ѓ: 'г',
  ќ: 'к',
  њ: 'х',
  љ: 'ч',
  ї: 'и',
  ў: 'у',
}
// Signs that look alike, Latin before Cyrillic. Case matters: H looks like Н, h like nothing.
const LOOK_ALIKES = 'AА BВ CС EЕ HН KК MМ OО PР TТ XХ YУ aа cс eе kк oо pр xх yу'.split(' ')
const TO_CYRILLIC = new Map(LOOK_ALIKES.map((pair) => [pair[0]!, pair[1]!]))
const TO_LATIN = new Map(LOOK_ALIKES.map((pair) => [pair[1]!, pair[0]!]))
const LETTER_TABLE = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gi')
// Letters of one alphabet and digits need no more than a table: most names, and most cells of lists.
const PLAIN = /^(?:[а-яёғқҳҷӣӯ\d ]*|[a-z\d ]*)$/i

/**
 * The form in which texts are compared: lower case, one spelling of each letter, words parted by single spaces.
 * The same for what is stored and for what is typed. Tajik letters become the Russian ones they are typed as, ё is е,
 * and a letter of the wrong alphabet inside a word (`Mосква` with a Latin M) is put right.
 */
export function fold(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase().replace(LETTER_TABLE, plainLetter).replace(/ {2,}/g, ' ').trim()
  const plain = text
    .normalize('NFKC')
    .replace(LETTER_TABLE, plainLetter)
    .replace(/[\p{M}'’‘ʼ`]/gu, '')
  return repairAlphabet(plain)
    .toLowerCase()
    .normalize('NFKC')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

const WRITTEN = /[\p{L}\p{N}\p{M}'’‘ʼ`]+/gu

/** A word as it stands in a text, and folded. */
export type WrittenWord = { word: string; written: string }

/** The words of a text: the same as of `fold`, each with its spelling. */
export const wordsIn = (text: string): WrittenWord[] =>
  Array.from(text.normalize('NFKC').matchAll(WRITTEN), ([written]) => written).flatMap((written) =>
    fold(written)
      .split(' ')
      .filter(Boolean)
      .map((word) => ({ word, written })),
  )

// Keeps the case, which the look-alikes need.
function plainLetter(letter: string): string {
  const lower = letter.toLowerCase()
  return letter === lower ? LETTERS[lower]! : LETTERS[lower]!.toUpperCase()
}

/** Composes the text (NFKC) and gives each word letters of one alphabet, where those of the other only look the same. */
export function repairAlphabet(text: string): string {
  const composed = text.normalize('NFKC')
  if (!isMixed(composed)) return composed
  return composed.replace(/[\p{L}\p{M}]+/gu, (word) => {
    if (!isMixed(word)) return word
    return swapped(word, /\p{Script=Latin}/u, TO_CYRILLIC) ?? swapped(word, /\p{Script=Cyrillic}/u, TO_LATIN) ?? word
  })
}

const isMixed = (text: string) => /\p{Script=Latin}/u.test(text) && /\p{Script=Cyrillic}/u.test(text)

// Null when a foreign letter has no look-alike: then the word is truly mixed.
function swapped(word: string, foreign: RegExp, table: Map<string, string>): string | null {
  const letters = Array.from(word, (letter) => (foreign.test(letter) ? table.get(letter) : letter))
  return letters.includes(undefined) ? null : letters.join('')
}
