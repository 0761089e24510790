import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { arrayOf, recordset } from '#kernel/db/arrays.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import type { Batch } from './batch-of-import.ts'
import type { Fresh } from './import.ts'
import type { QuestionAbout, Status } from './kinds.ts'
import type { MeasureFacts } from './notice.ts'
import { dayOfRefusal } from './recognise.ts'

export type Kept = Fresh & { record_id: string; reference: string }
export type KeptMeasure = Kept & {
  notice: { refusal: false; facts: MeasureFacts }
  /** How it stands from now on. */
  now: Standing
  /** Questions that the row answers, where it did not before. */
  answers: QuestionAbout[]
  ends: StatedEnd | null
}

/** That a measure is over, or ends sooner, as a row states it: for two officers to decide. */
type StatedEnd = {
  measure_id: string
  wanted: 'lifted' | 'ended'
  change: object | null
  /** The batch whose row states it; null for the row that was read. */
  stated_in: string | null
}

/**
 * Keeps measures with what is stated of them: a new one, or the next version of one that is here. Returns those that are measures.
 * Owner's connection.
 */
export async function saveMeasures(ctx: Ctx, batch: Batch, rows: readonly Kept[]): Promise<KeptMeasure[]> {
  const stated = rows.filter((row): row is Kept & Pick<KeptMeasure, 'notice'> => !row.notice.refusal)
  if (stated.length === 0) return []
  const before = await standingOf(
    ctx,
    stated.filter(({ known }) => known),
  )
  const measures = stated.map((row): KeptMeasure => {
    const sameLetter = row.known?.letter === batch.letter && batch.letter !== null
    return { ...row, ...joined(row.measure_id, row.notice.facts, before.get(row.measure_id), sameLetter) }
  })
  const sent = measures.map(
    ({ measure_id, reference, record_id, content, keys, now, notice: { facts, person, document_hint } }) => ({
      ...{ ...facts, ...now, measure_id, reference, record_id, content, document_hint, row_number: person.row_number },
      ...{ document_key: keys.document, name_key: keys.name },
    }),
  )
  await sql`
    with row as materialized (
      select *
      from ${recordset(sent, {
        ...{ measure_id: 'uuid', reference: 'text', content: 'bytea', document_key: 'uuid', name_key: 'uuid' },
        ...{ record_id: 'uuid', document_hint: 'text', row_number: 'integer', kind: 'text', issuer: 'text' },
        ...{ ground: 'text', decision_no: 'text', decision_on: 'date', starts_on: 'date', term: 'text' },
        ...{
          ends_on: 'date',
          lasts: 'text',
          executed_on: 'date',
          border_point: 'text',
          status: 'text',
          status_on: 'date',
        },
        ...{ received_status: 'text', received_status_on: 'date' },
      })} x
    ), measures as (
      insert into expulsions.measure as m (id, reference, custodian, latest, content)
      select r.measure_id, r.reference, ${batch.custodian}, 1, r.content
      from row r
      on conflict (id) do update set content = excluded.content, latest = m.latest + 1
      returning m.id, m.latest
    ), keys as (
      insert into expulsions.measure_key (custodian, key, measure_id, of)
      select ${batch.custodian}, k.key, r.measure_id, k.of
      from row r
      cross join lateral (values (r.document_key, 'document'), (r.name_key, 'name')) k (key, of)
      where k.key is not null
      on conflict do nothing
    )
    insert into expulsions.statement
      (measure_id, version, batch_id, custodian, row_number, record_id, document_hint, kind, issuer, ground, decision_no,
       decision_on, starts_on, term, ends_on, lasts, executed_on, border_point, status, status_on, received_status,
       received_status_on, stated_at)
    select r.measure_id, m.latest, ${batch.id}, ${batch.custodian}, r.row_number, r.record_id, r.document_hint, r.kind,
      r.issuer, r.ground, r.decision_no, r.decision_on, r.starts_on, r.term, r.ends_on, r.lasts, r.executed_on, r.border_point,
      r.status, r.status_on, r.received_status, r.received_status_on, ${ctx.now}
    from row r
    join measures m on m.id = r.measure_id`.execute(ctx.db)
  await sql`
    update expulsions.event e
    set rows = coalesce(e.rows, 0) + ${measures.length}
    where e.batch_id = ${batch.id}
      and e.kind = 'entered'`.execute(ctx.db)
  const corrected = measures.filter(({ known }) => known)
  const earlier = [...new Set(corrected.map(({ known }) => known!.batch_id))]
  if (earlier.length > 0)
    await ctx.db
      .insertInto('expulsions.event')
      .values(
        earlier.map((batch_id) => ({
          ...{ batch_id, at: ctx.now, kind: 'corrected', organisation_id: batch.custodian, custodian: batch.custodian },
          rows: corrected.filter(({ known }) => known!.batch_id === batch_id).length,
        })),
      )
      .execute()
  return measures
}

