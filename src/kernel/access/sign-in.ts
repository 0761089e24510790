import { type Kysely, sql } from 'kysely'
import { type AuditDetails, audit } from '../audit/audit.ts'
import type { Actor, Ctx, StaffActor } from '../context.ts'
import type { DB } from '../db/types.ts'
import { isLang, type Lang } from '../i18n/languages.ts'
import { newId } from '../ids.ts'
import { type AttemptKeys, addressKey, signInKeys, takeAttempt } from './attempts.ts'
import { findCandidate, readCode, type Spend } from './candidate.ts'
import { knownDevice, rememberDevice } from './devices.ts'
import { tellOwner } from './notices.ts'
import { readAssertion } from './passkeys.ts'
import { NOBODYS_HASH, verifyPassword } from './passwords.ts'
import { ABSOLUTE, hashToken, IDLE, newToken } from './sessions.ts'
import { ownAccount } from './step-up.ts'
import { actAs, withActor } from './transaction.ts'

const VISITOR: Actor = { kind: 'visitor' }

export type SignInResult =
  /**
   * `choose`: the user belongs to several organisations and has not worked in one yet. `lang`: the account's language.
   * `devices`: what the browser is to keep, to be known. `codes_left`: a recovery code was used, and so many remain.
   */
  | { kind: 'signed_in'; token: string; devices: string; choose: boolean; lang: Lang; codes_left?: number }
  /** No such account, wrong password, wrong, used or no code, locked account: all the same outside. */
  | { kind: 'wrong' }
  | { kind: 'blocked'; until: Temporal.Instant }
  | { kind: 'no_organisation' }

/** The browser that signs in: what it is, the accounts it is known to, and the token of a session that the new one replaces. */
type From = { agent: string | null; devices?: string | undefined; former?: string | undefined }

/**
 * Signs staff in with password and code (the authenticator's, or a recovery code). On the app's pool, not in a
 * transaction: an attempt counts before the password is looked at, and stays counted whatever follows. It does the same
 * work for every wrong answer, so that its time tells nothing either.
 */
export async function signIn(
  ctx: Ctx,
  given: From & { email: string; password: string; code: string },
): Promise<SignInResult> {
  const keys = signInKeys(ctx, given.email, given.devices)
  const until = await takeAttempt(ctx, keys, (by) => note(ctx, 'session.block', undefined, { by }))
  if (until) return { kind: 'blocked', until }

  const candidate = await findCandidate(ctx.db, given.email)
  const rightPassword = await verifyPassword(given.password, candidate?.password_hash ?? NOBODYS_HASH)
  let codes_left: number | undefined
  const spend = readCode(ctx, candidate, given.code, (left) => {
    codes_left = left
  })
  const refuse = (reason: string) => refused(ctx, candidate?.user_id, reason)
  if (!candidate) return refuse('unknown')
  if (!candidate.password_hash || !rightPassword) return refuse('password')
  if (!spend) return refuse('code')
  if (candidate.state !== 'active') return refuse('state')
  const result = await enter(ctx, candidate.user_id, {
    by: 'code',
    keys,
    from: given,
    spend,
    codesLeft: () => codes_left,
  })
  return result.kind === 'signed_in' && codes_left !== undefined ? { ...result, codes_left } : result
}

/** Signs staff in with what a passkey has signed: it stands for account, password and code. On the app's pool. */
export async function signInWithPasskey(ctx: Ctx, given: From & { response: string }): Promise<SignInResult> {
  const keys = { address: addressKey(ctx) }
  const until = await takeAttempt(ctx, keys, (by) => note(ctx, 'session.block', undefined, { by }))
  if (until) return { kind: 'blocked', until }
  const assertion = await readAssertion(ctx, given.response, 'sign-in')
  if (!assertion) return refused(ctx, undefined, 'passkey')
  const { user_id, state, spend } = assertion
  if (state !== 'active') return refused(ctx, user_id, 'state')
  return enter(ctx, user_id, { by: 'passkey', keys, from: given, spend })
}

