import { audit } from '#kernel/audit/audit.ts'
import { defineJob } from '#kernel/jobs/job.ts'
import { monthsOf, tellOfBulk } from './agreements.ts'

/**
 * Compares each carrier's questions with the passengers that it says it carried: whoever asks about more people than flew asks about
 * others too. Such a carrier asks no more until somebody has looked. Each night by the clock; a month counts once its figure is there.
 */
export const reconcileJob = defineJob({
  async run(ctx) {
    const agreements = await ctx.db
      .selectFrom('entry_check.agreement')
      .select(['id', 'organisation_id', 'resumed_at'])
      .where('ended_at', 'is', null)
      .where('suspended_at', 'is', null)
      .execute()
    for (const { id, organisation_id, resumed_at } of agreements) {
      ctx.signal.throwIfAborted()
      // What somebody has looked at since is looked at.
      const news = (await monthsOf(ctx, id)).filter(
        ({ noted_at }) => noted_at && (!resumed_at || Temporal.Instant.compare(noted_at, resumed_at) > 0),
      )
      const bulk = news.filter(({ queries, passengers }) => queries > passengers!)
      if (bulk.length === 0) continue
      await ctx.db.transaction().execute(async (db) => {
        const inside = { ...ctx, db }
        await db.updateTable('entry_check.agreement').set({ suspended_at: ctx.now }).where('id', '=', id).execute()
        await audit(
          inside,
          'carrier.suspend',
          { type: 'agreement', id },
          { reason: 'more_than_carried', months: bulk.length },
        )
        await tellOfBulk(inside, id, organisation_id)
      })
    }
  },
})