type Standing = Pick<MeasureFacts, 'status' | 'status_on' | 'term' | 'ends_on' | 'executed_on' | 'ground'> & {
  lasts?: string | null
  /** What the row itself stated, where the measure stays as it was. */
  received_status?: Status
  received_status_on?: string | null
}

type Before = Standing & {
  measure_id: string
  batch_id: string
  /** Whether two officers decided that it stands so. */
  decided: boolean
  /** Whether two officers decided that it ends on its last day. */
  decided_end: boolean
  /** Whether the row would end it, or bring its end forward. */
  sooner: boolean
  /** What an officer answered about it. */
  answered: QuestionAbout[]
}

// How known measures stand before rows are joined to them. Officers who decide about one at this moment wait, or were first.
async function standingOf(
  ctx: Ctx,
  rows: readonly { measure_id: string; notice: { facts: MeasureFacts } }[],
): Promise<Map<string, Before>> {
  if (rows.length === 0) return new Map()
  const measures = rows.map(({ measure_id }) => measure_id)
  await sql`
    select from expulsions.measure where id = any (${arrayOf('uuid', measures)}) order by id for update`.execute(ctx.db)
  const stated = rows.map(({ measure_id, notice: { facts } }) => ({ measure_id, facts }))
  const { rows: found } = await sql<Before>`
    select m.id as measure_id, s.batch_id, s.status, s.status_on::text as status_on, s.term, s.ends_on::text as ends_on,
      s.lasts, s.executed_on::text as executed_on, s.ground, expulsions.ends_sooner(m.id, x.facts, ${plainDate(ctx.now)}) as sooner,
      exists (
        select
        from expulsions.correction c
        where c.measure_id = m.id
          and c.outcome = 'confirmed'
          and s.status in (c.wanted, c.change ->> 'status')
      ) as decided,
      exists (
        select
        from expulsions.correction c
        where c.measure_id = m.id
          and c.outcome = 'confirmed'
          and c.change ->> 'ends_on' = s.ends_on::text
      ) as decided_end,
      array(
        select distinct q.about
        from expulsions.question q
        where q.measure_id = m.id
          and q.answered_at is not null
          and q.stated_in is null
      ) as answered
    from ${recordset(stated, { measure_id: 'uuid', facts: 'jsonb' })} x
    join expulsions.measure m on m.id = x.measure_id
    join expulsions.statement s on s.measure_id = m.id and s.version = m.latest`.execute(ctx.db)
  return new Map(found.map((row) => [row.measure_id, row]))
}

const OVER: readonly Status[] = ['lifted', 'not_me']

/**
 * How a measure stands after a row. What officers decided stays decided, and what they answered stays where the row is silent. That a
 * known measure is over, or ends sooner, takes two officers: until then it stands as before. What lists alone stated to be over is put
 * right by any list that says otherwise; unless that is the same list, two officers decide which of them is right.
 */
