import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTable } from '#kernel/lists/lists.ts'
import { ROOT } from '#kernel/root.ts'
import { type Families, type Phrase, phraseBook, readFamily, readPhrase } from './phrases.ts'

/** What may be wrong with an advert. A closed list: `vacancies.code.risk.VALUE`. */
const FLAGS = [
  'military',
  'citizenship',
  'conflict',
  'passport',
  'bondage',
  'fee',
  'women',
  'crime',
  'messenger',
  'lure',
  'pay',
  'costs',
  'corrected',
] as const
export type Flag = (typeof FLAGS)[number]

/** The lists of words, below `data/`: families of words, and the phrases made of them and of other words. */
export const RISK_WORDS = ['vacancies/risk-families.tsv', 'vacancies/risk.tsv'] as const

const [familyRows, phraseRows] = RISK_WORDS.map((file) => readTable(readFileSync(join(ROOT, 'data', file), 'utf8')))

/** Families of words by name: members of all languages together, as people mix them. */
export const FAMILIES: Families = new Map(
  [...Map.groupBy(familyRows!, ({ family }) => family!)].map(([name, rows]) => [
    name,
    readFamily(rows.flatMap(({ words }) => words!.split(', '))),
  ]),
)

/**
 * One line of the list: a phrase that speaks for a flag with this weight, 1 to 3. `beside`: what else must stand somewhere in
 * the advert; `without`: what must not.
 */
type RiskWords = { flag: Flag; weight: number; text: string; phrase: Phrase; beside: Phrase[]; without: Phrase[] }

const rows = phraseRows!.map((row) => {
  const { flag, lang, weight, words } = row as Record<'flag' | 'lang' | 'weight' | 'words', string>
  if (!(FLAGS as readonly string[]).includes(flag) || !/^[0-3]$/.test(weight)) throw new Error(`${flag} ${words}`)
  return { flag: flag as Flag, lang, weight: Number(weight), words }
})

const phrases = rows
  .filter(({ lang }) => lang !== 'code')
  .map(({ flag, weight, words }): RiskWords => {
    const [phrase, ...conditions] = words.split(/ (?=[&!] )/)
    const marked = (mark: string) =>
      conditions.filter((each) => each.startsWith(mark)).map((each) => readPhrase(each.slice(2), FAMILIES))
    return {
      flag,
      weight,
      text: words,
      phrase: readPhrase(phrase!, FAMILIES),
      beside: marked('&'),
      without: marked('!'),
    }
  })

/** Words that speak for a flag. All are looked for in every advert: people mix languages. */
export const findSigns = phraseBook(phrases.filter(({ weight }) => weight > 0))

/** What ordinary adverts say with the same words: those words then speak for nothing. */
export const findOrdinary = phraseBook(phrases.filter(({ weight }) => weight === 0))

/** Countries where there is war: `ISO code → weight`. */
export const COUNTRIES_AT_WAR: ReadonlyMap<string, number> = new Map(
  rows.filter(({ lang }) => lang === 'code').map(({ words, weight }) => [words, weight]),
)
