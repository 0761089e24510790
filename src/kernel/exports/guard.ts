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
 * Source: OWASP, CSV Injection. The imports take the apostrophe away again. One table goes without it: the pairs of `people link`
 * (kernel/people/matching/explain.ts) repeat identifiers as their lists have them, for they are there to be joined with those.
 */
export const guardFormula = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)
