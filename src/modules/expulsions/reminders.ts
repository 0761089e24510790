import { sql } from 'kysely'
import { arrayOf } from '#kernel/db/arrays.ts'
import { inTransaction } from '#kernel/db/in-transaction.ts'
import { defineJob, type JobCtx } from '#kernel/jobs/job.ts'
import { withdrawGone } from './corrections.ts'
import { noteLacking } from './lacking.ts'
import {
  BATCH_CAME,
  DECISION_CAME,
  escalate,
  escalateDecision,
  escalateQuestions,
  remindOffice,
  remindOfQuestions,
  tellDeciders,
  tellOffice,
} from './notices.ts'
import { noteUntaken } from './untaken.ts'

/** An office is reminded once a day; after so many reminders those who watch over the exchange are told. */
const REMINDERS_BEFORE_ESCALATION = 2
const REMIND_EVERY = { hours: 24 }

type Late = {
  batch_id: string
  to_organisation: string
  reference: string
  reminders: number
  escalated: boolean
}

/** Officers are reminded of corrections and questions once before their term, then daily; after the term those who watch are told. */
const REMIND_BEFORE = { hours: 24 }
const AT_ONCE = 1000
/** Where no route leads there any more, as for a copy: see relay_as. */
const TERM_WITHOUT_ROUTE = 24

/**
 * Reminds offices of what they have not confirmed in its term, and of corrections and questions whose term ends or is over. Each
 * reminder is counted in the transaction that writes it. What a corrected list says no more is withdrawn before, and what it lacks is told; so are lists of which nothing was taken in.
 */
export const remindJob = defineJob({
  async run(ctx) {
    await inTransaction(ctx, withdrawGone)
    await inTransaction(ctx, noteLacking)
    await inTransaction(ctx, noteUntaken)
    for (const remind of [remindSome, remindDeciders, remindAsked]) while ((await remind(ctx)) > 0) await ctx.report({})
  },
})

// What has a term of its own: a first reminder before it, others a day apart once it is over.
const dueNow = ({ now }: JobCtx) => sql`(
  (reminders = 0 and due_at <= ${now.add(REMIND_BEFORE)})
  or (due_at < ${now} and reminded_at <= ${now.subtract(REMIND_EVERY)})
)`
const counted = ({ now }: JobCtx) => sql`
  reminders = reminders + 1,
  reminded_at = ${now},
  escalated_at = case
    when due_at < ${now} and reminders + 1 >= ${REMINDERS_BEFORE_ESCALATION} then coalesce(escalated_at, ${now})
  end`

function remindDeciders(job: JobCtx): Promise<number> {
  return inTransaction(job, async (ctx) => {
    const { rows } = await sql<{ list: string | null; measure: string; deciders: string[]; escalated: boolean }>`
      with due as (
        select id
        from expulsions.correction
        where outcome is null
          and ${dueNow(job)}
        order by due_at
        limit ${AT_ONCE}
        for update skip locked
      ), reminded as (
        update expulsions.correction
        set ${counted(job)}
        where id in (select id from due)
        returning measure_id, stated_in, escalated_at = ${ctx.now} as escalated
      )
      select b.reference as list, m.reference as measure, expulsions.deciders_as(array_agg(r.measure_id)) as deciders,
        bool_or(coalesce(r.escalated, false)) as escalated
      from reminded r
      left join expulsions.batch b on b.id = r.stated_in
      left join expulsions.measure m on m.id = r.measure_id and r.stated_in is null
      group by b.reference, m.reference`.execute(ctx.db)
    for (const { list, measure, deciders, escalated } of rows) {
      const about = list ? { list } : { measure }
      await tellDeciders(ctx, deciders, about, { late: true })
      if (escalated) await escalateDecision(ctx, about)
    }
    return rows.length
  })
}

