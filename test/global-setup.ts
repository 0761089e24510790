import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'
import { type Clones, openClones } from './clones.ts'
import { type RunServer, startServer } from './cluster.ts'
import type { Servers } from './servers.ts'

/**
 * Opens the door at which test files ask for PostgreSQL. The first who asks has it started, while its imports go on; a run
 * that nobody asks in starts none.
 */
export default async function setup(project: TestProject) {
  let running: Promise<{ server: RunServer; clones: Clones }> | undefined
  const start = async () => {
    const server = await startServer()
    return { server, clones: openClones(server) }
  }
  const door = createServer((asked, answer) => {
    running ??= start()
    running
      .then(async ({ server: { ownerUrl, appUrl }, clones }) =>
        asked.url === '/database' ? await clones.take() : JSON.stringify({ ownerUrl, appUrl } satisfies Servers),
      )
      .then(
        (text) => answer.end(text),
        (error: Error) => answer.writeHead(500).end(error.message),
      )
  })
  await new Promise<void>((done) => door.listen(0, '127.0.0.1', done))
  project.provide('door', `http://127.0.0.1:${(door.address() as AddressInfo).port}`)
  return async () => {
    door.close().closeAllConnections()
    const started = await running?.catch(() => undefined)
    await started?.clones.close()
    await started?.server.stop()
  }
}
