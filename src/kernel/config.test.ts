import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CannotStart } from './cannot-start.ts'
import { describeSettings, readConfig } from './config.ts'

const KEY = Buffer.alloc(32, 3).toString('base64')

test('nothing set: a demonstration on this machine', () => {
  const config = readConfig({ HOST: '' })
  expect(config).toMatchObject({ HOST: '127.0.0.1', PORT: 8080, demo: true, production: false, loopback: true })
  expect(config.origin).toBe('http://127.0.0.1:8080')
})

test('production has no demonstration, and asks for its secrets', () => {
  expect(() => readConfig({ NODE_ENV: 'production' })).toThrow(/without HAMSAFAR_SECRET_KEY/)
  expect(() => readConfig({ NODE_ENV: 'production', HAMSAFAR_SECRET_KEY: KEY, HAMSAFAR_DEMO: 'on' })).toThrow(
    'HAMSAFAR_DEMO must be off in production.',
  )
  const config = readConfig({ NODE_ENV: 'production', HAMSAFAR_SECRET_KEY: KEY, HOST: '0.0.0.0' })
  expect(config).toMatchObject({ demo: false, production: true, loopback: false, HAMSAFAR_LOG: 'info' })
})

test('a secret may come from a file, but not from both', () => {
  const file = join(tmpdir(), `hamsafar-key-${process.pid}`)
  writeFileSync(file, `${KEY}\n`)
  expect(readConfig({ HAMSAFAR_SECRET_KEY_FILE: file }).HAMSAFAR_SECRET_KEY).toBe(KEY)
  expect(() => readConfig({ HAMSAFAR_SECRET_KEY_FILE: file, HAMSAFAR_SECRET_KEY: KEY })).toThrow('are both set')
  expect(() => readConfig({ HAMSAFAR_SECRET_KEY_FILE: `${file}.no` })).toThrow(
    'The file of HAMSAFAR_SECRET_KEY_FILE cannot be read (ENOENT).',
  )
})

test.each(describeSettings({}).filter(({ meaning }) => meaning.endsWith('_FILE')))(
  '$name may come from a file, which the list does not show',
  ({ name }) => {
    const file = join(tmpdir(), `hamsafar-setting-${process.pid}`)
    const text = {
      DATABASE: 'postgresql://app:geheim@db/x',
      HAMSAFAR_SMTP: 'smtps://a:geheim@m',
      HAMSAFAR_SMS_URL: 'https://gateway.example/send?token=geheim',
      HAMSAFAR_SMS_HEADER: 'X-Api-Key: geheim',
      HAMSAFAR_SMS_BODY: 'apikey=geheim&to={to}&text={text}',
    }
    const value = Object.entries(text).find(([start]) => name.startsWith(start))?.[1] ?? KEY
    writeFileSync(file, `${value}\n`)
    const needed = { DATABASE_URL: text.DATABASE, HAMSAFAR_SMS_URL: text.HAMSAFAR_SMS_URL }
    const others = { ...needed, HAMSAFAR_MAIL_FROM: 'a@b.tj', [name]: undefined }
    const env = { ...(name === 'DATABASE_URL' ? {} : others), HAMSAFAR_MAIL_FROM: 'a@b.tj', [`${name}_FILE`]: file }
    expect(readConfig(env)).toHaveProperty(name, value)
    const described = describeSettings(env).find((one) => one.name === name)
    expect(described).toMatchObject({ value: '••••' })
  },
)

test('every address with a login and every secret may come from a file', () => {
  const names = describeSettings({})
    .filter(({ meaning }) => meaning.endsWith('_FILE'))
    .map(({ name }) => name)
  const private_ = describeSettings({})
    .map(({ name }) => name)
    .filter((name) => /KEY|SECRET|TOKEN|SMTP_URL|SMS_(URL|HEADER|BODY)|^DATABASE/.test(name))
  expect(names).toEqual(private_)
})

