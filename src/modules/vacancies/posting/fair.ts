import { translator } from '#kernel/i18n/translate.ts'
import type { Note } from '#kernel/imports/kind.ts'
import type { Platform } from '#kernel/module.ts'
import { HOME } from '#kernel/places/atlas.ts'
import { flagsOf, readSigns, type Sign, type Suspect } from '../risk/flags.ts'
import type { Advert, COST_ITEMS } from '../sources/advert.ts'

/** What an employer may say that it takes from the worker. Anything but nothing is blocked. `vacancies.code.takes.VALUE`. */
export const TAKES = ['nothing', 'fee', 'deposit', 'deduction'] as const

/**
 * Where the words of an advert say that the worker pays for the job: each such column with the words. Neither fee nor deposit
 * nor deduction is taken (ILO, Definition of recruitment fees and related costs, 2019, II.A).
 */
export function feesTaken(advert: Suspect): Record<string, Note> {
  const fees = readSigns(advert).filter(({ flag }) => flag === 'fee')
  if (flagsOf(fees).length === 0) return {}
  return Object.fromEntries(
    fees.map(({ part, quote }) => [part, { key: 'vacancies.posting.fee_in_text', values: { quote } }]),
  )
}

// Related costs of the same definition, II.B. The patent that Russian law lets only the worker pay is none: it is shown with
// its amount instead.
const RELATED: readonly (typeof COST_ITEMS)[number][] = ['travel', 'permit', 'medical', 'training']

/** The related costs that an advert for work abroad puts on the worker: an officer looks at it first. */
export function costSigns({ catalogue }: Pick<Platform, 'catalogue'>, advert: Advert): Sign[] {
  if (advert.country === HOME) return []
  const t = translator(catalogue, advert.lang)
  return advert.costs
    .filter(({ item, payer }) => payer === 'worker' && RELATED.includes(item) && !isPatent(advert, item))
    .map(({ item }) => ({
      flag: 'costs',
      part: `pays_${item}`,
      quote: `${t(`vacancies.code.cost.${item}`)}: ${t('vacancies.code.payer.worker')}`,
      weight: 3,
      rule: item,
    }))
}

const isPatent = ({ country }: Advert, item: string) => country === 'RU' && item === 'permit'
