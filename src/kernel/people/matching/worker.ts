import { parentPort, workerData } from 'node:worker_threads'
import { type Matter, type Task, taskRunner } from './tasks.ts'

// A thread beside the first: does one task after the other.
const runner = taskRunner(workerData as Matter)
parentPort!.on('message', (task: Task) => parentPort!.postMessage(runner.run(task)))
