import { fold } from '#kernel/search/fold.ts'

/** A sentence as the lists are compared with it: its words, and for each in which clause it stands. */
export type Words = { words: string[]; clauses: number[] }

// Digits and signs put for letters inside a word, and letters set apart, hide words from readers like this one only.
const HIDDEN: Record<string, string> = { '0': 'о', '3': 'з', '4': 'ч', '6': 'б', '@': 'а' }

// What folding would lose, and sums are told by.
const SIGNS: Record<string, string> = { '%': ' процент ', $: ' доллар ', '€': ' евро ', '£': ' gbp ', '₽': ' руб ' }

// A clause ends at a mark between words, not within a number, and before a word that turns the thought.
const CLAUSE_END =
  /(?<!\d)[,;:()!?.…]+|[,;:()!?.…]+(?!\d)|\s[-–—]+\s|(?<!\p{L})(?=(?:но|зато|лекин|вале|аммо|but|however)(?!\p{L}))/u

/** The words of a sentence in one spelling, whatever was done to hide them; a long number is one word. */
export function wordsOf(sentence: string): string[] {
  return clausesOf(sentence).words
}

/** The same with its clauses: how far a "no" reaches. */
export function clausesOf(sentence: string): Words {
  const open = sentence
    .replace(/(?<=\p{L})[0346@](?=\p{L})|(?<!\p{L}|\d)[034@](?=\p{L}{3})/gu, (sign) => HIDDEN[sign]!)
    .replace(/(?<![\p{L}\p{N}])(?:\p{L}[ .*_-]){3,}\p{L}(?![\p{L}\p{N}])/gu, (word) => word.replace(/[ .*_-]/g, ''))
    .replace(/(?<=\d)[ \u00a0\u202f.,](?=\d{3}(?!\d))/g, '')
    .replace(/[%$€£₽]/g, (sign) => SIGNS[sign]!)
    .replace(/(?<=\d)(?=\p{L})/gu, ' ')
  const clauses = open.split(CLAUSE_END).map((clause) => fold(clause).split(' ').filter(Boolean).map(plainWord))
  return { words: clauses.flat(), clauses: clauses.flatMap((clause, number) => clause.map(() => number)) }
}

const BLURRED: Record<string, string> = { ь: '', ъ: '', ы: 'и', й: 'и', э: 'е', щ: 'ш' }

/** A folded word without what is lost when it is typed in Latin letters or on another keyboard. */
export const plainWord = (word: string): string => word.replace(/[ьъыйэщ]/g, (letter) => BLURRED[letter]!)

// Words without which there is hardly an English sentence.
const ENGLISH = new Set(
  'the and of for you your we with are will our be have is by from not at as this can must all or work job in'.split(
    ' ',
  ),
)

const CYRILLIC: readonly [RegExp, string][] = [
  [/shch|sch/g, 'ш'],
  [/sh/g, 'ш'],
  [/zh/g, 'ж'],
  [/ch|j|dzh/g, 'ч'],
  [/kh|x/g, 'х'],
  [/gh/g, 'г'],
  [/ts/g, 'ц'],
  [/yu|iu/g, 'ю'],
  [/ya|ia/g, 'я'],
  [/yo|ye/g, 'е'],
]
const LETTERS = new Map(
  'aа bб cк dд eе fф gг hх iи kк lл mм nн oо pп qк rр sс tт uу vв wв yи zз'
    .split(' ')
    .map((pair) => [pair[0]!, pair[1]!]),
)

/** The sentence in Cyrillic letters when it is Tajik or Russian typed in Latin ones; null for any other. */
export function fromLatin({ words, clauses }: Words): Words | null {
  if (words.some((word) => /\p{Script=Cyrillic}/u.test(word)) || words.some((word) => ENGLISH.has(word))) return null
  return { words: words.map(cyrillic), clauses }
}

const cyrillic = (word: string) =>
  plainWord(
    CYRILLIC.reduce((text, [latin, letter]) => text.replace(latin, letter), word).replace(
      /[a-z]/g,
      (letter) => LETTERS.get(letter) ?? letter,
    ),
  )
