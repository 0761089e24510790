import { randomBytes } from 'node:crypto'
import { keysFor } from '../access/secret-key.ts'
import { deriveKey, fingerprint, open, seal } from '../access/secrets.ts'
import type { Ctx } from '../context.ts'
import type { Platform } from '../module.ts'

/** What is made of the registry's key, each for one purpose. */
export type RegistryKeys = { sealing: Buffer; index: Buffer; rows: Buffer }

const OWNER = 'people.key'
// Opened keys by what is stored, so that a request costs one small query and no key outlives its row's meaning.
const opened = new Map<string, RegistryKeys>()

/** The registry's keys; null while nothing was ever received. */
export async function findRegistryKeys(ctx: Pick<Ctx, 'db' | 'platform'>): Promise<RegistryKeys | null> {
  const row = await ctx.db.selectFrom('people.key').select(['key_id', 'wrapped']).executeTakeFirst()
  return row ? openKey(ctx, row) : null
}

// The key is the same for good, and to ask for it takes longer than to look for a number: once a minute is enough.
const STANDS_MS = 60_000
const lately = new WeakMap<Platform, { keys: RegistryKeys; until: number }>()

/** The same, as it was a minute ago at most: to look for a number, never to keep one. For whoever may search. */
export async function keysForSearching(ctx: Pick<Ctx, 'db' | 'platform'>): Promise<RegistryKeys | null> {
  const known = lately.get(ctx.platform)
  if (known && performance.now() < known.until) return known.keys
  const keys = await findRegistryKeys(ctx)
  if (keys) lately.set(ctx.platform, { keys, until: performance.now() + STANDS_MS })
  return keys
}

/** The keys; makes them the first time. Owner's connection. */
export async function registryKeys(ctx: Pick<Ctx, 'db' | 'platform'>): Promise<RegistryKeys> {
  const found = await findRegistryKeys(ctx)
  if (found) return found
  await ctx.db
    .insertInto('people.key')
    .values(wrap(ctx, randomBytes(32)))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return (await findRegistryKeys(ctx))!
}

/** Wraps the registry's key with the present secret where the former wraps it; what it seals stays as it is. Owner's connection. */
export async function moveRegistryKey(ctx: Ctx): Promise<number> {
  const former = wrappings(ctx)[1]
  if (!former) return 0
  return ctx.db.transaction().execute(async (db) => {
    const row = await db
      .selectFrom('people.key')
      .select('wrapped')
      .where('key_id', '=', former.id)
      .forUpdate()
      .executeTakeFirst()
    if (!row) return 0
    await db
      .updateTable('people.key')
      .set(wrap(ctx, open(former.key, row.wrapped, OWNER)))
      .execute()
    return 1
  })
}

function openKey(ctx: Pick<Ctx, 'platform'>, { key_id, wrapped }: { key_id: string; wrapped: Buffer }): RegistryKeys {
  const wrapper = wrappings(ctx).find(({ id }) => id === key_id)
  if (!wrapper)
    throw new Error(`The registry of persons is under the key ${key_id}, which this installation does not have`)
  const name = `${key_id}:${wrapped.toString('base64')}`
  const known = opened.get(name)
  if (known) return known
  const secret = open(wrapper.key, wrapped, OWNER).toString('base64')
  const keys = {
    sealing: deriveKey(secret, 'people sealing'),
    index: deriveKey(secret, 'people index'),
    rows: deriveKey(secret, 'people rows'),
  }
  opened.set(name, keys)
  return keys
}

function wrap(ctx: Pick<Ctx, 'platform'>, key: Buffer) {
  const [{ id, key: wrapper }] = wrappings(ctx) as [{ id: string; key: Buffer }]
  return { key_id: id, wrapped: seal(wrapper, key, OWNER) }
}

const wrappings = ({ platform }: Pick<Ctx, 'platform'>) =>
  keysFor(platform.config, 'people').map((key) => ({ id: fingerprint(key, 'key id').toString('hex', 0, 8), key }))
