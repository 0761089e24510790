import type { Kysely } from 'kysely'
import { sealEntries } from '#kernel/audit/chain.ts'
import type { DB } from '#kernel/db/types.ts'

/**
 * Seals until nothing waits, and returns how many lines that were: a transaction of another test on the same server,
 * begun before a line was written, keeps it back for a moment.
 */
export async function sealAll(owner: Kysely<DB>): Promise<number> {
  let sealed = 0
  for (;;) {
    sealed += (await sealEntries(owner)).sealed
    const waiting = await owner.selectFrom('audit.pending').select('entry_id').limit(1).execute()
    if (waiting.length === 0) return sealed
    await new Promise((done) => setTimeout(done, 50))
  }
}
