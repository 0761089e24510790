import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Ctx } from '../context.ts'
import { defineJob } from '../jobs/job.ts'
import { fileStore, incomingFolder } from './store.ts'

const BATCH = 1_000
/** How long a file may wait for its record, and bytes for their row. No transaction takes that long. */
const GRACE = { hours: 24 }

export type Reaped = { rows: number; objects: number }

/**
 * Forgets files that have expired or that no record refers to after a day, then removes the bytes that no row refers
 * to: of forgotten files, and of transactions that were rolled back after their file was written. Owner's connection.
 */
export async function reapFiles(ctx: Ctx, report: () => Promise<void> = async () => {}): Promise<Reaped> {
  const before = ctx.now.subtract(GRACE)
  const forgotten = await ctx.db
    .deleteFrom('files.file')
    .where((e) =>
      e.or([e('expires_at', '<=', ctx.now), e.and([e('state', '=', 'pending'), e('created_at', '<', before)])]),
    )
    .executeTakeFirst()
  const store = fileStore(ctx.platform.config)
  let objects = 0
  for await (const ids of batches(oldOnes(store.list(), before.epochMilliseconds))) {
    const rows = await ctx.db.selectFrom('files.file').select('id').where('id', 'in', ids).execute()
    const known = new Set(rows.map(({ id }) => id))
    for (const id of ids.filter((one) => !known.has(one))) {
      await store.remove(id)
      objects++
    }
    await report()
  }
  await clearIncoming(incomingFolder(ctx.platform.config), before.epochMilliseconds)
  return { rows: Number(forgotten.numDeletedRows), objects }
}

// What a killed process was just writing.
async function clearIncoming(folder: string, before: number): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const found = await stat(join(folder, name)).catch(() => undefined)
    if (found && found.mtimeMs < before) await rm(join(folder, name), { force: true })
  }
}

async function* oldOnes(objects: AsyncIterable<{ id: string; at: number }>, before: number) {
  // What else lies there is not ours.
  for await (const { id, at } of objects)
    if (at < before && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) yield id
}

async function* batches(ids: AsyncIterable<string>): AsyncGenerator<string[]> {
  let batch: string[] = []
  for await (const id of ids) {
    batch.push(id)
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** Takes away what nobody refers to. */
export const reapJob = defineJob({
  async run(ctx) {
    const { rows, objects } = await reapFiles(ctx, () => ctx.report({}))
    if (rows + objects > 0) ctx.log.info({ rows, objects }, 'files were forgotten')
  },
})
