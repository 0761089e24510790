import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { decrypt, encrypt } from './encryption.ts'

const SEGMENT = 64 * 1024
const key = randomBytes(32)
const all = async (parts: AsyncIterable<Uint8Array>) => Buffer.concat(await Array.fromAsync(parts))

test.each([0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 3 * SEGMENT, 200_001])('%i bytes come back', async (length) => {
  const content = randomBytes(length)
  // In odd pieces, as streams bring them.
  const pieces = [content.subarray(0, 7), content.subarray(7, 70_000), content.subarray(70_000)]
  const encrypted = await all(encrypt(key, pieces))
  expect(encrypted.length).toBe(length + 16 * Math.max(1, Math.ceil(length / SEGMENT)))
  expect(await all(decrypt(key, [encrypted]))).toEqual(content)
})

const content = randomBytes(3 * SEGMENT)
const altered: [string, (bytes: Buffer) => Buffer][] = [
  ['a bit changed', (bytes) => (bytes.writeUInt8(bytes[70_000]! ^ 1, 70_000), bytes)],
  ['the end cut off at a segment', (bytes) => bytes.subarray(0, 2 * (SEGMENT + 16))],
  ['the end cut off anywhere', (bytes) => bytes.subarray(0, -5)],
  ['nothing left', () => Buffer.alloc(0)],
  ['a segment left out', (bytes) => bytes.subarray(SEGMENT + 16)],
  [
    'two segments exchanged',
    (bytes) =>
      Buffer.concat([
        bytes.subarray(SEGMENT + 16, 2 * (SEGMENT + 16)),
        bytes.subarray(0, SEGMENT + 16),
        bytes.subarray(2 * (SEGMENT + 16)),
      ]),
  ],
  ['something added', (bytes) => Buffer.concat([bytes, randomBytes(40)])],
]
test.each(altered)('%s: it does not open', async (_, alter) => {
  const encrypted = await all(encrypt(key, [content]))
  await expect(all(decrypt(key, [alter(encrypted)]))).rejects.toThrow()
})

test('another key does not open it', async () => {
  await expect(all(decrypt(randomBytes(32), [await all(encrypt(key, [content]))]))).rejects.toThrow()
})
