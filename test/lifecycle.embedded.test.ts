import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { eventually, freePort, killAll, start } from './process.ts'
import { servers } from './servers.ts'

// Real processes, from the two commands that a newcomer types.

const SECRET = Buffer.alloc(32, 1).toString('base64')
const folders: string[] = []

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'hamsafar life '))
  folders.push(made)
  return made
}

const data = folder() // used by one after the other, as on a newcomer's machine

afterAll(() => {
  killAll()
  for (const made of folders) rmSync(made, { recursive: true, force: true })
})

const boot = (env: Record<string, string>) => start(['node', 'scripts/start.js'], env)
const hamsafar = (words: string[], env: Record<string, string>) => start(['node', 'scripts/hamsafar.js', ...words], env)

async function refused(env: Record<string, string>): Promise<string> {
  const attempt = boot(env)
  expect(await attempt.ended).toBe(1)
  const lines = attempt.output().trim().split('\n')
  expect(lines).toHaveLength(1)
  return lines[0] as string
}

async function running(env: Record<string, string>) {
  const PORT = String(await freePort())
  const server = boot({ PORT, ...env })
  await server.said(`Hamsafar runs at http://127.0.0.1:${PORT}\n`)
  const url = `http://127.0.0.1:${PORT}`
  return { ...server, PORT, url, ready: async () => (await fetch(`${url}/readyz`)).status }
}

async function stopped(server: { child: ChildProcess; ended: Promise<number | string> }) {
  server.child.kill('SIGTERM')
  expect(await server.ended).toBe(0)
}

const postgresPid = () => Number.parseInt(readFileSync(join(data, 'postgres/postmaster.pid'), 'utf8'), 10)
const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function onDatabase(statement: string) {
  const client = new pg.Client({ host: join(data, 'socket'), user: 'hamsafar_owner', database: 'hamsafar' })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}

describe('on a new data folder', { timeout: 480_000 }, () => {
  test('it starts with a demonstration and says how to sign in; it stops and leaves nothing behind', async () => {
    const server = await running({ HAMSAFAR_DATA: data })
    expect(await server.ready()).toBe(200)
    await server.said('users code EMAIL')
    for (const role of ['administrator', 'vacancy_officer', 'auditor', 'adviser']) {
      expect(server.output()).toMatch(new RegExp(`^ +${role} +\\S+@example\\.tj +\\S+$`, 'm'))
    }

    const code = hamsafar(['users', 'code', 'auditor@example.tj', '--json'], { HAMSAFAR_DATA: data })
    expect(await code.ended).toBe(0)
    expect(JSON.parse(code.output())).toMatchObject({ code: expect.stringMatching(/^\d{6}$/) })

    const second = await refused({ HAMSAFAR_DATA: data, PORT: String(await freePort()) })
    expect(second).toBe(
      `Hamsafar cannot run: The data folder ${data} is in use by another Hamsafar (process ${server.child.pid}): stop that one, or set HAMSAFAR_DATA to another folder.`,
    )
    expect(await server.ready()).toBe(200)

    const postgres = postgresPid()
    const stream = connect(Number(server.PORT), '127.0.0.1')
    await new Promise((done) => stream.once('connect', done))
    stream.write('POST /en/vacancies HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n') // never finished
    await stopped(server) // by itself: a stop that had to be forced ends with another code
    expect(isAlive(postgres)).toBe(false)
    stream.destroy()
  })

  // How fast: `npm run bench -- start`.
  test('it starts again, also after both were killed', async () => {
    const server = await running({ HAMSAFAR_DATA: data })
    const before = postgresPid()

    process.kill(before, 'SIGKILL')
    await eventually(async () => {
      expect(postgresPid()).not.toBe(before)
      expect(await server.ready()).toBe(200)
    })

    const orphan = postgresPid()
    server.child.kill('SIGKILL')
    expect(await server.ended).toBe('SIGKILL')
    await eventually(() => expect(isAlive(orphan)).toBe(false))

    writeFileSync(join(data, 'postgres/postmaster.pid'), `${process.pid}\n`) // a number that somebody else has now
    const again = await running({ HAMSAFAR_DATA: data })
    expect(await again.ready()).toBe(200)
    await stopped(again)
  })

  test('it leaves when npm is killed', async () => {
    const PORT = String(await freePort())
    const npm = start(['npm', 'start'], { HAMSAFAR_DATA: data, PORT })
    await npm.said('Hamsafar runs at')
    const postgres = postgresPid()
    npm.child.kill('SIGKILL')
    await eventually(() => expect(fetch(`http://127.0.0.1:${PORT}/healthz`)).rejects.toThrow())
    await eventually(() => expect(isAlive(postgres)).toBe(false))
  })

  test('production refuses a demonstration; nobody else on the network gets to it', async () => {
    const production = { NODE_ENV: 'production', HAMSAFAR_DATA: data, HAMSAFAR_SECRET_KEY: SECRET }
    expect(await refused(production)).toMatch(/: This database is a demonstration, .*production needs another/)
    expect(await refused({ HAMSAFAR_DATA: data, HAMSAFAR_DEMO: 'off', HOST: '0.0.0.0' })).toMatch(
      /: This database is a demonstration, for this machine only: set HOST to 127\.0\.0\.1/,
    )
    const elsewhere = { HAMSAFAR_ORIGIN: 'https://hamsafar.example', HAMSAFAR_PROXY: 'on' }
    expect(await refused({ HAMSAFAR_DATA: data, HAMSAFAR_DEMO: 'off', ...elsewhere })).toMatch(
      /only: set HAMSAFAR_ORIGIN to a loopback address and HAMSAFAR_PROXY=off, or use another database\.$/,
    )
  })

  test('a newer schema than the code is refused and left alone', async () => {
    const server = await running({ HAMSAFAR_DATA: data })
    await onDatabase(`insert into system.migration (name, checksum) values ('29990101-01-future', '')`)
    await stopped(server)
    expect(await refused({ HAMSAFAR_DATA: data })).toMatch(/made by a newer version of Hamsafar .*29990101-01-future/)
  })
})

