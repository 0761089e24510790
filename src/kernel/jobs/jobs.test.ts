import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { silentLog, type TestDatabase, testDatabase } from '../../../test/database.ts'
import { withActor } from '../access/transaction.ts'
import type { StaffActor } from '../context.ts'
import { newId } from '../ids.ts'
import type { Job } from './job.ts'
import { cancelRun, enqueue, findRun, type Run } from './runs.ts'
import { startWorker } from './worker.ts'

let database: TestDatabase
let stop: (() => Promise<void>) | undefined

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(async () => {
  await stop?.()
  await database.drop()
})

const officer = (): StaffActor => ({
  kind: 'staff',
  user_id: newId(),
  name: 'Z',
  organisation_id: newId(),
  organisation_name: 'M',
  permissions: new Set(),
  session_id: newId(),
})

const as = <T>(actor: StaffActor, fn: (ctx: ReturnType<TestDatabase['ctx']>) => Promise<T>) =>
  withActor(database.db, actor, (db) => fn(database.ctx({ actor, db })))

async function work(tasks: Record<string, Job>) {
  await stop?.()
  stop = undefined
  const worker = await startWorker({
    connection: { connectionString: database.ownerUrl },
    tasks,
    cron: [],
    log: silentLog,
    context: (task) => database.ctx({ actor: { kind: 'system', task }, db: database.owner }),
  })
  stop = () => worker.stop()
}

async function locksHeld(): Promise<number> {
  const { rows } = await sql`
    select from pg_locks
    where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`.execute(
    database.owner,
  )
  return rows.length
}

