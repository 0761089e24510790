import pg from 'pg'
import type { Logger } from 'pino'
import { type KeptChecks, noteSecretKey, refuseOtherKey } from '../access/secret-key.ts'
import { CannotStart } from '../cannot-start.ts'
import { type Config, openDoors } from '../config.ts'
import { migrateQueue } from '../jobs/worker.ts'
import { startEmbedded } from './embedded.ts'
import { allowAppRole, type Connections, connectExternal } from './external.ts'
import { migrate, SchemaMismatch } from './migrate.ts'

export type OpenDatabase = Connections & {
  /** Whether the database was marked as a demonstration when it was made. */
  demonstration: boolean
  /** Names of the migrations that were applied just now. */
  applied: string[]
  /** Stops the embedded server, if this process started it. */
  stop(): Promise<void>
}

type Options = {
  log: Logger
  /** Use an embedded server that already runs (the command line) instead of refusing. */
  join?: boolean
  /** Called once when the embedded server died and cannot be brought back. */
  onLost?(error: Error): void
}

/**
 * Opens the database that the settings name, the embedded one or that of DATABASE_URL, at the present schema.
 * @throws CannotStart in one sentence; a database that is refused is left as it was.
 */
export async function openDatabase(config: Config, options: Options): Promise<OpenDatabase> {
  const { connections, stop } = await reachDatabase(config, options)
  try {
    // Looked at before anything is migrated: a refused database stays untouched.
    await onOwner(connections, async (client) => {
      const instance = await readInstance(client)
      if (instance?.demonstration) refuseDemonstration(config)
      if (instance) refuseOtherKey(config, instance)
    })
    const { applied, demonstration } = await migrate(connections.owner as pg.ClientConfig, {
      demonstration: config.demo,
    })
    await onOwner(connections, (client) => noteSecretKey(client, config))
    await migrateQueue(connections.owner, options.log)
    await allowAppRole(connections)
    return { ...connections, applied, demonstration, stop }
  } catch (error) {
    await stop()
    throw error instanceof SchemaMismatch ? new CannotStart(error.message) : error
  }
}

/** Reaches that database, or starts the embedded one, and leaves what is in it as it is. */
export async function reachDatabase(
  config: Config,
  options: Options,
): Promise<{ connections: Connections; stop(): Promise<void> }> {
  if (config.DATABASE_URL) {
    return { connections: await connectExternal(config, config.DATABASE_URL), stop: async () => {} }
  }
  const { ownerUrl, appUrl, stop } = await startEmbedded({ dataFolder: config.HAMSAFAR_DATA, ...options })
  return { connections: { owner: { connectionString: ownerUrl }, app: { connectionString: appUrl } }, stop }
}

// In a database of an earlier version the later columns are missing, in a new one everything is.
async function readInstance(client: pg.Client): Promise<(KeptChecks & { demonstration: boolean }) | undefined> {
  const { rows } = await client.query("select to_regclass('system.instance') is not null as exists")
  return rows[0].exists ? (await client.query('select * from system.instance')).rows[0] : undefined
}

function refuseDemonstration(config: Config): void {
  const open = openDoors(config)
  if (config.production)
    throw new CannotStart(
      'This database is a demonstration, with invented data and known sign-ins: production needs another (HAMSAFAR_DATA or DATABASE_URL).',
    )
  if (open.length > 0)
    throw new CannotStart(
      `This database is a demonstration, for this machine only: set ${open.join(' and ')}, or use another database.`,
    )
}

async function onOwner({ owner }: Connections, use: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client(owner)
  await client.connect()
  await use(client).finally(() => client.end())
}
