import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { DB } from '../db/types.ts'
import { ROOT } from '../root.ts'

/** One line of a list's file, by the names in its heading line; an empty cell is ''. */
export type ListRow = Record<string, string>

/**
 * Brings the reference list `list` up to its files (paths below `data/`). Does nothing, and answers false, when the
 * database holds this version already. `load` receives each file's rows, in order, inside one transaction; two
 * processes that start together wait for each other. `generation` goes up when `load` makes other rows of the same files.
 */
export async function loadList(
  db: Kysely<DB>,
  list: string,
  files: readonly string[],
  load: (db: Transaction<DB>, tables: ListRow[][]) => Promise<void>,
  generation = 1,
): Promise<boolean> {
  const texts = files.map((file) => readFileSync(join(ROOT, 'data', file), 'utf8'))
  const checksum = createHash('sha256')
    .update(JSON.stringify([generation, files, texts]))
    .digest('hex')
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext(${`hamsafar.list.${list}`}))`.execute(trx)
    if ((await listVersion(trx, list)) === checksum) return false
    await load(trx, texts.map(readTable))
    await trx
      .insertInto('lists.version')
      .values({ list, checksum })
      .onConflict((conflict) => conflict.column('list').doUpdateSet({ checksum, loaded_at: sql`now()` }))
      .execute()
    return true
  })
}

/** The version of a list that the database holds; null before it was first loaded. */
export async function listVersion(db: Kysely<DB>, list: string): Promise<string | null> {
  const row = await db.selectFrom('lists.version').select('checksum').where('list', '=', list).executeTakeFirst()
  return row?.checksum ?? null
}

/** The rows of a tab- or comma-separated text whose first line names the columns. @throws when a line is too short or too long. */
export function readTable(text: string): ListRow[] {
  const delimiter = text.slice(0, text.indexOf('\n')).includes('\t') ? '\t' : ','
  return parse<ListRow>(text, {
    columns: true,
    delimiter,
    quote: delimiter === ',' ? '"' : null,
    skip_empty_lines: true,
  })
}

/** Parts of a long list of rows, small enough for the parameters of one statement. */
export function* inBatches<T>(rows: readonly T[], size = 1000): Generator<T[]> {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size)
}
