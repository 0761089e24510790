import type { Ctx } from '../context.ts'
import { openTotpSecret, sealTotpSecret } from './candidate.ts'
import { tellOwner } from './notices.ts'

/**
 * Gives authenticator secrets over to the present secret key, and ends recovery codes of the former one: as a keyed hash
 * is all that is kept of them, they cannot move. What opens with neither key stays as it is. Owner's connection.
 */
export async function moveAccountSecrets(ctx: Ctx): Promise<number> {
  const { config } = ctx.platform
  const present = { platform: { ...ctx.platform, config: { ...config, HAMSAFAR_SECRET_KEY_BEFORE: undefined } } }
  return ctx.db.transaction().execute(async (db) => {
    const accounts = await db
      .selectFrom('access.user_account')
      .select(['id', 'totp_secret'])
      .where('totp_secret', 'is not', null)
      .orderBy('id')
      .forUpdate()
      .execute()
    let moved = 0
    for (const { id, totp_secret } of accounts) {
      if (attempt(() => openTotpSecret(present, id, totp_secret!))) continue
      const secret = attempt(() => openTotpSecret(ctx, id, totp_secret!))
      if (!secret) {
        ctx.log.warn({ user: id }, 'an authenticator secret opens with neither key')
        continue
      }
      await db
        .updateTable('access.user_account')
        .set({ totp_secret: sealTotpSecret(ctx, id, secret) })
        .where('id', '=', id)
        .execute()
      moved++
    }
    const ended = await db
      .updateTable('access.recovery_code')
      .set({ void_at: ctx.now })
      .where('void_at', 'is', null)
      .where('created_at', '<', (e) => e.selectFrom('system.instance').select('key_since'))
      .returning('user_id')
      .execute()
    const owners = new Set(ended.map(({ user_id }) => user_id))
    for (const owner of owners) await tellOwner({ ...ctx, db }, owner, 'recovery_ended')
    return moved + ended.length
  })
}

function attempt<T>(open: () => T): T | undefined {
  try {
    return open()
  } catch {
    return undefined
  }
}
