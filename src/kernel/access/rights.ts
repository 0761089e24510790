import { sql } from 'kysely'
import type { Ctx } from '../context.ts'

/** What a person may do in one organisation, and by which roles. */
export type Rights = {
  organisation_id: string
  organisation: string
  roles: string[]
  /** False when nothing of it counts now: the account is locked, or the organisation closed. */
  counts: boolean
  permissions: { permission: string; roles: string[] }[]
}

/**
 * What a person may do, organisation by organisation, as far as the actor may see the memberships: their own, those of
 * the organisation they administer, or all. Read from the table that decides.
 */
export async function rightsOf(ctx: Ctx, user_id: string): Promise<Rights[]> {
  const { rows } = await sql<Omit<Rights, 'permissions'>>`
    select m.organisation_id, organisations.name_of(m.organisation_id, ${ctx.lang}) as organisation,
      access.belongs(m.user_id, m.organisation_id) as counts,
      coalesce(array_agg(r.role order by r.role) filter (where r.role is not null), '{}') as roles
    from access.membership m
    left join access.membership_role r on r.membership_id = m.id
    where m.user_id = ${user_id}
      and (m.until is null or m.until > ${ctx.now})
    group by m.id
    order by m.since, m.id`.execute(ctx.db)
  const carried = await permissionsByRole(ctx)
  return rows.map((membership) => {
    const permissions = new Map<string, string[]>()
    for (const role of membership.roles)
      for (const permission of carried.get(role) ?? [])
        permissions.set(permission, [...(permissions.get(permission) ?? []), role])
    return { ...membership, permissions: Array.from(permissions, ([permission, roles]) => ({ permission, roles })) }
  })
}

/** Which permissions each role carries, by name. */
export async function permissionsByRole(ctx: Ctx): Promise<Map<string, string[]>> {
  const rows = await ctx.db
    .selectFrom('access.role_permission')
    .select(['role', 'permission'])
    .orderBy('permission')
    .execute()
  const roles = new Map<string, string[]>()
  for (const { role, permission } of rows) roles.set(role, [...(roles.get(role) ?? []), permission])
  return roles
}

/** A permission in plain words: the part that declares it has them as `permission.NAME` in its messages. */
export function permissionText(ctx: Ctx, permission: string): string {
  const part = ctx.platform.parts.find(({ permissions }) => permissions && permission in permissions)
  const key = `${part?.name}.permission.${permission}`
  return ctx.t.has(key) ? ctx.t(key) : permission
}
