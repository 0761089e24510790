import type { Ctx } from '../context.ts'
import type { Cell } from './guard.ts'

/** Where all exports of a person are listed; one is `/work/exports/{id}`. */
export const EXPORTS = '/work/exports'

export const FORMATS = ['csv', 'xlsx'] as const
export type ExportFormat = (typeof FORMATS)[number]

/** A list that can be taken along as a table. Declared by its module, in `exports` of the manifest. */
export type Export = {
  /** The thing and what of it: `audit.lines`. */
  name: string
  /** Message key: names the sheet, the file and the export. */
  title: string
  /** How the act stands in the audit: `vacancy.export`. */
  act: string
  headings(ctx: Ctx): readonly string[]
  /**
   * The rows as the list's address asks for them, made as they are needed. In a transaction of the asker, for a long
   * one on a single snapshot: see `fromCursor`.
   */
  rows(ctx: Ctx, query: URLSearchParams): AsyncIterable<readonly Cell[]>
} & (ForSome | ForAll)

type ForSome = {
  /** Who may take it. */
  permission: string
  /** How many rows there are, counted no further than `most`. */
  count(ctx: Ctx, query: URLSearchParams, most: number): Promise<number>
}

/** Everybody takes it: the first 5,000 rows, at once, without a line in the audit. */
type ForAll = { permission: null }

export type ProtectedExport = Extract<Export, ForSome>

/** Gives an export its type. */
export const defineExport = <E extends Export>(definition: E): E => definition

/** The largest table that somebody waits for; a longer one is made by a job. */
export const WAITED_FOR = 5_000
/** What fits on a sheet, with its headings: 1,048,576 rows is Excel's own limit. */
export const MOST_ROWS = 1_000_000

/** The first rows of many. */
export async function* first<T>(most: number, rows: AsyncIterable<T>): AsyncGenerator<T> {
  let count = 0
  if (most > 0)
    for await (const row of rows) {
      yield row
      if (++count === most) return
    }
}
