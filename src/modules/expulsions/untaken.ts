import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { BY_HAND } from './kinds.ts'
import { tellOfUntaken } from './notices.ts'

/** A list that was checked may wait so long for whoever brought it. */
const WAITS = { hours: 24 }

/**
 * Notes lists of which no row was taken in, because each is wrong or nobody went on after the check, once each: whoever brought them and
 * the Migration Service are told. Owner's connection.
 */
export async function noteUntaken(ctx: Ctx): Promise<void> {
  const { rows } = await sql<{ id: string; organisation_id: string; rows: number }>`
    with noted as (
      insert into expulsions.untaken (import_id, noted_at)
      select i.id, ${ctx.now}
      from imports.import i
      where i.kind = 'expulsions'
        and i.native_format is distinct from ${BY_HAND}
        and i.organisation_id is not null
        and i.rows > 0
        and (
          (i.state = 'done' and i.errors > 0 and i.created + i.updated + i.same = 0)
          or (i.state = 'checked' and i.created_at < ${ctx.now.subtract(WAITS)})
        )
      on conflict do nothing
      returning import_id
    )
    select i.id, i.organisation_id, i.rows
    from noted n
    join imports.import i on i.id = n.import_id
    order by i.id`.execute(ctx.db)
  for (const { id, organisation_id, rows: count } of rows) await tellOfUntaken(ctx, organisation_id, id, count)
}
