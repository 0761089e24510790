import type { Ctx } from '#kernel/context.ts'
import { type Rule, ruleInForce, rulesOverTime } from '#kernel/law/rules.ts'
import type { Limit, Limits } from './client/count.ts'
import { readDay } from './client/day.ts'
import type { Terms } from './client/deadlines.ts'

const PLACE = 'RU'

/** Besides the limits: what the page says of dates, each rule known or null. */
const SINGLE = [
  'stay_days_counted',
  'stay_90_days_exceptions',
  'address_registration_tajik',
  'amina_app',
  'medical_exam',
  'fingerprints_photo',
  'patent_payment_deadline',
  'patent_payment_missed',
  'controlled_persons_reason',
] as const

export type StayRules = {
  /** How long one may stay, the rule in force first. Empty: unknown, and nothing is counted. */
  total: Rule[]
  unbroken: Rule[]
  single: Record<(typeof SINGLE)[number], Rule | null>
  /** The same for counting. */
  limits: Limits
  terms: Terms
}

/** The dated rules that bind a citizen of Tajikistan in Russia without a visa, as `data/law` has them now. */
export async function stayRules(ctx: Ctx): Promise<StayRules> {
  const total = await limitsOver(ctx, 'stay_90_days')
  const unbroken = await limitsOver(ctx, 'stay_unbroken')
  const single = {} as StayRules['single']
  for (const topic of SINGLE) single[topic] = await ruleInForce(ctx, topic, { place: PLACE })
  // Whoever comes to work has both to do; the shorter time is the one to keep.
  const work = [single.fingerprints_photo, single.medical_exam].flatMap((rule) => rule?.days ?? [])
  return {
    total: total.rules,
    unbroken: unbroken.rules,
    single,
    limits: { total: total.limits, unbroken: unbroken.limits },
    terms: {
      registration: single.address_registration_tajik?.days ?? null,
      work: work.length > 0 ? Math.min(...work) : null,
      patent: single.patent_payment_deadline !== null,
    },
  }
}

async function limitsOver(ctx: Ctx, topic: string): Promise<{ rules: Rule[]; limits: Limit[] }> {
  const rules = (await rulesOverTime(ctx, topic, { place: PLACE })).filter(({ days }) => days !== null)
  return {
    rules: rules.toReversed(),
    limits: rules.map(({ known_from, applies_to, days, window_days }) => [
      readDay(known_from.toString())!,
      applies_to && readDay(applies_to.toString()),
      days!,
      window_days,
    ]),
  }
}
