import { type SelectQueryBuilder, sql } from 'kysely'
import { z } from 'zod'
import type { Ctx } from '../context.ts'
import type { DB } from '../db/types.ts'
import { readForm } from '../http/forms.ts'
import { ROLES, type RoleName } from '../module.ts'
import { problem } from '../problem.ts'
import { authorise } from './authorise.ts'
import { USER_STATES, type UserState } from './users.ts'

type Membership = { organisation_id: string; organisation: string; roles: RoleName[] }

export type User = {
  id: string
  email: string
  name: string
  state: UserState
  locale: string
  created_at: Temporal.Instant
  last_sign_in_at: Temporal.Instant | null
  /** The running ones that the actor may see, with the organisation in the reader's language. */
  memberships: Membership[]
}

// What does not read as a filter is no filter: an address from elsewhere is never an error.
const FILTERS = z.object({
  q: z.string().max(100).optional().catch(undefined),
  state: z.enum(USER_STATES).optional().catch(undefined),
  role: z.enum(ROLES).optional().catch(undefined),
  organisation: z.uuid().optional().catch(undefined),
  after: z.uuid().optional().catch(undefined),
})

/** What a list of accounts is narrowed to; `after` is the cursor: the last account seen. */
export type UserFilters = z.output<typeof FILTERS>

/** The filters of an address. */
export function readUserFilters(search: URLSearchParams): UserFilters {
  const read = readForm(FILTERS, search)
  return read.ok ? read.value : {}
}

/** The accounts that the actor may see, by name: of the own organisation, or of all. */
export async function listUsers(ctx: Ctx, filters: UserFilters = {}, limit = 100_000): Promise<User[]> {
  authorise(ctx, 'user.administer')
  const { after } = filters
  const users = await matching(ctx, filters)
    .select(['u.id', 'u.email', 'u.name', 'u.state', 'u.locale', 'u.created_at', 'u.last_sign_in_at'])
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(u.name collate "tg-x-icu", u.id) > (
          select v.name collate "tg-x-icu", v.id from access.user_account v where v.id = ${after})`,
      ),
    )
    .orderBy(sql`u.name collate "tg-x-icu"`)
    .orderBy('u.id')
    .limit(limit)
    .execute()
  const memberships = await membershipsOf(
    ctx,
    users.map(({ id }) => id),
  )
  return users.map((user) => ({
    ...user,
    state: user.state as UserState,
    memberships: memberships.get(user.id) ?? [],
  }))
}

/** How many accounts match. */
export async function countUsers(ctx: Ctx, filters: UserFilters): Promise<number> {
  const { n } = await matching(ctx, filters)
    .select(({ fn }) => fn.countAll<bigint>().as('n'))
    .executeTakeFirstOrThrow()
  return Number(n)
}

/** One account with its memberships; 404 when the actor may see none. */
export async function getUser(ctx: Ctx, id: string): Promise<User> {
  authorise(ctx, 'user.administer')
  const user = z.uuid().safeParse(id).success
    ? await ctx.db
        .selectFrom('access.user_account as u')
        .select(['u.id', 'u.email', 'u.name', 'u.state', 'u.locale', 'u.created_at', 'u.last_sign_in_at'])
        .where('u.id', '=', id)
        .executeTakeFirst()
    : undefined
  if (!user) throw problem('not_found')
  const memberships = await membershipsOf(ctx, [id])
  return { ...user, state: user.state as UserState, memberships: memberships.get(id) ?? [] }
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

// Names are found as they are typed on a Russian keyboard too.
const plain = (text: ReturnType<typeof sql>) => sql`translate(lower(${text}), 'ғӣқӯҳҷё', 'гикухче')`

function matching(
  ctx: Ctx,
  { q, state, role, organisation }: UserFilters,
): SelectQueryBuilder<DB & { u: DB['access.user_account'] }, 'u', object> {
  const pattern = `%${(q ?? '').replace(/[\\%_]/g, '\\$&')}%`
  return ctx.db
    .selectFrom('access.user_account as u')
    .$if(q !== undefined, (query) =>
      query.where(
        sql<boolean>`(${plain(sql`u.name`)} like ${plain(sql`${pattern}`)} or u.email like lower(${pattern}))`,
      ),
    )
    .$if(state !== undefined, (query) => query.where('u.state', '=', state!))
    .$if(role !== undefined || organisation !== undefined, (query) =>
      query.where(({ exists, selectFrom }) =>
        exists(
          selectFrom('access.membership as m')
            .leftJoin('access.membership_role as r', 'r.membership_id', 'm.id')
            .select('m.id')
            .whereRef('m.user_id', '=', 'u.id')
            .where((w) => w.or([w('m.until', 'is', null), w('m.until', '>', ctx.now)]))
            .$if(role !== undefined, (inner) => inner.where('r.role', '=', role!))
            .$if(organisation !== undefined, (inner) => inner.where('m.organisation_id', '=', organisation!)),
        ),
      ),
    ) as never
}

async function membershipsOf(ctx: Ctx, ids: string[]): Promise<Map<string, Membership[]>> {
  const found = new Map<string, Membership[]>()
  if (ids.length === 0) return found
  const rows = await ctx.db
    .selectFrom('access.membership as m')
    .leftJoin('access.membership_role as r', 'r.membership_id', 'm.id')
    .select(['m.user_id', 'm.organisation_id'])
    .select(sql<string>`organisations.name_of(m.organisation_id, ${ctx.lang})`.as('organisation'))
    .select(
      sql<RoleName[]>`coalesce(array_agg(r.role order by r.role) filter (where r.role is not null), '{}')`.as('roles'),
    )
    .where('m.user_id', 'in', ids)
    .where((w) => w.or([w('m.until', 'is', null), w('m.until', '>', ctx.now)]))
    .groupBy('m.id')
    .orderBy('m.since')
    .orderBy('m.id')
    .execute()
  for (const { user_id, ...membership } of rows) found.set(user_id, [...(found.get(user_id) ?? []), membership])
  return found
}
