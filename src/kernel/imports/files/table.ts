import type { Note } from '../kind.ts'

export const LIMITS = { bytes: 32 * 2 ** 20, rows: 200_000, cell: 32_000, columns: 300, nesting: 40 } as const

/** The file cannot be read, and why, for the person who brought it. */
export class FileProblem extends Error {
  readonly note: Note
  constructor(key: string, values?: Note['values']) {
    super(key)
    // A kind's own message has its whole key.
    this.note = { key: key.includes('.') ? key : `imports.problem.${key}`, values }
  }
}

/** A row of a table: its number as a person sees it in the file, and its cells as text. */
export type TableRow = { number: number; cells: string[] }

/** A file of rows and columns. The headings are somewhere among the first rows. */
export type Table = {
  format: 'csv' | 'xlsx' | 'json' | 'jsonl'
  sheets: string[]
  sheet: string | null
  /** Sheets that nobody sees, and that are not read. */
  hidden?: string[]
  rows: AsyncIterable<TableRow> | Iterable<TableRow>
}

/** A JSON file. `broken`: lines of JSON Lines that are not JSON. */
export type Document = { format: 'json' | 'jsonl'; document: unknown; broken: { number: number; text: string }[] }
