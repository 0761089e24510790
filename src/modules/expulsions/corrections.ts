import { sql } from 'kysely'
import { authorise } from '#kernel/access/authorise.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import { arrayOf, recordset } from '#kernel/db/arrays.ts'
import { newId } from '#kernel/ids.ts'
import type { Batch } from './batch-of-import.ts'
import { BY_HAND, type CORRECTIONS, type CorrectionKind, TERM_HOURS } from './kinds.ts'
import { tellDeciders, tellOfWithdrawal } from './notices.ts'
import { askAgain } from './questions.ts'
import { refusing } from './refusals.ts'
import { DECISION_TERM, newBatch, tellAll } from './relay.ts'
import type { KeptMeasure } from './saving.ts'
import { lengthText, statusText } from './term-text.ts'

type Decided = {
  second: boolean
  told: { to: string; fresh: boolean }[]
  opened: { measure: string; deciders: string[] }[]
}

export type Correction = {
  id: string
  measure_id: string
  measure: string
  wanted: CorrectionKind
  /** Of "ended": the last day it would have; null where its status ends it. */
  ends_on: Temporal.PlainDate | null
  /** Of "ended": how long it would hold, as `P3Y6M`, where a length is stated. */
  lasts: string | null
  /** Of what a list states to be over: since when, where it says so. */
  status_on: Temporal.PlainDate | null
  /** Null where an officer did not propose it, and once its clock has run out. */
  reason: string | null
  /** The list that states it, where one does. */
  stated_in: string | null
  /** Whether it was opened because the same decision was corrected as another office states it. */
  follows: boolean
  /** The first of the two officers; null while nobody has agreed to what a program or another decision opened. */
  proposed_by: string | null
  proposed_by_name: string | null
  proposed_at: Temporal.Instant
  due_at: Temporal.Instant
  decided_at: Temporal.Instant | null
  /** `withdrawn`: a corrected version of the list that states it says so no more, or another correction settled it; nobody decided. */
  outcome: 'confirmed' | 'refused' | 'withdrawn' | null
  /**
   * What the corrected version says: that it is in force, another end, or nothing. `settled`: two officers agreed to another correction
   * of the measure, and this one would change nothing any more.
   */
  withdrawn_why: 'in_force' | 'gone' | 'otherwise' | 'settled' | null
  batch: string | null
}

/** What is to be decided, in words. */
export const wantedText = (
  ctx: Ctx,
  { wanted, ends_on, lasts, status_on }: Pick<Correction, 'wanted' | 'ends_on' | 'lasts' | 'status_on'>,
): string => {
  const { t, format } = ctx
  if (wanted !== 'ended') return statusText(ctx, wanted, status_on)
  if (!ends_on && lasts) return t('expulsions.correct.length', { length: lengthText(ctx, lasts) })
  return ends_on ? t('expulsions.correct.ended', { date: format.date(ends_on) }) : statusText(ctx, 'served', status_on)
}

/** What was proposed about measures that the actor may see, the open first; `open`: only what waits for the second officer. */
export async function listCorrections(
  ctx: Ctx,
  { measure_id = null, open = false, limit = 50 }: { measure_id?: string | null; open?: boolean; limit?: number },
): Promise<Correction[]> {
  const { rows } = await sql<Correction>`
    select c.id, c.measure_id, m.reference as measure, c.wanted, (c.change ->> 'ends_on')::date as ends_on, c.change ->> 'lasts' as lasts,
      (c.change ->> 'status_on')::date as status_on, c.reason, l.reference as stated_in, c.follows is not null as follows,
      c.proposed_by, u.name as proposed_by_name, c.proposed_at, c.due_at, c.decided_at, c.outcome,
      c.withdrawn_why, b.reference as batch
    from expulsions.correction c
    join expulsions.measure m on m.id = c.measure_id
    left join access.user_account u on u.id = c.proposed_by
    left join expulsions.batch b on b.id = c.batch_id
    left join expulsions.batch l on l.id = c.stated_in
    where (${measure_id}::uuid is null or c.measure_id = ${measure_id})
      and (not ${open} or c.outcome is null)
    order by c.outcome is not null, c.due_at, c.id
    limit ${limit}`.execute(ctx.db)
  return rows
}

/**
 * The first officer: this measure is not against this person, it is lifted, or that was wrong. Those who can be the second are
 * told. @throws conflict when a correction is open already, or it is so
 */
