import type { Ctx } from '../context.ts'
import { formerKeyId, unwrapKey, wrapKey } from './keys.ts'

const BATCH = 500

/** Wraps the keys of some files that the former secret key wraps with the present one. The files themselves stay as they are. */
export async function rewrapFiles(ctx: Ctx): Promise<number> {
  const { config } = ctx.platform
  const former = formerKeyId(config)
  if (!former) return 0
  return ctx.db.transaction().execute(async (db) => {
    const rows = await db
      .selectFrom('files.file')
      .select(['id', 'key_id', 'wrapped_key'])
      .where('key_id', '=', former)
      .orderBy('id')
      .limit(BATCH)
      .forUpdate()
      .execute()
    for (const { id, key_id, wrapped_key } of rows) {
      const key = unwrapKey(config, { key_id: key_id!, wrapped_key: wrapped_key! }, id)
      await db
        .updateTable('files.file')
        .set(wrapKey(config, key, id))
        .where('id', '=', id)
        .execute()
    }
    return rows.length
  })
}
