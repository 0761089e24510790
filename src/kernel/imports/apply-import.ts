import { sql } from 'kysely'
import type { Ctx } from '../context.ts'
import { inTransaction } from '../db/in-transaction.ts'
import type { JobCtx } from '../jobs/job.ts'
import { inBatches } from './batches.ts'
import { findImport } from './check-import.ts'
import type { ImportCtx, ImportKind, ImportRow, PreparedRow, RowOutcome } from './kind.ts'
import { findKind } from './kinds.ts'
import { nextRows, type RowState, type StoredRow, updateRows } from './rows.ts'

const BATCH = 500
const WAITING: RowState[] = ['ready', 'repaired']

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
  const prepare = (await kind.prepare?.({ ...ctx, import: found }, 'apply')) ?? unprepared
  await inBatches(
    (after) => nextRows(ctx, id, after, BATCH, WAITING),
    (rows) => prepare(rows as readonly StoredRow[] as readonly ImportRow[]),
    async (rows, prepared) => {
      const open = await applyBatch(ctx, found, kind, rows, prepared, prepare)
      done += rows.length
      await ctx.report({ done })
      return open
    },
  )
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
    .where('state', 'in', WAITING)
    .executeTakeFirstOrThrow()
  return Number(waiting)
}

const unprepared = (rows: readonly ImportRow[]) => rows.map(() => undefined)

// Whether the import still goes on: it may have been cancelled.
async function applyBatch(
  ctx: JobCtx,
  found: Import,
  kind: ImportKind,
  rows: StoredRow[],
  prepared: Promise<unknown[]>,
  prepare: (rows: readonly ImportRow[]) => unknown[],
): Promise<boolean> {
  try {
    return await applyRows(ctx, found, kind, rows, await prepared)
  } catch (error) {
    // Inside somebody's transaction there is nothing to go back to.
    if (ctx.db.isTransaction || isOutage(error)) throw error
    ctx.log.warn({ err: error, import: found.id }, 'a batch could not be imported, its rows are tried one by one')
  }
  for (const row of rows) {
    try {
      const open = await applyRows(ctx, found, kind, [row], prepare([row] as ImportRow[]))
      if (!open) return false
    } catch (error) {
      if (isOutage(error)) throw error
      ctx.log.error({ err: error, import: found.id, row: row.number }, 'a row could not be imported')
      await refuseRow(ctx, found.id, row.number)
    }
  }
  return true
}

// SQLSTATE classes of a database that is away, full or shut down, and of a lost race: another try may succeed.
const isOutage = (error: unknown) =>
  /^(08|40|53|55|57|E[A-Z]+$)/.test(String((error as { code?: unknown })?.code ?? ''))

function applyRows(
  ctx: JobCtx,
  found: Import,
  kind: ImportKind,
  rows: StoredRow[],
  prepared: unknown[],
): Promise<boolean> {
  return inTransaction(ctx, async (ctx) => {
    // Keeps a second worker off, and sees a cancellation.
    const open = await ctx.db
      .selectFrom('imports.import')
      .select('id')
      .where('id', '=', found.id)
      .where('state', '=', 'importing')
      .forUpdate()
      .executeTakeFirst()
    if (!open) return false
    // What another worker wrote since these rows were read is not written again.
    const waiting = await waitingAmong(ctx, found.id, rows)
    const left = rows.map((row, at) => ({ ...row, prepared: prepared[at] })).filter(({ number }) => waiting.has(number))
    if (left.length > 0) await writeRows({ ...ctx, import: found }, kind, left as unknown as PreparedRow[])
    return true
  })
}

async function waitingAmong(ctx: Ctx, id: string, rows: readonly StoredRow[]): Promise<Set<number>> {
  const waiting = await ctx.db
    .selectFrom('imports.row')
    .select('number')
    .where('import_id', '=', id)
    .where('number', '>=', rows[0]!.number)
    .where('number', '<=', rows.at(-1)!.number)
    .where('state', 'in', WAITING)
    .execute()
  return new Set(waiting.map(({ number }) => number))
}

async function writeRows(ctx: ImportCtx, kind: ImportKind, rows: readonly PreparedRow[]): Promise<void> {
  const outcomes: RowOutcome[] = await kind.apply(ctx, rows)
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