function joined(
  measure_id: string,
  facts: MeasureFacts,
  before: Before | undefined,
  sameLetter: boolean,
): Pick<KeptMeasure, 'now' | 'answers' | 'ends'> {
  if (!before) return { now: facts, answers: [], ends: null }
  const isOver = (status: Status) =>
    OVER.includes(status) || (status === 'served' && facts.kind === 'controlled_persons')
  const over = isOver(before.status)
  const stays = over ? before.decided : isOver(facts.status)
  const sooner = !over && before.sooner
  const silent = facts.term === 'unknown' && (!facts.lasts || facts.lasts === before.lasts)
  const answered = silent && before.answered.includes('term')
  const keeps = sooner || before.decided_end || answered
  const executed_on = facts.executed_on ?? (answered ? before.executed_on : null)
  const term = termOf(keeps ? before : facts)
  const ground = facts.ground ?? (before.answered.includes('ground') ? before.ground : null)
  const { status, status_on } = stays ? before : facts
  const received = status === facts.status ? {} : { received_status: facts.status, received_status_on: facts.status_on }
  const end = (wanted: StatedEnd['wanted'], change: object | null = null, stated_in: string | null = null) => ({
    ...{ measure_id, wanted, change, stated_in },
  })
  const ends =
    stays && !over
      ? OVER.includes(facts.status)
        ? end('lifted', liftedOn(facts))
        : end('ended', { status: facts.status, status_on: facts.status_on })
      : sooner
        ? end('ended', termOf(facts))
        : OVER.includes(before.status) && !isOver(status) && !sameLetter
          ? end('lifted', liftedOn(before), before.batch_id)
          : null
  const answers: QuestionAbout[] = [
    ...(!silent && JSON.stringify(termOf(facts)) !== JSON.stringify(termOf(before)) ? ['term' as const] : []),
    ...(facts.ground && facts.ground !== before.ground ? ['ground' as const] : []),
  ]
  return { now: { ...term, executed_on, ground, status, status_on, ...received }, answers, ends }
}

// A decision that states no day is kept with the day on which officers agreed.
const liftedOn = ({ status, status_on }: Standing) => (status_on ? { status, status_on } : null)

const termOf = ({ term, ends_on, lasts }: Pick<Standing, 'term' | 'ends_on' | 'lasts'>) => ({
  ...{ term, ends_on, lasts: lasts ?? null },
})

/** Keeps refusals at the border: events, which go to nobody else. One that is here is corrected; what it stated before is kept. */
export async function saveRefusals(ctx: Ctx, batch: Batch, rows: readonly Kept[]): Promise<void> {
  const refusals = rows.filter(({ notice }) => notice.refusal)
  if (refusals.length === 0) return
  const sent = refusals.map(({ measure_id, record_id, content, keys, notice: { facts } }) => ({
    ...{ id: measure_id, record_id, content, document_key: keys.document, name_key: keys.name },
    ...{ refused_on: dayOfRefusal(facts), border_point: facts.border_point, ground: facts.ground },
  }))
  await sql`
    with row as materialized (
      select *
      from ${recordset(sent, {
        ...{ id: 'uuid', record_id: 'uuid', content: 'bytea', document_key: 'uuid', name_key: 'uuid' },
        ...{ refused_on: 'date', border_point: 'text', ground: 'text' },
      })} x
      -- The same row of the same file, from before refusals were recognised.
      where not exists (
        select
        from expulsions.border_refusal o
        where o.record_id = x.record_id
          and o.id <> x.id
      )
    ), before as (
      insert into expulsions.refusal_before (refusal_id, batch_id, record_id, refused_on, border_point, ground, stated_at)
      select o.id, o.batch_id, o.record_id, o.refused_on, o.border_point, o.ground, o.stated_at
      from row r
      join expulsions.border_refusal o on o.id = r.id
    ), kept as (
      insert into expulsions.border_refusal
        (id, custodian, batch_id, record_id, refused_on, border_point, ground, content, stated_at)
      select r.id, ${batch.custodian}, ${batch.id}, r.record_id, r.refused_on, r.border_point, r.ground, r.content, ${ctx.now}
      from row r
      on conflict (id) do update
      set batch_id = excluded.batch_id, record_id = excluded.record_id, refused_on = excluded.refused_on,
        border_point = excluded.border_point, ground = excluded.ground, content = excluded.content,
        stated_at = excluded.stated_at
    )
    insert into expulsions.refusal_key (custodian, key, refusal_id, of)
    select ${batch.custodian}, k.key, r.id, k.of
    from row r
    cross join lateral (values (r.document_key, 'document'), (r.name_key, 'name')) k (key, of)
    where k.key is not null
    on conflict do nothing`.execute(ctx.db)
}
