import { lookup } from 'node:dns/promises'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import { retryAfter } from '../http/retry-after.ts'
import { hostOf, isPublic, isThisMachine, readAddress } from './addresses.ts'

type Found = { address: string; family: number }

export type CallOptions = {
  body: string
  headers: Record<string, string>
  /** Whether http and this machine are allowed too. */
  local: boolean
  signal: AbortSignal
  /** How long all of it may take, in milliseconds. */
  patience?: number
  /** Finds all addresses of a name; the system's resolver without it. */
  resolve?(host: string): Promise<Found[]>
}

/** What came of a call: what the receiver answered, and how many seconds it asks us to wait; or why there is no answer. */
export type Called =
  | { kind: 'answered'; status: number; seconds: number }
  | { kind: 'silent'; why: 'forbidden_address' | 'unknown_name' | 'no_answer' | 'no_answer_in_time' }

const PATIENCE_MS = 15_000

/**
 * Posts to an address that somebody outside has given us, so that it cannot be turned against networks that only we
 * reach: the name is resolved once, every address found must be public, and the call goes to the one that was looked at.
 * Redirects are not followed, and of the answer only the status is read.
 */
export async function call(address: string, options: CallOptions): Promise<Called> {
  const { local, patience = PATIENCE_MS, signal, resolve = systemResolver } = options
  const url = readAddress(address, local)
  if (!url) return { kind: 'silent', why: 'forbidden_address' }
  const limit = AbortSignal.timeout(patience)
  const either = AbortSignal.any([signal, limit])
  const host = hostOf(url)
  const found = isIP(host)
    ? [{ address: host, family: isIP(host) }]
    : await until(either, resolve(host)).catch(() => [])
  const silent = (why: 'no_answer' | 'unknown_name') =>
    ({ kind: 'silent', why: limit.aborted ? 'no_answer_in_time' : why }) as const
  const [first] = found
  if (!first) return silent('unknown_name')
  // Also when only one of several is not: the next one asked might be that.
  if (!found.every((one) => isPublic(one.address) || (local && isThisMachine(one.address))))
    return { kind: 'silent', why: 'forbidden_address' }
  return post(url, first, options, either).catch(() => silent('no_answer'))
}

function post(url: URL, to: Found, { body, headers }: CallOptions, signal: AbortSignal): Promise<Called> {
  const { promise, resolve, reject } = Promise.withResolvers<Called>()
  const secure = url.protocol === 'https:'
  const request = (secure ? httpsRequest : httpRequest)(
    url,
    {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      // A connection of its own: one that is kept might lead where the name no longer does.
      agent: false,
      lookup: (_host, { all }, answer) => (all ? answer(null, [to]) : answer(null, to.address, to.family)),
      signal,
    },
    (response) => {
      const seconds = retryAfter(response.headers['retry-after'])
      resolve({ kind: 'answered', status: response.statusCode ?? 0, seconds })
      response.destroy()
    },
  )
  request.on('error', reject)
  request.end(body)
  return promise
}

const systemResolver = (host: string) => lookup(host, { all: true })

function until<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  if (signal.aborted) reject(signal.reason)
  signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  return Promise.race([work, promise])
}
