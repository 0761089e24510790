import { createHash, randomBytes } from 'node:crypto'
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { type Kysely, sql } from 'kysely'
import { audit } from '../audit/audit.ts'
import type { Ctx, StaffActor } from '../context.ts'
import type { DB } from '../db/types.ts'
import type { Lang } from '../i18n/languages.ts'
import { problem } from '../problem.ts'

/** A session ends when nothing was asked for this long. */
export const IDLE: Temporal.Duration = Temporal.Duration.from({ minutes: 45 })
/** A session ends after this, whatever happens: one working day. */
export const ABSOLUTE: Temporal.Duration = Temporal.Duration.from({ hours: 12 })

/** A new token for the cookie; the database keeps only its hash. */
export const newToken = (): string => randomBytes(32).toString('base64url')
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest()

/**
 * The live session behind a token, as the actor it stands for; null when there is none or it has ended, idled out, or
 * its user lost the place in the organisation. Being read counts as activity. The organisation is named in `lang`.
 */
export async function readSession(
  db: Kysely<DB>,
  token: string,
  now: Temporal.Instant = Temporal.Now.instant(),
  lang: Lang = 'tg',
): Promise<StaffActor | null> {
  const { rows } = await sql<Omit<StaffActor, 'kind' | 'permissions'> & { permissions: string[] }>`
    select s.session_id, s.user_id, s.name, s.organisation_id, s.organisation_name, s.permissions, p.time_zone
    from access.find_session(${hashToken(token)}, ${now}, ${now.add(IDLE)}, ${lang}) s
    left join organisations.organisation o on o.id = s.organisation_id
    left join places.place p on p.code = o.country`.execute(db)
  const [found] = rows
  return found ? { ...found, kind: 'staff', permissions: new Set(found.permissions) } : null
}

// A cookie named __Host- cannot be set by another host or for another path; browsers take it over https only.
const cookieName = (ctx: Pick<Ctx, 'platform'>) => (isHttps(ctx) ? '__Host-hamsafar' : 'hamsafar')
const isHttps = ({ platform }: Pick<Ctx, 'platform'>) => platform.config.origin.startsWith('https:')
const cookieOptions = (ctx: Ctx) => ({ path: '/', httpOnly: true, sameSite: 'Lax', secure: isHttps(ctx) }) as const

/** The session token that the browser sent. */
export const sessionToken = (c: Context): string | undefined => getCookie(c, cookieName(c.var.ctx)) || undefined

/** Gives the browser its token; it forgets it when it is closed. */
export const setSessionCookie = (ctx: Ctx, c: Context, token: string): void =>
  setCookie(c, cookieName(ctx), token, cookieOptions(ctx))

/** Takes the token from the browser. */
export const clearSessionCookie = (ctx: Ctx, c: Context): void =>
  void deleteCookie(c, cookieName(ctx), cookieOptions(ctx))

const MOST_SHOWN = 100

/** One's own open sessions, the last used first, up to a hundred. `agent` is browser and system, null when unknown. */
export async function listSessions(ctx: Ctx) {
  return ctx.db
    .selectFrom('access.session')
    .select(['id', 'created_at', 'last_seen_at', 'agent'])
    .where('user_id', '=', staffOf(ctx).user_id)
    .where('ended_at', 'is', null)
    .where('idle_until', '>', ctx.now)
    .where('expires_at', '>', ctx.now)
    .orderBy('last_seen_at', 'desc')
    .orderBy('id')
    .limit(MOST_SHOWN)
    .execute()
}

/** Ends this session. */
export async function endSession(ctx: Ctx): Promise<void> {
  const { session_id } = staffOf(ctx)
  await ctx.db
    .updateTable('access.session')
    .set({ ended_at: ctx.now })
    .where('id', '=', session_id)
    .where('ended_at', 'is', null)
    .execute()
  await audit(ctx, 'session.close', { type: 'session', id: session_id })
}

/** Ends one of one's own sessions, on another device; 404 when it is none or has ended. */
export async function endOwnSession(ctx: Ctx, id: string): Promise<void> {
  const ended = await ctx.db
    .updateTable('access.session')
    .set({ ended_at: ctx.now })
    .where('id', '=', id)
    .where('user_id', '=', staffOf(ctx).user_id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  if (!ended.numUpdatedRows) throw problem('not_found')
  await audit(ctx, 'session.close', { type: 'session', id })
}

/** Ends all of one's own sessions, on every device, this one too. */
export async function endAllSessions(ctx: Ctx): Promise<void> {
  const { user_id } = staffOf(ctx)
  const ended = await ctx.db
    .updateTable('access.session')
    .set({ ended_at: ctx.now })
    .where('user_id', '=', user_id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  await audit(ctx, 'session.close_all', { type: 'user', id: user_id }, { sessions: Number(ended.numUpdatedRows) })
}

/** The organisations one may work for, in the reader's language and order. */
export async function listOwnOrganisations(ctx: Ctx): Promise<{ id: string; name: string }[]> {
  const { rows } = await sql<{ id: string; name: string }>`
    select m.organisation_id as id, organisations.name_of(m.organisation_id, ${ctx.lang}) as name
    from access.membership m
    where m.user_id = ${staffOf(ctx).user_id}
      and access.belongs(m.user_id, m.organisation_id)
    group by m.organisation_id`.execute(ctx.db)
  return rows.sort((a, b) => ctx.format.compare(a.name, b.name))
}

/** The roles one holds in the active organisation. */
export async function listOwnRoles(ctx: Ctx): Promise<string[]> {
  const { user_id, organisation_id } = staffOf(ctx)
  const rows = await ctx.db
    .selectFrom('access.membership as m')
    .innerJoin('access.membership_role as r', 'r.membership_id', 'm.id')
    .select('r.role')
    .distinct()
    .where('m.user_id', '=', user_id)
    .where('m.organisation_id', '=', organisation_id)
    .where('m.until', 'is', null)
    .orderBy('r.role')
    .execute()
  return rows.map(({ role }) => role)
}

/** Moves this session to another of one's organisations: other rights, so another token, which is returned. */
export async function switchOrganisation(ctx: Ctx, organisation_id: string): Promise<string> {
  const { session_id } = staffOf(ctx)
  const own = await listOwnOrganisations(ctx)
  if (!own.some(({ id }) => id === organisation_id)) throw problem('not_found')
  const token = newToken()
  await ctx.db
    .updateTable('access.session')
    .set({ organisation_id, token_hash: hashToken(token) })
    .where('id', '=', session_id)
    .execute()
  await audit(ctx, 'session.switch', { type: 'organisation', id: organisation_id })
  return token
}

/** The member of staff who acts; 403 for anybody else. */
export function staffOf({ actor }: Pick<Ctx, 'actor'>): StaffActor {
  if (actor.kind !== 'staff') throw problem('forbidden')
  return actor
}
