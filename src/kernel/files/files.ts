import { createHash } from 'node:crypto'
import { mkdir, open as openFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Ctx } from '../context.ts'
import { newId } from '../ids.ts'
import { problem } from '../problem.ts'
import { decrypt, encrypt } from './encryption.ts'
import { newDataKey, unwrapKey, wrapKey } from './keys.ts'
import { isPicture, redraw } from './pictures.ts'
import { sniff, tidyName } from './sniff.ts'
import { fileStore, incomingFolder } from './store.ts'

/** A file as its row tells it. */
export type StoredFile = {
  id: string
  name: string
  type: string
  /** Bytes of the content. */
  size: number
  encrypted: boolean
  created_at: Temporal.Instant
  expires_at: Temporal.Instant | null
}

type Keeping = {
  /** Who of the organisation may read it. */
  permission: string
  /** Encrypted under a key of its own. */
  protect: boolean
  /** When it is forgotten; kept as long as its record without it. */
  expires?: Temporal.Instant
}

/** The largest upload where a page sets no limit of its own. */
const MOST_BYTES = 20 * 2 ** 20

/**
 * Takes an uploaded file in: looks at what it is, draws pictures anew, encrypts it where it is to be protected, and
 * puts it into the store before the request's transaction commits. Until keepFile() it is forgotten after a day.
 * @throws problem `too_large`; `unsupported` when its content is none of `accept` (MIME types); `invalid`.
 */
export async function receiveFile(
  ctx: Ctx,
  { name, content }: { name: string; content: Uint8Array },
  { accept, mostBytes = MOST_BYTES, ...keeping }: Keeping & { accept: readonly string[]; mostBytes?: number },
): Promise<StoredFile> {
  if (content.length > mostBytes)
    throw problem('too_large', { detail: 'files.problem.too_large', values: { megabytes: mostBytes / 2 ** 20 } })
  if (content.length === 0) throw problem('invalid', { detail: 'files.problem.empty' })
  const { type, extension } = await sniff(content)
  if (!accept.includes(type)) throw problem('unsupported', { detail: 'files.problem.type' })
  const kept = isPicture(type) ? await redraw(content) : content
  return writeFile(ctx, { name: tidyName(name, extension), type, content: [kept] }, keeping)
}

/**
 * Puts what the platform itself has made into the store, as it is made. `type` and `name` are taken as given.
 * Until keepFile() it is forgotten after a day; so is what a rolled-back transaction leaves.
 */
export async function writeFile(
  ctx: Ctx,
  { name, type, content }: { name: string; type: string; content: AsyncIterable<Uint8Array> | Iterable<Uint8Array> },
  { permission, protect, expires }: Keeping,
): Promise<StoredFile> {
  const { config } = ctx.platform
  const id = newId()
  const key = protect ? newDataKey() : null
  const { size, stored } = await spool(ctx, id, content, key)
  const staff = ctx.actor.kind === 'staff' ? ctx.actor : null
  const row = {
    id,
    name,
    type,
    size: BigInt(size),
    encrypted: protect,
    created_at: ctx.now,
    expires_at: expires ?? null,
  }
  await ctx.db
    .insertInto('files.file')
    .values({
      ...row,
      organisation_id: staff?.organisation_id ?? null,
      created_by: staff?.user_id ?? null,
      permission,
      sha256: stored,
      ...(key && wrapKey(config, key, id)),
    })
    .execute()
  return { ...row, size }
}

// Written aside first: only whole files, whose length and hash are known, come into the store.
async function spool(
  ctx: Ctx,
  id: string,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  key: Buffer | null,
): Promise<{ size: number; stored: Buffer }> {
  const folder = incomingFolder(ctx.platform.config)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, id)
  const hash = createHash('sha256')
  let [size, written] = [0, 0]
  const counted = (async function* () {
    for await (const chunk of content) {
      size += chunk.length
      yield chunk
    }
  })()
  try {
    const out = await openFile(path, 'wx', 0o600)
    try {
      for await (const chunk of key ? encrypt(key, counted) : counted) {
        hash.update(chunk)
        written += chunk.length
        await out.writeFile(chunk)
      }
    } finally {
      await out.close()
    }
    const sha256 = hash.digest()
    await fileStore(ctx.platform.config).put(id, path, { size: written, sha256 })
    return { size, stored: sha256 }
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
}

/** Keeps a received file: a record refers to it now. In the transaction of that record. */
export async function keepFile(ctx: Ctx, id: string): Promise<void> {
  const kept = await ctx.db.updateTable('files.file').set({ state: 'stored' }).where('id', '=', id).executeTakeFirst()
  if (kept.numUpdatedRows === 0n) throw problem('not_found')
}

/** A file that this actor may see. Throws the problem `not_found` for others, and for what has expired. */
export async function getFile(ctx: Ctx, id: string): Promise<StoredFile> {
  const row = await ctx.db
    .selectFrom('files.file')
    .select(['id', 'name', 'type', 'size', 'encrypted', 'created_at', 'expires_at'])
    .where('id', '=', id)
    .where((e) => e.or([e('expires_at', 'is', null), e('expires_at', '>', ctx.now)]))
    .executeTakeFirst()
  if (!row) throw problem('not_found')
  return { ...row, size: Number(row.size) }
}

/**
 * The content, decrypted. It may be read on after the request's transaction.
 * @throws problem `not_found`; for a protected file an error while reading when its bytes are not those that were written.
 */
export async function readFile(ctx: Ctx, { id }: Pick<StoredFile, 'id'>): Promise<AsyncIterable<Uint8Array>> {
  const { config } = ctx.platform
  const row = await ctx.db
    .selectFrom('files.file')
    .select(['sha256', 'key_id', 'wrapped_key'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) throw problem('not_found')
  const { key_id, wrapped_key } = row
  const key = key_id && wrapped_key ? unwrapKey(config, { key_id, wrapped_key }, id) : null
  const bytes = await fileStore(config).get(id)
  if (!bytes) throw new Error(`The file ${id} is not in the store`)
  return key ? decrypt(key, bytes) : bytes
}

/** Forgets a file: its row and with it its key. From then on the bytes are noise; the reaper takes them away. */
export async function forgetFile(ctx: Ctx, id: string): Promise<void> {
  await ctx.db.deleteFrom('files.file').where('id', '=', id).execute()
}
