import { createHash } from 'node:crypto'
import { Transform } from 'node:stream'

const NEWLINE = 10

/** What a table's text was, once all of it has passed. */
export type Figures = { rows: number; digest: string }

/**
 * Lets the text of `COPY … TO STDOUT` pass, one row a line, and counts it: the number of rows, and the sum of their
 * SHA-256 hashes, which is the same for the same rows in any order.
 */
export function countingRows(): Transform & { figures(): Figures } {
  const sum = new Uint32Array(8)
  let rows = 0
  let rest: Buffer = Buffer.alloc(0)
  const add = (line: Buffer) => {
    const hash = createHash('sha256').update(line).digest()
    for (let i = 0; i < 8; i++) sum[i] = sum[i]! + hash.readUInt32BE(i * 4)
    rows++
  }
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const text = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
      let start = 0
      for (let end = text.indexOf(NEWLINE); end >= 0; end = text.indexOf(NEWLINE, start)) {
        add(text.subarray(start, end))
        start = end + 1
      }
      rest = Buffer.from(text.subarray(start))
      done(null, chunk)
    },
  })
  const figures = () => ({ rows, digest: Array.from(sum, (part) => part.toString(16).padStart(8, '0')).join('') })
  return Object.assign(stream, { figures })
}

/** Lets bytes pass, and counts and hashes them. */
export function countingBytes(): Transform & { figures(): { bytes: number; sha256: string } } {
  const hash = createHash('sha256')
  let bytes = 0
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      bytes += chunk.length
      done(null, chunk)
    },
  })
  return Object.assign(stream, { figures: () => ({ bytes, sha256: hash.digest('hex') }) })
}
