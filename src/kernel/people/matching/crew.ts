import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Sample } from './estimate.ts'
import { type Matter, type Scored, type Task, taskRunner } from './tasks.ts'

// The bundle has the worker beside itself, at the place it has in the sources.
const BUNDLED = join(import.meta.dirname, 'kernel/people/matching/worker.js')
const FILE = existsSync(BUNDLED) ? BUNDLED : join(import.meta.dirname, 'worker.ts')
// Below this number of pairs threads cost more than they bring.
const WORTH_THREADS = 1_000_000
const MOST_THREADS = 8

/** Does tasks for one matter, in several threads where that pays. `end` lets them go. */
export type Crew = { run(tasks: readonly Task[]): Promise<(Sample | Scored)[]>; threads: number; end(): Promise<void> }

export function assembleCrew(matter: Matter, pairs: number): Crew {
  const threads = pairs < WORTH_THREADS ? 1 : Math.min(availableParallelism(), MOST_THREADS)
  if (threads === 1) {
    const runner = taskRunner(matter)
    return { threads, run: async (tasks) => tasks.map(runner.run), end: async () => {} }
  }
  const workers = Array.from({ length: threads }, () => new Worker(FILE, { workerData: matter }))
  return {
    threads,
    async run(tasks) {
      const results: (Sample | Scored)[] = []
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

function ask(worker: Worker, task: Task): Promise<Sample | Scored> {
  return new Promise((resolve, reject) => {
    const settle = (done: () => void) => {
      worker.off('message', answered)
      worker.off('error', failed)
      done()
    }
    const answered = (result: Sample | Scored) => settle(() => resolve(result))
    const failed = (error: Error) => settle(() => reject(error))
    worker.on('message', answered)
    worker.on('error', failed)
    worker.postMessage(task)
  })
}
