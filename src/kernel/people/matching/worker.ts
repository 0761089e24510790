import { deserialize } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import type { Told } from './crew.ts'
import { type Task, taskRunner } from './tasks.ts'

// A thread beside the first: does one task after the other.
const { columns, texts, second } = workerData as Told
const runner = taskRunner({ roll: { ...deserialize(texts), columns }, second })
parentPort!.on('message', (task: Task) => parentPort!.postMessage(runner.run(task)))
