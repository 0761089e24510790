import { keysFor } from '#kernel/access/secret-key.ts'
import { open, seal } from '#kernel/access/secrets.ts'
import type { Ctx } from '#kernel/context.ts'

const BATCH = 100

/** Seals anew what waits for the registry under the former secret key. Owner's connection. */
export async function moveProceedingsKey(ctx: Ctx): Promise<number> {
  const [present, former] = keysFor(ctx.platform.config, 'expulsions')
  if (!former) return 0
  return ctx.db.transaction().execute(async (db) => {
    const waiting = await db
      .selectFrom('expulsions.proceeding')
      .select(['id', 'stated_sealed'])
      .where('stated_sealed', 'is not', null)
      .forUpdate()
      .execute()
    let moved = 0
    for (const { id, stated_sealed } of waiting) {
      const owner = `expulsions.proceeding ${id}`
      const plain = opened(former, stated_sealed!, owner)
      if (!plain) continue
      await db
        .updateTable('expulsions.proceeding')
        .set({ stated_sealed: seal(present!, plain, owner) })
        .where('id', '=', id)
        .execute()
      if (++moved === BATCH) break
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
