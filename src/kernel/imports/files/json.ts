import { type Document, FileProblem, LIMITS, type Table, type TableRow } from './table.ts'
import { cleanCell } from './text.ts'

/**
 * A JSON document, or JSON Lines when every line is a document of its own.
 *
 * @throws {FileProblem} when it is neither
 */
export function openJson(text: string): Document {
  const whole = parse(text)
  if (whole.ok) return { format: 'json', document: cleanJson(whole.value), broken: [] }
  const documents: unknown[] = []
  const broken: Document['broken'] = []
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const parsed = parse(line)
    if (parsed.ok) documents.push(cleanJson(parsed.value))
    else broken.push({ number: i + 1, text: cleanCell(line).slice(0, 500) })
    if (documents.length + broken.length > LIMITS.rows) throw new FileProblem('too_many_rows', { rows: LIMITS.rows })
  }
  if (documents.length === 0 || broken.length > documents.length) throw new FileProblem('json')
  return { format: 'jsonl', document: documents, broken }
}

/** A list of plain records as a table: every name is a column, what is nested stays JSON. Null for any other document. */
export function tableOf({ document, format }: Document): Table | null {
  const records = Array.isArray(document) ? document : [document]
  if (records.length === 0 || !records.every(isRecord)) return null
  const names = [...new Set(records.slice(0, 1_000).flatMap((record) => Object.keys(record)))].slice(0, LIMITS.columns)
  if (names.length === 0) return null
  function* rows(): Generator<TableRow> {
    // The headings have no place in the file: its first record is number 1.
    yield { number: 0, cells: names.map(cleanCell) }
    for (const [i, record] of (records as Record<string, unknown>[]).entries()) {
      yield { number: i + 1, cells: names.map((name) => cellOf(record[name])) }
    }
  }
  return { format, sheets: [], sheet: null, rows: rows() }
}

/** JSON as the database can hold it: no zero characters or halves of characters, not nested without end. */
function cleanJson(value: unknown, depth = 0): unknown {
  if (depth > LIMITS.nesting) throw new FileProblem('json')
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\0', '').slice(0, LIMITS.cell)
  if (Array.isArray(value)) return value.map((item) => cleanJson(item, depth + 1))
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name.toWellFormed().replaceAll('\0', ''), cleanJson(item, depth + 1)]),
  )
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return cleanCell(typeof value === 'object' ? JSON.stringify(value) : String(value))
}

function parse(text: string): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: JSON.parse(text.replace(/^\ufeff/, '')) }
  } catch {
    return { ok: false }
  }
}
