import { sql } from 'kysely'
import type { Ctx } from '../context.ts'
import { recordset } from '../db/arrays.ts'
import type { Mapping } from './columns.ts'
import type { ImportField, ImportKind, Json, Note, Reading, RowOutcome } from './kind.ts'
import { readMonthFirst } from './month-first.ts'

export type RowState = 'read' | 'ready' | 'repaired' | 'error' | 'same' | 'imported'

/** What a field of a row needs a person to see. Under the empty name: what concerns the whole row. */
type RowNotes = Record<string, Note & { kind: 'repaired' | 'error' }>

/** `value`: what the row states; what it does not is left out, see `wholeRows`. */
export type ReadRow = { value: Record<string, Json>; notes: RowNotes; state: 'ready' | 'repaired' | 'error' }

/** How a stored row's raw form is turned into cells by field name. */
export type RowReader = (raw: unknown) => Record<string, string>

/** The cells of a row by the names of their fields: through the native format, or by the mapping of columns. */
export function rowReader(
  kind: ImportKind,
  { native_format, mapping }: { native_format: string | null; mapping: Mapping },
): RowReader {
  const native = kind.nativeFormats?.find(({ name }) => name === native_format)
  const columns = kind.fields.flatMap(({ name }) => (mapping[name] === undefined ? [] : [{ name, at: mapping[name] }]))
  const empty = everyField(kind, '')
  return (raw) => {
    const cells = { ...empty }
    const named = native?.cells(raw)
    if (named) for (const name in cells) cells[name] = String(named[name] ?? '').trim()
    else for (const { name, at } of columns) cells[name] = String((raw as string[])[at] ?? '').trim()
    return cells
  }
}

// By way of JSON: an object of many names that grew one by one is slow to copy, and this is copied for each row.
const everyField = <T>({ fields }: ImportKind, value: T): Record<string, T> =>
  JSON.parse(JSON.stringify(Object.fromEntries(fields.map(({ name }) => [name, value]))))

/** Rows as their kind gets them: null for what a row does not state. */
export function wholeRows(kind: ImportKind): <R extends { value: StoredRow['value'] }>(row: R) => R {
  const nothing = everyField(kind, null)
  return (row) => ({ ...row, value: { ...nothing, ...row.value } })
}

/** Reads a row: its values, and what was repaired or is wrong with it. Never throws, whatever the row holds. */
export function readRow(
  ctx: Pick<Ctx, 'log'>,
  kind: ImportKind,
  reader: RowReader,
  raw: unknown,
  readText: ReadText = (field, text) => field.read(text),
): ReadRow {
  const row: ReadRow = { value: {}, notes: {}, state: 'ready' }
  // A line that is not JSON was kept as its text.
  if (typeof raw === 'string')
    return { ...row, state: 'error', notes: { '': { kind: 'error', key: 'imports.error.json_line' } } }
  try {
    const cells = reader(raw)
    for (const field of kind.fields) readCell(row, field, cells[field.name]!, readText)
  } catch (error) {
    ctx.log.error({ err: error, kind: kind.kind }, 'a row could not be read')
    return { ...row, state: 'error', notes: { '': { kind: 'error', key: 'imports.error.unreadable' } } }
  }
  return row
}

function readCell(row: ReadRow, field: ImportField, text: string, readText: ReadText): void {
  if (text === '' && !field.required) return
  const reading = text === '' ? { error: { key: 'imports.error.missing' } } : readText(field, text)
  if ('error' in reading) {
    row.notes[field.name] = { ...reading.error, kind: 'error' }
    row.state = 'error'
    return
  }
  if (reading.value !== null) row.value[field.name] = reading.value
  if (!('repaired' in reading) || !reading.repaired) return
  row.notes[field.name] = { ...reading.repaired, kind: 'repaired' }
  if (row.state === 'ready') row.state = 'repaired'
}

type ReadText = (field: ImportField, text: string) => Reading

const MOST_REMEMBERED = 1_000

/**
 * Reads cells, and remembers of each column what its first texts mean: the same few words fill most columns of a list. `monthFirst`: the
 * fields whose columns write the month before the day.
 */
export function remembering(monthFirst: ReadonlySet<string> = new Set()): ReadText {
  const known = new Map<ImportField, Map<string, Reading>>()
  return (field, text) => {
    const here = known.getOrInsertComputed(field, () => new Map())
    const before = here.get(text)
    if (before) return before
    const reading = monthFirst.has(field.name) ? readMonthFirst(field, text) : field.read(text)
    if (here.size < MOST_REMEMBERED) here.set(text, reading)
    return reading
  }
}

export type StoredRow = {
  number: number
  raw: unknown
  state: RowState
  value: Record<string, Json> | null
  notes: RowNotes
  /** It would change a record that is here. */
  changes: boolean
  outcome: Written['outcome'] | null
  subject_id: string | null
}

/** The next rows of an import after a row number, in the order of the file: all, of some states, or those that change records. */
export function nextRows(
  ctx: Ctx,
  import_id: string,
  after: number,
  limit: number,
  which?: RowState[] | 'changes',
): Promise<StoredRow[]> {
  return ctx.db
    .selectFrom('imports.row')
    .select(['number', 'raw', 'state', 'value', 'notes', 'changes', 'outcome', 'subject_id'])
    .where('import_id', '=', import_id)
    .where('number', '>', after)
    .$if(which === 'changes', (query) => query.where('changes', '=', true))
    .$if(Array.isArray(which), (query) => query.where('state', 'in', which as RowState[]))
    .orderBy('number')
    .limit(limit)
    .execute() as Promise<unknown> as Promise<StoredRow[]>
}

/** Adds rows as read. A number that a damaged file gives twice counts once. */
export async function insertRows(
  ctx: Ctx,
  import_id: string,
  rows: readonly { number: number; raw: unknown }[],
): Promise<void> {
  await sql`
    insert into imports.row (import_id, number, raw)
    select ${import_id}, x.number, x.raw
    from ${recordset(rows, { number: 'integer', raw: 'jsonb' })} x
    on conflict do nothing`.execute(ctx.db)
}

type Written = Exclude<RowOutcome, { outcome: 'refused' }>
type RowUpdate = { number: number; state: RowState; changes?: boolean } & Partial<Pick<ReadRow, 'value' | 'notes'>> &
  Partial<Written>

/** Stores what was found out about rows, which stand in their order. */
export async function updateRows(ctx: Ctx, import_id: string, rows: readonly RowUpdate[]): Promise<void> {
  if (rows.length === 0) return
  // Without first and last PostgreSQL may read the whole file to find some of its rows.
  await sql`
    update imports.row as r
    set state = x.state,
        value = coalesce(x.value, r.value),
        notes = coalesce(x.notes, r.notes),
        changes = coalesce(x.changes, r.changes),
        outcome = x.outcome,
        subject_id = x.subject_id
    from ${recordset(rows, {
      ...{ number: 'integer', state: 'text', value: 'jsonb', notes: 'jsonb', changes: 'boolean' },
      ...{ outcome: 'text', subject_id: 'uuid' },
    })} x
    where r.import_id = ${import_id}
      and r.number between ${rows[0]!.number} and ${rows.at(-1)!.number}
      and r.number = x.number`.execute(ctx.db)
}
