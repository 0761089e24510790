import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(argon2)
// OWASP Password Storage Cheat Sheet (2025): argon2id with 19 MiB, 2 passes, 1 lane.
const MEMORY_KIB = 19_456
const PASSES = 2
const LANES = 1
const TAG_BYTES = 32

/** Most characters that are looked at, so that nobody keeps the server busy with a book. */
export const LONGEST_PASSWORD = 200

/** Checked when there is no account, so that the answer takes as long as with one. Matches no password. */
export const NOBODYS_HASH = `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${'A'.repeat(22)}$${'A'.repeat(43)}`

/** The argon2id hash of a password in PHC string format, salted anew each time. About 45 ms of one core. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const tag = await derive('argon2id', parameters(password, salt, MEMORY_KIB, PASSES, LANES))
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${unpadded(salt)}$${unpadded(tag)}`
}

/** Whether this password has this hash; false also for a hash in another format. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(hash)
  if (!match) return false
  const [memory, passes, lanes] = match.slice(1, 4).map(Number) as [number, number, number]
  const expected = Buffer.from(match[5]!, 'base64')
  const tag = await derive('argon2id', parameters(password, Buffer.from(match[4]!, 'base64'), memory, passes, lanes))
  return expected.length === tag.length && timingSafeEqual(expected, tag)
}

// NFKC: the same letters typed on another keyboard are the same password.
const parameters = (password: string, nonce: Buffer, memory: number, passes: number, parallelism: number) => ({
  message: password.normalize('NFKC').slice(0, LONGEST_PASSWORD),
  nonce,
  memory,
  passes,
  parallelism,
  tagLength: TAG_BYTES,
})

const unpadded = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')

/** Fewest characters of a new password. NIST SP 800-63B-4 asks for 15 where it is the only proof, 8 beside another. */
export const SHORTEST_PASSWORD = 12
const FEWEST_DIFFERENT = 6

/** What is wrong with a new password for this account, as a message key; null when it may be taken. */
export function weaknessOf(password: string, email: string): string | null {
  const text = password.normalize('NFKC').toLowerCase()
  if (Array.from(text).length < SHORTEST_PASSWORD) return 'access.password.short'
  if (new Set(text).size < FEWEST_DIFFERENT) return 'access.password.simple'
  return text.includes(email.split('@')[0]!.toLowerCase()) ? 'access.password.own_address' : null
}
