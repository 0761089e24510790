import { sql } from 'kysely'
import type { Ctx } from '../context.ts'
import type { Job, JobCtx, JobProgress } from './job.ts'

/** What the queue remembers of a job whose process was asked to stop: no failure, the next worker goes on at once. */
export const INTERRUPTED = 'interrupted'

/** Thrown inside a job that somebody cancelled. */
class Cancelled extends Error {}

/**
 * Does one job with its line in `jobs.run`: running, its progress, done; after the last try failed, with what happened.
 * Throws when it should be tried again: after an error, or when the process stopped in the middle.
 */
export async function performJob(
  system: Ctx & Pick<JobCtx, 'app'>,
  job: Job,
  run_id: string | null,
  payload: unknown,
  signal: AbortSignal,
): Promise<void> {
  if (run_id && !(await begin(system, run_id))) return
  const report = (progress: JobProgress) => recordProgress(system, run_id, progress, signal)
  const ctx: JobCtx = { ...system, run_id, signal, report }
  try {
    await job.run(ctx, payload)
    if (run_id) await finish(system, run_id)
  } catch (error) {
    if (error instanceof Cancelled) return
    if (signal.aborted) throw new Error(INTERRUPTED)
    if (!run_id) throw error
    if (!(await recordFailure(system, run_id, error, job.retries ?? 3))) throw error
    await job.failed?.(ctx, payload)
  }
}

// False when the run was cancelled or has ended: an interrupted process may have finished just before it was stopped.
async function begin(ctx: Ctx, id: string): Promise<boolean> {
  const begun = await ctx.db
    .updateTable('jobs.run')
    .set((e) => ({ state: 'running', started_at: e.fn.coalesce('started_at', sql<Temporal.Instant>`now()`) }))
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'running'])
    .returning('id')
    .executeTakeFirst()
  return begun !== undefined
}

async function recordProgress(ctx: Ctx, id: string | null, progress: JobProgress, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  if (!id) return
  const { done, total, message } = progress
  const run = await ctx.db
    .updateTable('jobs.run')
    .set({
      ...(done === undefined ? {} : { done }),
      ...(total === undefined ? {} : { total }),
      ...(message && { message_key: message.key, message_values: JSON.stringify(message.values ?? {}) }),
    })
    .where('id', '=', id)
    .returning('state')
    .executeTakeFirst()
  if (run?.state === 'cancelled') throw new Cancelled()
}

async function finish(ctx: Ctx, id: string): Promise<void> {
  await ctx.db
    .updateTable('jobs.run')
    .set((e) => ({
      state: 'done',
      error: null,
      done: e.fn.coalesce('total', 'done'),
      finished_at: sql<Temporal.Instant>`now()`,
    }))
    .where('id', '=', id)
    .where('state', '=', 'running')
    .execute()
}

// True when that was the last try. Only the message is kept: details of a database error would carry the row's values.
async function recordFailure(ctx: Ctx, id: string, error: unknown, retries: number): Promise<boolean> {
  const { failures } = await ctx.db
    .updateTable('jobs.run')
    .set((e) => ({
      failures: e('failures', '+', 1),
      error: (error instanceof Error ? error.message : String(error)).slice(0, 500),
    }))
    .where('id', '=', id)
    .returning('failures')
    .executeTakeFirstOrThrow()
  const last = failures > retries
  ctx.log[last ? 'error' : 'warn'](
    { err: error, run: id, failures },
    last ? 'a job failed' : 'a job will be tried again',
  )
  if (last) {
    await ctx.db
      .updateTable('jobs.run')
      .set({ state: 'failed', finished_at: sql<Temporal.Instant>`now()` })
      .where('id', '=', id)
      .where('state', '=', 'running')
      .execute()
  }
  return last
}
