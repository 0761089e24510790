import { type Kysely, sql } from 'kysely'
import { type AuditDetails, audit } from '../audit/audit.ts'
import type { Actor, Ctx, StaffActor } from '../context.ts'
import type { DB } from '../db/types.ts'
import { newId } from '../ids.ts'
import { NOBODYS_HASH, verifyPassword } from './passwords.ts'
import { deriveKey, fingerprint, open, seal } from './secrets.ts'
import { ABSOLUTE, hashToken, IDLE, newToken } from './sessions.ts'
import { matchCode } from './totp.ts'
import { actAs, withActor } from './transaction.ts'

/** Attempts within the time, and for how long the next one is refused. Accounts nobody has are counted alike. */
const LIMITS = {
  account: { attempts: 5, within: '15 minutes', blocked: '15 minutes' },
  // An office has one address for all its staff; successes are given back.
  address: { attempts: 20, within: '15 minutes', blocked: '15 minutes' },
} as const

const VISITOR: Actor = { kind: 'visitor' }
const NOBODYS_SECRET = Buffer.alloc(20)

export type SignInResult =
  /** `choose`: the user belongs to several organisations and has not worked in one yet. */
  | { kind: 'signed_in'; token: string; choose: boolean }
  /** No such account, wrong password, wrong, used or no code, locked account: all the same outside. */
  | { kind: 'wrong' }
  | { kind: 'blocked'; until: Temporal.Instant }
  | { kind: 'no_organisation' }

/**
 * Signs staff in with password and code. On the app's pool, not in a transaction: an attempt counts before the password
 * is looked at, and stays counted whatever follows. It does the same work for every wrong answer, so that its time
 * tells nothing either. `former` is the token of a session that this one replaces.
 */
export async function signIn(
  ctx: Ctx,
  given: { email: string; password: string; code: string; agent: string | null; former?: string | undefined },
): Promise<SignInResult> {
  const keys = { account: accountKey(ctx, given.email), address: throttleKey(ctx, `address:${ctx.caller}`) }
  const until = await takeAttempt(ctx, keys)
  if (until) return { kind: 'blocked', until }

  const candidate = await findCandidate(ctx.db, given.email)
  const rightPassword = await verifyPassword(given.password, candidate?.password_hash ?? NOBODYS_HASH)
  const secret = candidate?.totp_secret ? openTotpSecret(ctx, candidate.user_id, candidate.totp_secret) : NOBODYS_SECRET
  const step = matchCode(secret, given.code, ctx.now)
  const refuse = (reason: string) => refused(ctx, candidate?.user_id, reason)
  if (!candidate) return refuse('unknown')
  if (!candidate.password_hash || !rightPassword) return refuse('password')
  if (!candidate.totp_secret || step === null) return refuse('code')
  if (candidate.state !== 'active') return refuse('state')

  const token = newToken()
  const session_id = newId()
  const opened = await withActor(
    ctx.db,
    VISITOR,
    async (db) => {
      const { rows } = await sql<{ organisation_id: string | null; choose: boolean }>`
      select organisation_id, choose
      from access.open_session(${candidate.user_id}, ${step}, ${keys.account}, ${keys.address}, ${session_id},
        ${hashToken(token)}, ${ctx.now}, ${ctx.now.add(IDLE)}, ${ctx.now.add(ABSOLUTE)}, ${given.agent})`.execute(db)
      const [row] = rows
      if (row?.organisation_id) {
        if (given.former) await sql`select access.end_session(${hashToken(given.former)}, ${ctx.now})`.execute(db)
        const actor = actorOf(candidate.user_id, row.organisation_id, session_id)
        await actAs(db, actor, ctx.now)
        await audit({ actor, db }, 'session.open', { type: 'session', id: session_id })
      }
      return row
    },
    ctx.now,
  )
  if (!opened) return refuse('replayed')
  if (!opened.organisation_id) {
    await refuse('no_organisation')
    return { kind: 'no_organisation' }
  }
  return { kind: 'signed_in', token, choose: opened.choose }
}

async function takeAttempt(ctx: Ctx, keys: Record<keyof typeof LIMITS, Buffer>): Promise<Temporal.Instant | null> {
  for (const by of ['account', 'address'] as const) {
    const { attempts, within, blocked } = LIMITS[by]
    const { rows } = await sql<{ until: Temporal.Instant | null; fresh: boolean }>`
      select until, until = ${ctx.now}::timestamptz + ${blocked}::interval as fresh
      from access.take_attempt(${keys[by]}, ${ctx.now}, ${attempts}, ${within}, ${blocked}) as until`.execute(ctx.db)
    const [row] = rows
    if (!row?.until) continue
    if (row.fresh) await note(ctx, 'session.block', undefined, { by })
    return row.until
  }
  return null
}

type Candidate = { user_id: string; state: string; password_hash: string | null; totp_secret: Buffer | null }

async function findCandidate(db: Kysely<DB>, email: string): Promise<Candidate | undefined> {
  const { rows } = await sql<Candidate>`
    select user_id, state, password_hash, totp_secret
    from access.sign_in_candidate(${email})`.execute(db)
  return rows[0]
}

async function refused(ctx: Ctx, user_id: string | undefined, reason: string): Promise<SignInResult> {
  await note(ctx, 'session.refuse', user_id, { reason })
  return { kind: 'wrong' }
}

const note = (ctx: Ctx, action: string, user_id: string | undefined, details: AuditDetails) =>
  withActor(
    ctx.db,
    VISITOR,
    (db) => audit({ actor: VISITOR, db }, action, user_id ? { type: 'user', id: user_id } : undefined, details),
    ctx.now,
  )

const actorOf = (user_id: string, organisation_id: string, session_id: string): StaffActor => ({
  kind: 'staff',
  user_id,
  organisation_id,
  session_id,
  name: '',
  organisation_name: '',
  permissions: new Set(),
})

/** Under what the attempts for one e-mail address are counted. */
export const accountKey = (ctx: Pick<Ctx, 'platform'>, email: string): Buffer =>
  throttleKey(ctx, `account:${email.toLowerCase()}`)
const throttleKey = (ctx: Pick<Ctx, 'platform'>, of: string) =>
  fingerprint(deriveKey(secretOf(ctx), 'sign-in-throttle'), of)

const secretOf = (ctx: Pick<Ctx, 'platform'>) => ctx.platform.config.HAMSAFAR_SECRET_KEY
const totpKey = (ctx: Pick<Ctx, 'platform'>) => deriveKey(secretOf(ctx), 'totp')
const belongsTo = (user_id: string) => `access.user_account.totp_secret ${user_id}`

/** A TOTP secret as it is stored, for one account only. */
export const sealTotpSecret = (ctx: Pick<Ctx, 'platform'>, user_id: string, secret: Buffer): Buffer =>
  seal(totpKey(ctx), secret, belongsTo(user_id))
export const openTotpSecret = (ctx: Pick<Ctx, 'platform'>, user_id: string, sealed: Buffer): Buffer =>
  open(totpKey(ctx), sealed, belongsTo(user_id))
