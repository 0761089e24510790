import pg from 'pg'
import { CannotStart } from '../cannot-start.ts'
import type { Config } from '../config.ts'

const OLDEST = 15
const PATIENCE_MS = 10_000

/** How to reach an external database: as its owner, and as the app, on which row policies bind. */
export type Connections = {
  owner: pg.PoolConfig
  app: pg.PoolConfig
  /** A read replica for public pages. */
  reader?: pg.PoolConfig
}

/**
 * Checks the database of DATABASE_URL without changing it.
 * @throws CannotStart when it is unreachable, too old, not in UTF-8, or its logins are not what production needs.
 */
export async function connectExternal(config: Config, appUrl: string): Promise<Connections> {
  const ownerUrl = config.DATABASE_OWNER_URL ?? appUrl
  const app = await inspect('DATABASE_URL', appUrl)
  const owner = await inspect('DATABASE_OWNER_URL', ownerUrl)
  if (config.production && (app.bypasses || app.login === owner.login)) {
    throw new CannotStart(
      `DATABASE_URL signs in as ${app.login}, on whom row policies do not bind: give the app a login of its own that owns nothing (hamsafar_app).`,
    )
  }
  // One login for both, outside production only: the app takes the lesser role, though it could leave it again.
  const role = app.login === owner.login ? { options: '-c role=hamsafar_app' } : {}
  const readUrl = config.DATABASE_READ_URL
  if (readUrl) await inspect('DATABASE_READ_URL', readUrl)
  return {
    owner: { connectionString: ownerUrl },
    app: { connectionString: appUrl, ...role },
    ...(readUrl && { reader: { connectionString: readUrl, ...role } }),
  }
}

/** Lets an owner that is also the app's login take the app's role; the migrator has made it. */
export async function allowAppRole({ owner, app }: Connections): Promise<void> {
  if (!app.options) return
  const client = new pg.Client(owner)
  await client.connect()
  try {
    await client.query('set role hamsafar_app').catch(() => client.query('grant hamsafar_app to current_user'))
  } finally {
    await client.end()
  }
}

async function inspect(setting: string, connectionString: string): Promise<{ login: string; bypasses: boolean }> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: PATIENCE_MS })
  client.on('error', () => {}) // a connection that breaks also fails the query under way
  try {
    await client.connect()
    const { rows } = await client.query(
      `select current_setting('server_version') as version, current_setting('server_encoding') as encoding,
         rolname as login, rolsuper or rolbypassrls as bypasses
       from pg_roles
       where rolname = current_user`,
    )
    const { version, encoding, login, bypasses } = rows[0]
    if (Number.parseInt(version, 10) < OLDEST) {
      throw new CannotStart(`The database of ${setting} is PostgreSQL ${version}: Hamsafar needs ${OLDEST} or newer.`)
    }
    if (encoding !== 'UTF8')
      throw new CannotStart(`The database of ${setting} is encoded in ${encoding}: Hamsafar needs UTF8.`)
    return { login, bypasses }
  } catch (error) {
    if (error instanceof CannotStart) throw error
    throw new CannotStart(
      `The database of ${setting} at ${client.host}:${client.port} cannot be used (${reason(error)}).`,
    )
  } finally {
    await client.end().catch(() => {})
  }
}

// A name with several addresses fails with one error for each.
function reason(error: unknown): string {
  const { code, message } = (error instanceof AggregateError ? error.errors[0] : error) as NodeJS.ErrnoException
  return code && /^E[A-Z]+$/.test(code) ? code : message
}
