// Types of PostgreSQL, by their numbers in pg_type, and how many bytes a value takes.
const INTEGER = { type: 23, size: 4 } as const
const BIGINT = { type: 20, size: 8 } as const
const HEADER = 20

/**
 * Numbers as a parameter of type `integer[]`, written `${integers(list)}::integer[]`. In the binary form, which a driver takes
 * from a Buffer: as text a hundred thousand numbers take PostgreSQL longer to read than to look up.
 */
export function integers(values: readonly number[]): Buffer {
  const bytes = emptyArray(INTEGER, values.length)
  values.forEach((value, at) => {
    bytes.writeInt32BE(value, placeOf(INTEGER, bytes, at))
  })
  return bytes
}

/** The same for `bigint[]`: numbers of 64 bits with a sign. */
export function bigints(values: readonly bigint[]): Buffer {
  const bytes = emptyArray(BIGINT, values.length)
  values.forEach((value, at) => {
    bytes.writeBigInt64BE(value, placeOf(BIGINT, bytes, at))
  })
  return bytes
}

// See array_recv() in PostgreSQL: dimensions, whether there are nulls, the type; length and lower bound; then length and bytes of each.
function emptyArray({ type, size }: typeof INTEGER | typeof BIGINT, length: number): Buffer {
  const bytes = Buffer.alloc(length === 0 ? 12 : HEADER + length * (4 + size))
  bytes.writeInt32BE(type, 8)
  if (length === 0) return bytes
  bytes.writeInt32BE(1, 0)
  bytes.writeInt32BE(length, 12)
  bytes.writeInt32BE(1, 16)
  return bytes
}

function placeOf({ size }: typeof INTEGER | typeof BIGINT, bytes: Buffer, at: number): number {
  const place = HEADER + at * (4 + size)
  bytes.writeInt32BE(size, place)
  return place + 4
}
