import { type Kysely, sql } from 'kysely'
import type { DB } from '#kernel/db/types.ts'
import { newId } from '#kernel/ids.ts'
import { defineJob, type JobCtx } from '#kernel/jobs/job.ts'
import { holdIfNeeded } from './holding.ts'
import { showAs } from './publishing.ts'
import { READING_VERSION, readStatedFacts } from './reading/read-text.ts'
import type { Vacancy } from './vacancies.ts'

const BATCH = 200

/** Starts the job below when adverts were read by other rules than today's; else does nothing. Owner's connection. */
export async function startRereading(db: Kysely<DB>): Promise<void> {
  const behind = await db
    .selectFrom('vacancies.vacancy')
    .select('id')
    .where('reading_version', '<', READING_VERSION)
    .limit(1)
    .executeTakeFirst()
  if (behind) await sql`select jobs.enqueue(${newId()}, 'vacancies.reread', '{}', 'reread')`.execute(db)
}

/**
 * Reads again, by today's rules, the words of adverts that were read by older ones and have not changed since. Small
 * transactions: what an interrupted run did stays done.
 */
export const rereadJob = defineJob({
  async run(ctx) {
    const { total } = await ctx.db
      .selectFrom('vacancies.vacancy')
      .select((e) => e.fn.countAll<bigint>().as('total'))
      .where('reading_version', '<', READING_VERSION)
      .executeTakeFirstOrThrow()
    for (let done = 0, read = BATCH; read === BATCH; done += read) {
      await ctx.report({ done, total: Math.max(done, Number(total)) })
      read = await rereadSome(ctx)
    }
  },
})

async function rereadSome(ctx: JobCtx): Promise<number> {
  return ctx.db.transaction().execute(async (db) => {
    const rows = await db
      .selectFrom('vacancies.vacancy')
      .selectAll()
      .where('reading_version', '<', READING_VERSION)
      .orderBy('reading_version')
      .orderBy('id')
      .limit(BATCH)
      .forUpdate()
      .execute()
    for (const row of rows) await reread({ ...ctx, db }, row as unknown as Vacancy)
    return rows.length
  })
}

// What a field of the source said stands; what was read from the words is read anew.
async function reread(ctx: JobCtx, vacancy: Vacancy): Promise<void> {
  const fields = { ...vacancy, foreigners: vacancy.foreigners_quote === null ? vacancy.foreigners : null }
  const { foreigners, foreigners_quote, accommodation } = readStatedFacts(fields)
  await ctx.db
    .updateTable('vacancies.vacancy')
    .set({ foreigners, foreigners_quote, accommodation, reading_version: READING_VERSION })
    .where('id', '=', vacancy.id)
    .execute()
  if (foreigners !== vacancy.foreigners || accommodation !== vacancy.accommodation) await showAs(ctx, vacancy)
  await holdIfNeeded(ctx, vacancy)
}
