import { once } from 'node:events'
import { PassThrough, type Writable } from 'node:stream'
import type Excel from 'exceljs'
import { TIME_ZONE } from '../i18n/format.ts'
import { type Cell, type ExportTable, guardFormula } from './guard.ts'

// Excel's own limits: the letters in a cell, and in a sheet's name.
const CELL_LIMIT = 32_767
const NAME_LIMIT = 31

/** A table as an Excel workbook, in chunks, row by row. No cell is taken for a formula; the first row stays in sight. */
export async function* writeXlsx(table: ExportTable): AsyncGenerator<Uint8Array> {
  const out = new PassThrough()
  const written = write(table, out).catch((error: Error) => out.destroy(error))
  for await (const chunk of out) yield chunk as Uint8Array
  await written
}

async function write({ name, headings, rows, time_zone = TIME_ZONE }: ExportTable, out: PassThrough): Promise<void> {
  // Only now: it is the largest of our libraries, and most starts and pages need none of it.
  const { stream } = (await import('exceljs')).default
  const workbook = new stream.xlsx.WorkbookWriter({
    stream: out,
    useStyles: true,
    zip: { zlib: { level: 3 } },
  })
  const sheet = workbook.addWorksheet(sheetName(name), { views: [{ state: 'frozen', ySplit: 1 }] })
  sheet.columns = headings.map((heading) => ({ width: Math.min(Math.max(heading.length + 2, 12), 50) }))
  const first = sheet.addRow(headings.map((heading) => xlsxCell(heading, time_zone)))
  first.font = { bold: true }
  first.commit()
  const packer = packerOf(sheet)
  for await (const row of rows) {
    const cells = sheet.addRow(row.map((cell) => xlsxCell(cell, time_zone)))
    row.forEach((cell, i) => {
      if (cell instanceof Temporal.Instant) cells.getCell(i + 1).numFmt = clockFormat(cell, time_zone)
    })
    cells.commit()
    // The packer works beside us: wait for it, or the whole table would stand in memory.
    if (packer._writableState.needDrain) await once(packer, 'drain')
  }
  sheet.commit()
  await workbook.commit()
}

// The library writes into the packer without asking whether it keeps up; here one can ask. The packer is a stream of
// before Node 14, which has no public name for it.
const packerOf = (sheet: Excel.Worksheet) =>
  (sheet as unknown as { stream: { pipes: [Writable & { _writableState: { needDrain: boolean } }] } }).stream.pipes[0]

function xlsxCell(cell: Cell, time_zone: string): string | number | boolean | Date | null {
  if (cell === null || cell === undefined) return null
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : String(cell)
  if (typeof cell === 'boolean') return cell
  // A workbook knows no zones: its cells hold what the clock said, and their format says which clock.
  if (cell instanceof Temporal.Instant) return new Date(`${cell.toZonedDateTimeISO(time_zone).toPlainDateTime()}Z`)
  if (cell instanceof Temporal.PlainDate) return new Date(`${cell}T00:00:00Z`)
  if (typeof cell === 'bigint') return Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell)
  return guardFormula(cell.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')).slice(
    0,
    CELL_LIMIT,
  )
}

const clockFormat = (instant: Temporal.Instant, time_zone: string) =>
  `yyyy-mm-dd hh:mm "UTC${instant.toZonedDateTimeISO(time_zone).offset}"`

// Excel refuses these signs, an apostrophe at the ends, and "History".
const sheetName = (name: string) =>
  name
    .replace(/[\\/*?:[\]']/g, ' ')
    .trim()
    .slice(0, NAME_LIMIT)
    .replace(/^history$/i, 'history 1') || 'Sheet'
