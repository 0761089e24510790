import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import pg from 'pg'
import { ROOT } from '../root.ts'

type Migration = { name: string; sql: string; checksum: string }

/** The database was migrated by a newer version of the platform, or an applied migration was altered. */
export class SchemaMismatch extends Error {}

/**
 * All migrations of the kernel and the modules, ordered by file name over all folders. A name carries its date and
 * a number: `20261121-10-access.sql`.
 */
export function migrations(): Migration[] {
  return globSync('src/**/migrations/*.sql', { cwd: ROOT })
    .map((path) => {
      const sql = readFileSync(join(ROOT, path), 'utf8')
      return { name: basename(path, '.sql'), sql, checksum: createHash('sha256').update(sql).digest('hex') }
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/**
 * Brings the database of the owner's `connection` to the present schema, each migration in a transaction of its
 * own; a lock keeps two processes from doing so at once. A database without a schema is marked as demonstration or
 * not, once and for all.
 *
 * @throws {SchemaMismatch} when the database knows a migration that the code does not have, or in another wording.
 */
export async function migrate(
  connection: pg.ClientConfig,
  { demonstration }: { demonstration: boolean },
): Promise<{ applied: string[]; demonstration: boolean }> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    await client.query(`select pg_advisory_lock(hashtext('hamsafar.migrate'))`)
    await client.query(`create schema if not exists system`)
    await client.query(
      `create table if not exists system.migration (
         name text primary key, checksum text not null, applied_at timestamptz not null default now())`,
    )
    await client.query(
      `do $$ begin
         if not exists (select from pg_roles where rolname = 'hamsafar_app') then create role hamsafar_app; end if;
       end $$`,
    )
    const { rows } = await client.query<{ name: string; checksum: string }>(
      'select name, checksum from system.migration',
    )
    const done = new Map(rows.map((row) => [row.name, row.checksum]))
    const known = migrations()
    refuseMismatch(done, known)
    const pending = known.filter(({ name }) => !done.has(name))
    for (const migration of pending) await apply(client, migration)
    await client.query(`insert into system.instance (demonstration) values ($1) on conflict do nothing`, [
      demonstration,
    ])
    const instance = await client.query<{ demonstration: boolean }>('select demonstration from system.instance')
    return { applied: pending.map(({ name }) => name), demonstration: instance.rows[0]!.demonstration }
  } finally {
    await client.end()
  }
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration) {
  await client.query('begin')
  try {
    await client.query(sql)
    await client.query('insert into system.migration (name, checksum) values ($1, $2)', [name, checksum])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new Error(`Migration ${name} failed: ${(error as Error).message}`, { cause: error })
  }
}

function refuseMismatch(done: Map<string, string>, known: Migration[]) {
  const names = new Set(known.map(({ name }) => name))
  const unknown = [...done.keys()].filter((name) => !names.has(name))
  if (unknown.length > 0) {
    throw new SchemaMismatch(
      `The database was made by a newer version of Hamsafar (it has ${unknown.join(', ')}). Install that version, or use another database; nothing was changed.`,
    )
  }
  const altered = known.filter(({ name, checksum }) => done.has(name) && done.get(name) !== checksum)
  if (altered.length > 0) {
    throw new SchemaMismatch(
      `Applied migrations were altered afterwards: ${altered.map(({ name }) => name).join(', ')}. Restore them, and put the change into a new migration; nothing was changed.`,
    )
  }
}
