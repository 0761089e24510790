import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bench } from '../scripts/bench.ts'

/** How long `npm start` takes until it serves, on a new data folder and later, in milliseconds; the bundle is built before. */
const bench: Bench = async ({ scale, say }) => {
  const folder = mkdtempSync(join(tmpdir(), 'hamsafar-bench-'))
  try {
    say('the first start')
    const first_ms = await timeStart(folder)
    const later: number[] = []
    for (let round = 1; round <= 5 * scale; round++) {
      say(`a later start, ${round}`)
      later.push(await timeStart(folder))
    }
    later.sort((a, b) => a - b)
    return { first_ms, later_median_ms: later[Math.floor(later.length / 2)] ?? 0, later_worst_ms: later.at(-1) ?? 0 }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
export default bench

async function timeStart(folder: string): Promise<number> {
  const PORT = String(await freePort())
  const began = performance.now()
  const child = spawn(process.execPath, ['scripts/start.js'], {
    cwd: join(import.meta.dirname, '..'),
    env: { PATH: process.env.PATH, HAMSAFAR_DATA: folder, PORT },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  let ready = false
  while (!ready && child.exitCode === null) {
    ready = await fetch(`http://127.0.0.1:${PORT}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    )
    if (!ready) await new Promise((done) => setTimeout(done, 10))
  }
  const took = Math.round(performance.now() - began)
  child.kill('SIGTERM')
  await ended
  if (!ready) throw new Error('It did not start')
  return took
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => done(port))
    })
  })
}
