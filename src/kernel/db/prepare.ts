import type { Kysely } from 'kysely'
import { syncPermissions } from '../access/permissions.ts'
import type { ModuleManifest } from '../module.ts'
import type { DB } from './types.ts'

/** Brings a migrated database up to the code: its permissions and its reference data. Repeating it changes nothing. Owner's connection. */
export async function prepareDatabase(owner: Kysely<DB>, parts: readonly ModuleManifest[]): Promise<void> {
  await syncPermissions(owner, parts)
  for (const part of parts) await part.reference?.(owner)
}
