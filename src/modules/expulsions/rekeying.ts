import { type Kysely, sql } from 'kysely'
import { inTransaction } from '#kernel/db/in-transaction.ts'
import type { DB } from '#kernel/db/types.ts'
import { newId } from '#kernel/ids.ts'
import { defineJob, type JobCtx } from '#kernel/jobs/job.ts'
import type { StatedName } from '#kernel/people/facts.ts'
import { documentOwner, openText } from '#kernel/people/numbers.ts'
import { registryKeys } from '#kernel/people/registry-key.ts'
import { keysFor } from './recognise.ts'

/** Since this version the day is no part of the keys of a refusal at the border. The same number is the default of the column. */
const KEYS_VERSION = 2
const BATCH = 500

/** Starts the job below when refusals were keyed by other rules than today's; else does nothing. Owner's connection. */
export async function startRekeying(db: Kysely<DB>): Promise<void> {
  const behind = await db
    .selectFrom('expulsions.border_refusal')
    .select('id')
    .where('keys_version', '<', KEYS_VERSION)
    .limit(1)
    .executeTakeFirst()
  if (behind) await sql`select jobs.enqueue(${newId()}, 'expulsions.rekey', '{}', 'rekey')`.execute(db)
}

/** Keys every refusal anew that was keyed by older rules, in small transactions; what an interrupted run did stays done. */
export const rekeyRefusalsJob = defineJob({
  async run(job) {
    for (let some = BATCH; some === BATCH; await job.report({})) some = await rekeySome(job)
  },
})

function rekeySome(job: JobCtx): Promise<number> {
  return inTransaction(job, async (ctx) => {
    const { rows } = await sql<Refusal>`
      select r.id, r.custodian, p.names, p.birth, d.id as document_id, d.number_sealed
      from expulsions.border_refusal r
      join people.record p on p.id = r.record_id
      left join lateral (
        select d.id, d.number_sealed from people.document d where d.record_id = p.id order by d.id limit 1
      ) d on true
      where r.keys_version < ${KEYS_VERSION}
      limit ${BATCH}
      for update of r`.execute(ctx.db)
    if (rows.length === 0) return 0
    const registry = await registryKeys(ctx)
    const keys = rows.flatMap(({ id, custodian, names, birth, document_id, number_sealed }) => {
      const document = document_id && number_sealed && openText(registry, number_sealed, documentOwner(document_id))
      const made = keysFor(registry, 'border_refusal', { names, birth, document })
      return (['document', 'name'] as const).flatMap((of) =>
        made[of] ? [{ custodian, refusal_id: id, of, key: made[of] }] : [],
      )
    })
    const ids = rows.map(({ id }) => id)
    await ctx.db.deleteFrom('expulsions.refusal_key').where('refusal_id', 'in', ids).execute()
    await ctx.db
      .insertInto('expulsions.refusal_key')
      .values(keys)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    await ctx.db
      .updateTable('expulsions.border_refusal')
      .set({ keys_version: KEYS_VERSION })
      .where('id', 'in', ids)
      .execute()
    return rows.length
  })
}

type Refusal = {
  id: string
  custodian: string
  names: StatedName[]
  birth: number | null
  document_id: string | null
  number_sealed: Buffer | null
}
