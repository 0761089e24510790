import { sql } from 'kysely'
import type { Ctx } from '../context.ts'
import { plainDate } from '../i18n/format.ts'
import type { Money } from '../money.ts'
import { ancestorsIn } from '../places/atlas.ts'
import { placeName, placesAtlas } from '../places/places.ts'

/** A rule that may be shown, always together with its date and source. */
export type Rule = {
  key: string
  topic: string
  region_code: string | null
  isco_code: string | null
  applies_from: Temporal.PlainDate | null
  applies_to: Temporal.PlainDate | null
  money: Money | null
  /** How many days it allows: from what, the topic says. */
  days: number | null
  /** In any how many days those are counted together; null where the topic says it. */
  window_days: number | null
  /** The same in months of the calendar. */
  months: number | null
  confidence: 'high' | 'medium'
  source_url: string
  /** The day on which the source said so. */
  as_of: Temporal.PlainDate | null
}

/** What is known of working on a patent in a Russian place. Null is "unknown: ask", never "allowed". */
export type PatentLimits = {
  /** A patent binds to the region that issued it. */
  region: Rule | null
  /** The region closed this kind of work to people with a patent. */
  trade: Rule | null
  /** What a patent costs there a month. */
  cost: Rule | null
  /** By when it has to be paid each month. */
  payment: Rule | null
}

const RUSSIA = 'RU'

/**
 * The rule on a topic that holds on a day, in a place (its own rule before its country's) and for an occupation. Null
 * when no dated, uncontradicted rule of at least medium confidence is known: the page then says "unknown, ask".
 */
export async function ruleInForce(
  ctx: Ctx,
  topic: string,
  { place, isco, on = ctx.now }: { place?: string | null; isco?: string | null; on?: Temporal.Instant } = {},
): Promise<Rule | null> {
  const day = plainDate(on)
  const around = await placesAround(ctx, place)
  const row = await knownRules(ctx, topic, around)
    .where((e) => e.or([e('isco_code', 'is', null), ...(isco ? [e('isco_code', '=', isco)] : [])]))
    // Without a first day, a rule is known from the day its source spoke.
    .where(sql<boolean>`coalesce(applies_from, as_of) <= ${day}`)
    .where((e) => e.or([e('applies_to', 'is', null), e('applies_to', '>=', day)]))
    .orderBy(sql`array_position(${around}::text[], region_code)`)
    .orderBy(sql`applies_from desc nulls last`)
    .orderBy('key')
    .executeTakeFirst()
  return row ? ruleOf(row) : null
}

/**
 * The rules on a topic for all work that held one after the other in a place, the oldest first: for what is counted day
 * by day. Each with the first day on which it is known to hold.
 */
export async function rulesOverTime(
  ctx: Ctx,
  topic: string,
  { place }: { place: string },
): Promise<(Rule & { known_from: Temporal.PlainDate })[]> {
  const rows = await knownRules(ctx, topic, await placesAround(ctx, place))
    .where('isco_code', 'is', null)
    .where(sql<boolean>`coalesce(applies_from, as_of) is not null`)
    .orderBy(sql`coalesce(applies_from, as_of)`)
    .orderBy('key')
    .execute()
  return rows.map((row) => ({ ...ruleOf(row), known_from: (row.applies_from ?? row.as_of)! }))
}

const placesAround = async (ctx: Ctx, place: string | null | undefined) =>
  place ? [place, ...ancestorsIn(await placesAtlas(ctx), place)] : []

// What may be shown: neither withdrawn nor contradicted nor weak.
const knownRules = (ctx: Ctx, topic: string, around: string[]) =>
  ctx.db
    .selectFrom('law.rule')
    .select([
      'key',
      'topic',
      'region_code',
      'isco_code',
      'applies_from',
      'applies_to',
      'amount',
      'currency',
      'days',
      'window_days',
      'months',
      'confidence',
      'source_url',
      'as_of',
    ])
    .where('topic', '=', topic)
    .where('withdrawn_at', 'is', null)
    .where('contradicted', '=', false)
    .where('confidence', '<>', 'low')
    .where((e) => e.or([e('region_code', 'is', null), e('region_code', '=', sql<string>`any(${around})`)]))

type Row = Awaited<ReturnType<ReturnType<typeof knownRules>['execute']>>[number]

const ruleOf = ({ amount, currency, confidence, ...rule }: Row): Rule => ({
  ...rule,
  confidence: confidence as Rule['confidence'],
  money: amount !== null && currency !== null ? { amount, currency } : null,
})

/** The limits a patent sets to work in a place; null outside Russia, where there are no patents. */
export async function patentLimits(
  ctx: Ctx,
  { placeCode, isco = null, on = ctx.now }: { placeCode: string; isco?: string | null; on?: Temporal.Instant },
): Promise<PatentLimits | null> {
  if (placeCode !== RUSSIA && !placeCode.startsWith(`${RUSSIA}-`)) return null
  const where = { place: placeCode, on }
  return {
    region: await ruleInForce(ctx, 'patent_region', where),
    trade: isco ? await ruleInForce(ctx, 'patent_trade_closed', { ...where, isco }) : null,
    cost: await ruleInForce(ctx, 'patent_cost', where),
    payment: await ruleInForce(ctx, 'patent_payment_deadline', where),
  }
}

/** The rule in the reader's words, one or two short sentences. Shown with `law.as_of`, its source and `law.verify`. */
export async function sayRule(ctx: Ctx, rule: Rule): Promise<string> {
  const date = (day: Temporal.PlainDate | null) => (day ? ctx.format.date(day) : '')
  return ctx.t(`law.rule.${rule.topic}`, {
    place: rule.region_code ? await placeName(ctx, rule.region_code) : '',
    amount: rule.money ? ctx.format.money(rule.money) : '',
    from: date(rule.applies_from),
    to: date(rule.applies_to),
    ends: rule.applies_to ? 'yes' : 'no',
    days: rule.days ?? 0,
    window: rule.window_days ?? 0,
    months: rule.months ?? 0,
  })
}