export async function propose(
  ctx: Ctx,
  measure_id: string,
  wanted: (typeof CORRECTIONS)[number],
  reason: string,
): Promise<void> {
  authorise(ctx, 'expulsion.correct', { type: 'measure', id: measure_id })
  const due = ctx.now.add({ hours: TERM_HOURS.correction })
  const { rows } = await refusing(
    sql<{ deciders: string[] }>`
      select expulsions.propose(${newId()}, ${measure_id}, ${wanted}, ${reason}, ${ctx.now}, ${due}) as deciders`.execute(
      ctx.db,
    ),
  )
  const { reference } = await ctx.db
    .selectFrom('expulsions.measure')
    .select('reference')
    .where('id', '=', measure_id)
    .executeTakeFirstOrThrow()
  await tellDeciders(ctx, rows[0]!.deciders, { measure: reference })
  await audit(ctx, 'expulsion.propose', { type: 'measure', id: measure_id }, { wanted })
}

/**
 * Opens, in the name of whoever brought a list, what its rows state of measures that are known: that they are over, or end sooner. A
 * program is no officer: then two have to agree, and also about what another list stated. Whatever else is open about a measure stays
 * beside it, each for itself; of one letter the same waits once. What an earlier version of the list opened, and this one says otherwise,
 * is withdrawn. Owner's connection, in the transaction that keeps the rows.
 */
export async function proposeEnds(
  ctx: Ctx,
  batch: Batch,
  by: string | null,
  measures: readonly Pick<KeptMeasure, 'measure_id' | 'ends'>[],
): Promise<void> {
  await withdrawRestated(ctx, batch, measures)
  const stated = measures.flatMap(({ ends }) => (ends ? [{ id: newId(), ...ends }] : []))
  if (stated.length === 0) return
  const due = ctx.now.add({ hours: TERM_HOURS.correction })
  const { rows } = await sql<{ deciders: string[] }>`
    with opened as (
      insert into expulsions.correction
        (id, measure_id, wanted, change, stated_in, proposed_by, proposed_for, proposed_at, due_at)
      select x.id, x.measure_id, x.wanted, x.change, coalesce(x.stated_in, ${batch.id}), u.id,
        case when u.id is not null then ${batch.custodian}::uuid end, ${ctx.now}, ${due}
      from ${recordset(stated, { id: 'uuid', measure_id: 'uuid', wanted: 'text', change: 'jsonb', stated_in: 'uuid' })} x
      join expulsions.batch b on b.id = coalesce(x.stated_in, ${batch.id})
      left join access.user_account u on u.id = ${by} and x.stated_in is null
      where not exists (
        select
        from expulsions.correction o
        join expulsions.batch l on l.id = o.stated_in
        where o.measure_id = x.measure_id
          and o.outcome is null
          and (o.wanted, o.change) is not distinct from (x.wanted, x.change)
          and l.custodian = b.custodian
          and l.letter is not distinct from b.letter
      )
      on conflict do nothing
      returning measure_id
    )
    select expulsions.deciders_as(array(select measure_id from opened)) as deciders`.execute(ctx.db)
  await tellDeciders(ctx, rows[0]!.deciders, { list: batch.reference })
}

type Withdrawn = { list: string; deciders: string[]; measures: string[] }

// What an earlier version of a list opened about these measures, and this one states otherwise. What an officer decides about at this
// moment is left to them.
async function withdrawRestated(
  ctx: Ctx,
  batch: Batch,
  measures: readonly Pick<KeptMeasure, 'measure_id' | 'ends'>[],
): Promise<void> {
  if (measures.length === 0) return
  const stated = measures.map(({ measure_id, ends }) => ({ measure_id, wanted: ends?.wanted, change: ends?.change }))
  const { rows } = await sql<Withdrawn>`
    with waiting as (
      select c.id, x.wanted
      from ${recordset(stated, { measure_id: 'uuid', wanted: 'text', change: 'jsonb' })} x
      join expulsions.correction c on c.measure_id = x.measure_id
      join expulsions.batch l on l.id = c.stated_in and l.custodian = ${batch.custodian} and l.letter = ${batch.letter}
      where c.outcome is null
        and c.wanted in ('lifted', 'ended')
        and c.stated_in <> ${batch.id}
        and (c.wanted, c.change) is distinct from (x.wanted, x.change)
      for update of c skip locked
    ), ended as (
      update expulsions.correction c
      set outcome = 'withdrawn', decided_at = ${ctx.now}, withdrawn_by = b.import_id,
        withdrawn_why = case when w.wanted is null then 'in_force' else 'otherwise' end
      from waiting w, expulsions.batch b
      where c.id = w.id
        and b.id = ${batch.id}
      returning c.measure_id, c.stated_in
    )
    ${toldOf}`.execute(ctx.db)
  for (const { list, deciders } of rows) await tellOfWithdrawal(ctx, deciders, list)
}

