import { createWriteStream } from 'node:fs'
import { mkdir, open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { refuseOtherKey } from '../access/secret-key.ts'
import { CannotStart } from '../cannot-start.ts'
import type { Config } from '../config.ts'
import { fileStore } from '../files/store.ts'
import { ROOT } from '../root.ts'
import { countingBytes, countingRows } from './digest.ts'
import { keyCheck, type Manifest, writeManifest } from './manifest.ts'
import {
  columnList,
  connect,
  listTables,
  otherMigrations,
  quoted,
  readMigrations,
  readSequences,
  type Table,
} from './schema.ts'

/** Tables that are copied at the same time, each on a connection of its own. */
const AT_ONCE = 2

type Options = {
  progress(line: string): void
  /** Called while the snapshot is open, with its name: another transaction may look at the same moment. */
  atSnapshot?(snapshot: string): Promise<void>
}

/**
 * Writes a backup into the empty `folder`, of one moment, while everybody works on: the tables by one exported
 * snapshot, the files that its rows name, last the manifest. Owner's connection.
 * @throws CannotStart when the database is not at the schema of this version.
 */
export async function backUp(
  connection: pg.PoolConfig,
  config: Config,
  folder: string,
  { progress, atSnapshot }: Options,
): Promise<Manifest> {
  const client = await connect(connection)
  try {
    await client.query('begin isolation level repeatable read read only')
    const schema = await schemaOf(client)
    const instance = await client.query(
      `select pg_export_snapshot() as snapshot, now() as taken_at, current_setting('server_version') as postgres,
         demonstration, key_check, key_check_before
       from system.instance`,
    )
    const { snapshot, taken_at, postgres, demonstration } = instance.rows[0]
    refuseOtherKey(config, instance.rows[0])
    await atSnapshot?.(snapshot)
    const tables = await copyTables(connection, snapshot, await listTables(client), folder, progress)
    const { files, missing } = await copyFiles(client, config, folder)
    const lost_files = await stillNamed(connection, missing)
    progress(`${files.length} files`)
    const manifest: Manifest = {
      format: 1,
      taken_at: taken_at.toISOString(),
      version: JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')).version,
      postgres,
      demonstration,
      ...schema,
      tables,
      // Never part of a snapshot; read last, they are at least as far as the rows.
      sequences: await readSequences(client),
      files,
      lost_files,
      key_check: keyCheck(config.HAMSAFAR_SECRET_KEY),
    }
    await client.query('commit')
    await writeManifest(folder, manifest, config.HAMSAFAR_SECRET_KEY)
    await flush(folder)
    return manifest
  } finally {
    await client.end()
  }
}

async function schemaOf(client: pg.Client) {
  const found = await readMigrations(client)
  if (!found) throw new CannotStart('There is nothing to back up: the database is empty.')
  const differing = otherMigrations(found.migrations)
  if (differing)
    throw new CannotStart(
      `The database is at the schema of another version of Hamsafar (it differs in ${differing}): back it up with the version that runs on it.`,
    )
  return found
}

async function copyTables(
  connection: pg.PoolConfig,
  snapshot: string,
  tables: Table[],
  folder: string,
  progress: Options['progress'],
): Promise<Manifest['tables']> {
  await mkdir(join(folder, 'tables'), { mode: 0o700 })
  const waiting = [...tables]
  const done: Manifest['tables'] = []
  const work = async () => {
    const client = await connect(connection)
    try {
      await client.query('begin isolation level repeatable read read only')
      await client.query(`set transaction snapshot '${snapshot}'`)
      for (let table = waiting.shift(); table; table = waiting.shift()) {
        const copied = await copyTable(client, table, folder)
        done.push(copied)
        progress(`${copied.name}: ${copied.rows} rows`)
      }
    } finally {
      await client.end()
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, work))
  for (const one of ended) if (one.status === 'rejected') throw one.reason
  return done.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Where a table's rows lie in a backup. */
export const tablePath = (folder: string, name: string) => join(folder, 'tables', `${name}.copy.gz`)

async function copyTable(client: pg.Client, { name, columns }: Table, folder: string) {
  const [rows, bytes] = [countingRows(), countingBytes()]
  await pipeline(
    client.query(copyTo(copyStatement({ name, columns }))),
    rows,
    createGzip({ level: 3 }),
    bytes,
    createWriteStream(tablePath(folder, name), { mode: 0o600, flags: 'wx' }),
  )
  return { name, columns, ...rows.figures(), ...bytes.figures() }
}

/** The text of a table: a query, because a partitioned table cannot be copied by its name. */
export const copyStatement = ({ name, columns }: Table) =>
  `copy (select ${columnList(columns)} from ${quoted(name)}) to stdout`

async function copyFiles(
  client: pg.Client,
  config: Config,
  folder: string,
): Promise<{ files: Manifest['files']; missing: string[] }> {
  await mkdir(join(folder, 'files'), { mode: 0o700 })
  const store = fileStore(config)
  const { rows } = await client.query<{ id: string; sha256: string }>(
    `select id, encode(sha256, 'hex') as sha256 from files.file order by id`,
  )
  const files: Manifest['files'] = []
  const missing: string[] = []
  for (const { id, sha256 } of rows) {
    const content = await store.get(id)
    if (!content) {
      missing.push(id)
      continue
    }
    const bytes = countingBytes()
    const target = createWriteStream(join(folder, 'files', id), { mode: 0o600, flags: 'wx' })
    await pipeline(Readable.from(content, { objectMode: false }), bytes, target)
    const figures = bytes.figures()
    if (figures.sha256 !== sha256) throw new CannotStart(`The file ${id} in the store is damaged: its hash is another.`)
    files.push({ id, ...figures })
  }
  return { files, missing }
}

// What was forgotten since the snapshot was taken is no loss.
async function stillNamed(connection: pg.PoolConfig, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const client = await connect(connection)
  try {
    const { rows } = await client.query<{ id: string }>('select id from files.file where id = any ($1)', [ids])
    return rows.map(({ id }) => id)
  } finally {
    await client.end()
  }
}

// A backup that a power cut takes back is none.
async function flush(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const handle = await open(join(entry.parentPath, entry.name), 'r')
    await handle.sync().finally(() => handle.close())
  }
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}
