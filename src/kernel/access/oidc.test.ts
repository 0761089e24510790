import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ORIGIN, type TestApp, testApp } from '../../../test/app.ts'
import { readConfig } from '../config.ts'

/** What the provider says next about whoever comes, and how it misbehaves. */
let says: { email?: string; email_verified?: boolean; nonce?: string; audience?: string; issuer?: string }
let site: TestApp
let provider: Awaited<ReturnType<typeof startProvider>>
let email: string

beforeAll(async () => {
  site = await testApp({ now: () => Temporal.Now.instant() })
  provider = await startProvider()
  Object.assign(site.platform.config, {
    HAMSAFAR_OIDC_ISSUER: provider.issuer,
    HAMSAFAR_OIDC_CLIENT_ID: 'hamsafar',
    HAMSAFAR_OIDC_CLIENT_SECRET: 'the secret',
  })
  const { user_id } = await site.actor('auditor')
  ;({ email } = await site.owner
    .selectFrom('access.user_account')
    .select('email')
    .where('id', '=', user_id)
    .executeTakeFirstOrThrow())
  await site.owner
    .updateTable('access.membership')
    .set({ since: Temporal.Instant.from('2026-01-01T00:00Z') })
    .execute()
})
afterAll(async () => {
  await provider.stop()
  await site.drop()
})
beforeEach(() => {
  says = { email, email_verified: true }
})

/** A provider of one's own on this machine: discovery, keys, authorisation and token endpoint, with PKCE checked. */
async function startProvider() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const codes = new Map<string, { nonce: string; challenge: string; redirect: string }>()
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const json = (response: ServerResponse, body: object, status = 200) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url!, issuer)
    if (url.pathname === '/.well-known/openid-configuration')
      return json(response, {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      })
    if (url.pathname === '/jwks')
      return json(response, { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'RS256', use: 'sig' }] })
    if (url.pathname === '/authorize') {
      const asked = url.searchParams
      expect(asked.get('code_challenge_method')).toBe('S256')
      expect(asked.get('client_id')).toBe('hamsafar')
      const code = randomUUID()
      const redirect = asked.get('redirect_uri')!
      codes.set(code, { nonce: asked.get('nonce')!, challenge: asked.get('code_challenge')!, redirect })
      const back = new URL(redirect)
      back.search = new URLSearchParams({ code, state: asked.get('state')! }).toString()
      return response.writeHead(302, { location: back.href }).end()
    }
    const body: Buffer[] = []
    for await (const chunk of request) body.push(chunk as Buffer)
    const form = new URLSearchParams(Buffer.concat(body).toString())
    const known = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const verified = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const credentials = `${form.get('client_id')}:${form.get('client_secret')}`
    if (!known || known.challenge !== verified || known.redirect !== form.get('redirect_uri'))
      return json(response, { error: 'invalid_grant' }, 400)
    if (credentials !== 'hamsafar:the secret') return json(response, { error: 'invalid_client' }, 401)
    const { nonce = known.nonce, audience: aud = 'hamsafar', issuer: iss = issuer, ...claims } = says
    const now = Math.floor(Date.now() / 1000)
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const head = part({ alg: 'RS256', kid: 'k' })
    const content = `${head}.${part({ iss, aud, sub: 'them', iat: now, exp: now + 60, nonce, ...claims })}`
    const id_token = `${content}.${sign('sha256', Buffer.from(content), privateKey).toString('base64url')}`
    return json(response, { access_token: 'x', token_type: 'Bearer', id_token })
  }
  const stop = () => new Promise((done) => server.close(done))
  return { issuer, stop }
}

const cookies = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0]!)
    .join('; ')

/** The way a browser goes: begin, to the provider, back. */
async function goThrough(path = '/ru/sign-in/provider?return=%2Fru%2Fwork%2Faudit') {
  const begun = await site.ask(path)
  expect(begun.status).toBe(303)
  const there = await fetch(begun.headers.get('location')!, { redirect: 'manual' })
  const back = there.headers.get('location')!
  expect(back.startsWith(`${ORIGIN}/tg/sign-in/provider/return?`)).toBe(true)
  const cookie = cookies(begun)
  return {
    back: back.slice(ORIGIN.length),
    cookie,
    end: () => site.ask(back.slice(ORIGIN.length), { headers: { cookie } }),
  }
}
const refusedTo = (response: Response) => {
  expect(response.status).toBe(303)
  expect(cookies(response)).not.toMatch(/hamsafar=[\w-]{43}/)
  return response.headers.get('location')
}

