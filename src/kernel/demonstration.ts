import { type Kysely, sql } from 'kysely'
import type { Logger } from 'pino'
import { withActor } from './access/transaction.ts'
import type { DB } from './db/types.ts'
import type { Platform } from './module.ts'
import { systemContext } from './system.ts'

/**
 * Lets each part put its demonstration data into a database that is marked as one, once per part: the data and the note
 * that it is there are one transaction, so that an interrupted start leaves nothing half done.
 */
export async function loadDemonstration(platform: Platform, owner: Kysely<DB>, log: Logger): Promise<void> {
  if (!platform.demonstration || !platform.config.demo) return
  for (const part of platform.parts) {
    if (!part.demo) continue
    const ctx = systemContext(platform, owner, log, `demonstration ${part.name}`)
    await withActor(owner, ctx.actor, async (db) => {
      // A second process that starts at the same moment waits here, and then finds it done.
      const { rows } = await sql`
        insert into system.demonstration_part (name) values (${part.name}) on conflict do nothing returning name`.execute(
        db,
      )
      if (rows.length > 0) await part.demo?.({ ...ctx, db })
    })
  }
}
