import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  parseCronItems,
  Logger as QueueLogger,
  type Runner,
  run,
  runMigrations,
  type TaskList,
  type WorkerEvents,
} from 'graphile-worker'
import type { Kysely } from 'kysely'
import pg from 'pg'
import type { Logger } from 'pino'
import type { Ctx } from '../context.ts'
import type { DB } from '../db/types.ts'
import { forgiving } from './forgiving-pool.ts'
import type { CronItem, Job } from './job.ts'
import { INTERRUPTED, performJob } from './perform.ts'

export type WorkerSetup = {
  /** The owner's connection. The queue makes plain pools on it: it wants the driver's own types. */
  connection: pg.PoolConfig
  tasks: Record<string, Job>
  cron: readonly CronItem[]
  /** The system's context for one run of a task, on the owner's pool. */
  context(task: string): Ctx
  /** The app's connections, for jobs that act in somebody's name. */
  app?: Kysely<DB>
  log: Logger
  /** Jobs at the same time; 2 without it. */
  concurrency?: number
}

type QueueLog = Pick<Logger, 'debug' | 'warn' | 'error'>

const RECLAIM_EVERY_MS = 30_000
const STOP_WITHIN_MS = 10_000

/** Makes or updates the queue's own tables (schema `graphile_worker`); part of migrating the database. */
export async function migrateQueue(connection: pg.PoolConfig, log: QueueLog): Promise<void> {
  await withPool(connection, log, 1, (pgPool) => runMigrations({ pgPool, logger: queueLogger(log) }))
}

/**
 * Works through the queue until `stop()`. Jobs that a killed process left are taken up again; after a lost
 * connection the worker starts anew by itself. Throws when it cannot start in the first place.
 */
export async function startWorker(setup: WorkerSetup): Promise<{ stop(): Promise<void> }> {
  const stopping = new AbortController()
  const started = Promise.withResolvers<void>()
  let runner: Runner | undefined
  const work = () =>
    withPool(setup.connection, setup.log, (setup.concurrency ?? 2) + 3, (pool) =>
      workUntilEnd(pool, setup, stopping.signal, (running) => {
        runner = running
        started.resolve()
      }),
    )
  const ended = (async () => {
    while (!stopping.signal.aborted) {
      try {
        await work()
      } catch (error) {
        if (!runner) return started.reject(error)
        setup.log.warn({ err: error }, 'the job worker starts again')
      }
      await sleep(1_000, undefined, { signal: stopping.signal }).catch(() => {})
    }
  })()
  await started.promise
  return {
    async stop() {
      stopping.abort()
      runner?.stop().catch(() => {})
      await Promise.race([ended, sleep(STOP_WITHIN_MS, undefined, { ref: false })])
    },
  }
}

async function workUntilEnd(
  pool: pg.Pool,
  setup: WorkerSetup,
  stopping: AbortSignal,
  started: (runner: Runner) => void,
) {
  const alive = await pool.connect()
  let runner: Runner | undefined
  alive.on('error', () => void runner?.kill('lost its connection').catch(() => {}))
  const own: string[] = []
  const timer = setInterval(() => reclaimJobs(alive, own, setup.log).catch(() => {}), RECLAIM_EVERY_MS)
  timer.unref()
  try {
    await reclaimJobs(alive, own, setup.log)
    await continueJobs(alive)
    const events: WorkerEvents = new EventEmitter()
    // A pool locks its jobs under its own id. The lock is held as long as this connection lives: so others see
    // that the pool is not dead.
    events.on('pool:create', ({ workerPool }) => {
      own.push(workerPool.id)
      alive.query('select pg_advisory_lock(hashtextextended($1, 0))', [workerPool.id]).catch(() => {})
    })
    runner = await run({
      pgPool: pool,
      events,
      taskList: taskList(setup),
      parsedCronItems: parseCronItems(
        setup.cron.map((item) => ({ ...item, identifier: item.task, options: { maxAttempts: 5 } })),
      ),
      concurrency: setup.concurrency ?? 2,
      noHandleSignals: true,
      gracefulShutdownAbortTimeout: 100,
      logger: queueLogger(setup.log),
    })
    if (stopping.aborted) await runner.stop()
    started(runner)
    await runner.promise
  } finally {
    clearInterval(timer)
    alive.release(true)
  }
}

/**
 * Frees the jobs of workers that no longer live, whatever ended them: their advisory lock is free.
 * Without this they would wait four hours, the queue's own limit.
 */
async function reclaimJobs(client: pg.PoolClient, own: string[], log: Logger): Promise<void> {
  const { rows } = await client.query<{ worker: string; dead: boolean }>(
    `with worker as materialized (
       select locked_by as id from graphile_worker._private_jobs where locked_by is not null
       union
       select locked_by from graphile_worker._private_job_queues where locked_by is not null
     )
     select id as worker, pg_try_advisory_lock(hashtextextended(id, 0)) as dead
     from worker
     where id <> all ($1)`,
    [own],
  )
  const dead = rows.filter((row) => row.dead).map((row) => row.worker)
  if (dead.length === 0) return
  await client.query('select graphile_worker.force_unlock_workers($1)', [dead])
  await client.query('select pg_advisory_unlock(hashtextextended(id, 0)) from unnest($1::text[]) as id', [dead])
  log.info({ workers: dead.length }, 'interrupted jobs go on')
}

/** Jobs that were interrupted by an orderly stop wait no longer: the queue had put them back like failed ones. */
async function continueJobs(client: pg.PoolClient): Promise<void> {
  await client.query(
    `select graphile_worker.reschedule_jobs(array_agg(id), run_at => now(), attempts => 0)
     from graphile_worker._private_jobs
     where last_error = $1
       and locked_at is null`,
    [INTERRUPTED],
  )
}

function taskList(setup: WorkerSetup): TaskList {
  return Object.fromEntries(
    Object.entries(setup.tasks).map(([name, job]) => [
      name,
      async (envelope: unknown, { abortSignal }: { abortSignal: AbortSignal }) => {
        const { run_id = null, payload } = envelope as { run_id?: string | null; payload?: unknown }
        const ctx = setup.app ? { ...setup.context(name), app: setup.app } : setup.context(name)
        await performJob(ctx, job, run_id, run_id ? payload : envelope, abortSignal)
      },
    ]),
  )
}

async function withPool<T>(
  connection: pg.PoolConfig,
  log: QueueLog,
  max: number,
  use: (pool: pg.Pool) => Promise<T>,
): Promise<T> {
  const pool = forgiving(new pg.Pool({ ...connection, max }))
  const lost = (error: Error) =>
    pool.ending || log.warn({ reason: error.message }, 'a database connection of the job worker was lost')
  pool.on('error', lost)
  pool.on('connect', (client) => client.on('error', lost))
  try {
    return await use(pool)
  } finally {
    await pool.end()
  }
}

// What a lost connection makes the queue say besides, which tries again by itself: the loss is told by our own warning.
const AFTERWARDS = /^Error (?:occurred attempting to UNLISTEN|with notify listener)/

// The queue tells about every job at level info; that is debugging for us.
const queueLogger = (log: QueueLog) =>
  new QueueLogger(() => (level, message) => {
    if (level === 'error' && !AFTERWARDS.test(message)) log.error(message)
    else if (level === 'warning') log.warn(message)
    else log.debug(message)
  })