function remindAsked(job: JobCtx): Promise<number> {
  return inTransaction(job, async (ctx) => {
    const { rows } = await sql<{ reference: string; organisation_id: string; escalated: boolean }>`
      with due as (
        select id
        from expulsions.question
        where answered_at is null
          and ${dueNow(job)}
        order by due_at
        limit ${AT_ONCE}
        for update skip locked
      ), reminded as (
        update expulsions.question
        set ${counted(job)}
        where id in (select id from due)
        returning batch_id, to_organisation, escalated_at = ${ctx.now} as escalated
      )
      select b.reference, r.to_organisation as organisation_id, bool_or(coalesce(r.escalated, false)) as escalated
      from reminded r
      join expulsions.batch b on b.id = r.batch_id
      group by b.reference, r.to_organisation`.execute(ctx.db)
    for (const { organisation_id, reference, escalated } of rows) {
      await remindOfQuestions(ctx, organisation_id, reference)
      if (escalated) await escalateQuestions(ctx, organisation_id, reference)
    }
    return rows.length
  })
}

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
      returning d.batch_id, d.to_organisation, b.reference, d.reminders,
        d.escalated_at = ${ctx.now} as escalated`.execute(ctx.db)
    for (const late of rows) {
      await remindOffice(ctx, late.to_organisation, late.reference)
      if (late.escalated) await escalate(ctx, late.to_organisation, late.reference)
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
 * that was decided. What was superseded meanwhile is given as it is stated last. They are told, and have the time of the route.
 */
export const releaseJob = defineJob({
  async run(job) {
    const { rows } = await sql<Released>`
      select s.batch_id, b.reference, b.kind, h.from_organisation, h.to_organisation, array_agg(h.measure_id) as measures
      from (
        select distinct on (h.to_organisation, h.measure_id) h.to_organisation, h.measure_id, h.from_organisation
        from expulsions.held h
        order by h.to_organisation, h.measure_id, h.version desc
      ) h
      join expulsions.body o on o.organisation_id = h.to_organisation
      join expulsions.measure m on m.id = h.measure_id
      join expulsions.statement s on s.measure_id = m.id and s.version = m.latest
      join expulsions.batch b on b.id = s.batch_id
      join people.link l on l.record_id = s.record_id
      where people.may_relay(l.person_id, o.kind)
        -- What has ended since goes to whoever holds it: deliver_as looks whether they do.
        or expulsions.is_over(s.kind, s.status, s.ends_on, ${job.now}::timestamptz::date)
      group by s.batch_id, b.reference, b.kind, h.from_organisation, h.to_organisation`.execute(job.db)
    for (const one of rows) await inTransaction(job, (ctx) => release(ctx, one))
  },
})

type Released = {
  batch_id: string
  reference: string
  kind: 'list' | 'decision'
  from_organisation: string
  to_organisation: string
  measures: string[]
}

async function release(ctx: JobCtx, one: Released): Promise<void> {
  const { batch_id, from_organisation, to_organisation, measures } = one
  const route = await ctx.db
    .selectFrom('expulsions.route')
    .select(['id', 'term_hours'])
    .where('from_organisation', '=', from_organisation)
    .where('to_organisation', '=', to_organisation)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  // By it rows know when they came.
  await sql`select set_config('app.now', ${String(ctx.now)}, true)`.execute(ctx.db)
  const hours = route?.term_hours ?? TERM_WITHOUT_ROUTE
  // The measures before what is sent of them, as whoever confirms rows locks them.
  await sql`
    select from expulsions.measure where id = any (${arrayOf('uuid', measures)}) order by id for key share`.execute(
    ctx.db,
  )
  const before = await ctx.db
    .selectFrom('expulsions.delivery')
    .select('acknowledged_at')
    .where('batch_id', '=', batch_id)
    .where('to_organisation', '=', to_organisation)
    .forUpdate()
    .executeTakeFirst()
  const { rows } = await sql<{ sent: number }>`
    select sent
    from expulsions.deliver_as(${batch_id}, ${from_organisation}, ${to_organisation}, ${route?.id ?? null}::uuid,
      ${hours}, ${ctx.now}, ${measures}::uuid[])`.execute(ctx.db)
  if (rows[0]!.sent === 0) return
  // Whoever had confirmed all of it has the whole time for what is new; what was late already stays so.
  if (before?.acknowledged_at)
    await ctx.db
      .updateTable('expulsions.delivery')
      .set({ due_at: ctx.now.add({ hours }), reminders: 0, reminded_at: null, escalated_at: null })
      .where('batch_id', '=', batch_id)
      .where('to_organisation', '=', to_organisation)
      .execute()
  await tellOffice(ctx, to_organisation, one.reference, one.kind === 'decision' ? DECISION_CAME : BATCH_CAME)
}
