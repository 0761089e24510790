import { sql } from 'kysely'
import { inTransaction } from '#kernel/db/in-transaction.ts'
import { defineJob, type JobCtx } from '#kernel/jobs/job.ts'
import { escalate, remindOffice } from './notices.ts'

/** An office is reminded once a day; after so many reminders those who watch over the exchange are told. */
const REMINDERS_BEFORE_ESCALATION = 2
const REMIND_EVERY = { hours: 24 }

type Late = {
  batch_id: string
  to_organisation: string
  reference: string
  office: string
  reminders: number
  escalated: boolean
}

/** Reminds offices of what they have not confirmed in its term. Each reminder is counted in the transaction that writes it. */
export const remindJob = defineJob({
  async run(ctx) {
    while ((await remindSome(ctx)) > 0) await ctx.report({})
  },
})

function remindSome(job: JobCtx): Promise<number> {
  return inTransaction(job, async (ctx) => {
    const { rows } = await sql<Late>`
      with late as (
        select d.batch_id, d.to_organisation
        from expulsions.delivery d
        where d.acknowledged_at is null
          and d.due_at < ${ctx.now}
          and (d.reminded_at is null or d.reminded_at <= ${ctx.now.subtract(REMIND_EVERY)})
        order by d.due_at
        limit 100
        for update skip locked
      )
      update expulsions.delivery d
      set reminders = d.reminders + 1,
          reminded_at = ${ctx.now},
          escalated_at = case when d.reminders + 1 >= ${REMINDERS_BEFORE_ESCALATION} then coalesce(d.escalated_at, ${ctx.now}) end
      from late l, expulsions.batch b
      where d.batch_id = l.batch_id
        and d.to_organisation = l.to_organisation
        and b.id = d.batch_id
      returning d.batch_id, d.to_organisation, b.reference, organisations.name_of(d.to_organisation, 'ru') as office, d.reminders,
        d.escalated_at = ${ctx.now} as escalated`.execute(ctx.db)
    for (const late of rows) {
      await remindOffice(ctx, late.to_organisation, late.reference)
      if (late.escalated) await escalate(ctx, late.office, late.reference)
    }
    if (rows.length > 0)
      await sql`
        insert into expulsions.event (batch_id, at, kind, organisation_id, custodian)
        select d.batch_id, ${ctx.now}, k.kind, d.to_organisation, d.custodian
        from expulsions.delivery d
        join jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x (batch_id uuid, to_organisation uuid, escalated boolean)
          on x.batch_id = d.batch_id and x.to_organisation = d.to_organisation
        cross join lateral (values ('reminded', true), ('escalated', x.escalated)) k (kind, wanted)
        where k.wanted`.execute(ctx.db)
    return rows.length
  })
}

/**
 * Gives rows that were held to their recipients as soon as they may have them: a protection that was lifted, a comparison
 * that was decided.
 */
export const releaseJob = defineJob({
  async run(job) {
    const { rows } = await sql<{
      batch_id: string
      from_organisation: string
      to_organisation: string
      measures: string[]
    }>`
      select h.batch_id, h.from_organisation, h.to_organisation, array_agg(h.measure_id) as measures
      from expulsions.held h
      join expulsions.body b on b.organisation_id = h.to_organisation
      join expulsions.statement s on s.measure_id = h.measure_id and s.version = h.version
      join people.link l on l.record_id = s.record_id
      where people.may_relay(l.person_id, b.kind)
      group by h.batch_id, h.from_organisation, h.to_organisation`.execute(job.db)
    for (const { batch_id, from_organisation, to_organisation, measures } of rows)
      await inTransaction(job, (ctx) =>
        sql`
          select expulsions.deliver_as(${batch_id}, ${from_organisation}, ${to_organisation},
            (select r.id from expulsions.route r
              where r.from_organisation = ${from_organisation} and r.to_organisation = ${to_organisation} and r.ended_at is null),
            24, ${ctx.now}, ${measures}::uuid[])`.execute(ctx.db),
      )
  },
})
