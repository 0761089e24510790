import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { eventually, type Started, start } from '../../test/process.ts'
import { openClient } from './client.ts'

/** Long enough for a first start on a busy machine. */
const START_SECONDS = 120

/** What `npm start` runs, on `folder`. Resolves when it serves. @throws Error with its output when it ends before. */
export async function startServer(folder: string, port: number): Promise<Started> {
  const server = start(['node', 'scripts/start.js'], { HAMSAFAR_DATA: folder, PORT: String(port) })
  await server.said(`Hamsafar runs at http://127.0.0.1:${port}`)
  await untilReady(port, START_SECONDS)
  return server
}

/** Resolves when /readyz says that requests can be served. */
export const untilReady = (port: number, seconds: number): Promise<void> =>
  eventually(async () => {
    const { status } = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(1000) })
    if (status !== 200) throw new Error(`/readyz answers ${status}`)
  }, seconds)

/** A command of the command line, its answer read from JSON. @throws Error when it fails. */
export async function command(folder: string, words: string[]): Promise<Record<string, unknown>> {
  const run = start(['node', 'scripts/hamsafar.js', ...words, '--json'], { HAMSAFAR_DATA: folder })
  if ((await run.ended) !== 0) throw new Error(`hamsafar ${words.join(' ')} failed:\n${run.output()}`)
  return JSON.parse(run.output()) as Record<string, unknown>
}

/** Signs the officer of the demonstration in. Returns the cookie of the session, which outlives restarts. */
export async function signInOfficer(folder: string, port: number, server: Started): Promise<string> {
  const email = 'vacancy-officer@example.tj'
  await server.said(email)
  const password = await eventually(() => {
    const found = /vacancy-officer@example\.tj +(\S+)\n/.exec(server.output())?.[1]
    if (!found) throw new Error('The server does not say how to sign in')
    return found
  })
  const { code } = (await command(folder, ['users', 'code', email])) as { code: string }
  const client = openClient(port)
  const answer = await client.ask('/en/sign-in', { form: { email, password, code } })
  client.close()
  if (answer.status !== 303 || !answer.cookie) throw new Error(`The officer cannot sign in: ${answer.status}`)
  return answer.cookie
}

/** Rows of a query in the server's database, by its owner. */
export async function rowsOf<T extends pg.QueryResultRow>(folder: string, query: string): Promise<T[]> {
  const client = new pg.Client({ host: join(folder, 'socket'), user: 'hamsafar_owner', database: 'hamsafar' })
  await client.connect()
  return client
    .query<T>(query)
    .then(({ rows }) => rows)
    .finally(() => client.end())
}

/** Adverts that the public may complain about, and others that wait for an officer, so that neither gets in the way. */
export async function adverts(folder: string, port: number): Promise<{ listed: string[]; waiting: string[] }> {
  const rows = await rowsOf<{ reference: string }>(
    folder,
    'select distinct reference from vacancies.review join vacancies.vacancy v on v.id = vacancy_id where decision is null',
  )
  const waiting = rows.map(({ reference }) => reference)
  const listed: string[] = []
  for (let page: string | null = `http://127.0.0.1:${port}/api/v1/vacancies?limit=100&foreigners=all`; page; ) {
    const answer = await fetch(page)
    const { items, next } = (await answer.json()) as { items: { reference: string }[]; next: string | null }
    listed.push(...items.map(({ reference }) => reference).filter((reference) => !waiting.includes(reference)))
    page = next
  }
  if (listed.length === 0 || waiting.length === 0) throw new Error('The demonstration has too few adverts')
  return { listed, waiting }
}

/** The first process of the PostgreSQL that the server started. */
export const postgresPid = (folder: string): number =>
  Number.parseInt(readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8'), 10)
