import { sql } from 'kysely'
import { keysFor } from '#kernel/access/secret-key.ts'
import { open, seal } from '#kernel/access/secrets.ts'
import type { Ctx } from '#kernel/context.ts'
import { OPRF_KEY_OWNER } from './carrier/oprf-key.ts'
import { answerOwner, codeFactsOwner, codeOwner, factsOwner, honeyOwner, pinOwner } from './facts.ts'
import { SIGNING_KEY_OWNER } from './signing-key.ts'

// Each sealed column, and what its values are bound to.
const SEALED = [
  { table: 'holder', column: 'facts_sealed', owner: factsOwner },
  { table: 'holder', column: 'pin_sealed', owner: pinOwner },
  { table: 'inquiry', column: 'answer_sealed', owner: answerOwner },
  { table: 'code', column: 'facts_sealed', owner: codeFactsOwner },
  { table: 'code', column: 'code_sealed', owner: codeOwner },
  { table: 'honey', column: 'facts_sealed', owner: honeyOwner },
  { table: 'key', column: 'private_sealed', owner: () => SIGNING_KEY_OWNER, id: 'one' },
  { table: 'key', column: 'oprf_sealed', owner: () => OPRF_KEY_OWNER, id: 'one' },
] as const

/**
 * Seals anew what lies under the former secret key. Counts of attempts and the knowledge that two checks were of one person start
 * anew with the key. Owner's connection.
 */
export async function moveEntryCheckKey(ctx: Ctx): Promise<number> {
  const [present, former] = keysFor(ctx.platform.config, 'entry-check')
  if (!former) return 0
  return ctx.db.transaction().execute(async (db) => {
    let moved = 0
    for (const { table, column, owner, ...other } of SEALED) {
      const [name, id] = [sql.table(`entry_check.${table}`), sql.ref('id' in other ? other.id : 'id')]
      const { rows } = await sql<{ id: string; sealed: Buffer }>`
        select ${id} as id, ${sql.ref(column)} as sealed from ${name} where ${sql.ref(column)} is not null for update`.execute(
        db,
      )
      for (const row of rows) {
        const bound = `entry_check ${owner(row.id)}`
        const plain = opened(former, row.sealed, bound)
        if (!plain) continue
        await sql`update ${name} set ${sql.ref(column)} = ${seal(present!, plain, bound)} where ${id} = ${row.id}`.execute(
          db,
        )
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
