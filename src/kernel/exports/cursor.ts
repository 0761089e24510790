import { type Kysely, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { DB } from '../db/types.ts'
import { newId } from '../ids.ts'

const BATCH = 1_000

/** The rows of a query one after another, a thousand in memory, all of one moment. Inside a transaction only. */
export async function* fromCursor<Row>(
  db: Kysely<DB>,
  query: SelectQueryBuilder<any, any, Row> | RawBuilder<Row>,
): AsyncGenerator<Row> {
  const cursor = sql.id(`export_${newId()}`)
  await sql`declare ${cursor} no scroll cursor for ${query}`.execute(db)
  for (;;) {
    const { rows } = await sql<Row>`fetch forward ${sql.lit(BATCH)} from ${cursor}`.execute(db)
    yield* rows
    if (rows.length < BATCH) break
  }
  await sql`close ${cursor}`.execute(db)
}
