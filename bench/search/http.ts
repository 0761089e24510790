import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { percentiles } from './percentiles.ts'

const CLIENTS = 8
const LIST_LIMIT = 500

type Load = { rps: number; p50_ms: number; p95_ms: number; bytes: number }

/**
 * A server of its own on 127.0.0.1, asked by eight clients at a time: requests a second and bytes of the list pages at
 * `paths` and of a page that asks the database nothing, and the server's memory in MB before and after.
 */
export async function measureHttp(database: string, paths: readonly string[], seconds: number) {
  const port = await freePort()
  const server = fork(join(import.meta.dirname, 'serve.ts'), {
    env: { ...process.env, DATABASE: database, PORT: String(port) },
    execArgv: process.execArgv,
  })
  try {
    await new Promise<void>((ready, fail) => {
      server.once('message', () => ready())
      server.once('exit', (code) => fail(new Error(`The server ended with ${code}`)))
    })
    await load(port, paths.slice(0, 50), 2)
    const rss_start_mb = memoryOf(server.pid!)
    const list = await load(port, paths.slice(0, LIST_LIMIT), seconds)
    const rss_mb = memoryOf(server.pid!)
    const empty = await load(port, ['/en/accessibility'], seconds)
    return { list, empty, rss_start_mb, rss_mb }
  } finally {
    if (server.connected) server.disconnect()
  }
}

async function load(port: number, paths: readonly string[], seconds: number): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS })
  const until = performance.now() + seconds * 1000
  const times: number[] = []
  let bytes = 0
  let at = 0
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (performance.now() < until) {
        const path = paths[at++ % paths.length]!
        const began = performance.now()
        const size = await fetchPage(agent, port, path, at)
        bytes += size
        times.push(performance.now() - began)
      }
    }),
  )
  agent.destroy()
  const { p50_ms, p95_ms } = percentiles(times)
  return { rps: Math.round(times.length / seconds), p50_ms, p95_ms, bytes: Math.round(bytes / times.length) }
}

// Each request from another address: the limits are for one.
function fetchPage(agent: Agent, port: number, path: string, number: number): Promise<number> {
  const headers = {
    'accept-encoding': 'br',
    'x-forwarded-for': `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`,
  }
  return new Promise((done, fail) => {
    get({ agent, host: '127.0.0.1', port, path, headers }, (answer) => {
      let bytes = 0
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      answer.on('end', () =>
        answer.statusCode === 200 ? done(bytes) : fail(new Error(`${answer.statusCode} ${path}`)),
      )
    }).on('error', fail)
  })
}

const memoryOf = (pid: number) =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024)

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => done(port))
    })
  })
}
