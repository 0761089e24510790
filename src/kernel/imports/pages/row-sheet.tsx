import type { Ctx } from '../../context.ts'
import { Sheet, type SheetCell } from '../../ui/sheet.tsx'
import { type Import, kindOf } from '../imports.ts'
import type { ImportField } from '../kind.ts'
import { noteText } from '../notes.ts'
import { rowReader, type StoredRow } from '../rows.ts'

const SHOWN_LETTERS = 140

/** Rows of the file as the kind's fields, with what was repaired and what is wrong. Fields that none of them has are left out. */
export function RowSheet({ ctx, found, rows }: { ctx: Ctx; found: Import; rows: StoredRow[] }) {
  const { t } = ctx
  const kind = kindOf(ctx, found)
  const reader = rowReader(kind, found)
  const read = rows.map(
    (row) =>
      ({ row, cells: typeof row.raw === 'string' ? {} : reader(row.raw) }) as {
        row: StoredRow
        cells: Record<string, string>
      },
  )
  const inFile = ({ name }: ImportField) =>
    name in found.mapping || read.some(({ row, cells }) => cells[name] || row.notes[name])
  const fields = kind.fields.filter((field, i) => i === 0 || inFile(field))
  const source = ({ name }: ImportField) => {
    const heading = found.headings.find(({ column }) => column === found.mapping[name])?.heading
    return heading ? t('imports.preview.column', { heading }) : undefined
  }
  return (
    <Sheet
      ctx={ctx}
      label={t('imports.preview.rows')}
      columns={fields.map((field) => ({ label: t(field.label), source: source(field) }))}
      rows={read.map(({ row, cells }) => ({
        number: row.number,
        cells: fields.map((field, i) => cellOf(ctx, field, cells[field.name] ?? '', row, i === 0)),
      }))}
    />
  )
}

function cellOf(ctx: Ctx, field: ImportField, text: string, row: StoredRow, first: boolean): SheetCell {
  // What concerns the whole row stands at its beginning.
  const note = row.notes[field.name] ?? (first ? row.notes[''] : undefined)
  const shown = short(field.show ? field.show(text) : text)
  const line = first && typeof row.raw === 'string' ? short(row.raw) : ''
  const value = shown || line || (
    <span class="quiet">{ctx.t(note?.kind === 'error' ? 'imports.preview.empty' : 'imports.preview.not_stated')}</span>
  )
  if (!note) return { value }
  const why = noteText(ctx, note)
  if (note.kind === 'error') return { value, state: 'bad', why }
  return { was: shown, value: short(valueText(ctx, field, row.value?.[field.name])), state: 'fix', why }
}

function valueText(ctx: Ctx, field: ImportField, value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  if (field.show) return field.show(text)
  return /^\d{4}-\d\d-\d\d$/.test(text) ? ctx.format.date(Temporal.PlainDate.from(text)) : text
}

const short = (text: string) => (text.length > SHOWN_LETTERS ? `${text.slice(0, SHOWN_LETTERS).toWellFormed()}…` : text)
