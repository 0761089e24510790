import { createReadStream } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import type { Logger } from 'pino'
import { verifyAudit } from '../audit/verify.ts'
import { CannotStart } from '../cannot-start.ts'
import type { Config } from '../config.ts'
import { migrate } from '../db/migrate.ts'
import { openPool } from '../db/pool.ts'
import { fileStore, incomingFolder } from '../files/store.ts'
import { migrateQueue } from '../jobs/worker.ts'
import { copyStatement, tablePath } from './back-up.ts'
import { countingBytes, countingRows } from './digest.ts'
import type { Manifest } from './manifest.ts'
import { columnList, connect, isEmpty, listTables, otherMigrations, quoted, readMigrations } from './schema.ts'

type Progress = (line: string) => void

/**
 * Checks that a backup is whole and of this version, before anything is touched: every part has the hash that the
 * manifest gives it.
 * @throws CannotStart naming what is wrong.
 */
export async function checkBackup(folder: string, manifest: Manifest): Promise<void> {
  refuseOtherVersion(manifest)
  const parts = [
    ...manifest.tables.map((part) => ({ path: tablePath(folder, part.name), ...part })),
    ...manifest.files.map((part) => ({ path: join(folder, 'files', part.id), ...part })),
  ]
  for (const { path, sha256 } of parts) {
    const bytes = countingBytes()
    await pipeline(createReadStream(path), bytes, nowhere()).catch((error) => {
      throw new CannotStart(`The backup is not whole: ${path} cannot be read (${error.code}).`)
    })
    if (bytes.figures().sha256 !== sha256) throw new CannotStart(`The backup is damaged: ${path} has another hash.`)
  }
}

function refuseOtherVersion({ version, migrations }: Manifest): void {
  const differing = otherMigrations(migrations)
  if (!differing) return
  throw new CannotStart(
    `This backup was made by another version of Hamsafar (${version}; its schema differs in ${differing}): restore it with that version, then upgrade.`,
  )
}

/**
 * Brings a checked backup into an empty database of the owner's `connection`, and its files into the store of the
 * settings. All rows or none: when it fails, the database is empty again.
 * @throws CannotStart when the database is not empty.
 */
export async function restore(
  connection: pg.PoolConfig,
  config: Config,
  folder: string,
  manifest: Manifest,
  log: Logger,
  progress: Progress,
): Promise<void> {
  const client = await connect(connection)
  try {
    if (!(await isEmpty(client)))
      throw new CannotStart('The database is not empty: restore into a new data folder or an empty database.')
    try {
      await migrate(connection as pg.ClientConfig, { demonstration: manifest.demonstration })
      await migrateQueue(connection, log)
      await refuseOtherTables(client, manifest)
      await restoreFiles(config, folder, manifest)
      progress(`${manifest.files.length} files`)
      await restoreRows(client, folder, manifest, progress)
    } catch (error) {
      await clear(client).catch(() => {})
      throw error
    }
    await client.query('analyze')
  } finally {
    await client.end()
  }
}

// The queue's library, or the server, may make other tables than those that were copied.
async function refuseOtherTables(client: pg.Client, manifest: Manifest): Promise<void> {
  const here = await listTables(client)
  const shape = (tables: { name: string; columns: string[] }[]) =>
    tables.map(({ name, columns }) => `${name} (${columns.join(', ')})`).sort()
  const [ours, theirs] = [shape(here), shape(manifest.tables)]
  const differing = [...theirs.filter((one) => !ours.includes(one)), ...ours.filter((one) => !theirs.includes(one))]
  const queue = (await readMigrations(client))!.queue_migrations
  if (differing.length === 0 && String(queue) === String(manifest.queue_migrations)) return
  throw new CannotStart(
    `The tables of this version are not those of the backup (${differing[0] ?? 'the queue'}): restore it with version ${manifest.version}.`,
  )
}

