import { createCipheriv, createDecipheriv } from 'node:crypto'

/** Bytes of content in a segment, and of the tag behind it. */
const SEGMENT = 64 * 1024
const TAG = 16

type Bytes = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/**
 * Encrypts with AES-256-GCM in segments, so that nothing is given out before it is proven and nothing large stands in
 * memory. Each segment's nonce holds its number and whether it is the last: none can be moved, left out or cut off.
 * The key must be used for this content only. After: Hoang et al., Online Authenticated-Encryption (STREAM), 2015.
 */
export async function* encrypt(key: Buffer, content: Bytes): AsyncGenerator<Buffer> {
  let number = 0
  for await (const { segment, last } of segments(content, SEGMENT)) {
    const cipher = createCipheriv('aes-256-gcm', key, nonce(number++, last))
    yield Buffer.concat([cipher.update(segment), cipher.final(), cipher.getAuthTag()])
  }
}

/** Decrypts what encrypt() made. Throws when the key is another or a single bit was changed. */
export async function* decrypt(key: Buffer, encrypted: Bytes): AsyncGenerator<Buffer> {
  let number = 0
  for await (const { segment, last } of segments(encrypted, SEGMENT + TAG)) {
    if (segment.length < TAG) throw new Error('An encrypted file was cut off')
    const decipher = createDecipheriv('aes-256-gcm', key, nonce(number++, last), { authTagLength: TAG })
    decipher.setAuthTag(segment.subarray(-TAG))
    yield Buffer.concat([decipher.update(segment.subarray(0, -TAG)), decipher.final()])
  }
}

function nonce(number: number, last: boolean): Buffer {
  const bytes = Buffer.alloc(12)
  bytes.writeUInt32BE(number, 7)
  bytes[11] = last ? 1 : 0
  return bytes
}

// All of the same length but the last, which may be empty when it is the only one.
async function* segments(content: Bytes, length: number): AsyncGenerator<{ segment: Buffer; last: boolean }> {
  let waiting: Buffer[] = []
  let size = 0
  for await (const chunk of content) {
    waiting.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
    size += chunk.byteLength
    if (size <= length) continue
    let rest = Buffer.concat(waiting)
    for (; rest.length > length; rest = rest.subarray(length)) yield { segment: rest.subarray(0, length), last: false }
    waiting = [rest]
    size = rest.length
  }
  yield { segment: Buffer.concat(waiting), last: true }
}
