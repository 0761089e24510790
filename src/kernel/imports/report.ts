import type { Ctx } from '../context.ts'
import type { ExportTable } from '../exports/guard.ts'
import { type Import, kindOf } from './imports.ts'
import { noteText } from './notes.ts'
import { nextRows, type RowState, rowReader, type StoredRow } from './rows.ts'

const BATCH = 1_000

/**
 * The rows with errors as a file: the columns as they came, then what is wrong. Put right, the file can be imported
 * again as it is.
 */
export function errorTable(ctx: Ctx, found: Import): ExportTable {
  const kind = kindOf(ctx, found)
  const columns = found.native_format
    ? kind.fields.map(({ name }) => name)
    : found.headings.map(({ heading }) => heading)
  const reader = rowReader(kind, found)
  const cellsOf = ({ raw }: StoredRow): string[] => {
    if (typeof raw === 'string') return [raw]
    if (!found.native_format) return found.headings.map(({ column }) => (raw as string[])[column] ?? '')
    const cells = reader(raw)
    return kind.fields.map(({ name }) => cells[name]!)
  }
  return {
    name: ctx.t('imports.report.errors'),
    headings: [ctx.t('imports.report.problem'), ...columns],
    rows: rowsOf(ctx, found, ['error'], (row) => [notesText(ctx, found, row), ...cellsOf(row)]),
  }
}

/** What became of every row: its number, its state in words, the record it is now, what was repaired or is wrong. */
export function reportTable(ctx: Ctx, found: Import): ExportTable {
  const { t } = ctx
  const stateText = (row: StoredRow) => t(`imports.state.${row.outcome ?? row.state}`)
  return {
    name: t('imports.report.title'),
    headings: [
      t('imports.report.number'),
      t('imports.report.state'),
      t('imports.report.record'),
      t('imports.report.problem'),
    ],
    rows: rowsOf(ctx, found, undefined, (row) => [
      row.number,
      stateText(row),
      row.subject_id,
      notesText(ctx, found, row),
    ]),
  }
}

async function* rowsOf<T>(
  ctx: Ctx,
  found: Import,
  states: RowState[] | undefined,
  cells: (row: StoredRow) => T,
): AsyncGenerator<T> {
  let after = -1
  for (;;) {
    const rows = await nextRows(ctx, found.id, after, BATCH, states)
    for (const row of rows) yield cells(row)
    if (rows.length < BATCH) return
    after = rows.at(-1)!.number
  }
}

function notesText(ctx: Ctx, found: Import, { notes }: StoredRow): string {
  const fields = new Map(kindOf(ctx, found).fields.map((field) => [field.name, ctx.t(field.label)]))
  return Object.entries(notes)
    .map(([name, note]) => [fields.get(name), noteText(ctx, note)].filter(Boolean).join(': '))
    .join('; ')
}
