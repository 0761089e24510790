import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, freePort, killAll, start } from './process.ts'
import { servers } from './servers.ts'

// What an operator runs behind a proxy: two servers, each with a folder of its own, on one external database.

const EMAIL = 'vacancy-officer@example.tj'
const QUEUE = '/work/vacancies/review'
const name = `two_${process.pid}`
const folder = mkdtempSync(join(tmpdir(), 'hamsafar-two-'))
const at = (url: string) => url.replace('/hamsafar?', `/${name}?`)
const { ownerUrl, appUrl } = await servers()
const settings = {
  DATABASE_URL: at(appUrl),
  DATABASE_OWNER_URL: at(ownerUrl),
  HAMSAFAR_SECRET_KEY: Buffer.alloc(32, 3).toString('base64'),
}
const database = new pg.Client({ connectionString: settings.DATABASE_OWNER_URL })
const server = new pg.Client({ connectionString: ownerUrl })

type Running = Awaited<ReturnType<typeof startServer>>
let here: Running
let there: Running

async function startServer(part: string) {
  const PORT = String(await freePort())
  const started = start(['node', 'scripts/start.js'], { ...settings, PORT, HAMSAFAR_DATA: join(folder, part) })
  await started.said('users code EMAIL')
  return { ...started, origin: `http://127.0.0.1:${PORT}` }
}

beforeAll(async () => {
  await server.connect()
  await server.query(`create database ${name}`)
  await database.connect()
  // At the same moment, on an empty database: one migrates and fills it, the other waits.
  ;[here, there] = await Promise.all([startServer('here'), startServer('there')])
})
afterAll(async () => {
  killAll()
  await database.end()
  // A vacuum of the server's own is nobody's to end: it is over in a moment.
  await eventually(() => server.query(`drop database if exists ${name} with (force)`))
  await server.end()
  rmSync(folder, { recursive: true, force: true })
})

const post = ({ origin }: Running, path: string, cookie: string, form: Record<string, string>) =>
  fetch(origin + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin, cookie },
    body: new URLSearchParams(form),
  })

async function signIn(at: Running): Promise<string> {
  const password = new RegExp(`${EMAIL}\\s+(\\S+)`).exec(at.output())![1]!
  const asked = start(['node', 'scripts/hamsafar.js', 'users', 'code', EMAIL, '--json'], {
    ...settings,
    HAMSAFAR_DATA: join(folder, 'operator'),
  })
  expect(await asked.ended).toBe(0)
  const { code } = JSON.parse(asked.output())
  const answer = await post(at, '/en/sign-in', '', { email: EMAIL, password, code })
  expect(answer.status).toBe(303)
  return answer.headers.get('set-cookie')!.split(';')[0]!
}

/** The count of the review queue as a stream tells it, one event after the other. */
async function listen({ origin }: Running, cookie: string) {
  const { body } = await fetch(`${origin}/en/work/live`, { headers: { cookie } })
  const reader = body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  return async (): Promise<number> => {
    for (;;) {
      const event = /^data: (.*)\n\n/m.exec(text)
      if (event) {
        text = text.slice(event.index + event[0].length)
        return Number(JSON.parse(event[1]!)[QUEUE])
      }
      const { value, done } = await reader.read()
      if (done) throw new Error('The stream ended')
      text += value
    }
  }
}

test('sign-in holds in both, a badge follows within two seconds, jobs run once, and one goes on without the other', async () => {
  const cookie = await signIn(here)
  const get = (at: Running, path: string) => fetch(at.origin + path, { headers: { cookie }, redirect: 'manual' })
  expect((await get(there, '/en/work')).status).toBe(200)
  expect((await database.query('select count(*)::int from access.user_account')).rows[0].count).toBeGreaterThan(3)

  const next = await listen(there, cookie)
  const before = await next()
  const page = await (await get(here, `/en${QUEUE}`)).text()
  const reference = new RegExp(`${QUEUE}/([0-9A-Z]{4}-[0-9A-Z]{4})`).exec(page)![1]
  const decided = await post(here, `/en${QUEUE}/${reference}`, cookie, { decision: 'reject' })
  expect(decided.status).toBe(303)
  // Whatever else is counted meanwhile tells the same number once more.
  let count = before
  while (count === before) count = await next()
  expect(count).toBe(before - 1)

  const imported = async (at: Running, title: string) => {
    const form = new FormData()
    form.append('kind', 'vacancies')
    form.append('file', new File([`id;title;country\n${title};${title};RU\n`], `${title}.csv`))
    const { origin } = at
    const taken = await fetch(`${origin}/en/work/imports`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin, cookie },
      body: form,
    })
    expect(taken.status).toBe(303)
  }
  const titles = Array.from({ length: 8 }, (_, i) => `Швея ${i}`)
  await Promise.all(titles.map((title, i) => imported(i % 2 ? here : there, title)))
  await eventually(async () => {
    const { rows } = await database.query(`select state, failures from jobs.run where task = 'imports.read'`)
    expect(rows).toEqual(titles.map(() => ({ state: 'done', failures: 0 })))
  }, 20)
  const told = await database.query(
    `select occurrences from notifications.notification where kind = 'imports.news' order by id`,
  )
  expect(told.rows).toEqual(titles.map(() => ({ occurrences: 1 })))

  here.child.kill('SIGKILL')
  await here.ended
  expect((await get(there, '/en/work')).status).toBe(200)
  await imported(there, 'Повар')
  await eventually(async () => {
    const { rows } = await database.query(
      `select count(*)::int from jobs.run where task = 'imports.read' and state = 'done'`,
    )
    expect(rows).toEqual([{ count: titles.length + 1 }])
  })
  there.child.kill('SIGTERM')
  expect(await there.ended).toBe(0)
}, 240_000)
