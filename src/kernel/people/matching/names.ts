import { repairAlphabet } from '../../search/fold.ts'
import { PARTICLES } from './lists.ts'

/** A name as a record states it: in parts, or whole where nobody said which word is what. */
export type PersonName = { family?: string; given?: string; patronymic?: string; whole?: string }

// What most cells hold needs no repair: words of one alphabet each, parted by single blanks.
const WORD = ['[A-Z]?[a-z]+', '[A-Z]+', '[А-ЯЁҒӢҚӮҲҶ]?[а-яёғӣқӯҳҷ]+', '[А-ЯЁҒӢҚӮҲҶ]+'].join('|')
const PLAIN = new RegExp(`^(?:${WORD})(?: (?:${WORD}))*$`)

/**
 * The words of a name that tell people apart, in their order, as written: hyphens and joined `FamilyGiven` cut them, letters
 * of a wrong alphabet and digits inside words are put right; articles, titles and ordinals stay out unless nothing else is there.
 */
export function wordsOf(text: string): string[] {
  const words = PLAIN.test(text) ? text.toLowerCase().split(' ') : cutWords(text)
  const telling = words.filter((word) => !PARTICLES.has(word))
  return telling.length > 0 ? telling : words
}

function cutWords(text: string): string[] {
  const cut = repairAlphabet(text)
    .replace(/['’‘ʼʻ`´]/g, '')
    .replace(/(?<=\p{L})0(?=\p{L})/gu, 'o')
    .replace(/(?<=\p{L})1(?=\p{L})/gu, 'i')
    .replace(/(\p{Ll}{3,})(\p{Lu}\p{Ll}{2,})/gu, '$1 $2')
  return cut
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '' && !/^\d/.test(word))
}
