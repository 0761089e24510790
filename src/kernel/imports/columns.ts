import type { TableRow } from './files/table.ts'
import type { ImportField } from './kind.ts'

/** A column of the file as it is offered for mapping. */
export type Column = { column: number; heading: string; samples: string[] }

/** Field name → column number. */
export type Mapping = Record<string, number>

const SAMPLES = 3
const HEADING_SEARCH = 20

/** Splits a file's first rows into the headings and what follows: the row that names most fields, else the first one. */
export function splitHeadings(
  first: TableRow[],
  fields: readonly ImportField[],
): { headings: TableRow; rest: TableRow[] } | null {
  const names = new Set(fields.flatMap(variants))
  const score = (row: TableRow) => row.cells.filter((cell) => names.has(foldHeading(cell))).length
  const candidates = first.slice(0, HEADING_SEARCH)
  const headings = candidates.reduce<TableRow | undefined>(
    (best, row) => (best && score(best) >= score(row) ? best : row),
    undefined,
  )
  return headings ? { headings, rest: first.slice(first.indexOf(headings) + 1) } : null
}

/** The columns that hold anything, each with its first values. */
export function describeColumns(headings: TableRow, rows: TableRow[]): Column[] {
  const width = Math.max(headings.cells.length, ...rows.map((row) => row.cells.length))
  return Array.from({ length: width }, (_, column) => ({
    column,
    heading: (headings.cells[column] ?? '').slice(0, 200),
    samples: [...new Set(rows.map((row) => row.cells[column] ?? '').filter((cell) => cell !== ''))]
      .slice(0, SAMPLES)
      .map((cell) => cell.slice(0, 120)),
  })).filter(({ heading, samples }) => heading !== '' || samples.length > 0)
}

/**
 * Guesses which column means which field: first by headings that are equal but for case, signs and Tajik letters
 * typed without their marks, then by headings that contain a known one. No column is used twice.
 */
export function guessMapping(fields: readonly ImportField[], columns: readonly Column[]): Mapping {
  const mapping: Mapping = {}
  const free = new Map(columns.map(({ column, heading }) => [column, foldHeading(heading)]))
  const assign = (matches: (heading: string, variant: string) => boolean) => {
    for (const field of fields) {
      if (field.name in mapping) continue
      for (const variant of variants(field)) {
        const hit = [...free].find(([, heading]) => heading !== '' && matches(heading, variant))
        if (!hit) continue
        mapping[field.name] = hit[0]
        free.delete(hit[0])
        break
      }
    }
  }
  assign((heading, variant) => heading === variant)
  assign((heading, variant) => variant.length >= 5 && heading.includes(variant))
  return mapping
}

const TAJIK: Record<string, string> = { ғ: 'г', ӣ: 'и', қ: 'к', ӯ: 'у', ҳ: 'х', ҷ: 'ч', ё: 'е' }

const foldHeading = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[ғӣқӯҳҷё]/g, (letter) => TAJIK[letter]!)
    .replace(/[^\p{L}\p{N}]+/gu, '')

const variants = (field: ImportField) =>
  [field.name, ...field.headings].map(foldHeading).filter((variant) => variant !== '')
