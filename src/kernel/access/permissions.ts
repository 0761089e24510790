import type { Kysely } from 'kysely'
import type { DB } from '../db/types.ts'
import { type ModuleManifest, ROLES } from '../module.ts'

/**
 * Writes roles and permissions of all manifests into the one table that authorise() and the row policies read.
 * A permission no manifest names any more is removed; a role stays, without rights. Owner's connection; repeatable.
 */
export async function syncPermissions(
  owner: Kysely<DB>,
  manifests: readonly Pick<ModuleManifest, 'name' | 'permissions' | 'clients'>[],
): Promise<void> {
  const permissions = manifests.flatMap(({ name: module, permissions = {}, clients = {} }) =>
    Object.keys(permissions).map((name) => ({ name, module, clients: clients[name] ?? null })),
  )
  const rights = manifests.flatMap(({ permissions = {} }) =>
    Object.entries(permissions).flatMap(([permission, roles]) => roles.map((role) => ({ role, permission }))),
  )
  await owner.transaction().execute(async (db) => {
    await db
      .insertInto('access.role')
      .values(ROLES.map((name) => ({ name })))
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    await db.deleteFrom('access.role_permission').execute()
    await db
      .deleteFrom('access.permission')
      .where('name', 'not in', ['', ...permissions.map(({ name }) => name)])
      .execute()
    if (permissions.length === 0) return
    await db
      .insertInto('access.permission')
      .values(permissions)
      .onConflict((conflict) =>
        conflict
          .column('name')
          .doUpdateSet((e) => ({ module: e.ref('excluded.module'), clients: e.ref('excluded.clients') })),
      )
      .execute()
    if (rights.length > 0) await db.insertInto('access.role_permission').values(rights).execute()
  })
}
