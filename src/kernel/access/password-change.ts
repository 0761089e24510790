import { sql } from 'kysely'
import { audit } from '../audit/audit.ts'
import type { Ctx } from '../context.ts'
import { problem } from '../problem.ts'
import { signedInKeys, takeAttempt } from './attempts.ts'
import { findCandidate } from './candidate.ts'
import { tellOwner } from './notices.ts'
import { hashPassword, NOBODYS_HASH, verifyPassword } from './passwords.ts'
import { staffOf } from './sessions.ts'
import { ownAccount } from './step-up.ts'

/**
 * Changes the own password; the other sessions end. Wants a fresh proof and the present password, whose wrong guesses are
 * counted. Answers `wrong`, or until when guesses are refused, without a throw, so that they stay counted.
 */
export async function changePassword(
  ctx: Ctx,
  given: { present: string; password: string },
): Promise<'done' | 'wrong' | { until: Temporal.Instant }> {
  const { email } = await ownAccount(ctx)
  const keys = signedInKeys(ctx, email)
  const until = await takeAttempt(ctx, keys, (by) => audit(ctx, 'session.block', undefined, { by }))
  if (until) return { until }
  const candidate = await findCandidate(ctx.db, email)
  const subject = { type: 'user', id: staffOf(ctx).user_id }
  if (!(await verifyPassword(given.present, candidate?.password_hash ?? NOBODYS_HASH))) {
    await audit(ctx, 'session.unproven', subject)
    return 'wrong'
  }
  const { rows } = await sql<{ changed: boolean }>`
    select access.change_password(${await hashPassword(given.password)}) as changed`.execute(ctx.db)
  if (!rows[0]!.changed) throw problem('forbidden')
  await audit(ctx, 'user.change_password', subject)
  await tellOwner(ctx, subject.id, 'password_changed')
  return 'done'
}
