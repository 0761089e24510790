import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { parseReference } from '#kernel/ids.ts'
import type { StatedName } from '#kernel/people/facts.ts'
import { noteCase } from '#kernel/people/looks.ts'
import type { Purpose } from '#kernel/people/purposes.ts'
import { problem } from '#kernel/problem.ts'
import type { BatchRow } from './batches.ts'
import type { Status } from './kinds.ts'

export type MeasureVersion = Omit<BatchRow, 'number' | 'state' | 'names' | 'birth' | 'now'> & {
  batch_id: string
  batch: string
  /** The number of the letter it came with; null for a decision. */
  letter: string | null
  stated_at: Temporal.Instant
  /** What the row itself said, where officers decided otherwise or have yet to decide. */
  received_status: Status | null
  received_status_on: Temporal.PlainDate | null
  /** When details of a measure that is over were forgotten. */
  erased_at: Temporal.Instant | null
}

/** A measure as the actor may know it: the versions its organisation keeps or was given, the newest first; never none. */
export type KnownMeasure = {
  id: string
  reference: string
  record_id: string
  versions: MeasureVersion[]
  names: StatedName[]
  birth: number | null
}

const versions = sql`
  select s.measure_id, s.record_id, m.reference, s.version, s.kind, s.issuer, s.ground, s.decision_no, s.decision_on,
    s.starts_on, s.term, s.ends_on, s.lasts, s.executed_on, s.border_point, s.status, s.status_on, s.document_hint, s.batch_id,
    b.reference as batch, b.letter, s.received_status, s.received_status_on, s.stated_at, s.erased_at
  from expulsions.statement s
  join expulsions.measure m on m.id = s.measure_id
  join expulsions.batch b on b.id = s.batch_id`

/** A measure by its reference. Throws the problem `not_found` for one of which the actor's organisation has nothing. */
export async function getMeasure(ctx: Ctx, reference: string): Promise<KnownMeasure> {
  const { rows } = await sql<MeasureVersion>`
    ${versions} where m.reference = ${parseReference(reference) ?? ''} order by s.version desc`.execute(ctx.db)
  const [latest] = rows
  if (!latest) throw problem('not_found')
  const { rows: people } = await sql<{ names: StatedName[]; birth: number | null }>`
    select names, birth from expulsions.identities(${latest.batch_id}, ${[latest.measure_id]}::uuid[])`.execute(ctx.db)
  return {
    ...{ id: latest.measure_id, reference: latest.reference, record_id: latest.record_id, versions: rows },
    ...{ names: people[0]?.names ?? [], birth: people[0]?.birth ?? null },
  }
}

/** Notes that a page names the person of a measure: in the audit, and in the person's own log. */
export const noteMeasure = (ctx: Ctx, id: string, record_id: string, purpose: Purpose): Promise<void> =>
  noteCase(ctx, 'expulsion.open_measure', { type: 'measure', id }, record_id, purpose)

/** The newest known version of each measure that stands in these records of the registry. */
export async function measuresOfPerson(ctx: Ctx, personId: string): Promise<MeasureVersion[]> {
  const { rows } = await sql<MeasureVersion>`
    select distinct on (v.measure_id) v.*
    from (
      ${versions}
      where s.measure_id in (
        select x.measure_id from expulsions.statement x where x.record_id in (select expulsions.records_of(${personId})))
    ) v
    order by v.measure_id, v.version desc`.execute(ctx.db)
  return rows
}

/** The offices that state the same decision against the same person, with the reference where the actor's office has it too. */
export async function statedElsewhere(ctx: Ctx, measure_id: string) {
  const { rows } = await sql<{ office: string; reference: string | null }>`
    select organisations.name_of(e.office, ${ctx.lang}) as office, e.reference
    from expulsions.stated_elsewhere(${measure_id}) e`.execute(ctx.db)
  return rows
}

/** Refusals at the border of a person: events, not measures. `before`: what corrected lists stated of them earlier, the newest first. */
export async function refusalsOfPerson(ctx: Ctx, personId: string) {
  const { rows } = await sql<{
    id: string
    refused_on: Temporal.PlainDate | null
    border_point: string | null
    ground: string | null
    before: { refused_on: string | null; border_point: string | null; ground: string | null }[]
  }>`
    select r.id, r.refused_on, r.border_point, r.ground, coalesce((
        select jsonb_agg(jsonb_build_object('refused_on', b.refused_on, 'border_point', b.border_point, 'ground', b.ground)
          order by b.id desc)
        from expulsions.refusal_before b
        where b.refusal_id = r.id
      ), '[]') as before
    from expulsions.border_refusal r
    where r.record_id in (select expulsions.records_of(${personId}))
    order by r.refused_on desc nulls last, r.id`.execute(ctx.db)
  return rows
}
