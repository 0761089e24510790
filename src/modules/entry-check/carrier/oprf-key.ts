import { createHash } from 'node:crypto'
import { ristretto255, ristretto255_hasher, ristretto255_oprf } from '@noble/curves/ed25519.js'
import type { Ctx } from '#kernel/context.ts'
import { openFor, sealFor } from '../facts.ts'
import { ensureSigningKey } from '../signing-key.ts'

/** Under what the secret half is sealed, for a move to another secret. */
export const OPRF_KEY_OWNER = 'oprf key'

/** RFC 9497 with ristretto255 and SHA-512. Carriers use the verifiable mode: each can tell that all get the same key. */
export const { oprf, voprf } = ristretto255_oprf

/** Makes the key of the pseudorandom function, the first time. Owner's connection. */
export async function ensureOprfKey(ctx: Ctx): Promise<void> {
  await ensureSigningKey(ctx)
  const { secretKey, publicKey } = voprf.generateKeyPair()
  await ctx.db
    .updateTable('entry_check.key')
    .set({
      oprf_sealed: sealFor(ctx, OPRF_KEY_OWNER, Buffer.from(secretKey).toString('base64')),
      oprf_public: Buffer.from(publicKey),
    })
    .where('oprf_sealed', 'is', null)
    .execute()
}

/** The secret half as it lies in the database. */
export const openOprfKey = (ctx: Pick<Ctx, 'platform'>, sealed: Buffer): Uint8Array =>
  new Uint8Array(Buffer.from(openFor<string>(ctx, OPRF_KEY_OWNER, sealed), 'base64'))

const HASH_TO_GROUP = { DST: Buffer.from('HashToGroup-OPRFV1-\x01-ristretto255-SHA512', 'latin1') }

/**
 * The output that a carrier gets for an input, with the secret key in hand (RFC 9497, 3.3.2): a fourth of the work of blinding it first.
 */
export function outputOf(secret: Uint8Array, input: string): Buffer {
  const bytes = Buffer.from(input)
  const key = ristretto255.Point.Fn.fromBytes(secret)
  const point = ristretto255_hasher.hashToCurve(bytes, HASH_TO_GROUP).multiply(key).toBytes()
  const hash = createHash('sha512')
  for (const part of [bytes, point]) hash.update(Buffer.from([part.length >> 8, part.length & 255])).update(part)
  return hash.update('Finalize').digest()
}
