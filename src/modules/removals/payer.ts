import type { Ctx } from '#kernel/context.ts'
import { type Rule, ruleInForce } from '#kernel/law/rules.ts'
import type { Category, Mode, Payer } from './kinds.ts'
import { type NamedPayer, namedPayer } from './named-payer.ts'
import type { Removal } from './removals.ts'

/** Who pays. `carrier`: which, where it is a carrier. By a dated rule with a source; else whom an officer named, with what she relies on. */
export type Bearer =
  | { payer: Exclude<Payer, 'named'>; carrier: string | null; rule: Rule; named: null }
  | { payer: 'named'; carrier: null; rule: null; named: NamedPayer }

// By rail and by bus no rule on passengers who were not admitted is known with a source.
const topicOf = (category: Category, mode: Mode): string | null =>
  category === 'deportee' ? 'removal_cost_deportee' : mode === 'air' ? 'removal_cost_inadmissible_air' : null

type Facts = Pick<Removal, 'category' | 'mode' | 'country' | 'left_on' | 'carrier' | 'brought_by' | 'invited'>

/**
 * Who bears the cost of a removal by the dated rules of `data/law`; null where no rule with a source is known for that day,
 * country and way of travel. A deportee: the federal budget of Russia, unless it is known who invited them (Government Decree
 * 769 of 2002). A passenger who was not admitted: the carrier that brought them in, this one unless another is stated (ICAO
 * Annex 9, 5.11).
 */
export async function bearerOf(ctx: Ctx, facts: Facts): Promise<(Bearer & { rule: Rule }) | null> {
  const { category, mode, country, left_on, carrier, brought_by, invited } = facts
  const topic = topicOf(category, mode)
  const on = left_on.toZonedDateTime({ timeZone: ctx.format.time_zone, plainTime: '12:00' }).toInstant()
  const rule = topic && (await ruleInForce(ctx, topic, { place: country, on }))
  if (!rule) return null
  if (category === 'inadmissible') return { payer: 'carrier', carrier: brought_by ?? carrier, rule, named: null }
  return { payer: invited === 'known' ? 'inviting_party' : 'federal_budget', carrier: null, rule, named: null }
}

/** The same, or whom an officer named where no such rule is known: a rule that becomes known goes before that. */
export async function payerOf(ctx: Ctx, removal: Facts & { id: string }): Promise<Bearer | null> {
  const bearer = await bearerOf(ctx, removal)
  if (bearer) return bearer
  const named = await namedPayer(ctx, removal.id)
  return named && { payer: 'named', carrier: null, rule: null, named }
}

/** The rule of `data/law` that named the payer of a claim, as it stood when its first departure left; null where it is not in force any more. */
export async function ruleBehind(
  ctx: Ctx,
  claim: { carrier: string; payer_carrier: string | null; rule_key: string | null },
  first: Pick<Removal, 'category' | 'mode' | 'country' | 'left_on'> | undefined,
): Promise<Rule | null> {
  if (!first) return null
  const { carrier, payer_carrier, rule_key } = claim
  const bearer = await bearerOf(ctx, { ...first, carrier, brought_by: payer_carrier, invited: 'unknown' })
  return bearer?.rule.key === rule_key ? bearer.rule : null
}
