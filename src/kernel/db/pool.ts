import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Logger } from 'pino'
import type { DB } from './types.ts'

// The driver asks a value how PostgreSQL should read it; Temporal's own text form is what it understands.
for (const type of [Temporal.Instant, Temporal.PlainDate, Temporal.Duration]) {
  Object.defineProperty(type.prototype, 'toPostgres', {
    configurable: true,
    value(this: { toString(): string }) {
      return this.toString()
    },
  })
}

/**
 * With the driver's own promise a query and its answer hang in a ring (query, callback, query) of a kind that V8's small
 * collections leave alone: everything ever answered is kept, and copied, until the next great one. By a callback there is no ring.
 */
class Client extends pg.Client {
  override query(...asked: any[]): any {
    const ask = super.query.bind(this) as (...asked: any[]) => unknown
    if (typeof asked[0] !== 'string' || typeof asked.at(-1) === 'function') return ask(...asked)
    return new Promise((resolve, reject) => {
      ask(...asked, (error: Error | null, answer: unknown) => (error ? reject(error) : resolve(answer)))
    })
  }
}

/**
 * A pool of connections with types as the platform uses them: timestamptz → Temporal.Instant,
 * date → Temporal.PlainDate, int8 → bigint. A connection that dies in the pool is logged and replaced;
 * one that dies in use fails what it was used for.
 */
export function openPool(connection: pg.PoolConfig, log: Pick<Logger, 'warn'>, size = 10): Kysely<DB> {
  const { builtins } = pg.types
  const types = new pg.TypeOverrides()
  types.setTypeParser(builtins.INT8, BigInt)
  types.setTypeParser(builtins.DATE, (text) => Temporal.PlainDate.from(text))
  types.setTypeParser(builtins.TIMESTAMPTZ, (text) => Temporal.Instant.from(text.replace(' ', 'T')))
  const pool = new pg.Pool({ max: size, connectionTimeoutMillis: 5_000, ...connection, types, Client })
  pool.on('error', (error) => pool.ending || log.warn({ reason: error.message }, 'a database connection was lost'))
  // One that dies in somebody's hands fails their query; unheard, it would end the whole process.
  pool.on('connect', (client) => client.on('error', () => {}))
  return new Kysely<DB>({ dialect: new PostgresDialect({ pool }) })
}
