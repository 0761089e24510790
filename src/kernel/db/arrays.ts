import { type RawBuilder, sql } from 'kysely'

/** How values of a type stand in PostgreSQL's binary form. `oid`: its number in pg_type. */
type Binary = { oid: number; size(value: any): number; write(into: Buffer, value: any, at: number): unknown }

const BINARY = {
  boolean: { oid: 16, size: () => 1, write: (into, value: boolean, at) => into.writeUInt8(value ? 1 : 0, at) },
  bytea: { oid: 17, size: (value: Buffer) => value.length, write: (into, value: Buffer, at) => value.copy(into, at) },
  bigint: { oid: 20, size: () => 8, write: (into, value: bigint, at) => into.writeBigInt64BE(value, at) },
  integer: { oid: 23, size: () => 4, write: (into, value: number, at) => into.writeInt32BE(value, at) },
  text: {
    oid: 25,
    size: (value: string) => Buffer.byteLength(value),
    write: (into, value: string, at) => into.write(value, at),
  },
  'double precision': { oid: 701, size: () => 8, write: (into, value: number, at) => into.writeDoubleBE(value, at) },
  uuid: {
    oid: 2950,
    size: () => 16,
    write: (into, value: string, at) => into.write(value.replaceAll('-', ''), at, 'hex'),
  },
} satisfies Record<string, Binary>

type BinaryType = keyof typeof BINARY

// Types that travel as text, and how.
const AS_TEXT = {
  date: String,
  jsonb: (value: unknown) => JSON.stringify(value),
  'text[]': (values: readonly string[]) => `{${values.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`)}}`,
} satisfies Record<string, (value: any) => string>

type ColumnType = BinaryType | keyof typeof AS_TEXT

const HEADER_BYTES = 20

/**
 * A list as a parameter of an array type. It travels in the binary form: as text, or as JSON, PostgreSQL takes longer to read long
 * lists than to store them.
 */
export function arrayOf(type: BinaryType, values: readonly unknown[]): RawBuilder<unknown> {
  return sql`${binary(BINARY[type], values)}::${sql.raw(type)}[]`
}

/**
 * Rows to select from, with a type for each column: `from ${recordset(rows, { id: 'uuid', names: 'jsonb' })} x`. What a row does not
 * have is null; what is not named as a column is left out.
 */
export function recordset<T extends object>(
  rows: readonly T[],
  columns: { [K in keyof T & string]?: ColumnType },
): RawBuilder<unknown> {
  const entries = Object.entries(columns) as [keyof T & string, ColumnType][]
  const arrays = entries.map(([name, type]) => {
    const values = rows.map((row) => row[name] as unknown)
    if (type in BINARY) return arrayOf(type as BinaryType, values)
    const text: (value: any) => string = AS_TEXT[type as keyof typeof AS_TEXT]
    return arrayOf(
      'text',
      values.map((value) => (value === null || value === undefined ? null : text(value))),
    )
  })
  const names = sql.join(entries.map(([name]) => sql.ref(name)))
  const typed = entries.map(([name, type]) =>
    type in BINARY ? sql.ref(name) : sql`${sql.ref(name)}::${sql.raw(type)} as ${sql.ref(name)}`,
  )
  return sql`(select ${sql.join(typed)} from unnest(${sql.join(arrays)}) as row_given (${names}))`
}

// See array_recv() in PostgreSQL: dimensions, whether there are nulls, the type; length and lower bound; then length and bytes of each.
function binary({ oid, size, write }: Binary, values: readonly unknown[]): Buffer {
  const sizes = values.map((value) => (value === null || value === undefined ? -1 : size(value)))
  const bytes = Buffer.allocUnsafe(sizes.reduce((sum, one) => sum + 4 + Math.max(0, one), HEADER_BYTES))
  bytes.writeInt32BE(values.length === 0 ? 0 : 1, 0)
  bytes.writeInt32BE(sizes.includes(-1) ? 1 : 0, 4)
  bytes.writeInt32BE(oid, 8)
  bytes.writeInt32BE(values.length, 12)
  bytes.writeInt32BE(1, 16)
  let at = HEADER_BYTES
  values.forEach((value, i) => {
    at = bytes.writeInt32BE(sizes[i]!, at)
    if (sizes[i]! < 0) return
    write(bytes, value, at)
    at += sizes[i]!
  })
  return values.length === 0 ? bytes.subarray(0, 12) : bytes
}
