import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { recordset } from '#kernel/db/arrays.ts'
import { newId } from '#kernel/ids.ts'
import type { Batch } from './batch-of-import.ts'
import type { Fresh } from './import.ts'
import type { MeasureFacts } from './notice.ts'

export type Kept = Fresh & { record_id: string; reference: string }
export type KeptMeasure = Kept & { notice: { refusal: false; facts: MeasureFacts } }

/**
 * Keeps measures with what is stated of them: a new one, or the next version of one that is here. What two officers
 * decided stays decided when a list states the old again. Returns those that are measures. Owner's connection.
 */
export async function saveMeasures(ctx: Ctx, batch: Batch, rows: readonly Kept[]): Promise<KeptMeasure[]> {
  const measures = rows.filter((row): row is KeptMeasure => !row.notice.refusal)
  if (measures.length === 0) return []
  const sent = measures.map(
    ({ measure_id, reference, record_id, content, keys, notice: { facts, person, document_hint } }) => ({
      ...{ ...facts, measure_id, reference, record_id, content, document_hint, row_number: person.row_number },
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
        ...{ ends_on: 'date', executed_on: 'date', border_point: 'text', status: 'text', status_on: 'date' },
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
       decision_on, starts_on, term, ends_on, executed_on, border_point, status, status_on, stated_at)
    select r.measure_id, m.latest, ${batch.id}, ${batch.custodian}, r.row_number, r.record_id, r.document_hint, r.kind,
      r.issuer, r.ground, r.decision_no, r.decision_on, r.starts_on, r.term, r.ends_on, r.executed_on, r.border_point,
      coalesce(
        (
          select d.status
          from expulsions.statement d
          where d.measure_id = m.id
            and d.version = m.latest - 1
            and d.status in ('not_me', 'lifted')
        ),
        r.status
      ), r.status_on, ${ctx.now}
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

/** Keeps refusals at the border: events, which go to nobody else. A repeated row is the same record and changes nothing. */
export async function saveRefusals(ctx: Ctx, batch: Batch, rows: readonly Kept[]): Promise<void> {
  const refusals = rows.filter(({ notice }) => notice.refusal)
  if (refusals.length === 0) return
  await ctx.db
    .insertInto('expulsions.border_refusal')
    .values(
      refusals.map(({ record_id, notice: { facts } }) => ({
        ...{ id: newId(), custodian: batch.custodian, batch_id: batch.id, record_id },
        refused_on: dayOf(facts.executed_on ?? facts.decision_on ?? facts.starts_on),
        ...{ border_point: facts.border_point, ground: facts.ground, stated_at: ctx.now },
      })),
    )
    .onConflict((conflict) => conflict.column('record_id').doNothing())
    .execute()
}

const dayOf = (iso: string | null) => (iso === null ? null : Temporal.PlainDate.from(iso))
