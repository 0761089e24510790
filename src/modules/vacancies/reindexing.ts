import { type Kysely, sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { inTransaction } from '#kernel/db/in-transaction.ts'
import type { DB } from '#kernel/db/types.ts'
import { newId } from '#kernel/ids.ts'
import { defineJob, type JobCtx } from '#kernel/jobs/job.ts'
import { stem } from '#kernel/occupations/words.ts'
import { countWords, replaceWords, withoutSlips } from '#kernel/search/vocabulary.ts'
import { mapAgain } from './mapping.ts'
import { documentVersion, list } from './publishing.ts'

const BATCH = 200
/** A word of fewer titles than this may be a slip itself. */
const WORD_OF_TITLES = 3

/** Starts the job below when listings were made by other rules than today's; else does nothing. Owner's connection. */
export async function startReindexing(db: Kysely<DB>): Promise<void> {
  const behind = await db
    .selectFrom('vacancies.listing')
    .select('vacancy_id')
    .where('document_version', '<>', await documentVersion(db))
    .limit(1)
    .executeTakeFirst()
  if (behind) await sql`select jobs.enqueue(${newId()}, 'vacancies.reindex', '{}', 'reindex')`.execute(db)
}

/**
 * Maps every advert whose listing is of an older version again and makes the listing anew, in small transactions: the search
 * goes on meanwhile, and what an interrupted run did stays done. Adverts that are held, or stand behind the head of
 * their group, have no listing and are few: they are mapped again each time. Then learns the words of the titles.
 */
export const reindexJob = defineJob({
  async run(ctx) {
    const version = await documentVersion(ctx.db)
    const { total } = await ctx.db
      .selectFrom('vacancies.listing')
      .select((e) => e.fn.countAll<bigint>().as('total'))
      .where('document_version', '<>', version)
      .executeTakeFirstOrThrow()
    let done = 0
    let last = '00000000-0000-0000-0000-000000000000'
    for (;;) {
      await ctx.report({ done, total: Math.max(done, Number(total)) })
      const ids = await reindexAfter(ctx, last, version)
      if (ids.length === 0) break
      done += ids.length
      last = ids.at(-1)!
    }
    await mapUnlistedAgain(ctx)
    await learnWords(ctx)
  },
})

async function reindexAfter(ctx: JobCtx, last: string, version: string): Promise<string[]> {
  return ctx.db.transaction().execute(async (db) => {
    const rows = await db
      .selectFrom('vacancies.listing')
      .select('vacancy_id')
      .where('vacancy_id', '>', last)
      .where('document_version', '<>', version)
      .orderBy('vacancy_id')
      .limit(BATCH)
      .forUpdate()
      .execute()
    const inside = { ...ctx, db }
    for (const { vacancy_id } of rows) {
      await mapAgain(inside, vacancy_id)
      await list(inside, vacancy_id)
    }
    return rows.map(({ vacancy_id }) => vacancy_id)
  })
}

async function mapUnlistedAgain(ctx: JobCtx): Promise<void> {
  const unlisted = await ctx.db
    .selectFrom('vacancies.vacancy as v')
    .select('v.id')
    .where('v.state', 'in', ['held', 'published'])
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('vacancies.listing as l').select('l.vacancy_id').whereRef('l.vacancy_id', '=', 'v.id'))),
    )
    .execute()
  for (const { id } of unlisted) await ctx.db.transaction().execute((db) => mapAgain({ ...ctx, db }, id))
}

const isForm = (a: string, b: string) => stem(a) === stem(b)

/** Learns words nightly, see below. */
export const learnWordsJob = defineJob({ run: (ctx) => learnWords(ctx) })

/**
 * Learns the words of published titles, but for the slips in them, so that they are no slips and slips are corrected into them, and of employers' names,
 * so that these are no slips. Owner's connection.
 */
export async function learnWords(ctx: Ctx): Promise<void> {
  const { rows } = await sql<{ word: string; ndoc: number }>`
    select word, ndoc
    from ts_stat('select title_words from vacancies.listing', 'a')
    where ndoc >= ${WORD_OF_TITLES}`.execute(ctx.db)
  const titles = new Map(rows.map(({ word, ndoc }) => [word, { frequency: ndoc, spelling: word }]))
  const employers = await ctx.db.selectFrom('vacancies.listing').select('employer_name').distinct().execute()
  await inTransaction(ctx, ({ db }) =>
    replaceWords(db, {
      vacancies: withoutSlips(titles, isForm),
      employers: countWords(employers.map(({ employer_name }) => employer_name ?? '')),
    }),
  )
}