/**
 * Signs in whom the organisation's own sign-in service vouches for, by a verified e-mail address, into an account that
 * exists. Its word opens a session but is no fresh proof: dangerous acts still ask for a code or a passkey.
 */
export async function signInByProvider(ctx: Ctx, given: From & { email: string }): Promise<SignInResult> {
  const candidate = await findCandidate(ctx.db, given.email)
  if (!candidate) return refused(ctx, undefined, 'unknown')
  if (candidate.state !== 'active') return refused(ctx, candidate.user_id, 'state')
  return enter(ctx, candidate.user_id, { by: 'provider', keys: {}, from: given, spend: async () => true })
}

type Way = {
  by: 'code' | 'passkey' | 'provider'
  keys: AttemptKeys
  from: From
  spend: Spend
  /** Known once spent: how many recovery codes are left, when the code was one. */
  codesLeft?(): number | undefined
}

async function enter(ctx: Ctx, user_id: string, { by, keys, from, spend, codesLeft }: Way): Promise<SignInResult> {
  const token = newToken()
  const session_id = newId()
  const entered = await withActor(
    ctx.db,
    VISITOR,
    async (db) => {
      if (!(await spend(db))) return
      const row = await startSession(ctx, db, { user_id, session_id, token, keys, agent: from.agent, by })
      if (!row.organisation_id) return { ...row, devices: '' }
      if (from.former) await sql`select access.end_session(${hashToken(from.former)}, ${ctx.now})`.execute(db)
      const actor = actorOf(user_id, row.organisation_id, session_id)
      await actAs(db, actor, ctx.now)
      await audit({ actor, db }, 'session.open', { type: 'session', id: session_id }, { by })
      const left = codesLeft?.()
      if (left !== undefined) {
        await audit({ actor, db }, 'recovery.use', { type: 'user', id: user_id }, { left })
        await tellOwner({ ...ctx, db }, user_id, 'recovery_used', { left })
      }
      if (keys.everywhere) await sql`select access.give_back_attempt(${keys.everywhere})`.execute(db)
      const { email } = await ownAccount({ actor, db })
      if (!knownDevice(ctx, email, from.devices) && (await wasInBefore(db, user_id, session_id)))
        await tellOwner({ ...ctx, db }, user_id, 'new_device', { agent: from.agent ?? 'unknown' })
      return { ...row, devices: rememberDevice(ctx, email, from.devices) }
    },
    ctx.now,
  )
  if (!entered) return refused(ctx, user_id, 'replayed')
  if (!entered.organisation_id) {
    await refused(ctx, user_id, 'no_organisation')
    return { kind: 'no_organisation' }
  }
  const { choose, locale, devices } = entered
  return { kind: 'signed_in', token, devices, choose, lang: isLang(locale) ? locale : ctx.lang }
}

// The first browser of an account is no news to anybody.
const wasInBefore = (db: Kysely<DB>, user_id: string, session_id: string) =>
  db
    .selectFrom('access.session')
    .select('id')
    .where('user_id', '=', user_id)
    .where('id', '!=', session_id)
    .limit(1)
    .executeTakeFirst()

async function startSession(
  { now }: Ctx,
  db: Kysely<DB>,
  given: { user_id: string; session_id: string; token: string; keys: AttemptKeys; agent: string | null; by: Way['by'] },
) {
  const { rows } = await sql<{ organisation_id: string | null; choose: boolean; locale: string }>`
    select organisation_id, choose, locale
    from access.start_session(${given.user_id}, ${given.keys.account ?? null}, ${given.keys.address ?? null}, ${given.session_id},
      ${hashToken(given.token)}, ${now}, ${now.add(IDLE)}, ${now.add(ABSOLUTE)}, ${given.agent},
      ${given.by !== 'provider'})`.execute(db)
  return rows[0]!
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
