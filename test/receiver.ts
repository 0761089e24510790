import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a receiver was sent. */
export type Received = { headers: IncomingMessage['headers']; body: string }

/** A server on this machine that others call: keeps what it was sent, and answers what `answer` says. */
export type Receiver = {
  url: string
  asked: Received[]
  answer: (response: ServerResponse) => void
  close(): Promise<void>
}

/** Opens one that takes everything. */
export async function openReceiver(): Promise<Receiver> {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    receiver.asked.push({ headers: request.headers, body })
    receiver.answer(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`,
    asked: [],
    answer: (response) => void response.writeHead(204).end(),
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return receiver
}
