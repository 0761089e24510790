import { type Kysely, sql } from 'kysely'
import type { DB } from '../db/types.ts'
import { newId } from '../ids.ts'
import { defineJob, type JobCtx } from '../jobs/job.ts'
import { KEYS_VERSION } from './matching/keys.ts'
import { isTelling } from './matching/roll.ts'
import { documentOwner, numberIndex, openText } from './numbers.ts'
import { keysOf } from './prepare.ts'
import { findRegistryKeys } from './registry-key.ts'
import type { Comparable } from './scoring.ts'

const BATCH = 500

/** Starts the job below when records were keyed by other rules than today's; else does nothing. Owner's connection. */
export async function startReindexing(db: Kysely<DB>): Promise<void> {
  const behind = await db
    .selectFrom('people.finding')
    .select('record_id')
    .where('keys_version', '<', KEYS_VERSION)
    .limit(1)
    .executeTakeFirst()
  if (behind) await sql`select jobs.enqueue(${newId()}, 'people.reindex', '{}', 'reindex')`.execute(db)
}

/** Keys every record anew, and indexes its numbers, that was keyed by older rules, in small transactions; what an interrupted run did stays done. */
export const reindexPeopleJob = defineJob({
  async run(ctx) {
    const { total } = await ctx.db
      .selectFrom('people.finding')
      .select((e) => e.fn.countAll<bigint>().as('total'))
      .where('keys_version', '<', KEYS_VERSION)
      .executeTakeFirstOrThrow()
    for (let done = 0, some = BATCH; some === BATCH; ) {
      some = await reindexSome(ctx)
      done += some
      await ctx.report({ done, total: Math.max(done, Number(total)) })
    }
  },
})

async function reindexSome(ctx: JobCtx): Promise<number> {
  return ctx.db.transaction().execute(async (db) => {
    const rows = await db
      .selectFrom('people.finding')
      .select(['record_id', 'names', 'birth', 'sex', 'citizenship', 'home_district', 'documents'])
      .where('keys_version', '<', KEYS_VERSION)
      .limit(BATCH)
      .forUpdate()
      .execute()
    const moved = await movedNumbers(
      { ...ctx, db },
      rows.map(({ record_id }) => record_id),
    )
    const indexOf = new Map(moved.map(({ record_id, before, index }) => [`${record_id} ${before}`, index]))
    for (const row of rows)
      row.documents = row.documents.map((before) => indexOf.get(`${row.record_id} ${before}`) ?? before)
    const keys = keysOf(rows as unknown as Comparable[])
    await sql`
      update people.finding f
      set documents = n.documents::text[], keys = n.keys::bigint[], keys_version = ${KEYS_VERSION}
      from unnest(${rows.map(({ record_id }) => record_id)}::uuid[], ${rows.map(({ documents }) => `{${documents}}`)}::text[],
        ${keys.map((some) => `{${some.join(',')}}`)}::text[]) n (record_id, documents, keys)
      where f.record_id = n.record_id`.execute(db)
    for (const { id, index } of moved)
      await db
        .updateTable('people.document')
        .set({ number_index: Buffer.from(index, 'hex') })
        .where('id', '=', id)
        .execute()
    return rows.length
  })
}

// Numbers of these records whose index is another by today's spelling; in hexadecimal.
async function movedNumbers(ctx: JobCtx, records: string[]) {
  const registry = await findRegistryKeys(ctx)
  if (!registry || records.length === 0) return []
  const rows = await ctx.db
    .selectFrom('people.document')
    .select(['id', 'record_id', 'number_sealed', 'number_index'])
    .where('record_id', 'in', records)
    .execute()
  return rows.flatMap(({ id, record_id, number_sealed, number_index }) => {
    const number = openText(registry, number_sealed, documentOwner(id))
    const index = numberIndex(registry, number)
    return !isTelling(number) || index.equals(number_index)
      ? []
      : [{ id, record_id, before: number_index.toString('hex'), index: index.toString('hex') }]
  })
}
