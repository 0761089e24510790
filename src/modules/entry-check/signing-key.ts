import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { Ctx } from '#kernel/context.ts'
import { openFor, sealFor } from './facts.ts'

const OWNER = 'signing key'

/** Makes the key that signs slips, the first time. Owner's connection. */
export async function ensureSigningKey(ctx: Ctx): Promise<void> {
  if (await publicKey(ctx)) return
  const { privateKey, publicKey: half } = generateKeyPairSync('ed25519')
  await ctx.db
    .insertInto('entry_check.key')
    .values({
      private_sealed: sealFor(ctx, OWNER, privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')),
      public: Buffer.from(half.export({ format: 'jwk' }).x!, 'base64url'),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** The key by which anybody verifies slips, 32 bytes; null while none was ever made. */
export async function publicKey({ db }: Pick<Ctx, 'db'>): Promise<Buffer | null> {
  const row = await db.selectFrom('entry_check.key').select('public').executeTakeFirst()
  return row?.public ?? null
}

/** The private half as it lies in the database, for signing. */
export const openSigningKey = (ctx: Pick<Ctx, 'platform'>, sealed: Buffer): KeyObject =>
  createPrivateKey({ key: Buffer.from(openFor<string>(ctx, OWNER, sealed), 'base64'), format: 'der', type: 'pkcs8' })

/** Under what the private half is sealed, for a move to another secret. */
export const SIGNING_KEY_OWNER = OWNER
