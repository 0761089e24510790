import { Agent, type IncomingMessage, request } from 'node:http'

/** The server limits what one address may ask; a client moves on to the next one before it comes there. */
const READS_AT_ADDRESS = 400
const FORMS_AT_ADDRESS = 25
const PATIENCE_MS = 30_000

export type Answer = { status: number; location?: string | undefined; cookie?: string | undefined; body: string }

export type Client = {
  /** @throws Error when the connection broke or nothing came within half a minute. */
  ask(path: string, sent?: { cookie?: string; form?: Record<string, string> | FormData }): Promise<Answer>
  close(): void
}

let addresses = 0

/** Somebody with one connection that stays open, from an address of this machine (127.1.x.y) that nobody else has. */
export function openClient(port: number): Client {
  let agent: Agent | undefined
  let localAddress = ''
  let reads = 0
  let forms = 0
  const move = () => {
    agent?.destroy()
    agent = new Agent({ keepAlive: true, maxSockets: 1 })
    addresses++
    localAddress = `127.1.${(addresses >> 8) & 255}.${addresses & 255}`
    reads = 0
    forms = 0
  }
  move()
  return {
    async ask(path, { cookie, form } = {}) {
      if (form ? ++forms > FORMS_AT_ADDRESS : ++reads > READS_AT_ADDRESS) move()
      const sent = form && new Response(form instanceof FormData ? form : new URLSearchParams(form))
      const body = sent && Buffer.from(await sent.arrayBuffer())
      const headers = {
        origin: `http://127.0.0.1:${port}`,
        // As browsers ask; the pages of staff are read here.
        ...(cookie ? { cookie } : { 'accept-encoding': 'br' }),
        ...(body && { 'content-type': sent.headers.get('content-type')!, 'content-length': String(body.length) }),
      }
      const options = { agent, host: '127.0.0.1', port, path, localAddress, headers, method: form ? 'POST' : 'GET' }
      return new Promise((done, fail) => {
        const asking = request({ ...options, timeout: PATIENCE_MS }, (answer) => read(answer).then(done, fail))
        asking.on('timeout', () => asking.destroy(new Error(`no answer in ${PATIENCE_MS / 1000} s`)))
        asking.on('error', fail)
        asking.end(body)
      })
    },
    close: () => agent?.destroy(),
  }
}

async function read(answer: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk)
  return {
    status: answer.statusCode!,
    location: answer.headers.location,
    cookie: answer.headers['set-cookie']?.map((cookie) => cookie.split(';')[0]).join('; '),
    body: Buffer.concat(chunks).toString(),
  }
}
