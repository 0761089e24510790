import { createHmac, randomBytes } from 'node:crypto'

const PREFIX = 'whsec_'

/** A new signing secret, as a receiver is given it: 32 random bytes. */
export const newWebhookSecret = (): string => PREFIX + randomBytes(32).toString('base64')

/**
 * The headers that prove who sent this body, and when (Standard Webhooks: `v1` is HMAC-SHA-256 over id, seconds and body).
 * With several secrets there are several signatures: the receiver may know either.
 */
export function signedHeaders(secrets: readonly string[], id: string, at: Temporal.Instant, body: string) {
  const seconds = Math.floor(at.epochMilliseconds / 1000)
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`
  })
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': signatures.join(' ') }
}
