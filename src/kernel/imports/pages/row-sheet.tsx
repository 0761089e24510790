import type { Child } from 'hono/jsx'
import type { Ctx } from '../../context.ts'
import { Sheet, type SheetCell } from '../../ui/sheet.tsx'
import { Tag } from '../../ui/states.tsx'
import { type Import, kindOf } from '../imports.ts'
import type { ImportField } from '../kind.ts'
import { noteText } from '../notes.ts'
import { rowReader, type StoredRow } from '../rows.ts'

const SHOWN_LETTERS = 140

/**
 * Rows of the file as the kind's fields, with what was repaired and what is wrong: first what names the record, the
 * first field it needs. Fields that no column and none of the rows has are left out.
 */
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
  const title = kind.fields.find(({ required }) => required) ?? kind.fields[0]!
  const fields = [title, ...kind.fields.filter((field) => field !== title && inFile(field))]
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
        cells: fields.map((field) => cellOf(ctx, field, cells[field.name] ?? '', row, field === title)),
      }))}
    />
  )
}

function cellOf(ctx: Ctx, field: ImportField, text: string, row: StoredRow, first: boolean): SheetCell {
  // What concerns the whole row stands at its beginning.
  const note = row.notes[field.name] ?? (first ? row.notes[''] : undefined)
  const shown = short(field.show ? field.show(text) : text)
  const line = first && typeof row.raw === 'string' ? short(row.raw) : ''
  const nothing = note?.kind === 'error' ? 'imports.preview.empty' : 'imports.preview.not_stated'
  const marked = (said: Child) =>
    first && row.changes ? (
      <>
        {said} <Tag state="attention">{ctx.t('imports.preview.changes')}</Tag>
      </>
    ) : (
      said
    )
  const value = marked(shown || line || <span class="quiet">{ctx.t(nothing)}</span>)
  if (!note) return { value }
  const why = noteText(ctx, note)
  if (note.kind === 'error') return { value, state: 'bad', why }
  const repaired = valueText(ctx, field, row.value?.[field.name])
  return repaired === null
    ? { value, state: 'fix', why }
    : { was: shown, value: marked(short(repaired)), state: 'fix', why }
}

// A value of several parts has no text of its own: the cell stands as in the file, its note says what was understood.
function valueText(ctx: Ctx, field: ImportField, value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null
  const text = String(value)
  if (field.said) return field.said(ctx, text)
  if (field.show) return field.show(text)
  return /^\d{4}-\d\d-\d\d$/.test(text) ? ctx.format.date(Temporal.PlainDate.from(text)) : text
}

const short = (text: string) => (text.length > SHOWN_LETTERS ? `${text.slice(0, SHOWN_LETTERS).toWellFormed()}…` : text)
