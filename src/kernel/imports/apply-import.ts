import { sql } from 'kysely'
import { inTransaction } from '../db/in-transaction.ts'
import type { JobCtx } from '../jobs/job.ts'
import { findImport } from './check-import.ts'
import type { ImportCtx, ImportKind, ImportRow, RowOutcome } from './kind.ts'
import { findKind } from './kinds.ts'
import { nextRows, type StoredRow, updateRows } from './rows.ts'

const BATCH = 500

type Import = NonNullable<Awaited<ReturnType<typeof findImport>>>

/**
 * Imports the sound rows, batch by batch, each in a transaction with the rows' own states: after an interruption it
 * goes on where it stopped and doubles nothing. A row that the kind cannot write becomes an error row.
 */
export async function applyImport(ctx: JobCtx, id: string): Promise<void> {
  const found = await findImport(ctx, id, 'importing')
  if (!found) return
  const kind = findKind(ctx.platform, found.kind)
  const total = found.ready + found.repaired
  let done = total - (await countWaiting(ctx, id))
  await ctx.report({ done, total, message: { key: 'imports.progress.importing' } })
  let after = -1
  for (;;) {
    const rows = await applyNext(ctx, found, kind, after)
    if (rows.length === 0) break
    after = rows.at(-1)!.number
    done += rows.length
    await ctx.report({ done })
  }
  await ctx.db
    .updateTable('imports.import')
    .set({ state: 'done', finished_at: sql<Temporal.Instant>`now()` })
    .where('id', '=', id)
    .where('state', '=', 'importing')
    .execute()
}

async function countWaiting(ctx: JobCtx, id: string): Promise<number> {
  const { waiting } = await ctx.db
    .selectFrom('imports.row')
    .select((e) => e.fn.countAll<bigint>().as('waiting'))
    .where('import_id', '=', id)
    .where('state', 'in', ['ready', 'repaired'])
    .executeTakeFirstOrThrow()
  return Number(waiting)
}

// The rows that were dealt with; none when none is left, or the import was cancelled.
async function applyNext(ctx: JobCtx, found: Import, kind: ImportKind, after: number): Promise<StoredRow[]> {
  try {
    return await applyRows(ctx, found, kind, after, BATCH)
  } catch (error) {
    // Inside somebody's transaction there is nothing to go back to.
    if (ctx.db.isTransaction || isOutage(error)) throw error
    ctx.log.warn({ err: error, import: found.id }, 'a batch could not be imported, its rows are tried one by one')
  }
  const rows = await nextRows(ctx, found.id, after, BATCH, ['ready', 'repaired'])
  for (const { number } of rows) {
    try {
      await applyRows(ctx, found, kind, number - 1, 1)
    } catch (error) {
      if (isOutage(error)) throw error
      ctx.log.error({ err: error, import: found.id, row: number }, 'a row could not be imported')
      await refuseRow(ctx, found.id, number)
    }
  }
  return rows
}

// SQLSTATE classes of a database that is away, full or shut down, and of a lost race: another try may succeed.
const isOutage = (error: unknown) =>
  /^(08|40|53|55|57|E[A-Z]+$)/.test(String((error as { code?: unknown })?.code ?? ''))

function applyRows(ctx: JobCtx, found: Import, kind: ImportKind, after: number, limit: number): Promise<StoredRow[]> {
  return inTransaction(ctx, async (ctx) => {
    // Keeps a second worker off, and sees a cancellation.
    const open = await ctx.db
      .selectFrom('imports.import')
      .select('id')
      .where('id', '=', found.id)
      .where('state', '=', 'importing')
      .forUpdate()
      .executeTakeFirst()
    const rows = open ? await nextRows(ctx, found.id, after, limit, ['ready', 'repaired']) : []
    if (rows.length > 0) await writeRows({ ...ctx, import: found }, kind, rows)
    return rows
  })
}

async function writeRows(ctx: ImportCtx, kind: ImportKind, rows: StoredRow[]): Promise<void> {
  const outcomes: RowOutcome[] = await kind.apply(ctx, rows as ImportRow[])
  if (outcomes.length !== rows.length)
    throw new Error(`${kind.kind}: ${outcomes.length} outcomes for ${rows.length} rows`)
  await updateRows(
    ctx,
    ctx.import.id,
    rows.map(({ number }, i) => ({ number, state: 'imported', ...outcomes[i] })),
  )
  const count = (outcome: RowOutcome['outcome']) => outcomes.filter((one) => one.outcome === outcome).length
  await ctx.db
    .updateTable('imports.import')
    .set((e) => ({
      created: e('created', '+', count('created')),
      updated: e('updated', '+', count('updated')),
      same: e('same', '+', count('same')),
    }))
    .where('id', '=', ctx.import.id)
    .execute()
}

async function refuseRow(ctx: JobCtx, id: string, number: number): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    await updateRows(ctx, id, [
      { number, state: 'error', notes: { '': { kind: 'error', key: 'imports.error.not_written' } } },
    ])
    await ctx.db
      .updateTable('imports.import')
      .set((e) => ({ errors: e('errors', '+', 1) }))
      .where('id', '=', id)
      .execute()
  })
}
