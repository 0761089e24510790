import { type Kysely, sql } from 'kysely'
import type { DB } from '#kernel/db/types.ts'
import { newId } from '#kernel/ids.ts'
import { defineJob, type JobCtx } from '#kernel/jobs/job.ts'
import { loadList } from '#kernel/lists/lists.ts'
import { holdIfNeeded } from '../holding.ts'
import type { Vacancy } from '../vacancies.ts'
import { RISK_WORDS } from './words.ts'

const BATCH = 200
/** Goes up when the same words are weighed otherwise: published adverts are then looked at again. */
const GENERATION = 2

/** Starts the job below when the list of words has changed since published adverts were last looked at. Owner's connection. */
export async function startRecheck(db: Kysely<DB>): Promise<void> {
  await loadList(
    db,
    'vacancies.risk',
    RISK_WORDS,
    async (trx) => {
      const any = await trx
        .selectFrom('vacancies.vacancy')
        .select('id')
        .where('state', '=', 'published')
        .limit(1)
        .execute()
      if (any.length > 0) await sql`select jobs.enqueue(${newId()}, 'vacancies.recheck', '{}', 'recheck')`.execute(trx)
    },
    GENERATION,
  )
}

/**
 * Looks at every published advert again, by today's words: what must be looked at by an officer is taken from the public.
 * Small transactions: what an interrupted run held stays held.
 */
export const recheckJob = defineJob({
  async run(ctx) {
    let last = '00000000-0000-0000-0000-000000000000'
    for (let done = 0; ; ) {
      const ids = await recheckAfter(ctx, last)
      if (ids.length === 0) return
      done += ids.length
      last = ids.at(-1)!
      await ctx.report({ done })
    }
  },
})

async function recheckAfter(ctx: JobCtx, last: string): Promise<string[]> {
  return ctx.db.transaction().execute(async (db) => {
    const rows = await db
      .selectFrom('vacancies.vacancy')
      .selectAll()
      .where('state', '=', 'published')
      .where('id', '>', last)
      .orderBy('id')
      .limit(BATCH)
      .forUpdate()
      .execute()
    for (const row of rows) await holdIfNeeded({ ...ctx, db }, row as unknown as Vacancy)
    return rows.map(({ id }) => id)
  })
}
