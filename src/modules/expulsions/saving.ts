import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
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
  const sent = JSON.stringify(
    measures.map(({ measure_id, reference, record_id, content, keys, notice: { facts, person, document_hint } }) => ({
      ...facts,
      ...{ measure_id, reference, record_id, document_hint, row_number: person.row_number },
      ...{ content: content.toString('hex'), document_key: keys.document, name_key: keys.name },
    })),
  )
  await sql`
    insert into expulsions.measure (id, reference, custodian, latest, content)
    select x.measure_id, x.reference, ${batch.custodian}, 0, decode(x.content, 'hex')
    from jsonb_to_recordset(${sent}::jsonb) as x (measure_id uuid, reference text, content text)
    on conflict (id) do update set content = excluded.content`.execute(ctx.db)
  await sql`
    insert into expulsions.measure_key (custodian, key, measure_id, of)
    select ${batch.custodian}, k.key, x.measure_id, k.of
    from jsonb_to_recordset(${sent}::jsonb) as x (measure_id uuid, document_key uuid, name_key uuid)
    cross join lateral (values (x.document_key, 'document'), (x.name_key, 'name')) k (key, of)
    where k.key is not null
    on conflict do nothing`.execute(ctx.db)
  await sql`
    with stated as (
      select x.*, m.latest + 1 as version, s.status as decided
      from jsonb_to_recordset(${sent}::jsonb) as x (
        measure_id uuid, record_id uuid, document_hint text, row_number integer, kind text, issuer text, ground text,
        decision_no text, decision_on date, starts_on date, term text, ends_on date, executed_on date, border_point text,
        status text, status_on date)
      join expulsions.measure m on m.id = x.measure_id
      left join expulsions.statement s on s.measure_id = x.measure_id and s.version = m.latest and s.status in ('not_me', 'lifted')
    ), raised as (
      update expulsions.measure m set latest = v.version from stated v where m.id = v.measure_id
    )
    insert into expulsions.statement
      (measure_id, version, batch_id, custodian, row_number, record_id, document_hint, kind, issuer, ground, decision_no,
       decision_on, starts_on, term, ends_on, executed_on, border_point, status, status_on, stated_at)
    select v.measure_id, v.version, ${batch.id}, ${batch.custodian}, v.row_number, v.record_id, v.document_hint, v.kind,
      v.issuer, v.ground, v.decision_no, v.decision_on, v.starts_on, v.term, v.ends_on, v.executed_on, v.border_point,
      coalesce(v.decided, v.status), v.status_on, ${ctx.now}
    from stated v`.execute(ctx.db)
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
