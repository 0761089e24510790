import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { serialize } from 'node:v8'
import { Worker } from 'node:worker_threads'
import type { RandomPairs, Sample } from './estimate.ts'
import type { Roll } from './roll.ts'
import { type Matter, type Scored, type Task, taskRunner } from './tasks.ts'

// The bundle has the worker beside itself, at the place it has in the sources.
const BUNDLED = join(import.meta.dirname, 'kernel/people/matching/worker.js')
const FILE = existsSync(BUNDLED) ? BUNDLED : join(import.meta.dirname, 'worker.ts')
// Of fewer records threads cost more than they bring.
const WORTH_THREADS = 50_000
const MOST_THREADS = 8

type Done = Sample | RandomPairs | Scored

/** Does tasks for one matter, in several threads where that pays; one `run` after the other. `end` lets them go. */
export type Crew = { run(tasks: readonly Task[]): Promise<Done[]>; threads: number; end(): Promise<void> }

/** What a thread is told: columns are shared, all else is written down once for all threads. */
export type Told = { columns: Roll['columns']; texts: Uint8Array; second: number }

const usualThreads = (roll: Roll) =>
  roll.ids.length < WORTH_THREADS ? 1 : Math.min(availableParallelism(), MOST_THREADS)

export function assembleCrew({ roll, second }: Matter, threads = usualThreads(roll)): Crew {
  if (threads === 1) {
    const { run } = taskRunner({ roll, second })
    return { threads, run: async (tasks) => tasks.map(run), end: async () => {} }
  }
  const { columns, ...texts } = roll
  const written = serialize({ ...texts, ids: [] })
  const workerData: Told = { columns, texts: new Uint8Array(new SharedArrayBuffer(written.length)), second }
  workerData.texts.set(written)
  const workers = Array.from({ length: threads }, () => new Worker(FILE, { workerData }))
  return {
    threads,
    async run(tasks) {
      const results: Done[] = []
      let next = 0
      await Promise.all(
        workers.map(async (worker) => {
          while (next < tasks.length) {
            const at = next++
            results[at] = await ask(worker, tasks[at]!)
          }
        }),
      )
      return results
    },
    async end() {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}

function ask(worker: Worker, task: Task): Promise<Done> {
  return new Promise((resolve, reject) => {
    const settle = (done: () => void) => {
      worker.off('message', answered)
      worker.off('error', failed)
      done()
    }
    const answered = (result: Done) => settle(() => resolve(result))
    const failed = (error: Error) => settle(() => reject(error))
    worker.on('message', answered)
    worker.on('error', failed)
    worker.postMessage(task)
  })
}
