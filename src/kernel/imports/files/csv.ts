import { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import { FileProblem, LIMITS, type Table, type TableRow } from './table.ts'
import { cleanCell } from './text.ts'

const DELIMITERS = [',', ';', '\t', '|']
const CHUNK = 64 * 1024

/** A CSV file: its delimiter is found out, quoted cells may hold line breaks. */
export function openCsv(text: string): Table {
  // Excel writes the delimiter above the table when asked to.
  const stated = /^sep=(.)\r?\n/i.exec(text)
  const body = stated ? text.slice(stated[0].length) : text
  const first = stated ? 2 : 1
  return { format: 'csv', sheets: [], sheet: null, rows: readRows(body, stated?.[1] ?? findDelimiter(body), first) }
}

/** The delimiter that cuts the first lines into the most columns, the same number each. */
function findDelimiter(text: string): string {
  const lines = text
    .slice(0, CHUNK)
    .replace(/"(?:[^"]|"")*"/g, '""')
    .split(/\r\n?|\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, 20)
  const score = (delimiter: string) => {
    const counts = lines.map((line) => line.split(delimiter).length - 1)
    const same = counts.filter((count) => count > 0 && count === counts[0]).length
    return same * 1_000 + Math.min(counts[0] ?? 0, 999)
  }
  return DELIMITERS.reduce((best, delimiter) => (score(delimiter) > score(best) ? delimiter : best))
}

async function* readRows(text: string, delimiter: string, firstNumber: number): AsyncGenerator<TableRow> {
  const parser = parse({
    bom: true,
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: LIMITS.cell * 40,
  })
  const bytes = Buffer.from(text, 'utf8')
  const source = Readable.from(chunks(bytes))
  source.on('error', (error) => parser.destroy(error))
  source.pipe(parser)
  let number = firstNumber - 1
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      number++
      const cells = record.slice(0, LIMITS.columns).map(cleanCell)
      if (cells.some((cell) => cell !== '')) yield { number, cells }
    }
  } catch (error) {
    if (!String((error as { code?: unknown }).code).startsWith('CSV_')) throw error
    // A quotation mark that nobody closed makes the rest of the file one cell.
    throw new FileProblem('quotes', { number: number + 1 })
  } finally {
    source.destroy()
  }
}

function* chunks(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK)
}
