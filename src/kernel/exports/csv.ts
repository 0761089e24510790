import { type Cell, type ExportTable, guardFormula } from './guard.ts'

const CHUNK = 64 * 1024

/**
 * A table as CSV (RFC 4180), in chunks: UTF-8 with a byte order mark, without which Excel misreads Cyrillic.
 * No cell is taken for a formula. Numbers and dates stand as in JSON.
 */
export async function* writeCsv(
  { headings, rows }: Pick<ExportTable, 'headings' | 'rows'>,
  delimiter = ',',
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  const line = (cells: readonly Cell[]) => `${cells.map((cell) => csvCell(cell, delimiter)).join(delimiter)}\r\n`
  let text = `\ufeff${line(headings)}`
  for await (const row of rows) {
    text += line(row)
    if (text.length < CHUNK) continue
    yield encoder.encode(text)
    text = ''
  }
  yield encoder.encode(text)
}

function csvCell(cell: Cell, delimiter: string): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell !== 'string') return String(cell)
  const text = guardFormula(cell.toWellFormed())
  return /["\r\n]/.test(text) || text.includes(delimiter) || text !== text.trim()
    ? `"${text.replaceAll('"', '""')}"`
    : text
}
