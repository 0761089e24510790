import { sql } from 'kysely'
import { inTransaction } from '../db/in-transaction.ts'
import type { JobCtx } from '../jobs/job.ts'
import { describeColumns, guessMapping, type Mapping, splitHeadings } from './columns.ts'
import { tableOf } from './files/json.ts'
import { openFile } from './files/open.ts'
import { type Document, FileProblem, LIMITS, type Table, type TableRow } from './files/table.ts'
import type { ImportKind } from './kind.ts'
import { findKind } from './kinds.ts'
import { insertRows } from './rows.ts'

const BATCH = 1_000
const DESCRIBED_ROWS = 200

/**
 * Reads an uploaded file into rows and guesses the mapping of its columns. Ends in the state `mapping`, in
 * `checking` for a native format, or in `failed` with the reason. Repeating it after an interruption starts anew. `unattended`: a workbook whose rows
 * stand on several sheets is refused, because nobody will choose one.
 */
export async function readImport(
  ctx: JobCtx,
  id: string,
  { unattended = false }: { unattended?: boolean } = {},
): Promise<void> {
  const found = await ctx.db
    .updateTable('imports.import')
    .set({ state: 'reading' })
    .where('id', '=', id)
    .where('state', 'in', ['uploaded', 'reading'])
    .returning(['kind', 'content', 'sheet', 'organisation_id'])
    .executeTakeFirst()
  if (!found?.content) return
  const kind = findKind(ctx.platform, found.kind)
  await ctx.report({ message: { key: 'imports.progress.reading' } })
  try {
    const file = await openFile(new Uint8Array(found.content), found.sheet, { only: unattended })
    await inTransaction(ctx, async (ctx) => {
      await ctx.db.deleteFrom('imports.row').where('import_id', '=', id).execute()
      const result = await readRows(ctx, id, kind, file, found.organisation_id)
      // Not knowing how many there are, PostgreSQL would sort them all for each batch.
      if (result.rows > BATCH) await sql`analyze imports.row (import_id, number, state)`.execute(ctx.db)
      const kept = await ctx.db
        .updateTable('imports.import')
        .set({ ...result, format: file.format, problem: null })
        .where('id', '=', id)
        .where('state', '=', 'reading')
        .executeTakeFirst()
      if (kept.numUpdatedRows === 0n) throw new CancelledMeanwhile()
    })
  } catch (error) {
    if (error instanceof CancelledMeanwhile) return
    if (!(error instanceof FileProblem)) throw error
    await failImport(ctx, id, error)
  }
}

class CancelledMeanwhile extends Error {}

/** Ends an import that is not taken, with the reason. Owner's connection. */
export async function failImport(ctx: JobCtx, id: string, { note }: FileProblem): Promise<void> {
  await ctx.db.deleteFrom('imports.row').where('import_id', '=', id).execute()
  await ctx.db
    .updateTable('imports.import')
    .set({ state: 'failed', problem: JSON.stringify(note), content: null, finished_at: sql<Temporal.Instant>`now()` })
    .where('id', '=', id)
    .where('state', 'in', ['reading', 'mapping', 'checked'])
    .execute()
}

async function readRows(
  ctx: JobCtx,
  id: string,
  kind: ImportKind,
  file: Table | Document,
  organisation_id: string | null,
) {
  if ('rows' in file) return readTable(ctx, id, kind, file, organisation_id)
  const native = nativeFormat(kind, file)
  if (native) {
    const records = (function* () {
      let number = 0
      for (const raw of native.format.rows(native.document)) yield { number: ++number, raw }
      // Lines that are not JSON have no place among the records: they follow, and show their text.
      for (const { text } of file.broken) yield { number: ++number, raw: text as unknown }
    })()
    const rows = await store(ctx, id, records)
    if (rows === 0) throw new FileProblem('only_headings')
    return { state: 'checking', native_format: native.format.name, rows, sheets: '[]', headings: '[]', mapping: '{}' }
  }
  const table = tableOf(file)
  if (!table) throw new FileProblem('json_shape')
  return readTable(ctx, id, kind, table, organisation_id)
}

