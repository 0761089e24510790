import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { createApp } from '../src/app.ts'
import { type TestApp, testApp } from './app.ts'
import { NOW, silentLog } from './database.ts'

export type TestSite = TestApp & {
  /** Where it listens, without a slash at the end. */
  origin: string
  stop(): Promise<void>
}

/** The application on a port of its own, for real browsers and for what only a connection shows. */
export async function testSite(): Promise<TestSite> {
  const site = await testApp()
  let handle: ReturnType<typeof getRequestListener>
  const server = createServer((request, response) => handle(request, response))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  // Forms are accepted from the site's own address only, which is known just now.
  Object.assign(site.platform.config, { origin })
  handle = getRequestListener(createApp({ platform: site.platform, db: site.db, log: silentLog, now: () => NOW }).fetch)
  return {
    ...site,
    origin,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      await site.drop()
    },
  }
}
