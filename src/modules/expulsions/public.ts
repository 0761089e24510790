import { type RawBuilder, sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { parseReference } from '#kernel/ids.ts'
import type { Measure, Status, Term } from './kinds.ts'

export { readBirthCell, readDay, readDocument, readName } from './reading.ts'
export { termText } from './term-text.ts'

/** What a record of the registry states about a measure, as it stands now. */
export type MeasureOnRecord = {
  record_id: string
  measure_id: string
  version: number
  kind: Measure
  issuer: string | null
  decision_no: string | null
  decision_on: Temporal.PlainDate | null
  starts_on: Temporal.PlainDate | null
  term: Term
  ends_on: Temporal.PlainDate | null
  /** How long it holds, as `P3Y6M`, where no last day is stated: see `termText`. */
  lasts: string | null
  executed_on: Temporal.PlainDate | null
  status: Status
}

/** The lists as they stand: each batch makes another version. `on`: when the newest list came; null while none did. */
export type ListVersion = { version: number; on: Temporal.Instant | null }

/**
 * The newest version of each measure that rests on one of these records, whether in force or not. Owner's connection: no row
 * policies bind, so the caller answers for who learns of it.
 */
export async function measuresOnRecords(ctx: Pick<Ctx, 'db'>, records: readonly string[]): Promise<MeasureOnRecord[]> {
  if (records.length === 0) return []
  const { rows } = await sql<MeasureOnRecord>`
    select s.record_id, s.measure_id, s.version, s.kind, s.issuer, s.decision_no, s.decision_on, s.starts_on, s.term, s.ends_on,
      s.lasts, s.executed_on, s.status
    from expulsions.statement s
    join expulsions.measure m on m.id = s.measure_id and m.latest = s.version
    where s.record_id = any (${[...records]}::uuid[])
    order by s.measure_id`.execute(ctx.db)
  return rows
}

/**
 * Whether a measure keeps its person out on a day. An unknown end does: empty is never "no ban", and a length whose first day nobody
 * knows is never over. So does one that was carried out, for whoever was put out of the country may not come back yet; only the register
 * of controlled persons is about those inside it.
 */
export function isInForce(
  { kind, status, ends_on }: Pick<MeasureOnRecord, 'kind' | 'status' | 'ends_on'>,
  day: Temporal.PlainDate,
): boolean {
  const over = status === 'lifted' || status === 'not_me' || (status === 'served' && kind === 'controlled_persons')
  return !over && (!ends_on || Temporal.PlainDate.compare(ends_on, day) >= 0)
}

/** The records of everybody against whom a measure is in force on a day. Owner's connection. */
export async function recordsInForce(ctx: Pick<Ctx, 'db'>, day: Temporal.PlainDate): Promise<string[]> {
  const { rows } = await sql<Pick<MeasureOnRecord, 'record_id' | 'kind' | 'status' | 'ends_on'>>`
    select s.record_id, s.kind, s.status, s.ends_on
    from expulsions.measure m
    join expulsions.statement s on s.measure_id = m.id and s.version = m.latest
    where s.status not in ('lifted', 'not_me')`.execute(ctx.db)
  return rows.filter((one) => isInForce(one, day)).map(({ record_id }) => record_id)
}

/**
 * Which state of the lists an answer rests on: a list counts once all its rows are in, so that whoever looks again when the state
 * changes looks at all of it. Owner's connection.
 */
export async function listVersion(ctx: Pick<Ctx, 'db'>): Promise<ListVersion> {
  const { rows } = await sql<ListVersion>`
    select count(*)::integer as version, max(b.received_at) filter (where b.kind = 'list') as "on"
    from expulsions.batch b
    where not exists (
      select
      from imports.import i
      where i.id = b.import_id
        and i.state = 'importing'
    )`.execute(ctx.db)
  return rows[0]!
}

/** A measure or a refusal at the border, as far as it takes to name it. `reference`: only measures have one. */
export type Notice = {
  id: string
  kind: Measure | 'refusal'
  reference: string | null
  on: Temporal.PlainDate | null
}

/** What the actor's organisation keeps or was given of these records of the registry. Row policies bind. */
export const noticesOnRecords = (ctx: Ctx, records: readonly string[]): Promise<Notice[]> =>
  noticesWhere(ctx, sql`s.record_id = any (${[...records]}::uuid[])`, sql`r.record_id = any (${[...records]}::uuid[])`)

/** One of them by its id; null where the actor's organisation has nothing of it. */
export const noticeById = async (ctx: Ctx, id: string): Promise<Notice | null> =>
  (await noticesWhere(ctx, sql`s.measure_id = ${id}`, sql`r.id = ${id}`))[0] ?? null

/** A measure by its reference; null where the actor's organisation has nothing of it. */
export const noticeByReference = async (ctx: Ctx, reference: string): Promise<Notice | null> =>
  (await noticesWhere(ctx, sql`m.reference = ${parseReference(reference) ?? ''}`, sql`false`))[0] ?? null

async function noticesWhere(ctx: Ctx, measures: RawBuilder<unknown>, refusals: RawBuilder<unknown>): Promise<Notice[]> {
  const { rows } = await sql<Notice>`
    select f.id, f.kind, f.reference, f."on"
    from (
      select distinct on (s.measure_id) s.measure_id as id, s.kind, m.reference, coalesce(s.executed_on, s.decision_on) as "on"
      from expulsions.statement s
      join expulsions.measure m on m.id = s.measure_id
      where ${measures}
      order by s.measure_id, s.version desc
    ) f
    union all
    select r.id, 'refusal', null, r.refused_on
    from expulsions.border_refusal r
    where ${refusals}
    order by 4 desc nulls last, 1`.execute(ctx.db)
  return rows
}
