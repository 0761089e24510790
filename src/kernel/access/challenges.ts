import { randomBytes, timingSafeEqual } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { Ctx } from '../context.ts'
import type { DB } from '../db/types.ts'
import { deriveKey, fingerprint } from './secrets.ts'
import { hashToken } from './sessions.ts'

const VALID = { minutes: 10 }
const NONCE_BYTES = 16
const EXPIRY_BYTES = 6
const BODY_BYTES = NONCE_BYTES + EXPIRY_BYTES

/**
 * A challenge for a passkey to sign: it carries its own end and seal, so that a page that is only looked at leaves
 * nothing behind. `purpose` says what it may be used for and by whom.
 */
export function newChallenge(ctx: Pick<Ctx, 'platform' | 'now'>, purpose: string): Uint8Array<ArrayBuffer> {
  const expiry = Buffer.alloc(EXPIRY_BYTES)
  expiry.writeUIntBE(ctx.now.add(VALID).epochMilliseconds, 0, EXPIRY_BYTES)
  const body = Buffer.concat([randomBytes(NONCE_BYTES), expiry])
  return new Uint8Array(Buffer.concat([body, sealOf(ctx, purpose, body)]))
}

/** Whether this is a challenge of ours for this purpose that has not run out; `text` as browsers write it, in base64url. */
export function knowsChallenge(ctx: Pick<Ctx, 'platform' | 'now'>, purpose: string, text: string): boolean {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length !== BODY_BYTES + 32) return false
  const body = bytes.subarray(0, BODY_BYTES)
  return (
    timingSafeEqual(bytes.subarray(BODY_BYTES), sealOf(ctx, purpose, body)) &&
    expiryOf(body).epochMilliseconds > ctx.now.epochMilliseconds
  )
}

/** Uses a known challenge up; false when it was used before. */
export async function spendChallenge(db: Kysely<DB>, text: string): Promise<boolean> {
  const body = Buffer.from(text, 'base64url').subarray(0, BODY_BYTES)
  const { rows } = await sql<{ spent: boolean }>`
    select access.spend_challenge(${hashToken(text)}, ${expiryOf(body)}) as spent`.execute(db)
  return rows[0]!.spent
}

const expiryOf = (body: Buffer) => Temporal.Instant.fromEpochMilliseconds(body.readUIntBE(NONCE_BYTES, EXPIRY_BYTES))

const sealOf = ({ platform }: Pick<Ctx, 'platform'>, purpose: string, body: Buffer) =>
  fingerprint(deriveKey(platform.config.HAMSAFAR_SECRET_KEY, 'challenge'), `${purpose} ${body.toString('hex')}`)
