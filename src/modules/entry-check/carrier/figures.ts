import { type RawBuilder, sql } from 'kysely'
import { authorise } from '#kernel/access/authorise.ts'
import { staffOf } from '#kernel/access/sessions.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { problem } from '#kernel/problem.ts'
import { AGREE, CARRY, tellOfFigure } from './telling.ts'

/**
 * So many days after a month's end a carrier may take to say how many it carried, if it asked about anybody in that month; then it asks
 * no more. A term of our own, no rule: long enough for a monthly report, short enough that whoever asks about many does not do so for
 * a season.
 */
export const FIGURE_DAYS = 30

/** The last day for the figure of a month (its first day). Months are those of UTC. */
export const figureDue = (month: Temporal.PlainDate): Temporal.PlainDate =>
  month.add({ months: 1 }).subtract({ days: 1 }).add({ days: FIGURE_DAYS })

/** Today, as months and their terms are counted. */
export const todayUtc = ({ now }: Pick<Ctx, 'now'>): Temporal.PlainDate => plainDate(now, 'UTC')

/** Whether the last day for the figure of a month is over. */
export const isOverdue = (ctx: Pick<Ctx, 'now'>, month: Temporal.PlainDate): boolean =>
  Temporal.PlainDate.compare(todayUtc(ctx), figureDue(month)) > 0

const thisMonth = (ctx: Pick<Ctx, 'now'>): Temporal.PlainDate => todayUtc(ctx).with({ day: 1 })

/** One row: the first month of an agreement that ended, in which it asked, and for which no figure stands; null where there is none. */
export const firstWanted = (ctx: Pick<Ctx, 'now'>, agreement: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  select min(date_trunc('month', w.at at time zone 'UTC')::date) as month
  from entry_check.carrier_query w
  where w.agreement_id = ${agreement}
    and (w.at at time zone 'UTC')::date < ${thisMonth(ctx)}
    and not exists (
      select
      from entry_check.carried c
      where c.agreement_id = w.agreement_id
        and c.month = date_trunc('month', w.at at time zone 'UTC')::date
    )`

export type Month = {
  month: Temporal.PlainDate
  queries: number
  referred: number
  passengers: number | null
  /** When the carrier's figure was noted. */
  noted_at: Temporal.Instant | null
  /** Whether its own staff stated it. */
  by_carrier: boolean
}

/** Questions by month (UTC), the newest first, beside what the carrier says it carried. */
export async function monthsOf(ctx: Pick<Ctx, 'db'>, agreement_id: string): Promise<Month[]> {
  const { rows } = await sql<Month>`
    select coalesce(q.month, c.month) as month, coalesce(q.queries, 0) as queries, coalesce(q.referred, 0) as referred, c.passengers,
      c.recorded_at as noted_at, coalesce(c.by_carrier, false) as by_carrier
    from (
      select date_trunc('month', at at time zone 'UTC')::date as month, count(*)::int as queries, count(referred_at)::int as referred
      from entry_check.carrier_query
      where agreement_id = ${agreement_id}
      group by 1
    ) q
    full join (select month, passengers, recorded_at, by_carrier from entry_check.carried where agreement_id = ${agreement_id}) c
      on c.month = q.month
    order by 1 desc
    limit 24`.execute(ctx.db)
  return rows
}

/** An officer notes, or corrects, what a carrier says it carried in a month. */
export async function recordCarried(
  ctx: Ctx,
  agreement_id: string,
  month: Temporal.PlainDate,
  passengers: number,
): Promise<void> {
  authorise(ctx, AGREE)
  const said = { passengers, recorded_at: ctx.now, by_carrier: false }
  await ctx.db
    .insertInto('entry_check.carried')
    .values({ agreement_id, month, ...said })
    .onConflict((conflict) => conflict.columns(['agreement_id', 'month']).doUpdateSet(said))
    .execute()
  await audit(ctx, 'carrier.reconcile', { type: 'agreement', id: agreement_id }, { passengers })
}

/** Whether a month ended in which the carrier asked, and its figure is not there. A month without a question needs none. */
export const isWanted = (ctx: Pick<Ctx, 'now'>, { month, queries, passengers }: Month): boolean =>
  queries > 0 && passengers === null && Temporal.PlainDate.compare(month, thisMonth(ctx)) < 0

/** What the actor's own organisation, a carrier, still has to state; null without an agreement that holds. */
export type Owed = { agreement: string; months: Month[]; off_for_figure: boolean }

/** @throws forbidden for others than carriers' staff */
export async function figuresOwed(ctx: Ctx): Promise<Owed | null> {
  authorise(ctx, CARRY)
  const agreement = await ctx.db
    .selectFrom('entry_check.agreement')
    .select(['id', 'suspended_for'])
    .where('organisation_id', '=', staffOf(ctx).organisation_id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  if (!agreement) return null
  const months = (await monthsOf(ctx, agreement.id)).filter((month) => isWanted(ctx, month)).reverse()
  // Why else it may not ask is not for its eyes: it would learn which passenger was invented.
  const off_for_figure = agreement.suspended_for === 'figure'
  return { agreement: agreement.id, months, off_for_figure }
}

/** A carrier states itself how many it carried in a month that wants it. What stands it cannot change. @throws conflict */
export async function stateFigure(ctx: Ctx, month: Temporal.PlainDate, passengers: number): Promise<void> {
  const owed = await figuresOwed(ctx)
  if (!owed?.months.some((one) => one.month.equals(month))) throw problem('conflict')
  await ctx.db
    .insertInto('entry_check.carried')
    .values({ agreement_id: owed.agreement, month, passengers, recorded_at: ctx.now, by_carrier: true })
    .execute()
  await audit(ctx, 'carrier.reconcile', { type: 'agreement', id: owed.agreement }, { passengers })
  if (owed.off_for_figure) await tellOfFigure(ctx, { id: owed.agreement }, 'came')
}
