import { createHmac } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { audit } from '../audit/audit.ts'
import type { Ctx } from '../context.ts'
import type { DB } from '../db/types.ts'
import { localPath } from '../http/page.ts'
import { newId } from '../ids.ts'
import { signInKeys } from './attempts.ts'
import { authorise } from './authorise.ts'
import { findCandidate, sealTotpSecret } from './candidate.ts'
import { tellOwner } from './notices.ts'
import { hashPassword } from './passwords.ts'
import { deriveKey } from './secrets.ts'
import { hashToken, newToken } from './sessions.ts'
import { matchCode } from './totp.ts'
import { withActor } from './transaction.ts'

const VALID = { hours: 24 }

export type Link = { address: string; expires_at: Temporal.Instant }

/**
 * Issues the link with which a person sets password and authenticator, once, within 24 hours; former links end. It is
 * told once: whoever has it, has the account. What the person signed in with before holds until the link is used.
 */
export async function issueLink(ctx: Ctx, user_id: string): Promise<Link> {
  authorise(ctx, 'user.administer')
  await ctx.db
    .updateTable('access.set_up_link')
    .set({ replaced_at: ctx.now })
    .where('user_id', '=', user_id)
    .where('used_at', 'is', null)
    .where('replaced_at', 'is', null)
    .execute()
  const token = newToken()
  const expires_at = ctx.now.add(VALID)
  await ctx.db
    .insertInto('access.set_up_link')
    .values({
      id: newId(),
      token_hash: hashToken(token),
      user_id,
      issued_by: ctx.actor.kind === 'staff' ? ctx.actor.user_id : null,
      created_at: ctx.now,
      expires_at,
    })
    .execute()
  await audit(ctx, 'user.issue_link', { type: 'user', id: user_id })
  const { locale, last_sign_in_at } = await ctx.db
    .selectFrom('access.user_account')
    .select(['locale', 'last_sign_in_at'])
    .where('id', '=', user_id)
    .executeTakeFirstOrThrow()
  // Whoever has never been in knows: the link is how they come in.
  if (last_sign_in_at) await tellOwner(ctx, user_id, 'link_issued')
  const address = ctx.platform.config.origin + localPath({ lang: locale as Ctx['lang'] }, `/sign-in/set-up/${token}`)
  return { address, expires_at }
}

/** Whose account an open link sets up; null when it is unknown, was used, replaced or has expired. */
export async function findLink(
  ctx: Pick<Ctx, 'db' | 'now'>,
  token: string,
): Promise<{ user_id: string; email: string; name: string } | null> {
  const { rows } = await sql<{ user_id: string; email: string; name: string }>`
    select user_id, email, name
    from access.find_link(${hashToken(token)}, ${ctx.now})`.execute(ctx.db)
  return rows[0] ?? null
}

/** The authenticator's secret that belongs to a link: made from it, so that a page that is only looked at stores nothing. */
export const linkSecret = ({ platform }: Pick<Ctx, 'platform'>, token: string): Buffer =>
  createHmac('sha1', deriveKey(platform.config.HAMSAFAR_SECRET_KEY, 'set-up')).update(token).digest()

/**
 * Sets password and authenticator by an open link and ends all sessions, passkeys and recovery codes. `wrong` when the
 * code is not of the new authenticator, `gone` when the link was used meanwhile. On the app's pool, not in a transaction.
 */
export async function takeLink(
  ctx: Ctx,
  token: string,
  given: { password: string; code: string },
): Promise<'done' | 'wrong' | 'gone'> {
  const link = await findLink(ctx, token)
  if (!link) return 'gone'
  const secret = linkSecret(ctx, token)
  const step = matchCode(secret, given.code, ctx.now)
  if (step === null) return 'wrong'
  const password_hash = await hashPassword(given.password)
  const actor = { kind: 'visitor' } as const
  return withActor(
    ctx.db,
    actor,
    async (db: Kysely<DB>) => {
      const before = await findCandidate(db, link.email)
      const { rows } = await sql<{ owner: string | null }>`
        select access.use_link(${hashToken(token)}, ${ctx.now}, ${password_hash},
          ${sealTotpSecret(ctx, link.user_id, secret)}, ${step}, ${signInKeys(ctx, link.email, undefined).account}) as owner`.execute(
        db,
      )
      if (!rows[0]!.owner) return 'gone'
      await audit({ actor, db }, 'user.use_link', { type: 'user', id: link.user_id })
      if (before?.password_hash) await tellOwner({ ...ctx, actor, db }, link.user_id, 'set_up')
      return 'done'
    },
    ctx.now,
  )
}
