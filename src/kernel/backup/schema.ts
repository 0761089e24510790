import pg from 'pg'
import { migrations } from '../db/migrate.ts'

/** A table that holds data of its own, and the columns that are written, not computed. */
export type Table = { name: string; columns: string[] }

// What the migrators themselves write stands in the manifest. Extensions bring their own tables.
const OWN_SCHEMAS = `n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`
const NOT_OF_EXTENSION = `not exists (select from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype = 'e')`
const LEFT_OUT = ['system.migration', 'graphile_worker.migrations']

/** Every table of the platform, the largest first. Partitions come with their table. */
export async function listTables(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `select n.nspname || '.' || c.relname as name,
       array(
         select a.attname::text
         from pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
         order by a.attname
       ) as columns
     from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition and ${OWN_SCHEMAS} and ${NOT_OF_EXTENSION}
     order by pg_total_relation_size(c.oid) desc, 1`,
  )
  return rows.filter(({ name }) => !LEFT_OUT.includes(name))
}

/** Names of all sequences, and how far each is. */
export async function readSequences(client: pg.Client): Promise<{ name: string; value: string; called: boolean }[]> {
  const { rows } = await client.query<{ name: string }>(
    `select n.nspname || '.' || c.relname as name
     from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'S' and ${OWN_SCHEMAS} and ${NOT_OF_EXTENSION}
     order by 1`,
  )
  const sequences = []
  for (const { name } of rows) {
    const state = await client.query(`select last_value::text as value, is_called as called from ${quoted(name)}`)
    sequences.push({ name, ...state.rows[0] })
  }
  return sequences
}

/** Whether nobody has made anything in this database. */
export async function isEmpty(client: pg.Client): Promise<boolean> {
  const { rowCount } = await client.query(
    `select from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${OWN_SCHEMAS} and ${NOT_OF_EXTENSION} limit 1`,
  )
  return rowCount === 0
}

/** The migrations that made this database's schema; undefined when it has none. */
export async function readMigrations(client: pg.Client) {
  const known = await client.query(
    `select to_regclass('system.migration') is not null and to_regclass('graphile_worker.migrations') is not null as known`,
  )
  if (!known.rows[0].known) return undefined
  const own = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from system.migration order by name',
  )
  const queue = await client.query<{ id: number }>('select id from graphile_worker.migrations order by id')
  return { migrations: own.rows, queue_migrations: queue.rows.map(({ id }) => id) }
}

/** Names the first migrations that are not the same in this version; undefined when all are. */
export function otherMigrations(theirs: readonly { name: string; checksum: string }[]): string | undefined {
  const ours = new Map(migrations().map(({ name, checksum }) => [name, checksum]))
  const given = new Set(theirs.map(({ name }) => name))
  const differing = [
    ...theirs.filter(({ name, checksum }) => ours.get(name) !== checksum).map(({ name }) => name),
    ...[...ours.keys()].filter((name) => !given.has(name)),
  ]
  if (differing.length > 0) return differing.slice(0, 3).join(', ') + (differing.length > 3 ? ' and more' : '')
}

/** Opens a connection on which every server, whatever its settings, writes and reads the same text for the same value. */
export async function connect(connection: pg.PoolConfig): Promise<pg.Client> {
  const client = new pg.Client(connection as pg.ClientConfig)
  client.on('error', () => {}) // the query under way fails and says so
  await client.connect()
  await client.query(
    `set datestyle = 'ISO'; set intervalstyle = 'postgres'; set timezone = 'UTC'; set bytea_output = 'hex';
     set extra_float_digits = 1; set client_encoding = 'UTF8'; set row_security = off; set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0`,
  )
  return client
}

/** `schema.table` as SQL wants it. */
export const quoted = (name: string) => name.split('.').map(pg.escapeIdentifier).join('.')

export const columnList = (columns: readonly string[]) => columns.map(pg.escapeIdentifier).join(', ')
