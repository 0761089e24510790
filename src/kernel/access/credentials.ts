import { randomInt } from 'node:crypto'
import { audit } from '../audit/audit.ts'
import type { Ctx } from '../context.ts'
import { problem } from '../problem.ts'
import { authorise } from './authorise.ts'
import { openTotpSecret, sealTotpSecret } from './candidate.ts'
import { tellOwner } from './notices.ts'
import { hashPassword } from './passwords.ts'
import { currentCode, newTotpSecret, totpAddress } from './totp.ts'
import { createAccount, endSessionsOf } from './users.ts'

// What only the operator does, on the owner's connection: the app's role cannot write these columns.

/** What a user signs in with, told once: nobody can read the password again. */
export type Credentials = { password: string; totp_address: string }

/** Creates an account that can sign in at once, with a random password when none is given, and a new authenticator. */
export async function createUser(
  ctx: Ctx,
  { password = newPassword(), ...given }: Parameters<typeof createAccount>[1] & { password?: string },
): Promise<Credentials & { id: string }> {
  const id = await createAccount(ctx, given)
  const secret = newTotpSecret()
  await ctx.db
    .updateTable('access.user_account')
    .set({ password_hash: await hashPassword(password), totp_secret: sealTotpSecret(ctx, id, secret) })
    .where('id', '=', id)
    .execute()
  return { id, password, totp_address: totpAddress(secret, given.email.toLowerCase()) }
}

/**
 * Gives a user a new random password and, when the telephone was lost, a new authenticator secret; then passkeys and
 * recovery codes end too. Sessions end.
 */
export async function renewCredentials(
  ctx: Ctx,
  user: { id: string; email: string },
  { authenticator }: { authenticator: boolean },
): Promise<{ password: string; totp_address: string | null }> {
  authorise(ctx, 'user.administer')
  const password = newPassword()
  const secret = authenticator ? newTotpSecret() : null
  await ctx.db
    .updateTable('access.user_account')
    .set({
      password_hash: await hashPassword(password),
      ...(secret && { totp_secret: sealTotpSecret(ctx, user.id, secret), totp_last_step: null }),
    })
    .where('id', '=', user.id)
    .execute()
  if (authenticator) {
    await ctx.db.updateTable('access.passkey').set({ removed_at: ctx.now }).where('user_id', '=', user.id).execute()
    await ctx.db.updateTable('access.recovery_code').set({ void_at: ctx.now }).where('user_id', '=', user.id).execute()
  }
  await endSessionsOf(ctx, user.id)
  await audit(ctx, 'user.renew_credentials', { type: 'user', id: user.id }, { authenticator })
  await tellOwner(ctx, user.id, 'password_changed')
  return { password, totp_address: secret && totpAddress(secret, user.email) }
}

/** The code an account's authenticator shows now. For demonstration accounts only: the caller makes sure of that. */
export async function codeOf(ctx: Ctx, user_id: string): Promise<{ code: string; seconds: number }> {
  authorise(ctx, 'user.administer')
  const { totp_secret } = await ctx.db
    .selectFrom('access.user_account')
    .select('totp_secret')
    .where('id', '=', user_id)
    .executeTakeFirstOrThrow()
  if (!totp_secret) throw problem('not_found', { detail: 'access.user.unknown' })
  return currentCode(openTotpSecret(ctx, user_id, totp_secret), ctx.now)
}

// 16 of 31 letters and digits that are not misread: 79 bits.
function newPassword(): string {
  const group = () => Array.from({ length: 4 }, () => '23456789abcdefghjkmnpqrstuvwxyz'[randomInt(31)]).join('')
  return Array.from({ length: 4 }, group).join('-')
}