describe('what has to be put right is said in one sentence', { timeout: 480_000 }, () => {
  test('bad settings, all of them', async () => {
    expect(await refused({ PORT: 'abc', HAMSAFAR_ORIGIN: 'hamsafar', HAMSAFAR_DEMO: 'maybe' })).toBe(
      'Hamsafar cannot run: PORT must be a whole number from 1 to 65535; HAMSAFAR_ORIGIN must be an address without a path, such as https://hamsafar.tj; HAMSAFAR_DEMO must be on or off.',
    )
  })

  test('production without its secrets', async () => {
    expect(await refused({ NODE_ENV: 'production', DATABASE_URL: 'postgresql://app@localhost/x' })).toMatch(
      /production does not start without HAMSAFAR_SECRET_KEY \(.*\) and DATABASE_OWNER_URL/i,
    )
  })

  test('a demonstration open to the network', async () => {
    expect(await refused({ HOST: '0.0.0.0' })).toMatch(
      /set HOST to 127\.0\.0\.1 instead of 0\.0\.0\.0, or HAMSAFAR_DEMO=off/,
    )
  })

  test('a taken port', async () => {
    const other = createServer()
    const port = await new Promise<number>((done) => {
      other.listen(0, '127.0.0.1', () => done((other.address() as { port: number }).port))
    })
    const untouched = join(folder(), 'data')
    expect(await refused({ PORT: String(port), HAMSAFAR_DATA: untouched })).toBe(
      `Hamsafar cannot run: Port ${port} on 127.0.0.1 is taken by another program: stop that one, or set PORT to another.`,
    )
    expect(() => readFileSync(untouched)).toThrow('ENOENT')
    other.close()
  })

  test.each(['/proc/hamsafar/data', '/dev/null/data'])('a data folder that cannot be written: %s', async (path) => {
    const PORT = String(await freePort())
    expect(await refused({ HAMSAFAR_DATA: path, PORT })).toMatch(/The data folder .* cannot be written \(\w+\)/)
  })

  test('a database that cannot be reached, or is too old', async () => {
    const settings = { HAMSAFAR_DATA: folder(), PORT: String(await freePort()) }
    const closed = await freePort()
    expect(await refused({ ...settings, DATABASE_URL: `postgresql://app:geheim@127.0.0.1:${closed}/x` })).toBe(
      `Hamsafar cannot run: The database of DATABASE_URL at 127.0.0.1:${closed} cannot be used (ECONNREFUSED).`,
    )
    const old = await oldPostgres()
    expect(await refused({ ...settings, DATABASE_URL: `postgresql://app@127.0.0.1:${old.port}/x` })).toBe(
      'Hamsafar cannot run: The database of DATABASE_URL is PostgreSQL 14.19: Hamsafar needs 15 or newer.',
    )
    old.close()
  })
})

