import { randomInt } from 'node:crypto'
import { audit } from '../audit/audit.ts'
import type { Ctx } from '../context.ts'
import type { Lang } from '../i18n/languages.ts'
import { newId } from '../ids.ts'
import type { RoleName } from '../module.ts'
import { problem } from '../problem.ts'
import { authorise } from './authorise.ts'
import { hashPassword } from './passwords.ts'
import { accountKey, openTotpSecret, sealTotpSecret } from './sign-in.ts'
import { currentCode, newTotpSecret, totpAddress } from './totp.ts'

export type UserState = 'active' | 'locked' | 'closed'

/** What a user signs in with, told once: nobody can read the password again. */
export type Credentials = { password: string; totp_address: string }

/**
 * Creates an account with a first membership. Without a password a random one is made; the authenticator's secret
 * always is. A taken e-mail address is a conflict. For the operator: needs the owner's connection.
 */
export async function createUser(
  ctx: Ctx,
  given: {
    email: string
    name: string
    locale: Lang
    organisation_id: string
    roles: readonly RoleName[]
    password?: string
  },
): Promise<Credentials & { id: string }> {
  authorise(ctx, 'user.administer')
  const id = newId()
  const password = given.password ?? newPassword()
  const secret = newTotpSecret()
  const created = await ctx.db
    .insertInto('access.user_account')
    .values({
      id,
      email: given.email.toLowerCase(),
      name: given.name,
      locale: given.locale,
      password_hash: await hashPassword(password),
      totp_secret: sealTotpSecret(ctx, id, secret),
      created_at: ctx.now,
    })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!created) throw problem('conflict', { detail: 'access.user.exists' })
  await audit(ctx, 'user.create', { type: 'user', id })
  await setRoles(ctx, id, given.organisation_id, given.roles)
  return { id, password, totp_address: totpAddress(secret, given.email.toLowerCase()) }
}

/** The account with this e-mail address; 404 without one. */
export async function findUser(ctx: Ctx, email: string): Promise<{ id: string; email: string; state: UserState }> {
  authorise(ctx, 'user.administer')
  const user = await ctx.db
    .selectFrom('access.user_account')
    .select(['id', 'email', 'state'])
    .where('email', '=', email.toLowerCase())
    .executeTakeFirst()
  if (!user) throw problem('not_found', { detail: 'access.user.unknown' })
  return { ...user, state: user.state as UserState }
}

export type User = {
  id: string
  email: string
  name: string
  state: UserState
  last_sign_in_at: Temporal.Instant | null
  memberships: { organisation_id: string; roles: RoleName[] }[]
}

/** All accounts with their running memberships, by e-mail address. */
export async function listUsers(ctx: Ctx): Promise<User[]> {
  authorise(ctx, 'user.administer')
  const users = await ctx.db
    .selectFrom('access.user_account')
    .select(['id', 'email', 'name', 'state', 'last_sign_in_at'])
    .orderBy('email')
    .execute()
  const rows = await ctx.db
    .selectFrom('access.membership as m')
    .leftJoin('access.membership_role as r', 'r.membership_id', 'm.id')
    .select(['m.id', 'm.user_id', 'm.organisation_id', 'r.role'])
    .where((w) => w.or([w('m.until', 'is', null), w('m.until', '>', ctx.now)]))
    .orderBy('m.since')
    .orderBy('r.role')
    .execute()
  return users.map((user) => {
    const own = Map.groupBy(
      rows.filter((row) => row.user_id === user.id),
      (row) => row.id,
    )
    const memberships = Array.from(own.values(), (roles) => ({
      organisation_id: roles[0]!.organisation_id,
      roles: roles.flatMap(({ role }) => (role ? [role as RoleName] : [])),
    }))
    return { ...user, state: user.state as UserState, memberships }
  })
}

/**
 * Gives a user these roles in an organisation, instead of those held there; opens the membership when there is none.
 * No roles at all still let the user in, as staff without special rights.
 */
export async function setRoles(
  ctx: Ctx,
  user_id: string,
  organisation_id: string,
  roles: readonly RoleName[],
): Promise<void> {
  authorise(ctx, 'user.administer')
  const running = await ctx.db
    .selectFrom('access.membership')
    .select('id')
    .where('user_id', '=', user_id)
    .where('organisation_id', '=', organisation_id)
    .where('until', 'is', null)
    .executeTakeFirst()
  const membership_id = running?.id ?? newId()
  if (!running)
    await ctx.db
      .insertInto('access.membership')
      .values({ id: membership_id, user_id, organisation_id, since: ctx.now })
      .execute()
  await ctx.db.deleteFrom('access.membership_role').where('membership_id', '=', membership_id).execute()
  if (roles.length > 0) {
    await ctx.db
      .insertInto('access.membership_role')
      .values(roles.map((role) => ({ membership_id, role })))
      .execute()
  }
  // The audit takes no lists: each role is a yes of its own.
  const held = Object.fromEntries(roles.map((role) => [`role_${role}`, true]))
  await audit(ctx, 'user.set_roles', { type: 'user', id: user_id }, { organisation: organisation_id, ...held })
}

/** Locks, unlocks or closes an account. Sessions end at once unless it is active again; then failed attempts are forgiven. */
export async function setUserState(ctx: Ctx, user: { id: string; email: string }, state: UserState): Promise<void> {
  authorise(ctx, 'user.administer')
  await ctx.db.updateTable('access.user_account').set({ state }).where('id', '=', user.id).execute()
  if (state === 'active')
    await ctx.db.deleteFrom('access.sign_in_throttle').where('key', '=', accountKey(ctx, user.email)).execute()
  else await endSessionsOf(ctx, user.id)
  if (state === 'closed') {
    await ctx.db
      .updateTable('access.membership')
      .set({ until: ctx.now })
      .where('user_id', '=', user.id)
      .where('until', 'is', null)
      .execute()
  }
  await audit(ctx, 'user.set_state', { type: 'user', id: user.id }, { state })
}

/** Gives a user a new random password and, when the telephone was lost, a new authenticator secret. Sessions end. */
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
  await endSessionsOf(ctx, user.id)
  await audit(ctx, 'user.renew_credentials', { type: 'user', id: user.id }, { authenticator })
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

const endSessionsOf = (ctx: Ctx, user_id: string) =>
  ctx.db
    .updateTable('access.session')
    .set({ ended_at: ctx.now })
    .where('user_id', '=', user_id)
    .where('ended_at', 'is', null)
    .execute()

// 16 of 31 letters and digits that are not misread: 79 bits.
function newPassword(): string {
  const group = () => Array.from({ length: 4 }, () => '23456789abcdefghjkmnpqrstuvwxyz'[randomInt(31)]).join('')
  return Array.from({ length: 4 }, group).join('-')
}
