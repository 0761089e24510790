import type { Ctx } from '#kernel/context.ts'
import type { Pay } from '../pay.ts'
import type { Vacancy } from '../vacancies.ts'
import { flagsOf, type Raised, readSigns, type Sign, type Suspect } from './flags.ts'
import { paySign } from './pay-sign.ts'

/** What an advert may be held for, as officers see it: `evidence` of a review. */
export type Hold = { reason: 'military' | 'risk'; evidence: { signs: Sign[] } }

type Offered = { isco: string | null; pay: Pay }

/**
 * Why an officer must look at this advert before it is shown; empty when nothing speaks for it, or only what is weak. Service
 * under arms is a question of its own: it kills. `others`: signs that do not stand in its words.
 */
export async function readRisks(
  ctx: Ctx,
  suspect: Suspect,
  { isco, pay }: Offered,
  others: readonly Sign[] = [],
): Promise<Hold[]> {
  const unusual = await paySign(ctx, { ...pay, isco, country: suspect.country })
  const raised = flagsOf([...readSigns(suspect), ...(unusual ? [unusual] : []), ...others])
  const [military, rest] = [raised.filter(isService), raised.filter((flag) => !isService(flag))]
  return [
    ...(military.length > 0 ? [{ reason: 'military' as const, evidence: evidenceOf(military) }] : []),
    // What beside it is weak only tells more of the same advert.
    ...(rest.length > 0 ? [{ reason: 'risk' as const, evidence: evidenceOf(rest) }] : []),
  ]
}

const isService = ({ flag, weight }: Raised) => flag === 'military' && weight >= 3

const evidenceOf = (raised: readonly Raised[]) => ({ signs: raised.flatMap(({ signs }) => signs).slice(0, MOST_SIGNS) })

// More would not be read.
const MOST_SIGNS = 12

/** The same of an advert that is here already. */
export const risksOf = (ctx: Ctx, vacancy: Vacancy): Promise<Hold[]> => {
  const employer = vacancy.employer_name ? { name: vacancy.employer_name, inn: null, ogrn: null } : null
  return readRisks(ctx, { ...vacancy, employer }, { isco: vacancy.isco, pay: vacancy })
}
