import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'

const FORMAT = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** A 256-bit key for one purpose, made from the installation's secret (HKDF, SHA-256): purposes cannot be mixed up. */
export function deriveKey(secret: string, purpose: string): Buffer {
  if (!secret) throw new Error('HAMSAFAR_SECRET_KEY is empty')
  return Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'utf8'), Buffer.alloc(0), `hamsafar/${purpose}`, 32))
}

// To take a key in anew for each text costs as much as what it is for.
const taken = new WeakMap<Buffer, KeyObject>()
const takeIn = (key: Buffer) => taken.getOrInsertComputed(key, createSecretKey)

/** A keyed fingerprint (HMAC-SHA-256): equal for equal texts, worthless without the key. */
export const fingerprint = (key: Buffer, text: string): Buffer =>
  createHmac('sha256', takeIn(key)).update(text, 'utf8').digest()

/**
 * Encrypts with AES-256-GCM. `owner` names what the value belongs to (a column and an id): moved to another row it
 * cannot be opened.
 */
export function seal(key: Buffer, value: Buffer, owner: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', takeIn(key), nonce).setAAD(Buffer.from(owner))
  return Buffer.concat([Buffer.of(FORMAT), nonce, cipher.update(value), cipher.final(), cipher.getAuthTag()])
}

/** Decrypts what seal() made for the same owner. Throws when key, owner or content are not the same. */
export function open(key: Buffer, sealed: Buffer, owner: string): Buffer {
  if (sealed[0] !== FORMAT) throw new Error('A secret in an unknown format')
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', takeIn(key), nonce, { authTagLength: TAG_BYTES }).setAAD(
    Buffer.from(owner),
  )
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  return Buffer.concat([decipher.update(sealed.subarray(1 + NONCE_BYTES, -TAG_BYTES)), decipher.final()])
}

/** Decrypts with the first of the keys that opens it. Throws when none does. */
export function openWithAny([key, ...others]: readonly Buffer[], sealed: Buffer, owner: string): Buffer {
  try {
    return open(key!, sealed, owner)
  } catch (error) {
    if (others.length === 0) throw error
    return openWithAny(others, sealed, owner)
  }
}
