import { sql } from 'kysely'
import type { Ctx } from '../context.ts'
import { newId } from '../ids.ts'

/** What people see of a job: a line of `jobs.run`. */
export type Run = {
  id: string
  task: string
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
  done: number
  total: number | null
  message_key: string | null
  message_values: Record<string, string | number>
  /** What went wrong at the last try, for operators: English, without personal values. */
  error: string | null
  created_at: Temporal.Instant
  started_at: Temporal.Instant | null
  finished_at: Temporal.Instant | null
}

/**
 * Starts a job when the request's transaction commits; a rollback takes it back. Returns the run's id.
 * While a job with the same key waits, no second one is made: the waiting one takes the new payload.
 */
export async function enqueue(
  ctx: Ctx,
  task: string,
  payload: unknown,
  { key = null }: { key?: string | null } = {},
): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select jobs.enqueue(${newId()}, ${task}, ${JSON.stringify(payload)}, ${key}) as id`.execute(ctx.db)
  return rows[0]!.id
}

/**
 * Has a task that the clock starts done once more, `seconds` from now: for what must not wait a whole minute. Not a line of
 * `jobs.run`, and only from a job (owner's connection). While it waits no second one is made.
 */
export async function onceMore({ db }: Pick<Ctx, 'db'>, task: string, seconds: number): Promise<void> {
  await sql`
    select graphile_worker.add_job(
      ${task}, json_build_object('run_id', null, 'payload', json_build_object('again', true)),
      run_at => now() + make_interval(secs => ${seconds}), job_key => ${`${task}:once more`}
    )`.execute(db)
}

/** A job's progress, if this actor may see it: whoever acts for the organisation that started it. */
export async function findRun(ctx: Ctx, id: string): Promise<Run | undefined> {
  const run = await ctx.db
    .selectFrom('jobs.run')
    .select(['id', 'task', 'state', 'done', 'total', 'message_key', 'message_values', 'error'])
    .select(['created_at', 'started_at', 'finished_at'])
    .where('id', '=', id)
    .executeTakeFirst()
  return run as Run | undefined
}

/** Stops a job: one that waits never starts, one that runs ends at its next report. Ended jobs stay as they are. */
export async function cancelRun(ctx: Ctx, id: string): Promise<void> {
  await ctx.db
    .updateTable('jobs.run')
    .set({ state: 'cancelled', finished_at: ctx.now })
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'running'])
    .execute()
}
