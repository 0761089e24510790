/** What an exported table holds in a cell. */
export type Cell = string | number | bigint | boolean | Temporal.Instant | Temporal.PlainDate | null | undefined

/** A table to write: its headings, then rows of cells in the same order, made as they are needed. */
export type ExportTable = {
  name: string
  headings: readonly string[]
  rows: Iterable<readonly Cell[]> | AsyncIterable<readonly Cell[]>
  /** The IANA time zone by whose clock a workbook tells instants, home's unless told otherwise. */
  time_zone?: string
}

/**
 * A text that no spreadsheet takes for a formula: an apostrophe before a beginning that could be one.
 * Source: OWASP, CSV Injection. The imports take the apostrophe away again.
 */
export const guardFormula = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)
