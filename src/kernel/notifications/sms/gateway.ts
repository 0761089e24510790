import type { Config } from '../../config.ts'
import { retryAfter } from '../../http/retry-after.ts'
import type { SealedSms } from './sealing.ts'
import { fillTemplate } from './template.ts'

const PATIENCE_MS = 20_000
/** More than any gateway answers. */
const READ_AT_MOST = 64 * 1024
/** It will never take this message, whenever it is asked. Everything else may be put right on its side or ours. */
const FOR_GOOD: readonly number[] = [400, 410, 413, 422]

/** What became of one try. `again`: the gateway is in trouble, or we are with it; after how many seconds at the earliest. */
export type Tried =
  | { kind: 'taken' }
  | { kind: 'refused'; why: string }
  | { kind: 'again'; why: string; seconds: number }

/** The way to the gateway of the settings. `key` is the same at every try, so that it can see a repetition. */
export type Gateway = (sms: SealedSms & { key: string }, signal?: AbortSignal) => Promise<Tried>

/** Opens the way to the gateway of the settings; null when none is set. */
export function openGateway(config: Config, patience = PATIENCE_MS): Gateway | null {
  const { HAMSAFAR_SMS_URL: url, HAMSAFAR_SMS_HEADER: header } = config
  if (!url) return null
  return async ({ to, text, key }, signal) => {
    const filling = { to, text, key, sender: config.HAMSAFAR_SMS_SENDER }
    const { type, body } = fillTemplate(config.HAMSAFAR_SMS_BODY, filling)
    const headers = new Headers({ 'content-type': type, 'idempotency-key': key })
    if (header) headers.set(header.slice(0, header.indexOf(':')), header.slice(header.indexOf(':') + 2))
    const limit = AbortSignal.timeout(patience)
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers,
        body,
        redirect: 'manual',
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      })
      return verdict(response, await beginning(response), config.HAMSAFAR_SMS_TAKEN)
    } catch {
      // What went wrong may name the address with its token, so only that it did.
      return { kind: 'again', why: limit.aborted ? 'no_answer_in_time' : 'no_answer', seconds: 0 }
    }
  }
}

function verdict({ status, ok, headers }: Response, answer: string, taken: string | undefined): Tried {
  if (ok && (!taken || answer.includes(taken))) return { kind: 'taken' }
  if (FOR_GOOD.includes(status)) return { kind: 'refused', why: `http_${status}` }
  return { kind: 'again', why: ok ? 'not_taken' : `http_${status}`, seconds: retryAfter(headers.get('retry-after')) }
}

async function beginning(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    size += chunk.byteLength
    if (size > READ_AT_MOST) break
  }
  return Buffer.concat(chunks).toString('utf8')
}