// One record on a line of its own is a list of one to a format that knows lists.
function nativeFormat(kind: ImportKind, { document }: Document) {
  for (const candidate of [document, [document]]) {
    const format = kind.nativeFormats?.find((native) => native.detect(candidate))
    if (format) return { format, document: candidate }
  }
}

async function readTable(ctx: JobCtx, id: string, kind: ImportKind, table: Table, organisation_id: string | null) {
  const iterator = asyncIterator(table.rows)
  const first: TableRow[] = []
  while (first.length < DESCRIBED_ROWS) {
    const { value, done } = await iterator.next()
    if (done) break
    first.push(value)
  }
  const split = splitHeadings(first, kind.fields, kind.headingWords)
  if (!split) throw new FileProblem('empty')
  const rows = await store(ctx, id, rawRows(split.rest, iterator))
  if (rows === 0) throw new FileProblem('only_headings')
  const columns = describeColumns(split.headings, split.rest)
  const earlier = await earlierMapping(
    ctx,
    kind,
    organisation_id,
    columns.map(({ heading }) => heading),
  )
  return {
    state: 'mapping',
    native_format: null,
    rows,
    sheet: table.sheet,
    sheets: JSON.stringify(table.sheets),
    hidden_sheets: JSON.stringify(table.hidden ?? []),
    headings: JSON.stringify(columns),
    mapping: JSON.stringify(earlier ?? guessMapping(kind.fields, columns, kind.headingWords)),
    columns_seen: earlier !== undefined,
  }
}

async function* rawRows(rest: TableRow[], iterator: AsyncIterator<TableRow>) {
  for (const { number, cells } of rest) yield { number, raw: cells as unknown }
  for (let next = await iterator.next(); !next.done; next = await iterator.next())
    yield { number: next.value.number, raw: next.value.cells as unknown }
}

async function* asyncIterator(rows: Table['rows']): AsyncGenerator<TableRow, undefined> {
  yield* rows
}

async function store(
  ctx: JobCtx,
  id: string,
  rows: AsyncIterable<{ number: number; raw: unknown }> | Iterable<{ number: number; raw: unknown }>,
): Promise<number> {
  let count = 0
  let batch: { number: number; raw: unknown }[] = []
  let keeping = Promise.resolve()
  // The next rows are read while the database keeps these. Whatever fails, it is heard of at the next turn or at the end.
  const flush = async () => {
    await keeping
    keeping = insertRows(ctx, id, batch)
    keeping.catch(() => {})
    batch = []
    await ctx.report({ done: count })
  }
  try {
    for await (const row of rows) {
      if (++count > LIMITS.rows) throw new FileProblem('too_many_rows', { rows: LIMITS.rows })
      batch.push(row)
      if (batch.length === BATCH) await flush()
    }
    if (batch.length > 0) await flush()
  } finally {
    await keeping
  }
  return count
}

/** How a person mapped an earlier file with the very same headings. */
async function earlierMapping(
  ctx: JobCtx,
  kind: ImportKind,
  organisation_id: string | null,
  headings: string[],
): Promise<Mapping | undefined> {
  const earlier = await ctx.db
    .selectFrom('imports.import')
    .select(['headings', 'mapping'])
    .where('kind', '=', kind.kind)
    .where('organisation_id', 'is not distinct from', organisation_id)
    .where('state', '=', 'done')
    .where('native_format', 'is', null)
    .where('columns_seen', '=', true)
    .orderBy('created_at', 'desc')
    .limit(20)
    .execute()
  const same = earlier.find(
    (one) =>
      JSON.stringify((one.headings as { heading: string }[]).map(({ heading }) => heading)) ===
      JSON.stringify(headings),
  )
  return same?.mapping as Mapping | undefined
}
