import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTable } from '#kernel/lists/lists.ts'
import { ROOT } from '#kernel/root.ts'
import { type Phrase, phraseBook, readPhrase } from './phrases.ts'

/** What may be wrong with an advert. A closed list: `vacancies.code.risk.VALUE`. */
const FLAGS = [
  'military',
  'citizenship',
  'conflict',
  'passport',
  'fee',
  'women',
  'messenger',
  'pay',
  'costs',
  'corrected',
] as const
export type Flag = (typeof FLAGS)[number]

/** The list of words, below `data/`. */
export const RISK_WORDS = 'vacancies/risk.tsv'

/** One line of the list: a phrase that speaks for a flag with this weight, 1 to 3. */
type RiskWords = { flag: Flag; weight: number; text: string; phrase: Phrase }

const rows = readTable(readFileSync(join(ROOT, 'data', RISK_WORDS), 'utf8')).map((row) => {
  const { flag, lang, weight, words } = row as Record<'flag' | 'lang' | 'weight' | 'words', string>
  if (!(FLAGS as readonly string[]).includes(flag) || !/^[0-3]$/.test(weight)) throw new Error(`${flag} ${words}`)
  return { flag: flag as Flag, lang, weight: Number(weight), words }
})

const phrases = rows
  .filter(({ lang }) => lang !== 'code')
  .map(({ flag, weight, words }): RiskWords => ({ flag, weight, text: words, phrase: readPhrase(words) }))

/** Words that speak for a flag. All are looked for in every advert: people mix languages. */
export const findSigns = phraseBook(phrases.filter(({ weight }) => weight > 0))

/** What ordinary adverts say with the same words: those words then speak for nothing. */
export const findOrdinary = phraseBook(phrases.filter(({ weight }) => weight === 0))

/** Countries where there is war: `ISO code → weight`. */
export const COUNTRIES_AT_WAR: ReadonlyMap<string, number> = new Map(
  rows.filter(({ lang }) => lang === 'code').map(({ words, weight }) => [words, weight]),
)