const toldOf = sql`
  select l.reference as list, expulsions.deciders_as(array_agg(e.measure_id)) as deciders, array_agg(e.measure_id) as measures
  from ended e
  join expulsions.batch l on l.id = e.stated_in
  group by l.reference`

/**
 * Withdraws such ends whose row is gone from the newest version of the list that opened them. A list counts as a version of another when
 * it came later under the same letter as a file, states at least half of the others again, and every row of it could be read: what
 * was refused may be the row. Answers how many lists. Owner's connection.
 */
export async function withdrawGone(ctx: Ctx): Promise<number> {
  const { rows: gone } = await sql<{ id: string; import_id: string }>`
    select c.id, n.id as import_id
    from expulsions.correction c
    join expulsions.batch l on l.id = c.stated_in
    join imports.import o on o.id = l.import_id
    cross join lateral (
      select i.id, i.errors, i.same + i.updated as again
      from imports.import i
      where i.organisation_id = l.custodian
        and i.kind = 'expulsions'
        and btrim(i.source) = l.letter
        and i.state = 'done'
        and i.native_format is distinct from ${BY_HAND}
        and (i.created_at, i.id) > (o.created_at, o.id)
      order by i.created_at desc, i.id desc
      limit 1
    ) n
    where c.outcome is null
      and c.wanted in ('lifted', 'ended')
      and n.errors = 0
      and n.again > 0
      and 2 * n.again >= o.rows - o.errors - 1
      and not exists (select from imports.row r where r.import_id = n.id and r.subject_id = c.measure_id)
      -- Of what was here already, imports did not always say which one it is.
      and not exists (select from imports.row r where r.import_id = n.id and r.state = 'same' and r.subject_id is null)`.execute(
    ctx.db,
  )
  if (gone.length === 0) return 0
  const { rows } = await sql<Withdrawn>`
    -- The measures first, as decisions lock them: what is asked again is of them. What an officer decides about now is left to them.
    with measure as materialized (
      select m.id
      from expulsions.measure m
      where m.id in (
        select c.measure_id
        from ${recordset(gone, { id: 'uuid', import_id: 'uuid' })} x
        join expulsions.correction c on c.id = x.id
      )
      for key share of m skip locked
    ), waiting as (
      select c.id, x.import_id
      from ${recordset(gone, { id: 'uuid', import_id: 'uuid' })} x
      join expulsions.correction c on c.id = x.id
      join measure m on m.id = c.measure_id
      where c.outcome is null
      for update of c skip locked
    ), ended as (
      update expulsions.correction c
      set outcome = 'withdrawn', decided_at = ${ctx.now}, withdrawn_why = 'gone', withdrawn_by = w.import_id
      from waiting w
      where c.id = w.id
      returning c.measure_id, c.stated_in
    )
    ${toldOf}`.execute(ctx.db)
  for (const { list, deciders } of rows) await tellOfWithdrawal(ctx, deciders, list)
  await askAgain(
    ctx,
    rows.flatMap(({ measures }) => measures),
  )
  return rows.length
}

/**
 * The second officer, who must be another. Confirmed, it is a new version, and everybody who ever had a row of the measure
 * gets it and confirms it. The same decision, where other offices state it, is opened for two officers of them. Answers the
 * reference of the decision; null when it is refused, or this was the first of two. @throws conflict when the same officer tries, or somebody decided meanwhile
 */
export async function decide(
  ctx: Ctx,
  { id, measure_id }: Pick<Correction, 'id' | 'measure_id'>,
  outcome: 'confirmed' | 'refused',
): Promise<string | null> {
  authorise(ctx, 'expulsion.correct', { type: 'measure', id: measure_id })
  const batch = newBatch()
  const { rows } = await refusing(
    sql<Decided>`
      select * from expulsions.decide(${id}, ${outcome}, ${batch.id}, ${batch.reference}, ${DECISION_TERM}, ${ctx.now})`.execute(
      ctx.db,
    ),
  )
  const { second, told, opened } = rows[0]!
  await tellAll(ctx, batch.reference, told)
  for (const { measure, deciders } of opened) await tellDeciders(ctx, deciders, { measure })
  await audit(ctx, second ? 'expulsion.decide' : 'expulsion.propose', { type: 'measure', id: measure_id }, { outcome })
  return second && outcome === 'confirmed' ? batch.reference : null
}
