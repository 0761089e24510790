import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')

export type Started = {
  child: ChildProcess
  /** Everything written so far, both streams. */
  output(): string
  /** Resolves when this was written; fails when the process ended before. */
  said(text: string): Promise<void>
  /** Exit code, or the signal that ended it. */
  ended: Promise<number | string>
}

/** Starts a command of the checkout with only the given settings. What is still running at the end of a test: `killAll`. */
export function start(command: string[], env: Record<string, string> = {}): Started {
  const [file, ...args] = command as [string, ...string[]]
  const child = spawn(file, args, {
    cwd: ROOT,
    env: { PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH}`, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let written = ''
  running.set(child, () => written)
  const listeners = new Set<() => void>()
  const hear = (chunk: Buffer) => {
    written += chunk
    for (const listener of listeners) listener()
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const ended = new Promise<number | string>((done) => {
    child.once('close', (code, signal) => {
      running.delete(child)
      done(code ?? (signal as string))
    })
  })
  const said = (text: string) =>
    new Promise<void>((done, fail) => {
      const listen = () => {
        if (!written.includes(text)) return
        listeners.delete(listen)
        done()
      }
      listeners.add(listen)
      listen()
      ended.then(() => fail(new Error(`It ended without saying "${text}":\n${written}`)))
    })
  return { child, output: () => written, said, ended }
}

const running = new Map<ChildProcess, () => string>()

/** Ends what a failed test left running, and says what it had written: a test that waited in vain says no more than that. */
export function killAll(): void {
  for (const [child, output] of running) {
    child.kill('SIGKILL')
    console.error(`Still running: ${child.spawnargs.join(' ')}\n${output()}`)
  }
}

/** A port that nobody uses at the moment. */
export function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => done(port))
    })
  })
}

/** Tries until it succeeds, at most `seconds`. */
export async function eventually<T>(attempt: () => T | Promise<T>, seconds = 25): Promise<T> {
  const deadline = Date.now() + seconds * 1000
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await new Promise((done) => setTimeout(done, 50))
    }
  }
}