// Rows come table by table, without regard to what refers to what; the foreign keys are checked at the end.
async function restoreRows(client: pg.Client, folder: string, manifest: Manifest, progress: Progress): Promise<void> {
  await client.query('begin')
  const { rows: keys } = await client.query<{ table: string; name: string; definition: string }>(
    `select n.nspname || '.' || c.relname as table, k.conname as name, pg_get_constraintdef(k.oid) as definition
     from pg_constraint k
     join pg_class c on c.oid = k.conrelid
     join pg_namespace n on n.oid = c.relnamespace
     where k.contype = 'f' and k.conparentid = 0 and n.nspname || '.' || c.relname = any ($1)`,
    [manifest.tables.map(({ name }) => name)],
  )
  for (const { table, name } of keys)
    await client.query(`alter table ${quoted(table)} drop constraint ${client.escapeIdentifier(name)}`)
  for (const { name, columns, rows } of manifest.tables) {
    // What triggers did is in the rows already.
    await client.query(`alter table ${quoted(name)} disable trigger user`)
    await client.query(`delete from ${quoted(name)}`)
    await pipeline(
      createReadStream(tablePath(folder, name)),
      createGunzip(),
      client.query(copyFrom(`copy ${quoted(name)} (${columnList(columns)}) from stdin`)),
    )
    await client.query(`alter table ${quoted(name)} enable trigger user`)
    progress(`${name}: ${rows} rows`)
  }
  for (const { table, name, definition } of keys)
    await client.query(`alter table ${quoted(table)} add constraint ${client.escapeIdentifier(name)} ${definition}`)
  for (const { name, value, called } of manifest.sequences)
    await client.query('select setval($1::regclass, $2, $3)', [quoted(name), value, called])
  await client.query('commit')
}

async function restoreFiles(config: Config, folder: string, { files }: Manifest): Promise<void> {
  const incoming = incomingFolder(config)
  await mkdir(incoming, { recursive: true, mode: 0o700 })
  for (const { id, bytes, sha256 } of files) {
    const path = join(incoming, id)
    await copyFile(join(folder, 'files', id), path)
    await fileStore(config).put(id, path, { size: bytes, sha256: Buffer.from(sha256, 'hex') })
  }
}

// The database was empty, so everything in it is ours.
async function clear(client: pg.Client): Promise<void> {
  await client.query('rollback')
  const { rows } = await client.query<{ name: string }>(
    `select nspname as name from pg_namespace
     where nspname !~ '^pg_' and nspname not in ('information_schema', 'public')`,
  )
  for (const { name } of rows) await client.query(`drop schema ${client.escapeIdentifier(name)} cascade`)
}

/** What a restored database says against the backup's figures; `differing` is empty when all is as it was. */
export type Proof = {
  differing: string[]
  tables: number
  rows: number
  files: number
  audit: { ok: boolean; sealed: bigint }
}

/**
 * Proves a restore: reads every table again and compares its figures, looks for every file, and walks the audit's
 * chain from its first line.
 */
export async function prove(
  connection: pg.PoolConfig,
  config: Config,
  manifest: Manifest,
  log: Logger,
): Promise<Proof> {
  const client = await connect(connection)
  const differing: string[] = []
  try {
    for (const { name, columns, rows, digest } of manifest.tables) {
      const counted = countingRows()
      await pipeline(client.query(copyTo(copyStatement({ name, columns }))), counted, nowhere())
      const here = counted.figures()
      if (here.rows !== rows) differing.push(`${name}: ${here.rows} rows instead of ${rows}`)
      else if (here.digest !== digest) differing.push(`${name}: other contents`)
    }
  } finally {
    await client.end()
  }
  for (const { id, sha256 } of manifest.files) {
    const content = await fileStore(config).get(id)
    const bytes = countingBytes()
    if (content) await pipeline(Readable.from(content, { objectMode: false }), bytes, nowhere())
    if (bytes.figures().sha256 !== sha256)
      differing.push(`file ${id}: ${content ? 'other contents' : 'not in the store'}`)
  }
  const owner = openPool(connection, log, 1)
  const { ok, sealed } = await verifyAudit(owner).finally(() => owner.destroy())
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
  return { differing, tables: manifest.tables.length, rows, files: manifest.files.length, audit: { ok, sealed } }
}

const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() })
