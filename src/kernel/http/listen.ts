import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { CannotStart } from '../cannot-start.ts'

const GRACE_MS = 2_000

/**
 * Serves `fetch` until `stop()`, which lets answers under way finish for two seconds, then closes open streams.
 * @throws CannotStart when the address cannot be listened on.
 */
export async function listen(
  fetch: Parameters<typeof getRequestListener>[0],
  address: { HOST: string; PORT: number },
): Promise<{ stop(): Promise<void> }> {
  const server = createServer(getRequestListener(fetch))
  await bind(server, address)
  return { stop: () => close(server) }
}

/** Finds out before anything else is begun whether the address can be listened on. */
export async function checkAddress(address: { HOST: string; PORT: number }): Promise<void> {
  const server = createServer()
  await bind(server, address)
  await close(server)
}

function bind(server: Server, { HOST, PORT }: { HOST: string; PORT: number }): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => fail(new CannotStart(sentence(error.code, HOST, PORT))))
    server.listen(PORT, HOST, done)
  })
}

function sentence(code: string | undefined, host: string, port: number): string {
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${host} is taken by another program: stop that one, or set PORT to another.`
  if (code === 'EACCES') return `Port ${port} may not be used by this user: set PORT to one above 1023.`
  return `${host} is not an address of this machine (${code}): set HOST to another.`
}

function close(server: Server): Promise<void> {
  return new Promise((done) => {
    const impatient = setTimeout(() => server.closeAllConnections(), GRACE_MS)
    server.close(() => {
      clearTimeout(impatient)
      done()
    })
    server.closeIdleConnections()
  })
}
