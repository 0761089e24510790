import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { inTransaction } from '#kernel/db/in-transaction.ts'
import { defineJob } from '#kernel/jobs/job.ts'
import type { NotificationKind } from '#kernel/notifications/kinds.ts'
import { notify } from '#kernel/notifications/notify.ts'
import { BATCHES, escalateAppeal, overseers, PROCEEDINGS } from './notices.ts'

/** When an office is reminded that a term ends: three days before, and on the last day. */
const FIRST_HOURS = 72
export const LAST_HOURS = 24

/** A term for an appeal that ends soon. The mail says only that something waits. */
export const appealNews: NotificationKind = {
  kind: 'expulsions.appeal',
  label: 'expulsions.notice.appeal_kind',
  mail: 'now',
  gatherMinutes: 5,
  permission: 'expulsion.help',
}

const LAST_STAGE = 2

type Ending = { reference: string; organisation_id: string; stage: number }

/**
 * Reminds offices of appeals whose term ends, before it does: each stage once, in the transaction that notes it. On the last day the
 * Migration Service is told as well of proceedings in which the office that recorded them has not appealed.
 */
export const appealsJob = defineJob({
  async run(job) {
    await inTransaction(job, async (ctx) => {
      const ahead = (hours: number) => ctx.now.add({ hours })
      const stage = sql`case when appeal_until <= ${ahead(LAST_HOURS)} then ${sql.lit(LAST_STAGE)} else 1 end`
      const due = sql`appeal_until > ${ctx.now} and appeal_until <= ${ahead(FIRST_HOURS)} and appeal_reminded < ${stage}
        and appealed_on is null`
      const proceedings = await sql<Ending>`
        update expulsions.proceeding
        set appeal_reminded = ${stage}
        where status in ('open', 'ordered') and ${due}
        returning reference, custodian as organisation_id, appeal_reminded as stage`.execute(ctx.db)
      const measures = await sql<Ending>`
        update expulsions.appeal
        set appeal_reminded = ${stage}
        from expulsions.measure m
        where m.id = measure_id and ${due}
        returning m.reference, organisation_id, appeal_reminded as stage`.execute(ctx.db)
      const watchers = await overseers(ctx)
      for (const one of proceedings.rows) {
        await remind(ctx, one, `${PROCEEDINGS}/${one.reference}`)
        const others = watchers.filter((id) => id !== one.organisation_id)
        if (one.stage === LAST_STAGE) await escalateAppeal(ctx, others, one.organisation_id, one.reference)
      }
      for (const one of measures.rows) await remind(ctx, one, `${BATCHES}/measures/${one.reference}`)
    })
  },
})

const remind = (ctx: Ctx, { reference, organisation_id, stage }: Ending, href: string): Promise<void> =>
  notify(ctx, {
    to: { permission: 'expulsion.help', organisation_id },
    kind: appealNews.kind,
    key: stage === LAST_STAGE ? 'expulsions.notice.appeal_last' : 'expulsions.notice.appeal_soon',
    values: { reference },
    href,
    dedupe: `appeal ${reference} ${stage}`,
  })
