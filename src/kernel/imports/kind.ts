import type { Ctx } from '../context.ts'

/** A message in the reader's language: its key and what fills it in. */
export type Note = { key: string; values?: Record<string, string | number> }

/** Anything JSON can hold: a row's values are stored between the preview and the import. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** What a cell's text means: its value, its value after a repair that is shown, or why it has none. */
export type Reading = { value: Json; repaired?: Note } | { error: Note }

/** One thing a row tells. */
export type ImportField = {
  name: string
  /** Message key. */
  label: string
  /** How columns with it are headed in real files, in any language and case; used to guess the mapping. */
  headings: readonly string[]
  /** Weighs too much to be guessed: a heading that only contains a known one is not taken for it. */
  exact?: boolean
  /** The field that takes a second column under the same heading. */
  again?: string
  /** What it is about may last until a day: a «to» alone behind it is of that. */
  lasts?: boolean
  /** An empty cell is an error. */
  required?: boolean
  /**
   * Reads a cell that is not empty. Cells are text however the file stored them: dates as 2026-11-21 or
   * 2026-11-21T13:48:00, numbers as 1234.5, yes and no as true and false.
   */
  read(text: string): Reading
  /** How a cell is shown to people, for instance masked; without it as it stands in the file. */
  show?(text: string): string
  /** A value that was read, in the reader's words; without it as `show` shows it. */
  said?(ctx: Pick<Ctx, 't' | 'format'>, value: string): string
}

/** A structure that is understood without mapping columns, such as the answer of another system's API. */
export type NativeFormat = {
  name: string
  /** `document` is the parsed JSON file; for JSON Lines the list of its lines. */
  detect(document: unknown): boolean
  /** The records in it; each is kept as the row's `raw`. */
  rows(document: unknown): Iterable<unknown>
  /** A record as cells by field name; what it does not state is left out. */
  cells(record: unknown): Record<string, string | null | undefined>
}

/** A row that can be imported. `raw`: the cells by column number, or the record of a native format, as received. */
export type ImportRow<V = Record<string, Json>> = { number: number; value: V; raw: unknown }

/** The same with what its kind prepared for it; nothing where a kind prepares nothing. */
export type PreparedRow<V = Record<string, Json>, P = undefined> = ImportRow<V> &
  (undefined extends P ? object : { prepared: P })

/**
 * What is known of a row before it is imported: not here, here but different, here and equal; what else is wrong with it, and what of
 * it is taken otherwise than it stands there. `subject_id`: which one is here.
 */
type RowCheck = {
  state: 'new' | 'changed' | 'same'
  errors?: Record<string, Note>
  repairs?: Record<string, Note>
  subject_id?: string
}

/** What became of a row. `refused`: only among the others of its file it turned out to be wrong. */
export type RowOutcome =
  | { outcome: 'created' | 'updated' | 'same'; subject_id?: string }
  | { outcome: 'refused'; errors: Record<string, Note> }

/** The context of an import: whose it is and where the file came from. */
export type ImportCtx = Ctx & {
  import: {
    id: string
    organisation_id: string | null
    created_by: string | null
    file_name: string
    source: string | null
  }
}

/**
 * Something that can be imported from files. A module declares it in its manifest; the kernel reads, maps, previews,
 * imports and reports.
 */
export type ImportKind<V = any, P = any, B = any> = {
  kind: string
  /** Message keys: what is imported, and a sentence on which files are understood. */
  label: string
  hint: string
  permission: string
  /** Such a file is always the organisation's own: whoever brings only these is not asked where it comes from. */
  own?: true
  fields: readonly ImportField[]
  /** Words that stand in headings and add nothing to what the column holds: «of the citizen», «details». */
  headingWords?: readonly string[]
  /** Headings that contain a known one and are about something else. */
  otherHeadings?: readonly string[]
  nativeFormats?: readonly NativeFormat[]
  /**
   * A note of rows that are taken and are often the sign of a misread column: how many have it is said before the import and after.
   * Where most rows that state the field `among` have it, nothing is taken unless a person has seen that.
   */
  doubt?: {
    note: string
    among: string
    /** Message keys; `{rows}` is how many there are. */
    said: string
    refused: string
  }
  /**
   * What one of the two below needs to know of rows and can be reckoned without the database: some rows at a time, while the
   * database is busy with those before. One answer a row, in order.
   */
  prepare?(ctx: ImportCtx, step: 'check' | 'apply'): Promise<(rows: readonly ImportRow<V>[]) => P[]>
  /** Compares a batch of rows with what is here; one answer a row, in order. */
  check?(ctx: ImportCtx, rows: readonly PreparedRow<V, P>[]): Promise<RowCheck[]>
  /**
   * The first part of writing a batch, in the transaction in which `apply` writes the rest. With `before`, what it answered for the
   * batch before: that is still being written, and the database does not show it yet. Both are written, or this one is begun again.
   * @throws OutOfTurn when it has to wait for the batch before
   */
  begin?(ctx: ImportCtx, rows: readonly PreparedRow<V, P>[], before: B | null): Promise<B>
  /**
   * Writes a batch, inside a transaction, by the rows' own keys so that repeating it changes nothing; one answer a row, in order.
   * `begun` is what `begin` answered. @throws OutOfTurn when what was begun before its turn does not hold
   */
  apply(ctx: ImportCtx, rows: readonly PreparedRow<V, P>[], begun: B): Promise<RowOutcome[]>
}

/** Gives a kind of import its type. */
export const defineImport = <V = Record<string, Json>, P = undefined, B = undefined>(
  kind: ImportKind<V, P, B>,
): ImportKind<V, P, B> => kind
