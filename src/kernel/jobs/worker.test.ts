import { sql } from 'kysely'
import type { Logger } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { silentLog, type TestDatabase, testDatabase } from '../../../test/database.ts'
import { startWorker } from './worker.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

test('a database that goes away is one warning of ours, and no error of the queue', async () => {
  const said: [level: string, text: string][] = []
  const keep = (level: string) => (about: unknown, text?: string) => void said.push([level, text ?? String(about)])
  const log = Object.assign(Object.create(silentLog), {
    debug: keep('debug'),
    warn: keep('warn'),
    error: keep('error'),
  }) as Logger
  const worker = await startWorker({
    connection: { connectionString: database.ownerUrl, application_name: 'the worker' },
    tasks: {},
    cron: [],
    log,
    context: (task) => database.ctx({ actor: { kind: 'system', task }, db: database.owner }),
  })
  const listening = () =>
    sql`
      select from pg_stat_activity
      where application_name = 'the worker' and datname = current_database() and query like 'LISTEN%'`.execute(
      database.owner,
    )
  await vi.waitUntil(async () => (await listening()).rows.length > 0, { timeout: 20_000 })
  await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'the worker' and datname = current_database()`.execute(database.owner)
  // Whatever the queue has to say about it, it said before it looks for jobs anew.
  const starts = () => said.filter(([, text]) => text.startsWith('Worker connected')).length
  await vi.waitUntil(() => starts() > 1, { timeout: 20_000 })
  await worker.stop()
  expect(said.filter(([level]) => level === 'error')).toEqual([])
  expect(said.filter(([level, text]) => level === 'warn' && text.includes('was lost'))).not.toEqual([])
})
