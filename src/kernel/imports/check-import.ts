import { sql } from 'kysely'
import type { JobCtx } from '../jobs/job.ts'
import { inBatches } from './batches.ts'
import type { Mapping } from './columns.ts'
import type { ImportCtx, ImportKind, ImportRow, PreparedRow } from './kind.ts'
import { findKind } from './kinds.ts'
import { monthFirstFields } from './month-first.ts'
import {
  nextRows,
  type ReadRow,
  type RowReader,
  readRow,
  remembering,
  rowReader,
  type StoredRow,
  updateRows,
  wholeRows,
} from './rows.ts'

const BATCH = 500

/**
 * Checks every row: reads its cells, and asks the kind which rows are here already. Ends in `checked`, or in `done`
 * when nothing is new and nothing is wrong. Nothing is imported. Repeating it changes nothing.
 */
export async function checkImport(ctx: JobCtx, id: string): Promise<void> {
  const found = await findImport(ctx, id, 'checking')
  if (!found) return
  const kind = findKind(ctx.platform, found.kind)
  const importCtx: ImportCtx = { ...ctx, import: found }
  let done = 0
  await ctx.report({ done, total: found.rows, message: { key: 'imports.progress.checking' } })
  const mapping = found.mapping as Mapping
  const means = {
    reader: rowReader(kind, { native_format: found.native_format, mapping }),
    readText: remembering(found.native_format ? undefined : await monthFirstFields(ctx, id, mapping, kind.fields)),
    whole: wholeRows(kind),
    prepare: await kind.prepare?.(importCtx, 'check'),
  }
  await inBatches(
    (after) => nextRows(ctx, id, after, BATCH),
    (rows) => readRows(ctx, kind, means, rows),
    async (rows, read) => {
      await updateRows(ctx, id, await checkRows(importCtx, kind, await read))
      done += rows.length
      await ctx.report({ done })
      return true
    },
  )
  await finishCheck(ctx, id, kind)
}

/** A row as it was read; `sound`: as its kind gets it, unless it is wrong. */
type Read = ReadRow & { number: number; sound: (ImportRow & { prepared?: unknown }) | undefined }

type Means = {
  reader: RowReader
  readText: ReturnType<typeof remembering>
  whole: ReturnType<typeof wholeRows>
  prepare: ((rows: readonly ImportRow[]) => unknown[]) | undefined
}

const soundOf = (rows: readonly Read[]) => rows.flatMap(({ sound }) => sound ?? [])

function readRows(
  ctx: JobCtx,
  kind: ImportKind,
  { reader, readText, whole, prepare }: Means,
  stored: readonly StoredRow[],
): Read[] {
  const rows = stored.map(({ number, raw }): Read => {
    const read = readRow(ctx, kind, reader, raw, readText)
    return { number, ...read, sound: read.state === 'error' ? undefined : whole({ number, raw, value: read.value }) }
  })
  const sound = soundOf(rows)
  prepare?.(sound).forEach((prepared, at) => {
    sound[at]!.prepared = prepared
  })
  return rows
}

async function checkRows(ctx: ImportCtx, kind: ImportKind, rows: readonly Read[]) {
  const sound = soundOf(rows)
  const checks = sound.length > 0 ? await kind.check?.(ctx, sound as PreparedRow[]) : undefined
  const known = new Map(sound.map((row, i) => [row.number, checks?.[i]]))
  return rows.map(({ number, value, notes, state }) => {
    const check = known.get(number)
    if (!check) return { number, value, notes, state, changes: false }
    const errors = Object.entries(check.errors ?? {})
    for (const [field, note] of Object.entries(check.repairs ?? {})) notes[field] = { ...note, kind: 'repaired' }
    for (const [field, note] of errors) notes[field] = { ...note, kind: 'error' }
    const read = check.repairs && state === 'ready' ? 'repaired' : state
    const checked: ReadRow['state'] | 'same' = errors.length > 0 ? 'error' : check.state === 'same' ? 'same' : read
    const changes = check.state === 'changed' && checked !== 'error'
    return { number, value, notes, state: checked, changes, subject_id: check.subject_id }
  })
}

async function finishCheck(ctx: JobCtx, id: string, { doubt }: ImportKind): Promise<void> {
  await sql`
    update imports.import
    set ready = c.ready,
        repaired = c.repaired,
        errors = c.errors,
        same = c.same,
        changed = c.changed,
        doubtful = c.doubtful,
        content = null,
        state = case when c.ready + c.repaired + c.errors = 0 then 'done' else 'checked' end,
        finished_at = case when c.ready + c.repaired + c.errors = 0 then now() end
    from (
      select count(*) filter (where state = 'ready') as ready,
             count(*) filter (where state = 'repaired') as repaired,
             count(*) filter (where state = 'error') as errors,
             count(*) filter (where state = 'same') as same,
             count(*) filter (where changes) as changed,
             count(*) filter (
               where state = 'repaired'
                 and jsonb_path_exists(notes, '$.*.key ? (@ == $note)', jsonb_build_object('note', ${doubt?.note ?? ''}::text))
             ) as doubtful
      from imports.row
      where import_id = ${id}
    ) c
    where id = ${id}
      and imports.import.state = 'checking'`.execute(ctx.db)
}

/** An import in one state, with what its rows need to know of it. */
export function findImport(ctx: JobCtx, id: string, state: 'checking' | 'importing') {
  return ctx.db
    .selectFrom('imports.import')
    .select([
      'id',
      'kind',
      'organisation_id',
      'created_by',
      'file_name',
      'source',
      'rows',
      'ready',
      'repaired',
      'created',
      'updated',
    ])
    .select(['native_format', 'mapping'])
    .where('id', '=', id)
    .where('state', '=', state)
    .executeTakeFirst()
}
