import { rmdir } from 'node:fs/promises'
import pg from 'pg'
import type { Logger } from 'pino'
import { CannotStart } from '../cannot-start.ts'
import { type Cluster, clearStalePid, openCluster, runningPid, type Server, spawnServer } from './embedded-cluster.ts'

const SUPERUSER = 'postgres'
const OWNER = 'hamsafar_owner'
const APP = 'hamsafar_app'
const DATABASE = 'hamsafar'
/** A server that has to be started this often within a minute will not recover by itself. */
const MAX_RESTARTS_PER_MINUTE = 5
const PATIENCE_MS = 60_000

export type Embedded = {
  /** Owns the database and its tables; may create databases (tests, backups). Row policies do not bind it. */
  ownerUrl: string
  /** A login of its own that owns nothing and is a member of nothing: `set role none` leads nowhere. */
  appUrl: string
  /** Shuts the server down if this process started it; safe to call twice. */
  stop(): Promise<void>
}

type Options = {
  dataFolder: string
  log: Pick<Logger, 'info' | 'warn' | 'error'>
  /** Server settings on top of the defaults, such as `{ fsync: 'off' }` in tests. */
  settings?: Record<string, string>
  /** Use a server that already runs on this folder (the command line) instead of refusing (the default). */
  join?: boolean
  /** Called once when a server that died cannot be brought back. */
  onLost?(error: Error): void
}

/**
 * Starts the PostgreSQL that npm brought along, on `dataFolder`, and makes sure that the database and its two
 * roles exist. It listens on a Unix socket in a folder only its own user can enter, so no password is needed. A server
 * that dies is started again.
 * @throws CannotStart in one sentence: folder not writable or in use, server unable to start.
 */
export async function startEmbedded(options: Options): Promise<Embedded> {
  const { dataFolder, log, settings = {}, join = false, onLost = () => {} } = options
  const cluster = await openCluster(dataFolder)
  const urls = { ownerUrl: url(cluster, OWNER), appUrl: url(cluster, APP) }

  const running = await findRunning(cluster)
  if (running && join) return { ...urls, stop: async () => {} }
  if (running) throw inUse(cluster, running)

  let server = await start(cluster, settings)
  try {
    await prepare(cluster)
  } catch (error) {
    await server.stop()
    throw error
  }

  let stopping: Promise<void> | undefined
  const restarts: number[] = []
  const watch = () =>
    server.exited.then(async () => {
      if (stopping) return
      const now = Date.now()
      restarts.push(now)
      try {
        if (restarts.filter((at) => now - at < 60_000).length > MAX_RESTARTS_PER_MINUTE) {
          throw new CannotStart(`PostgreSQL keeps stopping; see ${cluster.logFile}.`)
        }
        log.warn('PostgreSQL stopped unexpectedly; starting it again')
        server = await start(cluster, settings)
        log.info('PostgreSQL runs again')
        if (stopping) await server.stop()
        else watch()
      } catch (error) {
        if (!stopping) onLost(error as Error)
      }
    })
  watch()
  return {
    ...urls,
    stop: () => {
      stopping ??= server.stop().then(() => rmdir(cluster.socketFolder).catch(() => {}))
      return stopping
    },
  }
}

/** Starts the server and waits until it answers; a server of a killed predecessor that is still going down is waited for. */
async function start(cluster: Cluster, settings: Record<string, string>): Promise<Server> {
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    await clearStalePid(cluster)
    const server = spawnServer(cluster, settings)
    const ended = server.exited.then(() => 'ended' as const)
    for (;;) {
      if ((await Promise.race([ended, probe(cluster)])) === 'ready') return server
      if ((await Promise.race([ended, pause(20)])) === 'ended') break
      if (Date.now() > deadline) {
        await server.stop()
        throw new CannotStart(
          `PostgreSQL did not get ready within ${PATIENCE_MS / 1000} seconds: see ${cluster.logFile}.`,
        )
      }
    }
    const last = await server.lastWords()
    // After kill -9 of PostgreSQL its children hold the shared memory for a moment longer.
    if (!/lock file|shared memory block/.test(last) || Date.now() > deadline) {
      throw new CannotStart(`PostgreSQL could not start: ${last || `see ${cluster.logFile}`}`)
    }
    const running = await findRunning(cluster)
    if (running) throw inUse(cluster, running)
    await pause(200)
  }
}

/**
 * The process that runs a server on this cluster, or undefined. A server whose process is gone (possible only where
 * the kernel cannot end it with its parent) is shut down, one that is starting or stopping is waited for.
 */
async function findRunning(cluster: Cluster): Promise<number | undefined> {
  const deadline = Date.now() + PATIENCE_MS
  while (Date.now() < deadline) {
    const state = await probe(cluster)
    if (state === 'ready') {
      const owner = await owningProcess(cluster)
      if (owner !== undefined && isAlive(owner)) return owner
      const pid = await runningPid(cluster)
      if (pid !== undefined) process.kill(pid, 'SIGINT')
    } else if ((await runningPid(cluster)) === undefined) return undefined
    await pause(50)
  }
  throw new CannotStart(`A PostgreSQL on ${cluster.folder} neither answers nor stops; end it and start again.`)
}

const inUse = (cluster: Cluster, pid: number) =>
  new CannotStart(
    `The data folder ${cluster.dataFolder} is in use by another Hamsafar (process ${pid}): stop that one, or set HAMSAFAR_DATA to another folder.`,
  )

/** Creates what is missing of: the owner, the app's login, the database. Runs as superuser, at every start. */
async function prepare(cluster: Cluster): Promise<void> {
  await withClient(cluster, SUPERUSER, SUPERUSER, async (client) => {
    const roles = await client.query('select rolname from pg_roles where rolname = any($1)', [[OWNER, APP]])
    const has = (name: string) => roles.rows.some((row) => row.rolname === name)
    if (!has(OWNER)) await client.query(`create role ${OWNER} login createdb`)
    if (!has(APP)) await client.query(`create role ${APP} login noinherit`)
    const databases = await client.query('select from pg_database where datname = $1', [DATABASE])
    if (databases.rowCount === 0) await client.query(`create database ${DATABASE} owner ${OWNER}`)
    await client.query(`revoke all on database ${DATABASE} from public`)
    await client.query(`grant connect on database ${DATABASE} to ${APP}`)
  })
}

/** The Hamsafar process that started the running server; it is written into the server's cluster name. */
async function owningProcess(cluster: Cluster): Promise<number | undefined> {
  return withClient(cluster, SUPERUSER, SUPERUSER, async (client) => {
    const result = await client.query<{ name: string }>("select current_setting('cluster_name') as name")
    const pid = /^hamsafar-(\d+)$/.exec(result.rows[0]?.name ?? '')?.[1]
    return pid === undefined ? undefined : Number(pid)
  }).catch(() => undefined)
}

async function probe(cluster: Cluster): Promise<'ready' | 'not ready'> {
  return withClient(cluster, SUPERUSER, SUPERUSER, (client) => client.query('select 1')).then(
    () => 'ready' as const,
    () => 'not ready' as const,
  )
}

async function withClient<T>(cluster: Cluster, user: string, database: string, use: (client: pg.Client) => Promise<T>) {
  const client = new pg.Client({ host: cluster.socketFolder, user, database, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {}) // a server that dies under us is reported by the query or noticed by the next probe
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end().catch(() => {})
  }
}

const url = (cluster: Cluster, role: string) =>
  `postgresql://${role}@/${DATABASE}?host=${encodeURIComponent(cluster.socketFolder)}`

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))
