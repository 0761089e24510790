import { type Kysely, type RawBuilder, sql } from 'kysely'
import { audit } from '#kernel/audit/audit.ts'
import { recordset } from '#kernel/db/arrays.ts'
import { inTransaction } from '#kernel/db/in-transaction.ts'
import type { DB } from '#kernel/db/types.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { newId } from '#kernel/ids.ts'
import { defineJob, type JobCtx } from '#kernel/jobs/job.ts'
import { registryKeys } from '#kernel/people/registry-key.ts'
import { OUTLIVE } from './kinds.ts'
import { type ListRow, noticeOf } from './notice.ts'
import { contentOf } from './recognise.ts'
import { DECISION_TERM, newBatch, tellAll } from './relay.ts'

// Measures that count from the day they were carried out, whose end was reckoned from another before that was known here; the row that
// states their length is still kept with its import, and nobody has stated another end since.
const misreckoned = (chosen: RawBuilder<unknown>) => sql`
  select ${chosen}
  from expulsions.measure m
  join expulsions.statement n on n.measure_id = m.id and n.version = m.latest
  cross join lateral (
    select s.batch_id, s.row_number, s.ends_on
    from expulsions.statement s
    where s.measure_id = m.id and s.row_number is not null
    order by s.version desc
    limit 1
  ) s
  join expulsions.batch b on b.id = s.batch_id
  join imports.row r on r.import_id = b.import_id and r.number = s.row_number
  where n.term = 'until'
    and n.lasts is null
    and n.kind = any (${[...OUTLIVE]}::text[])
    and n.status not in ('lifted', 'not_me')
    and n.ends_on = s.ends_on
    and r.value ->> 'ends' ~ '(^|/)P'`

/** Starts the job below when there is something for it; else does nothing. Owner's connection. */
export async function startReckoning(db: Kysely<DB>): Promise<void> {
  const { rows } = await sql`${misreckoned(sql`m.id`)} limit 1`.execute(db)
  if (rows.length > 0) await sql`select jobs.enqueue(${newId()}, 'expulsions.reckon', '{}', 'reckon')`.execute(db)
}

/**
 * Reckons such ends anew, as one more version, which everybody is told who had the earlier one. An end is only ever opened or put
 * off: none comes sooner. One batch for each list; repeating it changes nothing.
 */
export const reckonJob = defineJob({
  async run(job) {
    const { rows } = await misreckoned(sql`distinct s.batch_id, m.custodian`).execute(job.db)
    for (const { batch_id, custodian } of rows as { batch_id: string; custodian: string }[])
      await inTransaction(job, (ctx) => reckonList(ctx, batch_id, custodian))
  },
})

async function reckonList(ctx: JobCtx, list: string, custodian: string): Promise<void> {
  const { rows } = await sql<{ id: string; ends_on: string; value: ListRow; number: number }>`
    ${misreckoned(sql`m.id, n.ends_on::text as ends_on, r.value, r.number`)}
      and s.batch_id = ${list}
    for update of m`.execute(ctx.db)
  const keys = await registryKeys(ctx)
  const anew = rows.flatMap(({ id, ends_on: before, value, number }) => {
    const read = noticeOf(value, number, plainDate(ctx.now))
    if (!read.ok || read.notice.refusal) return []
    const { term, ends_on, lasts, starts_on } = read.notice.facts
    if (!lasts || (ends_on && ends_on <= before)) return []
    return [{ id, change: { term, ends_on, lasts, starts_on }, content: contentOf(keys, read.notice) }]
  })
  if (anew.length === 0) return
  const batch = newBatch()
  await ctx.db
    .insertInto('expulsions.batch')
    .values({ ...batch, kind: 'decision', custodian, received_at: ctx.now })
    .execute()
  const given = recordset(anew, { id: 'uuid', change: 'jsonb', content: 'bytea' })
  await sql`
    insert into expulsions.statement
    select (jsonb_populate_record(n, x.change || jsonb_build_object(
      'version', n.version + 1, 'batch_id', ${batch.id}::uuid, 'row_number', null, 'stated_at', ${ctx.now}::timestamptz,
      'received_status', null, 'received_status_on', null))).*
    from ${given} x
    join expulsions.measure m on m.id = x.id
    join expulsions.statement n on n.measure_id = m.id and n.version = m.latest`.execute(ctx.db)
  await sql`
    update expulsions.measure m set latest = m.latest + 1, content = x.content from ${given} x where m.id = x.id`.execute(
    ctx.db,
  )
  const { rows: told } = await sql<{ to: string; fresh: boolean }>`
    select t.to_organisation as "to", t.fresh
    from ${given} x
    cross join lateral expulsions.tell_all_as(${batch.id}, ${custodian}, x.id, ${DECISION_TERM}, ${ctx.now}) t`.execute(
    ctx.db,
  )
  await tellAll(ctx, batch.reference, told)
  await audit(ctx, 'expulsion.reckon', { type: 'batch', id: batch.id }, { rows: anew.length })
}
