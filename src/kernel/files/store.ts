import { join, resolve } from 'node:path'
import type { Config } from '../config.ts'
import { localStore } from './local-store.ts'
import { s3Store } from './s3-store.ts'

/** Where the bytes of files lie, by the file's id. Nothing is ever changed in place. */
export type FileStore = {
  /** Takes the finished file at `path` in, away from there. It is safe on disk, or with the service, when this returns. */
  put(id: string, path: string, content: { size: number; sha256: Buffer }): Promise<void>
  /** The bytes, or undefined when there is no such file. */
  get(id: string): Promise<AsyncIterable<Uint8Array> | undefined>
  /** Removing what is not there is no error. */
  remove(id: string): Promise<void>
  /** Everything there is, with the moment it was put there in milliseconds since 1970. */
  list(): AsyncIterable<{ id: string; at: number }>
}

type Settings = Pick<Config, 'HAMSAFAR_DATA'> & Partial<Config>

const filesFolder = (config: Settings): string => resolve(config.HAMSAFAR_DATA, 'files')

/** Where files lie while they are written, on their way to either kind of store. */
export const incomingFolder = (config: Settings): string => join(filesFolder(config), 'incoming')

/** The store that the settings name: a bucket, else a folder below HAMSAFAR_DATA. */
export function fileStore(config: Settings): FileStore {
  const found = stores.get(config) ?? (config.HAMSAFAR_S3_BUCKET ? s3Store(config) : localStore(filesFolder(config)))
  stores.set(config, found)
  return found
}

// One connection pool to the service, however many requests.
const stores = new WeakMap<Settings, FileStore>()
