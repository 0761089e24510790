import { sql } from 'kysely'
import { audit } from '../audit/audit.ts'
import type { Ctx } from '../context.ts'
import type { Lang } from '../i18n/languages.ts'
import { newId } from '../ids.ts'
import { ROLES, type RoleName } from '../module.ts'
import { problem } from '../problem.ts'
import { forgiveAttempts } from './attempts.ts'
import { authorise, denied, may } from './authorise.ts'
import { findCandidate } from './candidate.ts'

/** What an account can be; the same list stands in the table's check. */
export const USER_STATES = ['active', 'locked', 'closed'] as const
export type UserState = (typeof USER_STATES)[number]

const ADMINISTER = 'user.administer'
/** With it one administers the accounts of every organisation. */
export const EVERYWHERE = 'user.administer_everywhere'

/**
 * Creates an account with a first membership; it opens with the link of issueLink(). A taken e-mail address is a conflict.
 * Returns its id.
 */
export async function createAccount(
  ctx: Ctx,
  given: { email: string; name: string; locale: Lang; organisation_id: string; roles: readonly RoleName[] },
): Promise<string> {
  authorise(ctx, ADMINISTER)
  const id = newId()
  // No column is named in the conflict: that would ask whether the new row may be read, before it belongs anywhere.
  const created = await ctx.db
    .insertInto('access.user_account')
    .values({ id, email: given.email.toLowerCase(), name: given.name, locale: given.locale, created_at: ctx.now })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (!created.numInsertedOrUpdatedRows) throw problem('conflict', { detail: 'access.user.exists' })
  await audit(ctx, 'user.create', { type: 'user', id })
  await setRoles(ctx, id, given.organisation_id, given.roles)
  return id
}

/**
 * Gives a user these roles in an organisation, instead of those held there; opens the membership when there is none.
 * No roles at all still let the user in, as staff without special rights. Refused where the actor may not.
 */
export async function setRoles(
  ctx: Ctx,
  user_id: string,
  organisation_id: string,
  roles: readonly RoleName[],
): Promise<void> {
  authorise(ctx, ADMINISTER, { type: 'user', id: user_id })
  const running = await runningMembership(ctx, user_id, organisation_id)
  const allowed = running
    ? await administersMember(ctx, user_id, organisation_id)
    : await mayAdmit(ctx, user_id, organisation_id)
  if (!allowed || !roles.every((role) => grantableRoles(ctx).includes(role)))
    throw denied(ADMINISTER, { type: 'user', id: user_id })
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

/** Ends a user's membership in an organisation, and with it the sessions there. 404 when there is none running. */
export async function endMembership(ctx: Ctx, user_id: string, organisation_id: string): Promise<void> {
  authorise(ctx, ADMINISTER, { type: 'user', id: user_id })
  const running = await runningMembership(ctx, user_id, organisation_id)
  if (!running) throw problem('not_found')
  if (!(await administersMember(ctx, user_id, organisation_id))) throw denied(ADMINISTER, { type: 'user', id: user_id })
  await ctx.db.updateTable('access.membership').set({ until: ctx.now }).where('id', '=', running.id).execute()
  await audit(ctx, 'user.end_membership', { type: 'user', id: user_id }, { organisation: organisation_id })
}

/** Puts right an account's name, e-mail address and language. A taken address is a conflict. */
export async function changeUser(
  ctx: Ctx,
  id: string,
  { email, name, locale }: { email: string; name: string; locale: Lang },
): Promise<void> {
  await demandAdministration(ctx, id)
  const holder = await findCandidate(ctx.db, email)
  if (holder && holder.user_id !== id) throw problem('conflict', { detail: 'access.user.exists' })
  await ctx.db
    .updateTable('access.user_account')
    .set({ email: email.toLowerCase(), name, locale })
    .where('id', '=', id)
    .execute()
  await audit(ctx, 'user.change', { type: 'user', id })
}

/** Locks, unlocks or closes an account. Sessions end at once unless it is active again; then failed attempts are forgiven. */
export async function setUserState(ctx: Ctx, user: { id: string; email: string }, state: UserState): Promise<void> {
  await demandAdministration(ctx, user.id)
  if (state === 'closed') {
    await ctx.db
      .updateTable('access.membership')
      .set({ until: ctx.now })
      .where('user_id', '=', user.id)
      .where('until', 'is', null)
      .execute()
  }
  await ctx.db.updateTable('access.user_account').set({ state }).where('id', '=', user.id).execute()
  if (state === 'active') await forgiveAttempts(ctx, user.email)
  else await endSessionsOf(ctx, user.id)
  await audit(ctx, 'user.set_state', { type: 'user', id: user.id }, { state })
}

/** Signs somebody else out everywhere; answers how many sessions ended. */
export async function signOutUser(ctx: Ctx, user_id: string): Promise<number> {
  await demandAdministration(ctx, user_id)
  const sessions = await endSessionsOf(ctx, user_id)
  await audit(ctx, 'session.close_all', { type: 'user', id: user_id }, { sessions })
  return sessions
}

/** Ends all sessions of a user, without a line in the audit; answers how many. */
export async function endSessionsOf(ctx: Ctx, user_id: string): Promise<number> {
  const ended = await ctx.db
    .updateTable('access.session')
    .set({ ended_at: ctx.now })
    .where('user_id', '=', user_id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return Number(ended.numUpdatedRows)
}

/** Whether the actor may lock, close or reset this account: see access.administers() in the migrations. */
export const administers = (ctx: Ctx, user_id: string): Promise<boolean> =>
  asks(ctx, sql`select access.administers(${user_id}) as answer`)

/** Whether the actor may change this user's roles in this organisation. */
export const administersMember = (ctx: Ctx, user_id: string, organisation_id: string): Promise<boolean> =>
  asks(ctx, sql`select access.administers_member(${user_id}, ${organisation_id}) as answer`)

/** Whether the actor may bring this user into this organisation. */
export const mayAdmit = (ctx: Ctx, user_id: string, organisation_id: string): Promise<boolean> =>
  asks(ctx, sql`select access.may_admit(${user_id}, ${organisation_id}) as answer`)

/** The roles that the actor may give: only platform administrators make others of their kind. */
export const grantableRoles = (ctx: Ctx): RoleName[] => {
  const platformRoles = ctx.platform.parts.flatMap(({ permissions }) => permissions?.[EVERYWHERE] ?? [])
  return ROLES.filter((role) => may(ctx, EVERYWHERE) || !platformRoles.includes(role))
}

/** Stops with 403, noted in the audit, unless the actor may administer this account. */
async function demandAdministration(ctx: Ctx, user_id: string): Promise<void> {
  authorise(ctx, ADMINISTER, { type: 'user', id: user_id })
  if (!(await administers(ctx, user_id))) throw denied(ADMINISTER, { type: 'user', id: user_id })
}

// The operator acts as nobody, on whom policies do not bind: there is nobody to ask the database about.
async function asks(ctx: Ctx, question: ReturnType<typeof sql>): Promise<boolean> {
  if (ctx.actor.kind === 'system') return true
  const { rows } = await question.execute(ctx.db)
  return (rows[0] as { answer: boolean }).answer
}

const runningMembership = ({ db }: Ctx, user_id: string, organisation_id: string) =>
  db
    .selectFrom('access.membership')
    .select('id')
    .where('user_id', '=', user_id)
    .where('organisation_id', '=', organisation_id)
    .where('until', 'is', null)
    .executeTakeFirst()
