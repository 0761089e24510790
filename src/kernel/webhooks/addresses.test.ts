import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { isPublic, mayStayHere, readAddress } from './addresses.ts'
import { type CallOptions, call } from './call.ts'

describe('an address that calls may go to', () => {
  test.each([
    'https://hooks.example.tj/a?b=c',
    'https://8.8.8.8/',
    'https://[2a00:1450:4010::8b]/',
    'https://xn--80ak6aa.xn--p1ai:8443/',
  ])('%s', (address) => expect(readAddress(address, false)).not.toBeNull())

  test.each([
    // Not https, or no address at all.
    ...['http://hooks.example.tj/', 'ftp://hooks.example.tj/', 'file:///etc/passwd', 'javascript:1', '/work', 'x', ''],
    // A login, a fragment.
    ...['https://a:b@hooks.example.tj/', 'https://a@hooks.example.tj/', 'https://hooks.example.tj/#x'],
    // This machine and its neighbours, in all the spellings of an address.
    ...['https://localhost/', 'https://router/', 'https://127.0.0.1/', 'https://127.1/', 'https://2130706433/'],
    ...['https://0x7f000001/', 'https://0177.0.0.1/', 'https://[::1]/', 'https://[::]/', 'https://0.0.0.0/'],
    ...[
      'https://10.0.0.1/',
      'https://172.16.0.1/',
      'https://192.168.1.1/',
      'https://100.64.0.1/',
      'https://169.254.1.1/',
    ],
    ...[
      'https://[fc00::1]/',
      'https://[fe80::1]/',
      'https://[fec0::1]/',
      'https://224.0.0.1/',
      'https://255.255.255.255/',
    ],
    // Metadata services, and IPv4 in the clothes of IPv6.
    ...[
      'https://169.254.169.254/latest/meta-data/',
      'https://[fd00:ec2::254]/',
      'https://100.100.100.200/',
      'https://168.63.129.16/',
    ],
    ...[
      'https://[::ffff:169.254.169.254]/',
      'https://[::ffff:a9fe:a9fe]/',
      'https://[64:ff9b::a9fe:a9fe]/',
      'https://[2002:a9fe:a9fe::]/',
    ],
    ...['https://[2001:0:a9fe:a9fe::]/', 'https://[::169.254.169.254]/'],
  ])('is not %s', (address) => expect(readAddress(address, false)).toBeNull())

  test('where one tries things out also this machine, and nothing else more', () => {
    for (const address of ['http://127.0.0.1:9000/', 'http://localhost:9000/', 'https://[::1]/'])
      expect(readAddress(address, true)).not.toBeNull()
    for (const address of ['https://10.0.0.1/', 'http://169.254.169.254/', 'https://router/', 'http://0.0.0.0/'])
      expect(readAddress(address, true)).toBeNull()
    expect(mayStayHere({ production: true, loopback: true })).toBe(false)
    expect(mayStayHere({ production: false, loopback: false })).toBe(false)
  })

  test('what is no IP address is not public', () => {
    for (const text of ['', 'localhost', '1.2.3', 'fe80::1%eth0', '2a00::1%1']) expect(isPublic(text)).toBe(false)
  })
})