async function until(actor: StaffActor, id: string, reached: (run: Run) => boolean, seconds = 20): Promise<Run> {
  for (let i = 0; i < seconds * 20; i++) {
    const run = await as(actor, (ctx) => findRun(ctx, id))
    if (run && reached(run)) return run
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('not reached in time')
}

const ended = (run: Run) => !['queued', 'running'].includes(run.state)

describe('a job', () => {
  test('starts with the transaction that asked for it, reports, ends; a rollback takes it back', async () => {
    const seen: unknown[] = []
    await work({
      'test.count': {
        async run(ctx, payload) {
          seen.push(payload)
          await ctx.report({ done: 1, total: 3, message: { key: 'x.y', values: { n: 1 } } })
        },
      },
    })
    const actor = officer()
    const id = await as(actor, (ctx) => enqueue(ctx, 'test.count', { n: 7 }))
    await expect(
      as(actor, async (ctx) => {
        await enqueue(ctx, 'test.count', { n: 8 })
        throw new Error('rolled back')
      }),
    ).rejects.toThrow('rolled back')
    const run = await until(actor, id, ended)
    expect(run).toMatchObject({
      state: 'done',
      done: 3,
      total: 3,
      message_key: 'x.y',
      message_values: { n: 1 },
      error: null,
    })
    expect(seen).toEqual([{ n: 7 }])
  })

  test('is seen, and can be cancelled, by its organisation only', async () => {
    await stop?.()
    const actor = officer()
    const id = await as(actor, (ctx) => enqueue(ctx, 'test.count', {}))
    expect(await as(officer(), (ctx) => findRun(ctx, id))).toBeUndefined()
    await as(officer(), (ctx) => cancelRun(ctx, id))
    expect(await as(actor, (ctx) => findRun(ctx, id))).toMatchObject({ state: 'queued' })
    await as(actor, (ctx) => cancelRun(ctx, id))
    const seen: unknown[] = []
    await work({ 'test.count': { run: async () => void seen.push(1) } })
    const next = await as(actor, (ctx) => enqueue(ctx, 'test.count', {}))
    await until(actor, next, ended)
    expect(await as(actor, (ctx) => findRun(ctx, id))).toMatchObject({ state: 'cancelled' })
    expect(seen).toEqual([1])
  })

  test('that runs ends at its next report when it is cancelled', async () => {
    let rounds = 0
    await work({
      'test.long': {
        async run(ctx) {
          for (;;) {
            rounds++
            await ctx.report({ done: rounds })
            await new Promise((resolve) => setTimeout(resolve, 20))
          }
        },
      },
    })
    const actor = officer()
    const id = await as(actor, (ctx) => enqueue(ctx, 'test.long', {}))
    await until(actor, id, (run) => run.done > 1)
    await as(actor, (ctx) => cancelRun(ctx, id))
    await new Promise((resolve) => setTimeout(resolve, 200))
    const after = rounds
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(rounds).toBe(after)
  })

  test('is tried again after an error; after the last try it says what happened', async () => {
    let tries = 0
    const told: unknown[] = []
    const fails: Job = {
      retries: 1,
      failed: async ({ run_id }, payload) => void told.push([run_id, payload]),
      run: async () => {
        tries++
        throw new Error(`no luck ${tries}`)
      },
    }
    await work({ 'test.fails': fails })
    const actor = officer()
    const id = await as(actor, (ctx) => enqueue(ctx, 'test.fails', { n: 3 }))
    const run = await until(actor, id, ended)
    expect(run).toMatchObject({ state: 'failed', error: 'no luck 2' })
    expect(tries).toBe(2)
    await vi.waitUntil(() => told.length > 0)
    expect(told).toEqual([[id, { n: 3 }]])
  })

  test('with a key waits once, with the last payload', async () => {
    await stop?.()
    const actor = officer()
    const first = await as(actor, (ctx) => enqueue(ctx, 'test.once', { n: 1 }, { key: 'k' }))
    const second = await as(actor, (ctx) => enqueue(ctx, 'test.once', { n: 2 }, { key: 'k' }))
    expect(second).toBe(first)
    const seen: unknown[] = []
    await work({ 'test.once': { run: async (_ctx, payload) => void seen.push(payload) } })
    await until(actor, first, ended)
    expect(seen).toEqual([{ n: 2 }])
  })

  test('goes on at once after an orderly stop, however often', async () => {
    const actor = officer()
    let begun = 0
    const task: Job = {
      async run(ctx) {
        begun++
        for (let i = 0; begun < 4; i++) {
          await ctx.report({ done: i })
          await new Promise((resolve) => setTimeout(resolve, 10))
        }
      },
    }
    await work({ 'test.stopped': task })
    const id = await as(actor, (ctx) => enqueue(ctx, 'test.stopped', {}))
    for (const times of [1, 2, 3]) {
      await vi.waitUntil(() => begun === times, { timeout: 20_000 })
      await work({ 'test.stopped': task })
    }
    expect(await until(actor, id, ended)).toMatchObject({ state: 'done', error: null })
  })

  test('goes on after its process was killed', async () => {
    await stop?.()
    const actor = officer()
    const id = await as(actor, (ctx) => enqueue(ctx, 'test.killed', {}))
    const child = fork(fileURLToPath(new URL('./fixtures/endless-worker.ts', import.meta.url)), [database.ownerUrl], {
      execArgv: ['--import', 'tsx'],
    })
    await once(child, 'message')
    expect(await as(actor, (ctx) => findRun(ctx, id))).toMatchObject({ state: 'running' })
    child.kill('SIGKILL')
    await once(child, 'exit')
    // The server notices a moment later that nobody is at the other end; until then the dead one counts as alive.
    await vi.waitFor(async () => expect(await locksHeld()).toBe(0), { timeout: 20_000, interval: 50 })
    await work({ 'test.killed': { run: async (ctx) => ctx.report({ message: { key: 'second.try' } }) } })
    expect(await until(actor, id, ended, 10)).toMatchObject({ state: 'done', message_key: 'second.try' })
  })
})

test('what lives is not taken from it: a second worker leaves running jobs alone', async () => {
  let runs = 0
  const task: Job = {
    run: async () => {
      runs++
      await new Promise((resolve) => setTimeout(resolve, 500))
    },
  }
  await work({ 'test.shared': task })
  const actor = officer()
  const id = await as(actor, (ctx) => enqueue(ctx, 'test.shared', {}))
  await until(actor, id, (run) => run.state === 'running')
  const first = stop!
  stop = undefined
  await work({ 'test.shared': task })
  await until(actor, id, ended)
  await first()
  expect(runs).toBe(1)
})

test('after the database dropped all its connections the worker starts anew', async () => {
  await work({ 'test.count': { run: async () => {} } })
  await sql`
    select pg_terminate_backend(pid)
    from pg_stat_activity
    where datname = current_database() and usename = current_user and pid <> pg_backend_pid()`.execute(database.owner)
  const actor = officer()
  const id = await as(actor, (ctx) => enqueue(ctx, 'test.count', {}))
  expect(await until(actor, id, ended, 15)).toMatchObject({ state: 'done' })
}, 30_000)

test('the app cannot reach the queue beside jobs.enqueue', async () => {
  const actor = officer()
  await expect(as(actor, (ctx) => sql`select graphile_worker.add_job('x')`.execute(ctx.db))).rejects.toThrow(
    'permission denied',
  )
  await expect(
    as(actor, (ctx) => sql`insert into jobs.run (id, task) values (${newId()}, 'x')`.execute(ctx.db)),
  ).rejects.toThrow('permission denied')
})
