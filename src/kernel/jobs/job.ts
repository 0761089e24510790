import type { Kysely } from 'kysely'
import type { Ctx } from '../context.ts'
import type { DB } from '../db/types.ts'

/** How far a job is, and in words what it is doing. What is left out stays as it was. */
export type JobProgress = {
  done?: number
  total?: number
  message?: { key: string; values?: Record<string, string | number> }
}

/** What a task is given: the system's context on the owner's connection (row policies do not apply there). */
export type JobCtx = Ctx & {
  /** The app's connections, on which row policies bind: for what a job does in somebody's name. Only under the worker. */
  app?: Kysely<DB>
  /** The line in `jobs.run`; null for what the clock started. */
  run_id: string | null
  /** Aborted when the process is asked to stop: end at the next safe point, by throwing; the job goes on after the restart. */
  signal: AbortSignal
  /** Records progress. Throws when the job was cancelled or the process stops. */
  report(progress: JobProgress): Promise<void>
}

/**
 * Work done outside a request. It runs at least once: a task must find out what an earlier, interrupted run did.
 * It opens its own transactions.
 */
export type Job<Payload = unknown> = {
  run(ctx: JobCtx, payload: Payload): Promise<void>
  /** How often it is tried again after an error before it counts as failed; 3 without it. Interruptions don't count. */
  retries?: number
  /** Called once after the last try failed: to tell whoever waits for it. */
  failed?(ctx: JobCtx, payload: Payload): Promise<void>
}

/** A job that the clock starts: `match` is five fields as in crontab, in UTC. */
export type CronItem = { task: string; match: string; payload?: Record<string, unknown> }

/** Gives a job its type. */
export const defineJob = <Payload>(job: Job<Payload>): Job<Payload> => job