test.each([
  [{ PORT: '0' }, 'PORT must be'],
  [{ PORT: '65536' }, 'PORT must be'],
  [{ PORT: '80 80' }, 'PORT must be'],
  [{ NODE_ENV: 'prod' }, 'NODE_ENV must be'],
  [{ HOST: 'http://x' }, 'HOST must be'],
  [{ HAMSAFAR_ORIGIN: 'https://hamsafar.tj/' }, 'HAMSAFAR_ORIGIN must be'],
  [{ HAMSAFAR_SECRET_KEY: 'c2hvcnQ=' }, 'HAMSAFAR_SECRET_KEY must be'],
  [{ DATABASE_URL: 'mysql://x/y' }, 'DATABASE_URL must be'],
  [{ DATABASE_OWNER_URL: 'postgresql://x/y' }, 'DATABASE_OWNER_URL needs DATABASE_URL'],
  [{ HOST: '192.168.1.1' }, 'A demonstration is for this machine only: set HOST to 127.0.0.1 instead of 192.168.1.1'],
  [{ HAMSAFAR_ORIGIN: 'https://demo.hamsafar.tj' }, 'set HAMSAFAR_ORIGIN to a loopback address, or HAMSAFAR_DEMO=off.'],
  [{ HAMSAFAR_SECRET_KEY_BEFORE: 'c2hvcnQ=' }, 'HAMSAFAR_SECRET_KEY_BEFORE must be'],
  [{ HAMSAFAR_S3_BUCKET: 'Files' }, 'HAMSAFAR_S3_BUCKET must be'],
  [{ HAMSAFAR_S3_ENDPOINT: 's3.example.tj' }, 'HAMSAFAR_S3_ENDPOINT must be'],
  [{ HAMSAFAR_S3_BUCKET: 'files', HAMSAFAR_S3_ACCESS_KEY: 'a' }, 'HAMSAFAR_S3_BUCKET needs HAMSAFAR_S3_SECRET_KEY'],
  [{ HAMSAFAR_PROXY: 'on' }, 'A demonstration is for this machine only: set HAMSAFAR_PROXY=off, or HAMSAFAR_DEMO=off.'],
])('%o is refused', (env, sentence) => {
  expect(() => readConfig(env)).toThrow(CannotStart)
  expect(() => readConfig(env)).toThrow(sentence)
})

test('what is wrong is said once, and never of a value that could not be read', () => {
  expect(() => readConfig({ HOST: 'http://x' })).toThrow(/^HOST must be an IP address or a host name\.$/)
  expect(() => readConfig({ HAMSAFAR_PROXY: 'on', HOST: '10.0.0.1' })).toThrow(
    /^A demonstration is for this machine only: set HOST to 127\.0\.0\.1 instead of 10\.0\.0\.1 and HAMSAFAR_PROXY=off, or HAMSAFAR_DEMO=off\.$/,
  )
})

test.each(['http://localhost:9000', 'http://[::1]:9000', 'http://127.0.0.2:9000'])(
  'a demonstration may be reached at %s',
  (HAMSAFAR_ORIGIN) => {
    expect(readConfig({ HAMSAFAR_ORIGIN })).toMatchObject({ demo: true, origin: HAMSAFAR_ORIGIN })
    expect(() => readConfig({ HAMSAFAR_ORIGIN: `${HAMSAFAR_ORIGIN.split(':9')[0]}.evil.example` })).toThrow(CannotStart)
  },
)

test('a database on a socket, and an IPv6 address', () => {
  const socket = 'postgresql://owner@/hamsafar?host=%2Ftmp%2Fx'
  expect(readConfig({ DATABASE_URL: socket }).DATABASE_URL).toBe(socket)
  expect(readConfig({ HOST: '::1' })).toMatchObject({ loopback: true, origin: 'http://[::1]:8080' })
})

test('the list of settings shows no secret and no password', () => {
  const env = { HAMSAFAR_SECRET_KEY: KEY, DATABASE_URL: 'postgresql://app:geheim@db:5432/hamsafar', PORT: '9000' }
  const settings = Object.fromEntries(describeSettings(env).map(({ name, value }) => [name, value]))
  expect(settings).toMatchObject({ HAMSAFAR_SECRET_KEY: '••••', PORT: '9000', HOST: null })
  expect(settings.DATABASE_URL).toBe('postgresql://app:••••@db:5432/hamsafar')
  expect(JSON.stringify(describeSettings(env))).not.toMatch(/geheim|AwMD/)
})

test.each([
  ['postgresql://db:5432/hamsafar?user=app&password=geheim', 'postgresql://db:5432/hamsafar?user=app&password=••••'],
  ['postgresql://app@db/x?PassWord=geheim&sslmode=require', 'postgresql://app@db/x?PassWord=••••&sslmode=require'],
  ['postgresql://db/x?p%61ssword=geheim#a', 'postgresql://db/x?p%61ssword=••••#a'],
  ['postgresql://db/x?sslpassword=geheim@2:3', 'postgresql://db/x?sslpassword=••••'],
  ['postgresql://app:geh@eim@db/x', 'postgresql://app:••••@db/x'],
  ['postgresql://app:geh/eim?@db/x', 'postgresql://app:••••@db/x'],
  ['postgresql://me@corp:geheim@db/x', 'postgresql://me@corp:••••@db/x'],
  ['postgresql://app@[::1]:5432/x', 'postgresql://app@[::1]:5432/x'],
  ['postgresql://owner@/x?host=%2Ftmp%2Fy', 'postgresql://owner@/x?host=%2Ftmp%2Fy'],
])('the password of %s is not shown', (DATABASE_URL, shown) => {
  const found = describeSettings({ DATABASE_URL }).find(({ name }) => name === 'DATABASE_URL')
  expect(found?.value).toBe(shown)
})
