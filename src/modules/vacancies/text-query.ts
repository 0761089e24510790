import { type RawBuilder, sql } from 'kysely'
import { beginningOf, formsOf } from '#kernel/occupations/words.ts'
import type { Understood } from './understanding.ts'

// A beginning of so many letters is that of no other word.
const LONG = 6

/**
 * Every other word that was asked must be there in any of its forms: endings differ between what is typed and what is
 * written. A word that does not exist may be unfinished: there its beginning is enough. `стол` finds no столяр.
 */
export const textQuery = ({ words, existing }: Pick<Understood, 'words' | 'existing'>): RawBuilder<unknown> =>
  sql`to_tsquery('simple', ${words.map((word) => lexeme(word, existing.has(word))).join(' & ')})`

function lexeme(word: string, exists: boolean): string {
  if (word.length < 3) return `'${word}'`
  const beginning = beginningOf(word)
  if (!exists || beginning.length >= LONG) return `'${beginning}':*`
  return `(${formsOf(word)
    .map((form) => `'${form}'`)
    .join(' | ')})`
}
