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
      .select(['record_id', 'names', 'birth', 'sex', 'citizenship', 'home_district', 'documents', 'document_countries'])
      .where('keys_version', '<', KEYS_VERSION)
      .limit(BATCH)
      .forUpdate()
      .execute()
    const numbers = await numbersOf(
      { ...ctx, db },
      rows.map(({ record_id }) => record_id),
    )
    // Numbers that were one by the former spelling may be several now: each takes its own, of its country.
    const numbersOfEach = Map.groupBy(numbers, ({ record_id }) => record_id)
    for (const row of rows) {
      const waiting = new Set(numbersOfEach.get(row.record_id))
      row.documents = row.documents.map((before, at) => {
        const country = row.document_countries?.[at] ?? null
        const same = [...waiting].filter((one) => one.before === before)
        const own = same.find((one) => one.country === country) ?? same[0]
        if (own) waiting.delete(own)
        return own?.index ?? before
      })
    }
    const keys = keysOf(rows as unknown as Comparable[])
    await sql`
      update people.finding f
      set documents = n.documents::text[], keys = n.keys::bigint[], keys_version = ${KEYS_VERSION}
      from unnest(${rows.map(({ record_id }) => record_id)}::uuid[], ${rows.map(({ documents }) => `{${documents}}`)}::text[],
        ${keys.map((some) => `{${some.join(',')}}`)}::text[]) n (record_id, documents, keys)
      where f.record_id = n.record_id`.execute(db)
    for (const { id, index } of numbers.filter(({ before, index }) => index !== before))
      await db
        .updateTable('people.document')
        .set({ number_index: Buffer.from(index, 'hex') })
        .where('id', '=', id)
        .execute()
    return rows.length
  })
}

// The numbers of these records that tell somebody apart, as stated: their index, in hexadecimal, and what it is by today's spelling.
async function numbersOf(ctx: JobCtx, records: string[]) {
  const registry = await findRegistryKeys(ctx)
  if (!registry || records.length === 0) return []
  const rows = await ctx.db
    .selectFrom('people.document')
    .select(['id', 'record_id', 'country', 'number_sealed', 'number_index'])
    .where('record_id', 'in', records)
    .orderBy('id')
    .execute()
  return rows.flatMap(({ id, record_id, country, number_sealed, number_index }) => {
    const number = openText(registry, number_sealed, documentOwner(id))
    const index = numberIndex(registry, number).toString('hex')
    return isTelling(number) ? [{ id, record_id, country, before: number_index.toString('hex'), index }] : []
  })
}
