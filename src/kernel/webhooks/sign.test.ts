import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../root.ts'
import { newWebhookSecret, signedHeaders } from './sign.ts'

type Verify = (secret: string, headers: Record<string, string>, body: string, now?: number) => unknown

/** The function that docs/standards.md gives to receivers, as it stands there. */
async function documented(): Promise<Verify> {
  const page = readFileSync(join(ROOT, 'docs/standards.md'), 'utf8')
  const code = /```js\n([\s\S]*?export function verifyWebhook[\s\S]*?)```/.exec(page)![1]!
  const module = await import(`data:text/javascript,${encodeURIComponent(code)}`)
  return module.verifyWebhook
}

// The vector of the specification's own test suite.
const VECTOR = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  at: Temporal.Instant.fromEpochMilliseconds(1614265330_000),
  body: '{"test": 2432232314}',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
}

test('we sign as the specification does', () => {
  const { secret, id, at, body, signature } = VECTOR
  expect(signedHeaders([secret], id, at, body)).toEqual({
    'webhook-id': id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': signature,
  })
})

test('a secret is whsec_ and 32 bytes, another each time', () => {
  const [one, other] = [newWebhookSecret(), newWebhookSecret()]
  expect(one).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  expect(other).not.toBe(one)
})

test('what receivers are given verifies ours and the vector; nothing altered, old, early or of others', async () => {
  const verify = await documented()
  const { secret, id, at, body } = VECTOR
  const now = at.epochMilliseconds / 1000
  const headers = signedHeaders([secret], id, at, body)
  expect(verify(secret, headers, body, now)).toEqual({ test: 2432232314 })
  const refused: Parameters<Verify>[] = [
    [newWebhookSecret(), headers, body, now],
    [secret, headers, `${body} `, now],
    [secret, { ...headers, 'webhook-id': 'msg_other' }, body, now],
    [secret, { ...headers, 'webhook-timestamp': String(now + 1) }, body, now],
    [secret, { ...headers, 'webhook-timestamp': 'NaN' }, body, now],
    // The replay window: five minutes in either direction.
    [secret, headers, body, now + 301],
    [secret, headers, body, now - 301],
    [secret, { ...headers, 'webhook-signature': headers['webhook-signature'].replace('v1,', 'v2,') }, body, now],
    [secret, { ...headers, 'webhook-signature': 'v1,' }, body, now],
    [secret, {}, body, now],
  ]
  for (const given of refused) expect(() => verify(...given)).toThrow()
  expect(verify(secret, headers, body, now + 299)).toBeTruthy()
})

test('while a secret is changed there are two signatures, and either opens', async () => {
  const verify = await documented()
  const [fresh, former] = [newWebhookSecret(), newWebhookSecret()]
  const now = Temporal.Instant.from('2026-11-21T09:00:00Z')
  const headers = signedHeaders([fresh, former], 'msg_1', now, '{}')
  expect(headers['webhook-signature'].split(' ')).toHaveLength(2)
  for (const secret of [fresh, former]) expect(verify(secret, headers, '{}', now.epochMilliseconds / 1000)).toEqual({})
})