describe('an outside sign-in service', () => {
  test('is off unless configured', async () => {
    const { HAMSAFAR_OIDC_ISSUER } = site.platform.config
    Object.assign(site.platform.config, { HAMSAFAR_OIDC_ISSUER: undefined })
    expect((await site.ask('/en/sign-in/provider')).status).toBe(404)
    expect(await (await site.ask('/en/sign-in')).text()).not.toContain('/sign-in/provider')
    Object.assign(site.platform.config, { HAMSAFAR_OIDC_ISSUER })
    expect(await (await site.ask('/en/sign-in')).text()).toContain('/en/sign-in/provider')
  })

  test('opens the account with the address it vouches for, in the language of the account', async () => {
    const { end } = await goThrough()
    const entered = await end()
    expect(entered.headers.get('location')).toBe('/en/work/audit')
    const cookie = cookies(entered)
    expect((await site.ask('/en/work/audit', { headers: { cookie } })).status).toBe(200)
    // Its word is no fresh proof.
    const dangerous = await site.ask('/en/work/account/password', { headers: { cookie } })
    expect(dangerous.headers.get('location')).toMatch(/^\/en\/work\/step-up\?return=/)
  })

  test.each([
    ['does not know the address', () => ({ email: 'nobody@elsewhere.tj' })],
    ['has not verified it', () => ({ email_verified: false })],
    ['says nothing on verification', () => ({ email_verified: undefined })],
    ['answers with another nonce', () => ({ nonce: 'another' })],
    ['speaks to another client', () => ({ audience: 'another' })],
    ['is another issuer', () => ({ issuer: 'https://another.example' })],
  ])('opens nothing when it %s', async (_, change) => {
    Object.assign(says, change())
    expect(refusedTo(await (await goThrough()).end())).toBe('/ru/sign-in?provider=refused')
  })

  test('opens nothing in a browser that did not begin, with another state, or twice', async () => {
    const { back, cookie, end } = await goThrough()
    expect(refusedTo(await site.ask(back))).toBe('/tg/sign-in?provider=refused')
    const state = back.replace(/state=[^&]+/, 'state=another')
    expect(refusedTo(await site.ask(state, { headers: { cookie } }))).toBe('/ru/sign-in?provider=refused')
    expect((await end()).headers.get('location')).toBe('/en/work/audit')
    expect(refusedTo(await end())).toBe('/ru/sign-in?provider=refused')
  })

  test('opens no locked account', async () => {
    const locked = site.owner.updateTable('access.user_account').where('email', '=', email)
    await locked.set({ state: 'locked' }).execute()
    expect(refusedTo(await (await goThrough()).end())).toBe('/ru/sign-in?provider=refused')
    await locked.set({ state: 'active' }).execute()
  })

  test('that is away leaves the way by password', async () => {
    const { HAMSAFAR_OIDC_ISSUER } = site.platform.config
    Object.assign(site.platform.config, { HAMSAFAR_OIDC_ISSUER: 'http://127.0.0.1:9' })
    const response = await site.ask('/en/sign-in/provider')
    expect(response.status).toBe(503)
    expect(await response.text()).toContain('Use your password and code')
    Object.assign(site.platform.config, { HAMSAFAR_OIDC_ISSUER })
  })
})

test('the settings: https, or this machine; never without a name', () => {
  const read = (env: Record<string, string>) => readConfig(env)
  expect(() => read({ HAMSAFAR_OIDC_ISSUER: 'https://id.example' })).toThrow('HAMSAFAR_OIDC_CLIENT_ID')
  expect(() => read({ HAMSAFAR_OIDC_ISSUER: 'http://id.example', HAMSAFAR_OIDC_CLIENT_ID: 'x' })).toThrow('https')
  expect(() => read({ HAMSAFAR_OIDC_ISSUER: 'http://127.0.0.1.evil.example', HAMSAFAR_OIDC_CLIENT_ID: 'x' })).toThrow()
  expect(read({ HAMSAFAR_OIDC_ISSUER: 'https://id.example', HAMSAFAR_OIDC_CLIENT_ID: 'x' }).HAMSAFAR_OIDC_ISSUER).toBe(
    'https://id.example',
  )
})
