import { sql } from 'kysely'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import { defineJob } from '#kernel/jobs/job.ts'
import type { SuspendedFor } from './agreements.ts'
import { isOverdue, isWanted, type Month, monthsOf, todayUtc } from './figures.ts'
import { tellOfBulk, tellOfFigure } from './telling.ts'

/** On which days after a month's end its figure is asked for while it is missing: at once, and twice before the last day. */
const REMIND_DAYS = [0, 15, 25]

type Watched = {
  id: string
  organisation_id: string
  suspended_at: Temporal.Instant | null
  resumed_at: Temporal.Instant | null
}

/**
 * Compares each carrier's questions with the passengers that it says it carried: whoever asks about more people than flew asks about
 * others too. Such a carrier asks no more until somebody has looked. A figure that is missing is asked for, and in the end its absence
 * does the same: silence would be the way around. Each night by the clock.
 */
export const reconcileJob = defineJob({
  async run(ctx) {
    const agreements = await ctx.db
      .selectFrom('entry_check.agreement')
      .select(['id', 'organisation_id', 'suspended_at', 'resumed_at'])
      .where('ended_at', 'is', null)
      .execute()
    for (const agreement of agreements) {
      ctx.signal.throwIfAborted()
      const months = await monthsOf(ctx, agreement.id)
      await ctx.db.transaction().execute(async (db) => reconcile({ ...ctx, db }, agreement, months))
    }
  },
})

async function reconcile(ctx: Ctx, agreement: Watched, months: readonly Month[]): Promise<void> {
  const { id, organisation_id, suspended_at, resumed_at } = agreement
  const wanted = months.filter((month) => isWanted(ctx, month))
  const overdue = wanted.filter(({ month }) => isOverdue(ctx, month))
  // What somebody has looked at since is looked at.
  const bulk = months.filter(
    ({ noted_at, queries, passengers }) =>
      noted_at && (!resumed_at || Temporal.Instant.compare(noted_at, resumed_at) > 0) && queries > passengers!,
  )
  if (!suspended_at && bulk.length > 0) {
    await suspend(ctx, id, 'more', bulk.length)
    await tellOfBulk(ctx, id, organisation_id)
  } else if (!suspended_at && overdue.length > 0) {
    await suspend(ctx, id, 'figure', overdue.length)
    await tellOfFigure(ctx, agreement, 'off')
  } else if (await isReminderDue(ctx, id, wanted)) await tellOfFigure(ctx, agreement, 'wanted')
}

async function suspend(ctx: Ctx, id: string, suspended_for: SuspendedFor, months: number): Promise<void> {
  const suspended = { suspended_at: ctx.now, suspended_for }
  await ctx.db.updateTable('entry_check.agreement').set(suspended).where('id', '=', id).execute()
  const reason = suspended_for === 'more' ? 'more_than_carried' : 'no_figure'
  await audit(ctx, 'carrier.suspend', { type: 'agreement', id }, { reason, months })
}

// Each reminder once, the latest that is due: a night on which nothing ran is made up for.
async function isReminderDue(ctx: Ctx, agreement_id: string, wanted: readonly Month[]): Promise<boolean> {
  let due = false
  for (const { month } of wanted) {
    const days = month.add({ months: 1 }).until(todayUtc(ctx), { largestUnit: 'days' }).days
    const day = REMIND_DAYS.findLast((one) => one <= days)
    const { rows } = await sql`
      insert into entry_check.figure_reminder (agreement_id, month, day, reminded_at)
      values (${agreement_id}, ${month}, ${day}, ${ctx.now})
      on conflict do nothing
      returning 1`.execute(ctx.db)
    due ||= rows.length > 0
  }
  return due
}
