import { sql } from 'kysely'
import type { Ctx } from '../context.ts'
import { inTransaction } from '../db/in-transaction.ts'
import type { JobCtx } from '../jobs/job.ts'
import { OutOfTurn } from '../out-of-turn.ts'
import { inBatches } from './batches.ts'
import { findImport } from './check-import.ts'
import type { ImportCtx, ImportKind, ImportRow, PreparedRow, RowOutcome } from './kind.ts'
import { findKind } from './kinds.ts'
import { nextRows, type RowState, type StoredRow, updateRows, wholeRows } from './rows.ts'

const BATCH = 500
const WAITING: RowState[] = ['ready', 'repaired']

type Import = NonNullable<Awaited<ReturnType<typeof findImport>>>

/**
 * Imports the sound rows, batch by batch, each in a transaction with the rows' own states: after an interruption it
 * goes on where it stopped and doubles nothing. A row that the kind cannot write becomes an error row. Where the kind allows it, a
 * batch is begun while the one before is still being written.
 */
export async function applyImport(ctx: JobCtx, id: string): Promise<void> {
  const found = await findImport(ctx, id, 'importing')
  if (!found) return
  const kind = findKind(ctx.platform, found.kind)
  const total = found.ready + found.repaired
  let done = total - (await countWaiting(ctx, id))
  await ctx.report({ done, total, message: { key: 'imports.progress.importing' } })
  const whole = wholeRows(kind)
  const prepare = (await kind.prepare?.({ ...ctx, import: found }, 'apply')) ?? unprepared
  let last: Writing | undefined
  const write = (rows: StoredRow[], prepared: Promise<unknown[]>) =>
    startWriting({ ctx, found, kind, prepare, rows, prepared }, last, async () => {
      done += rows.length
      await ctx.report({ done })
    })
  await inBatches(
    async (after) => (await nextRows(ctx, id, after, BATCH, WAITING)).map(whole),
    (rows) => prepare(rows as readonly StoredRow[] as readonly ImportRow[]),
    async (rows, prepared) => {
      const before = last
      last = write(rows, prepared)
      if ((await before?.ended) === 'closed') return false
      await last.begun
      return true
    },
  ).finally(() => last?.ended.catch(() => {}))
  await last?.ended
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

type Batch = {
  ctx: JobCtx
  found: Import
  kind: ImportKind
  prepare: (rows: readonly ImportRow[]) => unknown[]
  rows: StoredRow[]
  prepared: Promise<unknown[]>
}

/** How a batch ended: written as it was begun, otherwise, or not at all because the import was closed. */
type End = 'as_begun' | 'otherwise' | 'closed'

/** A batch that is being written. `begun`: what its kind answered to `begin`, for the next one; nothing where it does not begin. */
type Writing = { begun: Promise<unknown>; ended: Promise<End> }

function startWriting(batch: Batch, before: Writing | undefined, written: () => Promise<void>): Writing {
  const begun = Promise.withResolvers<unknown>()
  const ended = (async (): Promise<End> => {
    const end = (await ahead(batch, before, begun.resolve)) ?? (await inOrder(batch, before, begun))
    if (end !== 'closed') await written()
    return end
  })()
  // Whoever waits for it hears of it.
  ended.catch(() => {}).finally(() => begun.resolve(undefined))
  return { begun: begun.promise, ended }
}

// Begins while the batch before is still being written; nothing is kept of it where that one ends otherwise than it began.
async function ahead(
  { ctx, found, kind, rows, prepared }: Batch,
  before: Writing | undefined,
  began: (begun: unknown) => void,
): Promise<End | undefined> {
  const theirs = await before?.begun
  // Inside somebody's transaction there is nothing beside it.
  if (!before || !theirs || !kind.begin || ctx.db.isTransaction) return undefined
  try {
    const ready = withPrepared(rows, await prepared)
    return await inTransaction({ ...ctx, import: found }, async (ctx): Promise<End> => {
      const begun = await kind.begin!(ctx, ready, theirs)
      began(begun)
      if ((await before.ended) !== 'as_begun' || !(await isOpen(ctx))) throw new OutOfTurn()
      if ((await waitingAmong(ctx, found.id, rows)).size < rows.length) throw new OutOfTurn()
      await writeRows(ctx, kind, ready, begun)
      return 'as_begun'
    })
  } catch (error) {
    if (!(error instanceof OutOfTurn))
      ctx.log.warn({ err: error, import: found.id }, 'a batch could not be begun ahead, it is begun again in its turn')
    return undefined
  }
}

async function inOrder(batch: Batch, before: Writing | undefined, begun: PromiseWithResolvers<unknown>): Promise<End> {
  if ((await before?.ended) === 'closed') return 'closed'
  const { ctx, found, rows } = batch
  try {
    let mine: unknown
    const open = await applyRows(batch, withPrepared(rows, await batch.prepared), (what) => {
      mine = what
      begun.resolve(what)
    })
    if (!open) return 'closed'
    // Where it was begun ahead before, the next may have been begun on that.
    begun.resolve(mine)
    return (await begun.promise) === mine ? 'as_begun' : 'otherwise'
  } catch (error) {
    // Inside somebody's transaction there is nothing to go back to.
    if (ctx.db.isTransaction || isOutage(error)) throw error
    ctx.log.warn({ err: error, import: found.id }, 'a batch could not be imported, it is tried in parts')
  }
  return (await inParts(batch, rows)) ? 'otherwise' : 'closed'
}

// Halves of halves, until what cannot be written stands alone. Answers whether the import is still open.
async function inParts(batch: Batch, rows: readonly StoredRow[]): Promise<boolean> {
  const { ctx, found, prepare } = batch
  const half = Math.ceil(rows.length / 2)
  for (const part of [rows.slice(0, half), rows.slice(half)].filter(({ length }) => length > 0)) {
    try {
      const prepared = prepare(part as readonly StoredRow[] as readonly ImportRow[])
      if (!(await applyRows(batch, withPrepared(part, prepared)))) return false
    } catch (error) {
      if (isOutage(error)) throw error
      if (part.length > 1) {
        if (!(await inParts(batch, part))) return false
        continue
      }
      ctx.log.error({ err: error, import: found.id, row: part[0]!.number }, 'a row could not be imported')
      await refuseRow(ctx, found.id, part[0]!.number)
    }
  }
  return true
}

const withPrepared = (rows: readonly StoredRow[], prepared: readonly unknown[]) =>
  rows.map((row, at) => ({ ...row, prepared: prepared[at] })) as unknown as PreparedRow[]

// SQLSTATE classes of a database that is away, full or shut down, and of a lost race: another try may succeed.
// What a statement itself is wrong in (08P01) is none.
const isOutage = (error: unknown) =>
  /^(08(?!P01)|40|53|55|57|E[A-Z]+$)/.test(String((error as { code?: unknown })?.code ?? ''))

function applyRows(
  { ctx, found, kind }: Batch,
  rows: readonly PreparedRow[],
  began: (begun: unknown) => void = () => {},
): Promise<boolean> {
  return inTransaction({ ...ctx, import: found }, async (ctx) => {
    if (!(await isOpen(ctx))) return false
    // What another worker wrote since these rows were read is not written again.
    const waiting = await waitingAmong(ctx, found.id, rows)
    const left = rows.filter(({ number }) => waiting.has(number))
    if (left.length === 0) return true
    const begun = await kind.begin?.(ctx, left, null)
    began(begun)
    await writeRows(ctx, kind, left, begun)
    return true
  })
}

// Keeps a second worker off, and sees a cancellation.
async function isOpen({ db, import: { id } }: ImportCtx): Promise<boolean> {
  const open = await db
    .selectFrom('imports.import')
    .select('id')
    .where('id', '=', id)
    .where('state', '=', 'importing')
    .forUpdate()
    .executeTakeFirst()
  return open !== undefined
}

async function waitingAmong(ctx: Ctx, id: string, rows: readonly { number: number }[]): Promise<Set<number>> {
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

async function writeRows(
  ctx: ImportCtx,
  kind: ImportKind,
  rows: readonly PreparedRow[],
  begun: unknown,
): Promise<void> {
  const outcomes: RowOutcome[] = await kind.apply(ctx, rows, begun)
  if (outcomes.length !== rows.length)
    throw new Error(`${kind.kind}: ${outcomes.length} outcomes for ${rows.length} rows`)
  await updateRows(
    ctx,
    ctx.import.id,
    rows.map(({ number }, i) => {
      const outcome = outcomes[i]!
      if (outcome.outcome !== 'refused') return { number, state: 'imported', ...outcome }
      const notes = Object.entries(outcome.errors).map(([field, note]) => [field, { ...note, kind: 'error' as const }])
      return { number, state: 'error', notes: Object.fromEntries(notes) }
    }),
  )
  const count = (outcome: RowOutcome['outcome']) => outcomes.filter((one) => one.outcome === outcome).length
  await ctx.db
    .updateTable('imports.import')
    .set((e) => ({
      created: e('created', '+', count('created')),
      updated: e('updated', '+', count('updated')),
      same: e('same', '+', count('same')),
      errors: e('errors', '+', count('refused')),
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
