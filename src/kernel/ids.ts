import { randomBytes, randomInt } from 'node:crypto'

// Random bytes are fetched for many at once: an import makes eight of these for each row.
let pool = Buffer.alloc(0)
let used = 0

/** A new UUID version 7 (RFC 9562): sorts by the millisecond it was made. Made here because PostgreSQL 15 has none. */
export function newId(): string {
  if (used === pool.length) [pool, used] = [randomBytes(4096), 0]
  const bytes = pool.subarray(used, (used += 16))
  bytes.writeUIntBE(Date.now(), 0, 6)
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

// No 0 O 1 I L: they are misread. 31 is prime, so one check character finds every single
// wrong character and every swap of neighbours.
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
const CYRILLIC_LOOK_ALIKES: Record<string, string> = {
  А: 'A',
  В: 'B',
  Е: 'E',
  З: '3',
  К: 'K',
  Қ: 'K',
  М: 'M',
  Н: 'H',
  Р: 'P',
  С: 'C',
  Т: 'T',
  У: 'Y',
  Ӯ: 'Y',
  Х: 'X',
  Ҳ: 'X',
}

/**
 * A random reference that people read aloud and type, such as `K7QF-92MX`: `length` characters, the last one a
 * check character, grouped by four.
 */
export function newReference(length = 8): string {
  const body = Array.from({ length: length - 1 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  return grouped(body + checkCharacter(body))
}

/** The reference that bytes always give, of `length` characters with its check character: a digest that people can type. */
export function referenceOf(bytes: Uint8Array, length = 8): string {
  const body = Array.from(bytes.subarray(0, length - 1), (byte) => ALPHABET[byte % ALPHABET.length]).join('')
  return grouped(body + checkCharacter(body))
}

/** The reference a person typed, in its one spelling; null when it cannot be one. Accepts any case, spaces and Cyrillic look-alikes. */
export function parseReference(text: string): string | null {
  const compact = Array.from(
    text.normalize('NFKC').toUpperCase().replace(/[\s-]/g, ''),
    (c) => CYRILLIC_LOOK_ALIKES[c] ?? c,
  ).join('')
  if (compact.length < 4 || compact.length > 24 || Array.from(compact).some((c) => !ALPHABET.includes(c))) return null
  return checkCharacter(compact.slice(0, -1)) === compact.at(-1) ? grouped(compact) : null
}

function checkCharacter(body: string): string {
  const sum = Array.from(body).reduce((total, c, i) => total + (i + 2) * ALPHABET.indexOf(c), 0)
  return ALPHABET[sum % ALPHABET.length]!
}

const grouped = (compact: string) => compact.match(/.{1,4}/g)!.join('-')