test('production on an external database: no demonstration, no sign-ins; a login that owns the tables is refused', {
  timeout: 480_000,
}, async () => {
  const { ownerUrl, appUrl } = await servers()
  const name = `life_${process.pid}`
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  await owner.query(`create database ${name}`)
  const at = (url: string) => url.replace('/hamsafar?', `/${name}?`)
  const production = {
    NODE_ENV: 'production',
    HAMSAFAR_LOG: 'warn',
    HAMSAFAR_SECRET_KEY: SECRET,
    HAMSAFAR_DATA: folder(),
    DATABASE_OWNER_URL: at(ownerUrl),
  }
  try {
    const PORT = String(await freePort())
    expect(await refused({ ...production, PORT, DATABASE_URL: at(ownerUrl) })).toMatch(/row policies do not bind/)
    const server = await running({ ...production, DATABASE_URL: at(appUrl) })
    expect(await server.ready()).toBe(200)
    expect(server.output().trim().split('\n')).toHaveLength(1)
    await stopped(server)

    const client = new pg.Client({ connectionString: at(ownerUrl) })
    await client.connect()
    const { rows } = await client.query(
      'select (select demonstration from system.instance) as marked, count(*)::int from access.user_account',
    )
    await client.end()
    expect(rows).toEqual([{ marked: false, count: 0 }])
  } finally {
    await owner.query(`drop database ${name} with (force)`)
    await owner.end()
  }
})

// Speaks just enough of the protocol to be asked for its version: there is no PostgreSQL 14 to be had from npm.
function oldPostgres(): Promise<{ port: number; close(): void }> {
  const message = (type: string, body: Buffer) => {
    const head = Buffer.from(`${type}0000`)
    head.writeInt32BE(body.length + 4, 1)
    return Buffer.concat([head, body])
  }
  const int16 = (value: number) => Buffer.from([value >> 8, value & 255])
  const ready = message('Z', Buffer.from('I'))
  const columns = ['version', 'encoding', 'login', 'bypasses']
  const values = ['14.19', 'UTF8', 'app', 'f']
  const described = columns.map((column) =>
    Buffer.concat([
      Buffer.from(`${column}\0`),
      Buffer.alloc(6),
      Buffer.from([0, 0, 0, 25, 255, 255, 255, 255, 255, 255, 0, 0]),
    ]),
  )
  const cells = values.map((value) => Buffer.concat([Buffer.from([0, 0, 0, value.length]), Buffer.from(value)]))
  const answer = Buffer.concat([
    message('T', Buffer.concat([int16(4), ...described])),
    message('D', Buffer.concat([int16(4), ...cells])),
    message('C', Buffer.from('SELECT 1\0')),
    ready,
  ])
  const server = createServer((socket: Socket) => {
    let greeted = false
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      if (!greeted) socket.write(Buffer.concat([message('R', Buffer.alloc(4)), ready]))
      else if (chunk[0] === 'Q'.charCodeAt(0)) socket.write(answer)
      greeted = true
    })
  })
  return new Promise((done) => {
    server.listen(0, '127.0.0.1', () =>
      done({ port: (server.address() as { port: number }).port, close: () => server.close() }),
    )
  })
}
