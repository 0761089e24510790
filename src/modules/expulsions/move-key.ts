import { sql } from 'kysely'
import { keysFor } from '#kernel/access/secret-key.ts'
import { open, seal } from '#kernel/access/secrets.ts'
import type { Ctx } from '#kernel/context.ts'

const BATCH = 100
// What is sealed under the module's key, each value bound to its table and row.
const SEALED = [
  { table: 'expulsions.proceeding', column: 'stated_sealed' },
  { table: 'expulsions.home_help', column: 'sealed' },
] as const

/** Seals anew what is under the former secret key: who waits for the registry, and who agreed to help. Owner's connection. */
export async function moveExpulsionsKey(ctx: Ctx): Promise<number> {
  const [present, former] = keysFor(ctx.platform.config, 'expulsions')
  if (!former) return 0
  return ctx.db.transaction().execute(async (db) => {
    let moved = 0
    for (const { table, column } of SEALED) {
      const { rows } = await sql<{ id: string; sealed: Buffer }>`
        select id, ${sql.ref(column)} as sealed
        from ${sql.table(table)}
        where ${sql.ref(column)} is not null
        order by id
        for update`.execute(db)
      for (const { id, sealed } of rows) {
        if (moved === BATCH) return moved
        const plain = opened(former, sealed, `${table} ${id}`)
        if (!plain) continue
        await sql`
          update ${sql.table(table)}
          set ${sql.ref(column)} = ${seal(present!, plain, `${table} ${id}`)}
          where id = ${id}`.execute(db)
        moved++
      }
    }
    return moved
  })
}

// What is under the present key already does not open with the former one.
function opened(key: Buffer, sealed: Buffer, owner: string): Buffer | null {
  try {
    return open(key, sealed, owner)
  } catch {
    return null
  }
}
