import { repairAlphabet } from '../../search/fold.ts'
import { PARTICLES } from './lists.ts'

/** A name as a record states it: in parts, or whole where nobody said which word is what. */
export type PersonName = { family?: string; given?: string; patronymic?: string; whole?: string }

// What most cells hold needs no repair: one word of one alphabet.
const ONE_WORD = /^(?:[A-Z]?[a-z]+|[А-ЯЁҒӢҚӮҲҶ]?[а-яёғӣқӯҳҷ]+)$/

/**
 * The words of a name that tell people apart, in their order, as written: hyphens and joined `FamilyGiven` cut them, letters
 * of a wrong alphabet and digits inside words are put right; articles, titles and ordinals stay out unless nothing else is there.
 */
export function wordsOf(text: string): string[] {
  if (ONE_WORD.test(text)) return [text.toLowerCase()]
  const cut = repairAlphabet(text)
    .replace(/['’‘ʼʻ`´]/g, '')
    .replace(/(?<=\p{L})0(?=\p{L})/gu, 'o')
    .replace(/(?<=\p{L})1(?=\p{L})/gu, 'i')
    .replace(/(\p{Ll}{3,})(\p{Lu}\p{Ll}{2,})/gu, '$1 $2')
  const words = cut
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '' && !/^\d/.test(word))
  const telling = words.filter((word) => !PARTICLES.has(word))
  return telling.length > 0 ? telling : words
}