describe('a call', () => {
  let port: number
  let asked: string[] = []
  let answer: (response: ServerResponse) => void
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.headers.host}${request.url}`)
    answer(response)
  })
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  beforeEach(() => {
    asked = []
    answer = (response) => void response.writeHead(204).end()
  })

  const here = { address: '127.0.0.1', family: 4 }
  const to = (address: string, options: Partial<CallOptions> = {}) =>
    call(address, { body: '{}', headers: {}, local: true, signal: new AbortController().signal, ...options })
  const forbidden = { kind: 'silent', why: 'forbidden_address' }

  test('goes to the address that was looked at, under its name, and asks for the name once', async () => {
    // Another answer next time, as when somebody lets the name point elsewhere in between (DNS rebinding).
    const resolve = vi
      .fn()
      .mockResolvedValueOnce([here])
      .mockResolvedValue([{ address: '169.254.169.254', family: 4 }])
    expect(await to(`http://hooks.nowhere.test:${port}/in`, { resolve })).toEqual({
      kind: 'answered',
      status: 204,
      seconds: 0,
    })
    expect(asked).toEqual([`POST hooks.nowhere.test:${port}/in`])
    expect(resolve).toHaveBeenCalledTimes(1)
    expect(await to(`http://hooks.nowhere.test:${port}/in`, { resolve })).toEqual(forbidden)
    expect(asked).toHaveLength(1)
  })

  test.each([
    ['a private address', [{ address: '10.1.2.3', family: 4 }]],
    ['metadata', [{ address: '169.254.169.254', family: 4 }]],
    ['metadata by IPv6', [{ address: 'fd00:ec2::254', family: 6 }]],
    ['IPv4 in IPv6', [{ address: '::ffff:127.0.0.1', family: 6 }]],
    [
      'one public, one private',
      [
        { address: '8.8.8.8', family: 4 },
        { address: '192.168.0.1', family: 4 },
      ],
    ],
    ['this machine', [here]],
  ])('of a name that resolves to %s is not made', async (_, found) => {
    const answers = await to(`https://hooks.nowhere.test:${port}/`, { resolve: async () => found, local: false })
    expect(answers).toEqual(forbidden)
    expect(asked).toEqual([])
  })

  test('does not follow redirects', async () => {
    answer = (response) => void response.writeHead(307, { location: `http://127.0.0.1:${port}/admin` }).end()
    expect(await to(`http://127.0.0.1:${port}/in`)).toMatchObject({ kind: 'answered', status: 307 })
    expect(asked).toEqual([`POST 127.0.0.1:${port}/in`])
  })

  test('reads the status and nothing more', async () => {
    let ended = false
    answer = (response) => {
      response.writeHead(200)
      const more = setInterval(() => response.write('x'.repeat(1_000_000)), 1)
      response.on('close', () => {
        clearInterval(more)
        ended = true
      })
    }
    expect(await to(`http://127.0.0.1:${port}/`)).toMatchObject({ status: 200 })
    await vi.waitFor(() => expect(ended).toBe(true))
  })

  test('says why there is no answer', async () => {
    answer = () => {}
    expect(await to(`http://127.0.0.1:${port}/`, { patience: 200 })).toEqual({
      kind: 'silent',
      why: 'no_answer_in_time',
    })
    const never = { resolve: () => new Promise<never>(() => {}), patience: 200 }
    expect(await to('https://hooks.nowhere.test/', never)).toEqual({ kind: 'silent', why: 'no_answer_in_time' })
    const unknown = async () => {
      throw new Error('ENOTFOUND')
    }
    expect(await to('https://hooks.nowhere.test/', { resolve: unknown })).toEqual({
      kind: 'silent',
      why: 'unknown_name',
    })
    // Speaks no TLS, so nobody vouches for it.
    expect(await to(`https://127.0.0.1:${port}/`)).toEqual({ kind: 'silent', why: 'no_answer' })
    answer = (response) => void response.destroy()
    expect(await to(`http://127.0.0.1:${port}/`)).toEqual({ kind: 'silent', why: 'no_answer' })
  })

  test('hears how long to wait', async () => {
    answer = (response) => void response.writeHead(503, { 'retry-after': '120' }).end()
    expect(await to(`http://127.0.0.1:${port}/`)).toEqual({ kind: 'answered', status: 503, seconds: 120 })
    const soon = new Date(Date.now() + 60_000).toUTCString()
    answer = (response) => void response.writeHead(429, { 'retry-after': soon }).end()
    const called = await to(`http://127.0.0.1:${port}/`)
    expect(called.kind === 'answered' && called.seconds).toBeGreaterThan(50)
  })
})
