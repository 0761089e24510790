import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { BY_HAND } from './kinds.ts'
import { tellOfLacking } from './notices.ts'

/** So long after it came in, a version of a list is compared with the one before; the job runs every hour. */
const COMPARED_FOR = { hours: 48 }

/**
 * Notes measures in force that the newest version of their list states no more, once each, and tells whoever brought it and the Migration
 * Service: nobody lifted them. A list counts as a version of another under the same letter when it states at least half of it again.
 * Owner's connection.
 */
export async function noteLacking(ctx: Ctx): Promise<void> {
  // What a later version has again.
  await sql`
    delete from expulsions.lacking l
    using imports.import o, imports.import n
    where o.id = l.import_id
      and n.organisation_id = o.organisation_id
      and n.kind = o.kind
      and n.state = 'done'
      and btrim(n.source) = btrim(o.source)
      and (n.created_at, n.id) > (o.created_at, o.id)
      and exists (select from imports.row r where r.import_id = n.id and r.subject_id = l.measure_id)`.execute(ctx.db)
  const { rows } = await sql<{ list: string; custodian: string; count: number }>`
    with newest as (
      select distinct on (i.organisation_id, btrim(i.source)) i.id, i.organisation_id, btrim(i.source) as letter, i.created_at,
        i.finished_at, i.same + i.updated as again
      from imports.import i
      where i.kind = 'expulsions'
        and i.state = 'done'
        and i.native_format is distinct from ${BY_HAND}
        and btrim(i.source) <> ''
      order by i.organisation_id, btrim(i.source), i.created_at desc, i.id desc
    ), stated as materialized (
      select n.id, r.subject_id
      from newest n
      join imports.row r on r.import_id = n.id and r.subject_id is not null
      where n.finished_at > ${ctx.now.subtract(COMPARED_FOR)}
    ), missing as (
      select n.id as import_id, m.id as measure_id, l.reference, l.custodian
      from newest n
      join expulsions.batch l on l.custodian = n.organisation_id and l.letter = n.letter and l.import_id <> n.id
      join imports.import o on o.id = l.import_id
        and (o.created_at, o.id) < (n.created_at, n.id)
        and 2 * n.again >= o.rows - o.errors - 1
      join expulsions.statement s on s.batch_id = l.id and s.row_number is not null
      join expulsions.measure m on m.id = s.measure_id
      join expulsions.statement v on v.measure_id = m.id and v.version = m.latest
      where n.finished_at > ${ctx.now.subtract(COMPARED_FOR)}
        and n.again > 0
        and not expulsions.is_over(v.kind, v.status, v.ends_on, ${ctx.now}::timestamptz::date)
        and not exists (
          select
          from expulsions.statement x
          where x.measure_id = m.id
            and x.version > s.version
            and x.row_number is not null
        )
        and not exists (select from stated r where r.id = n.id and r.subject_id = m.id)
        -- Of what was here already, imports did not always say which one it is.
        and not exists (select from imports.row r where r.import_id = n.id and r.state = 'same' and r.subject_id is null)
    ), noted as (
      insert into expulsions.lacking (import_id, measure_id, noted_at)
      select import_id, measure_id, ${ctx.now}
      from missing
      on conflict do nothing
      returning measure_id
    )
    select m.reference as list, m.custodian, count(*)::int as count
    from noted n
    join missing m on m.measure_id = n.measure_id
    group by m.reference, m.custodian`.execute(ctx.db)
  for (const { list, custodian, count } of rows) await tellOfLacking(ctx, custodian, list, count)
}

/** The measures in force of a batch, or this one, that the newest version of their list states no more, as far as the actor may know. */
export async function lacking(
  ctx: Ctx,
  { batch_id = null, measure_id = null }: { batch_id?: string | null; measure_id?: string | null },
): Promise<{ reference: string; noted_at: Temporal.Instant }[]> {
  const { rows } = await sql<{ reference: string; noted_at: Temporal.Instant }>`
    select m.reference, max(l.noted_at) as noted_at
    from expulsions.lacking l
    join expulsions.measure m on m.id = l.measure_id
    join lateral (
      select v.status
      from expulsions.statement v
      where v.measure_id = m.id
      order by v.version desc
      limit 1
    ) v on v.status not in ('lifted', 'not_me')
    join lateral (
      select s.batch_id
      from expulsions.statement s
      where s.measure_id = m.id
        and s.row_number is not null
      order by s.version desc
      limit 1
    ) s on true
    where (${batch_id}::uuid is null or s.batch_id = ${batch_id})
      and (${measure_id}::uuid is null or m.id = ${measure_id})
    group by m.reference
    order by m.reference`.execute(ctx.db)
  return rows
}
