import type { Context } from 'hono'
import { type Kysely, sql } from 'kysely'
import { audit } from '../audit/audit.ts'
import type { Ctx } from '../context.ts'
import type { DB } from '../db/types.ts'
import { seeOther } from '../http/page.ts'
import { signedInKeys, takeAttempt } from './attempts.ts'
import { findCandidate, readCode, type Spend } from './candidate.ts'
import { tellOwner } from './notices.ts'
import { readAssertion } from './passkeys.ts'
import { hashToken, newToken, staffOf } from './sessions.ts'

/**
 * Before a dangerous act: null when the actor gave a code or a passkey within the last ten minutes (signing in counts),
 * else the answer that leads there and back to `path`, a page without its language. The database asks the same.
 */
export async function askProof(ctx: Ctx, c: Context, path: string): Promise<Response | null> {
  const { rows } = await sql<{ proven: boolean }>`select access.proven() as proven`.execute(ctx.db)
  if (rows[0]!.proven) return null
  return seeOther(ctx, c, `/work/step-up?return=${encodeURIComponent(`/${ctx.lang}${path}`)}`)
}

export type StepUpResult =
  | { kind: 'proven'; token: string }
  | { kind: 'wrong' }
  | { kind: 'blocked'; until: Temporal.Instant }

/**
 * Takes a code or a passkey once more from whoever is signed in; the session gets another token. Runs in the request's
 * transaction: a wrong one is told without a throw, so that the attempt stays counted.
 */
export async function stepUp(ctx: Ctx, given: { code: string } | { response: string }): Promise<StepUpResult> {
  const { user_id, session_id } = staffOf(ctx)
  const { email } = await ownAccount(ctx)
  const keys = signedInKeys(ctx, email)
  const until = await takeAttempt(ctx, keys, (by) => audit(ctx, 'session.block', undefined, { by }))
  if (until) return { kind: 'blocked', until }
  let left: number | undefined
  const spend =
    'code' in given
      ? readCode(ctx, await findCandidate(ctx.db, email), given.code, (codes) => {
          left = codes
        })
      : await spendOfPasskey(ctx, given.response)
  if (!spend || !(await spend(ctx.db))) {
    await audit(ctx, 'session.unproven', { type: 'user', id: user_id })
    return { kind: 'wrong' }
  }
  const token = newToken()
  await sql`select access.prove(${hashToken(token)}, ${keys.account})`.execute(ctx.db)
  await audit(ctx, 'session.prove', { type: 'session', id: session_id }, { by: 'code' in given ? 'code' : 'passkey' })
  if (left !== undefined) {
    await audit(ctx, 'recovery.use', { type: 'user', id: user_id }, { left })
    await tellOwner(ctx, user_id, 'recovery_used', { left })
  }
  return { kind: 'proven', token }
}

async function spendOfPasskey(ctx: Ctx, response: string): Promise<Spend | null> {
  const { user_id, session_id } = staffOf(ctx)
  const assertion = await readAssertion(ctx, response, `prove ${session_id}`)
  return assertion?.user_id === user_id ? assertion.spend : null
}

/** The actor's own address, language and name. */
export const ownAccount = (ctx: { actor: Ctx['actor']; db: Kysely<DB> }) =>
  ctx.db
    .selectFrom('access.user_account')
    .select(['email', 'locale', 'name'])
    .where('id', '=', staffOf(ctx).user_id)
    .executeTakeFirstOrThrow()
