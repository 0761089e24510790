import { authorise } from '#kernel/access/authorise.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx, StaffActor } from '#kernel/context.ts'
import { type Rule, ruleInForce } from '#kernel/law/rules.ts'
import type { Measure } from './kinds.ts'
import { appealEnd, RUSSIA } from './proceedings.ts'

/** The rule by which a proceeding's deadline is counted: expulsion is decided in an administrative case. */
export const PROCEEDING_TOPIC = 'appeal_expulsion'

/** By which rule an appeal against a measure is counted: an administrative case by its code, decisions of authorities by the court's. */
export const appealTopic = (kind: Measure) => (kind === 'expulsion' ? PROCEEDING_TOPIC : 'appeal_court')

/** The dated rule on a day, where the decision was handed over then; null where none is known. */
export const appealRule = (
  ctx: Ctx,
  topic: string,
  served_on: Temporal.PlainDate,
  place = RUSSIA,
): Promise<Rule | null> =>
  ruleInForce(ctx, topic, { place, on: served_on.toZonedDateTime({ timeZone: 'UTC', plainTime: '12:00' }).toInstant() })

/**
 * The last moment for an appeal, with its rule; null where no rule is known. Days are those of the calendar and begin with the
 * day after; that a last day off moves on is left to a lawyer. The true end is never earlier than what is
 * told, wherever in Russia it is (`clockOfTerms`), but for one place: Yakutia counts by its main clock, and in its east a day ends up to
 * two hours before that.
 */
export async function countAppeal(ctx: Ctx, topic: string, served_on: Temporal.PlainDate, place: string | null = null) {
  const rule = await appealRule(ctx, topic, served_on, place ?? RUSSIA)
  if (!rule?.days && !rule?.months) return null
  const term = rule.months ? { months: rule.months } : { days: rule.days! }
  return { rule, until: await appealEnd(ctx, place, served_on, term) }
}

/** The clock of one measure at the actor's office. */
export type Appeal = {
  measure_id: string
  served_on: Temporal.PlainDate
  appeal_until: Temporal.Instant
  appeal_rule: string
  appealed_on: Temporal.PlainDate | null
}

const COLUMNS = ['measure_id', 'served_on', 'appeal_until', 'appeal_rule', 'appealed_on'] as const

/** The clock of a measure, where the actor's office has begun one. */
export const findAppeal = (ctx: Ctx, measure_id: string): Promise<Appeal | undefined> =>
  ctx.db.selectFrom('expulsions.appeal').select(COLUMNS).where('measure_id', '=', measure_id).executeTakeFirst()

/** Clocks that run, or ran out not longer ago than a month: a court may restore a term. The nearest first. */
export const listAppeals = (ctx: Ctx, limit: number): Promise<(Appeal & { reference: string })[]> =>
  ctx.db
    .selectFrom('expulsions.appeal as a')
    .innerJoin('expulsions.measure as m', 'm.id', 'a.measure_id')
    .select(['a.measure_id', 'a.served_on', 'a.appeal_until', 'a.appeal_rule', 'a.appealed_on', 'm.reference'])
    .where('a.appealed_on', 'is', null)
    .where('a.appeal_until', '>', ctx.now.subtract({ hours: 30 * 24 }))
    .orderBy('a.appeal_until')
    .limit(limit)
    .execute()

/**
 * Begins the clock of a measure, or sets it anew: from the day on which the decision was handed over or the person learned of
 * it. Answers false, and changes nothing, where no rule is known for that day.
 */
export async function setAppeal(
  ctx: Ctx,
  measure: { id: string; kind: Measure },
  { served_on, appealed_on }: Pick<Appeal, 'served_on' | 'appealed_on'>,
): Promise<boolean> {
  authorise(ctx, 'expulsion.help', { type: 'measure', id: measure.id })
  const counted = await countAppeal(ctx, appealTopic(measure.kind), served_on)
  if (!counted) return false
  const { organisation_id, user_id } = ctx.actor as StaffActor
  const clock = {
    ...{ served_on, appealed_on, appeal_until: counted.until, appeal_rule: counted.rule.key },
    ...{ appeal_reminded: 0, changed_at: ctx.now },
  }
  await ctx.db
    .insertInto('expulsions.appeal')
    .values({ ...clock, measure_id: measure.id, organisation_id, entered_by: user_id })
    .onConflict((conflict) => conflict.columns(['measure_id', 'organisation_id']).doUpdateSet(clock))
    .execute()
  await audit(ctx, 'appeal.set', { type: 'measure', id: measure.id }, { appealed: appealed_on !== null })
  return true
}
