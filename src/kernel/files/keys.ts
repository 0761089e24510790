import { randomBytes } from 'node:crypto'
import { keysFor } from '../access/secret-key.ts'
import { fingerprint, open, seal } from '../access/secrets.ts'
import type { Config } from '../config.ts'

/** A file's own key as it stands in its row: wrapped, with the name of the key that wraps it. */
export type WrappedKey = { key_id: string; wrapped_key: Buffer }

type Secrets = Pick<Config, 'HAMSAFAR_SECRET_KEY' | 'HAMSAFAR_SECRET_KEY_BEFORE'>

/** A new key for one file. */
export const newDataKey = (): Buffer => randomBytes(32)

/** The name of the key before the present one, by which rows tell that they were wrapped with it; it says nothing about the key. */
export const formerKeyId = (config: Secrets): string | undefined => wrappings(config)[1]?.id

/** Wraps a file's key with the installation's; it opens for this file only. */
export function wrapKey(config: Secrets, key: Buffer, fileId: string): WrappedKey {
  const { id, key: wrapper } = wrappings(config)[0]!
  return { key_id: id, wrapped_key: seal(wrapper, key, owner(fileId)) }
}

/** Opens a wrapped key with the present secret, or with the one before it. Throws when it was neither. */
export function unwrapKey(config: Secrets, { key_id, wrapped_key }: WrappedKey, fileId: string): Buffer {
  const wrapper = wrappings(config).find(({ id }) => id === key_id)
  if (!wrapper) throw new Error(`A file is encrypted under the key ${key_id}, which this installation does not have`)
  return open(wrapper.key, wrapped_key, owner(fileId))
}

const wrappings = (config: Secrets) =>
  keysFor(config, 'files').map((key) => ({ id: fingerprint(key, 'key id').toString('hex', 0, 8), key }))

const owner = (fileId: string) => `files.file ${fileId}`
