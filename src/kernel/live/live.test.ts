import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bringAdverts } from '../../../test/adverts.ts'
import { ORIGIN, type TestApp, testApp } from '../../../test/app.ts'
import { NOW, silentLog } from '../../../test/database.ts'
import { freePort } from '../../../test/process.ts'
import { createApp } from '../../app.ts'
import { openPool } from '../db/pool.ts'
import { listen as serve } from '../http/listen.ts'
import type { Job } from '../jobs/job.ts'
import { enqueue } from '../jobs/runs.ts'
import { startWorker } from '../jobs/worker.ts'
import { type Live, openLive } from './listener.ts'

// Two processes on one database, as far as they can differ: pools, listeners, workers and applications of their own.

const QUEUE = '/work/vacancies/review'
let site: TestApp
let now = NOW
/** How often a process here looked at the clock: once for each time it counts. */
let asked = 0
let here: Process
let there: Process
let references: Awaited<ReturnType<typeof bringAdverts>>

type Process = { app: ReturnType<typeof createApp>; live: Live; stop(): Promise<void> }

function startProcess(): Process {
  const db = openPool({ connectionString: site.appUrl }, silentLog, 4)
  const live = openLive({ connectionString: site.appUrl }, silentLog)
  const clock = () => {
    asked++
    return now
  }
  const app = createApp({ platform: site.platform, db, live, log: silentLog, now: clock })
  return { app, live, stop: () => live.stop().then(() => db.destroy()) }
}

beforeAll(async () => {
  site = await testApp()
  references = await bringAdverts(site)
  ;[here, there] = [startProcess(), startProcess()]
})
afterAll(async () => {
  await Promise.all([here.stop(), there.stop()])
  await site.drop()
})

const ask = ({ app }: Process, path: string, token: string, form?: Record<string, string>) =>
  app.request(`${ORIGIN}/en${path}`, {
    headers: { cookie: `hamsafar=${token}`, origin: ORIGIN, ...(path === '/work/live' && { 'accept-encoding': 'br' }) },
    ...(form && { method: 'POST', body: new URLSearchParams(form) }),
  })

/** The counts that a stream tells, one after the other; null when it has ended. */
async function listen(process: Process, token: string) {
  const response = await ask(process, '/work/live', token)
  expect(response.status).toBe(200)
  const reader = response.body!.getReader()
  let text = ''
  const next = async (): Promise<Record<string, string> | null> => {
    for (;;) {
      const event = /^data: (.*)\n\n/m.exec(text)
      if (event) {
        text = text.slice(event.index + event[0].length)
        return JSON.parse(event[1]!)
      }
      const { value, done } = await reader.read()
      if (done) return null
      text += new TextDecoder().decode(value)
    }
  }
  return { response, next, leave: () => reader.cancel() }
}

test('a decision in one process changes the badge in the other within two seconds', async () => {
  const token = await site.session('vacancy_officer')
  const stream = await listen(there, token)
  expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  expect(stream.response.headers.get('cache-control')).toBe('no-store, no-transform')
  expect(stream.response.headers.has('content-encoding')).toBe(false)
  expect(stream.response.headers.has('etag')).toBe(false)
  const before = Number((await stream.next())![QUEUE])
  expect(before).toBeGreaterThan(1)
  const page = await (await ask(there, '/work', token)).text()
  expect(page).toContain(`<b data-count="${QUEUE}">${before}</b>`)

  const began = performance.now()
  const decided = await ask(here, `${QUEUE}/${references.held}`, token, { decision: 'reject' })
  expect(decided.status).toBe(303)
  const counts = await stream.next()
  expect(performance.now() - began).toBeLessThan(10_000)
  expect(counts![QUEUE]).toBe(String(before - 1))
  await stream.leave()
})

test('a session made through one process is known to the other, and its end is, too', async () => {
  const token = await site.session('vacancy_officer')
  const stream = await listen(there, token)
  await stream.next()
  expect((await ask(there, '/work', token)).status).toBe(200)
  expect((await ask(here, '/sign-out', token, {})).headers.get('location')).toContain('/sign-in')
  expect((await ask(there, '/work', token)).headers.get('location')).toContain('/sign-in')
  // The stream finds out at the next change.
  await sql`select pg_notify('hamsafar_live', '')`.execute(site.owner)
  expect(await stream.next()).toBeNull()
  expect((await ask(there, '/work/live', token)).status).toBe(204)
})

