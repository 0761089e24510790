import type { ClientBase } from 'pg'
import { CannotStart } from '../cannot-start.ts'
import type { Config } from '../config.ts'
import { deriveKey, fingerprint } from './secrets.ts'

type Secrets = Pick<Config, 'HAMSAFAR_SECRET_KEY' | 'HAMSAFAR_SECRET_KEY_BEFORE'>

/** What `system.instance` keeps of the keys; nothing of it in a database that no program with a key has opened yet. */
export type KeptChecks = { key_check?: Buffer | null; key_check_before?: Buffer | null }

/** The present key and, while a move from it is under way, the former one: what was encrypted opens with one of them. */
export const keysFor = (config: Secrets, purpose: string): Buffer[] =>
  [config.HAMSAFAR_SECRET_KEY, config.HAMSAFAR_SECRET_KEY_BEFORE]
    .filter((secret) => secret !== undefined)
    .map((secret) => deriveKey(secret, purpose))

/**
 * Refuses settings whose secret key is not the one that this database's secrets are encrypted with.
 * @throws CannotStart
 */
export function refuseOtherKey(config: Secrets, kept: KeptChecks): void {
  if (!kept.key_check) return
  const [present, former] = checksOf(config)
  const before = kept.key_check_before
  if (same(kept.key_check, present)) {
    if (!before || same(before, former)) return
    throw new CannotStart(
      'The move to this secret key is not finished and nothing was changed: set the former key as HAMSAFAR_SECRET_KEY_BEFORE and run "hamsafar secret-key move".',
    )
  }
  // A move begins, or one that is under way goes back.
  if (same(kept.key_check, former) && (!before || same(before, present))) return
  throw new CannotStart(
    'The secret key is not the one that this database was encrypted with, and nothing was changed: set HAMSAFAR_SECRET_KEY (or restore the file secret-key in HAMSAFAR_DATA) to that one, or set that one as HAMSAFAR_SECRET_KEY_BEFORE to move to a new key.',
  )
}

/** Keeps in `system.instance` which key is in use; the first time, and when a move begins or goes back. Owner's connection. */
export async function noteSecretKey(client: ClientBase, config: Secrets): Promise<void> {
  const [present, former] = checksOf(config)
  await client.query(
    `update system.instance
     set key_check = $1, key_check_before = case when key_check is null then null else $2::bytea end, key_since = now()
     where key_check is distinct from $1`,
    [present, former ?? null],
  )
}

const checksOf = (config: Secrets) => keysFor(config, 'key check').map((key) => fingerprint(key, 'system.instance'))
const same = (kept: Buffer, given: Buffer | undefined) => given !== undefined && kept.equals(given)
