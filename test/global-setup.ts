import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'
import { type RunServer, startServer } from './cluster.ts'
import type { Servers } from './servers.ts'

/**
 * Opens the door at which test files ask for PostgreSQL. The first who asks has it started, while its imports go on; a run
 * that nobody asks in starts none.
 */
export default async function setup(project: TestProject) {
  let server: Promise<RunServer> | undefined
  const door = createServer((_, answer) => {
    server ??= startServer()
    server.then(
      ({ ownerUrl, appUrl, template }) => answer.end(JSON.stringify({ ownerUrl, appUrl, template } satisfies Servers)),
      (error: Error) => answer.writeHead(500).end(error.message),
    )
  })
  await new Promise<void>((done) => door.listen(0, '127.0.0.1', done))
  project.provide('door', `http://127.0.0.1:${(door.address() as AddressInfo).port}`)
  return async () => {
    door.close().closeAllConnections()
    const started = await server?.catch(() => undefined)
    await started?.stop()
  }
}