test('only the counts of sections one may enter go out', async () => {
  const officer = await listen(here, await site.session('vacancy_officer'))
  const adviser = await listen(here, await site.session('adviser'))
  expect(Object.keys((await officer.next())!)).toEqual(['/work/notifications', QUEUE])
  expect(Object.keys((await adviser.next())!)).toEqual(['/work/notifications'])
  await Promise.all([officer.leave(), adviser.leave()])
  expect((await here.app.request(`${ORIGIN}/en/work/live`)).status).toBe(204)
  const headers = { cookie: `hamsafar=${await site.session('adviser')}` }
  const head = await here.app.request(`${ORIGIN}/en/work/live`, { method: 'HEAD', headers })
  expect(head.status).toBe(204)
})

test('a page left open keeps nobody signed in', async () => {
  const token = await site.session('adviser')
  const until = () =>
    site.owner
      .selectFrom('access.session')
      .select(['idle_until', 'last_seen_at'])
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
  const before = await until()
  now = NOW.add({ minutes: 30 })
  const stream = await listen(here, token)
  await stream.next()
  expect(await until()).toEqual(before)
  await site.owner
    .updateTable('access.session')
    .set({ idle_until: NOW.add({ minutes: 31 }) })
    .execute()
  now = NOW.add({ minutes: 32 })
  await sql`select pg_notify('hamsafar_live', '')`.execute(site.owner)
  expect(await stream.next()).toBeNull()
  now = NOW
})

test('after its connection was lost a process hears again, and catches up', async () => {
  const token = await site.session('vacancy_officer')
  const stream = await listen(there, token)
  const before = Number((await stream.next())![QUEUE])
  await sql`
    select pg_terminate_backend(pid)
    from pg_stat_activity
    where datname = current_database() and query like 'listen %'`.execute(site.owner)
  await ask(here, `${QUEUE}/${references.full}`, token, { decision: 'reject' })
  expect((await stream.next())![QUEUE]).toBe(String(before - 1))
  await stream.leave()
})

test('streams end when their process stops', async () => {
  const third = startProcess()
  const stream = await listen(third, await site.session('adviser'))
  await stream.next()
  const began = performance.now()
  await third.stop()
  expect(await stream.next()).toBeNull()
  expect(performance.now() - began).toBeLessThan(10_000)
})

test('over a connection each event comes at once; who leaves is counted for no more; an open stream does not hold up the stop', async () => {
  const process = startProcess()
  const PORT = await freePort()
  const server = await serve(process.app.fetch, { HOST: '127.0.0.1', PORT })
  const headers = { cookie: `hamsafar=${await site.session('adviser')}`, 'accept-encoding': 'br, gzip' }
  const open = async (signal?: AbortSignal) => {
    const { body } = await fetch(`http://127.0.0.1:${PORT}/en/work/live`, { headers, ...(signal && { signal }) })
    const reader = body!.getReader()
    expect(new TextDecoder().decode((await reader.read()).value)).toMatch(/^retry: \d+\n\ndata: \{.*\}\n\n$/)
    return reader
  }
  const changed = async () => {
    const before = asked
    await sql`select pg_notify('hamsafar_live', '')`.execute(site.owner)
    await new Promise((done) => setTimeout(done, 800))
    return asked - before
  }
  const leaving = new AbortController()
  await open(leaving.signal)
  const staying = await open()
  expect(await changed()).toBe(2)
  leaving.abort()
  await new Promise((done) => setTimeout(done, 200))
  expect(await changed()).toBe(1)

  const began = performance.now()
  await process.stop()
  await server.stop()
  expect(performance.now() - began).toBeLessThan(10_000)
  expect((await staying.read()).done).toBe(true)
})

test('a job runs once, whichever of two workers takes it', async () => {
  const done: string[] = []
  const worker = (name: string) =>
    startWorker({
      connection: { connectionString: site.ownerUrl },
      tasks: { 'test.once': { run: async (_ctx, payload) => void done.push(`${payload} ${name}`) } satisfies Job },
      cron: [],
      log: silentLog,
      context: (task) => site.ctx({ actor: { kind: 'system', task }, db: site.owner }),
    })
  const workers = await Promise.all([worker('here'), worker('there')])
  const ctx = site.ctx({ actor: { kind: 'system', task: 'test' }, db: site.owner })
  const ids = await Promise.all(Array.from({ length: 40 }, (_, i) => enqueue(ctx, 'test.once', i)))
  const states = () => site.owner.selectFrom('jobs.run').select('state').where('id', 'in', ids).execute()
  await expect.poll(async () => (await states()).every(({ state }) => state === 'done'), { timeout: 15_000 }).toBe(true)
  await Promise.all(workers.map(({ stop }) => stop()))
  expect(done.map((line) => Number(line.split(' ')[0])).sort((a, b) => a - b)).toEqual(ids.map((_, i) => i))
}, 30_000)
