import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import type { Batch } from './batch-of-import.ts'
import { tellOfRefusals } from './notices.ts'
import type { Kept } from './saving.ts'

/**
 * Tells the Migration Service of refusals at the border: events, of which it has its copy and nobody has to confirm anything. Once a
 * batch; not where its measures bring it news of the same batch anyway. Owner's connection, in the transaction that keeps the rows.
 */
export async function tellOfCopies(ctx: Ctx, batch: Batch, rows: readonly Kept[]): Promise<void> {
  const refused = rows.filter(({ notice }) => notice.refusal).map(({ record_id }) => record_id)
  if (refused.length === 0) return
  const { rows: offices } = await sql<{ organisation_id: string }>`
    select b.organisation_id
    from expulsions.body b
    where b.kind = 'migration'
      and b.organisation_id <> ${batch.custodian}
      and not exists (
        select from expulsions.delivery d where d.batch_id = ${batch.id} and d.to_organisation = b.organisation_id)
      and not exists (
        select from expulsions.border_refusal r where r.batch_id = ${batch.id} and r.record_id <> all (${refused}::uuid[]))`.execute(
    ctx.db,
  )
  for (const { organisation_id } of offices) await tellOfRefusals(ctx, organisation_id, batch.reference)
}
