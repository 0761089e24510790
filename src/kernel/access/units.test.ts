import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeAgent } from './agent.ts'
import { hashPassword, NOBODYS_HASH, verifyPassword } from './passwords.ts'
import { returnPath } from './return-path.ts'
import { deriveKey, fingerprint, open, seal } from './secrets.ts'
import { currentCode, matchCode, newTotpSecret, totpAddress } from './totp.ts'

describe('passwords', () => {
  test('the right one is recognised, another not, and no two hashes are alike', async () => {
    const hash = await hashPassword('Дарёи Вахш 1957')
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await verifyPassword('Дарёи Вахш 1957', hash)).toBe(true)
    expect(await verifyPassword('Дарёи Вахш 1958', hash)).toBe(false)
    expect(await hashPassword('Дарёи Вахш 1957')).not.toBe(hash)
  })

  test('letters put together in another way are the same password', async () => {
    expect(await verifyPassword('и\u0304кор', await hashPassword('\u04E3кор'))).toBe(true)
  })

  test('the hash for nobody is a real one that no password has', async () => {
    expect(await verifyPassword('', NOBODYS_HASH)).toBe(false)
    expect(await verifyPassword('x', 'plain')).toBe(false)
    const started = performance.now()
    await verifyPassword('x', NOBODYS_HASH)
    expect(performance.now() - started).toBeGreaterThan(5)
  })
})

describe('codes', () => {
  const now = Temporal.Instant.from('2026-11-21T09:00:10Z')

  test('RFC 6238, appendix B (SHA-1, the last six digits)', () => {
    const secret = Buffer.from('12345678901234567890')
    expect(currentCode(secret, Temporal.Instant.fromEpochMilliseconds(59_000)).code).toBe('287082')
    expect(currentCode(secret, Temporal.Instant.fromEpochMilliseconds(1_111_111_109_000)).code).toBe('081804')
  })

  test('a code counts in its step and one around it', () => {
    const secret = newTotpSecret()
    const { code, seconds } = currentCode(secret, now)
    const step = BigInt(Math.floor(now.epochMilliseconds / 30_000))
    expect(seconds).toBe(20)
    for (const away of [-30, 0, 30]) expect(matchCode(secret, code, now.add({ seconds: away }))).toBe(step)
    for (const away of [-60, 60]) expect(matchCode(secret, code, now.add({ seconds: away }))).toBeNull()
    expect(matchCode(secret, `${code.slice(0, 3)} ${code.slice(3)}`, now)).toBe(step)
    expect(matchCode(secret, '', now)).toBeNull()
  })

  test('the address for an authenticator app names issuer and account', () => {
    expect(totpAddress(newTotpSecret(), 'a@example.tj')).toMatch(
      /^otpauth:\/\/totp\/Hamsafar:a%40example.tj\?issuer=Hamsafar&secret=[A-Z2-7]{32}&/,
    )
  })
})

describe('secrets', () => {
  const key = deriveKey('a secret of the installation', 'totp')

  test('what was sealed opens for its owner only, and unaltered only', () => {
    const sealed = seal(key, Buffer.from('value'), 'table.column 1')
    expect(open(key, sealed, 'table.column 1').toString()).toBe('value')
    expect(() => open(key, sealed, 'table.column 2')).toThrow()
    expect(() => open(deriveKey('a secret of the installation', 'other'), sealed, 'table.column 1')).toThrow()
    for (const at of [0, 1, 14, sealed.length - 1]) {
      const altered = Buffer.from(sealed)
      altered[at]! ^= 1
      expect(() => open(key, altered, 'table.column 1')).toThrow()
    }
  })

  test('fingerprints tell texts and keys apart', () => {
    expect(fingerprint(key, 'a')).toEqual(fingerprint(key, 'a'))
    expect(fingerprint(key, 'a')).not.toEqual(fingerprint(key, 'b'))
    expect(fingerprint(key, 'a')).not.toEqual(fingerprint(deriveKey('b', 'totp'), 'a'))
  })
})

describe('where to go after signing in', () => {
  test.each(['/tg/work', '/ru/work/audit?action=session.open&day=2026-11-21', '/en/work/vacancies/review/0192'])(
    '%s is a page of the workspace',
    (path) => {
      expect(returnPath(path, '/')).toBe(path)
    },
  )

  test.each([
    '//evil.example/tg/work',
    'https://evil.example/tg/work',
    '/tg/workshop',
    '/tg/work/../../sign-out',
    '/tg/work//evil.example',
    '/tg/work\\evil',
    '/tg/work\n',
    '/tg/work/./x',
    '/uz/work',
    '/tg/vacancies',
    'tg/work',
    '',
    null,
    `/tg/work/${'x'.repeat(600)}`,
  ])('%s is not', (path) => {
    expect(returnPath(path, '/fallback')).toBe('/fallback')
  })

  test('whatever is asked for, a browser stays on this site', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((tail) => `/tg/work/${tail}`),
          fc.webUrl(),
        ),
        (asked) => {
          const url = new URL(returnPath(asked, '/tg/work'), 'https://hamsafar.example')
          return url.origin === 'https://hamsafar.example' && /^\/(tg|ru|en)\/work(\/|$)/.test(url.pathname)
        },
      ),
      { numRuns: 2_000 },
    )
  })
})

test('a browser is shortened to what its owner knows it by', () => {
  expect(
    describeAgent(
      'Mozilla/5.0 (Linux; Android 14; SM-A055F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36',
    ),
  ).toBe('Chrome, Android')
  expect(describeAgent('Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0')).toBe(
    'Firefox, Windows',
  )
  expect(describeAgent('curl/8.9')).toBeNull()
  expect(describeAgent(undefined)).toBeNull()
})
