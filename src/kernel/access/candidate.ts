import { type Kysely, sql } from 'kysely'
import type { Ctx } from '../context.ts'
import type { DB } from '../db/types.ts'
import { recoveryCodeHash, recoveryDigits } from './recovery-codes.ts'
import { keysFor } from './secret-key.ts'
import { openWithAny, seal } from './secrets.ts'
import { matchCode } from './totp.ts'

/** What one account is checked against. Only ever for one address: it cannot list. */
export type Candidate = { user_id: string; state: string; password_hash: string | null; totp_secret: Buffer | null }

const NOBODYS_SECRET = Buffer.alloc(20)

/** The account with this e-mail address, in any state; undefined without one. */
export async function findCandidate(db: Kysely<DB>, email: string): Promise<Candidate | undefined> {
  const { rows } = await sql<Candidate>`
    select user_id, state, password_hash, totp_secret
    from access.sign_in_candidate(${email})`.execute(db)
  return rows[0]
}

/** Spends a proof in the transaction that it lets in; false when it does not count, or not again. */
export type Spend = (db: Kysely<DB>) => Promise<boolean>

/**
 * What would spend this code: one of the authenticator's six digits, or a recovery code of twelve. Null when it is
 * surely wrong. `left` hears how many recovery codes remain. The same work is done where there is no account.
 */
export function readCode(
  ctx: Ctx,
  candidate: Candidate | undefined,
  code: string,
  left: (codes: number) => void,
): Spend | null {
  const secret = candidate?.totp_secret ? openTotpSecret(ctx, candidate.user_id, candidate.totp_secret) : NOBODYS_SECRET
  const step = matchCode(secret, code, ctx.now)
  if (!candidate) return null
  const digits = recoveryDigits(code)
  if (digits) return (db) => spendRecoveryCode(ctx, db, candidate.user_id, digits, left)
  if (!candidate.totp_secret || step === null) return null
  return async (db) => {
    const { rows } = await sql<{ spent: boolean }>`
      select access.spend_step(${candidate.user_id}, ${step}) as spent`.execute(db)
    return rows[0]!.spent
  }
}

async function spendRecoveryCode(
  ctx: Ctx,
  db: Kysely<DB>,
  user_id: string,
  digits: string,
  left: (codes: number) => void,
): Promise<boolean> {
  const { rows } = await sql<{ codes: number | null }>`
    select access.spend_recovery_code(${user_id}, ${recoveryCodeHash(ctx, user_id, digits)}, ${ctx.now}) as codes`.execute(
    db,
  )
  const { codes } = rows[0]!
  if (codes !== null) left(codes)
  return codes !== null
}

const totpKeys = ({ platform }: Pick<Ctx, 'platform'>) => keysFor(platform.config, 'totp')
const belongsTo = (user_id: string) => `access.user_account.totp_secret ${user_id}`

/** A TOTP secret as it is stored, for one account only. */
export const sealTotpSecret = (ctx: Pick<Ctx, 'platform'>, user_id: string, secret: Buffer): Buffer =>
  seal(totpKeys(ctx)[0]!, secret, belongsTo(user_id))
export const openTotpSecret = (ctx: Pick<Ctx, 'platform'>, user_id: string, sealed: Buffer): Buffer =>
  openWithAny(totpKeys(ctx), sealed, belongsTo(user_id))
