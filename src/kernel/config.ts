import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { CannotStart } from './cannot-start.ts'
import { withoutPasswords } from './without-passwords.ts'

type Setting = {
  meaning: string
  /** What a value must be, to end the sentence "NAME must be …". */
  must: string
  schema: z.ZodType<unknown, string | undefined>
  /** The default in words, where it is not simply a value, or none. */
  default?: string
  /** Never shown, or never the password in it; may also come from the file named by NAME_FILE. */
  secret?: 'all' | 'password'
}

// Not an URL by the letter when it names a socket: postgresql://user@/database?host=/folder
const postgresUrl = {
  must: 'an address such as postgresql://user:password@host:5432/database',
  schema: z
    .string()
    .regex(/^postgres(ql)?:\/\/\S+$/)
    .optional(),
  secret: 'password',
} as const
const secretKey = {
  must: '32 bytes in base64',
  schema: z.base64().refine((text) => Buffer.from(text, 'base64').length === 32),
  secret: 'all',
} as const
const onOff = z.enum(['on', 'off'])

const SETTINGS = {
  NODE_ENV: {
    meaning: 'production: no demonstration data, secrets required',
    must: 'production, development or test',
    schema: z.enum(['production', 'development', 'test']).default('development'),
  },
  HOST: {
    meaning: 'Network address to listen on',
    must: 'an IP address or a host name',
    schema: z.union([z.ipv4(), z.ipv6(), z.hostname()]).default('127.0.0.1'),
  },
  PORT: {
    meaning: 'Port to listen on',
    must: 'a whole number from 1 to 65535',
    schema: z.string().regex(/^\d+$/).default('8080').transform(Number).pipe(z.int().min(1).max(65_535)),
  },
  HAMSAFAR_DATA: {
    meaning: 'Folder of the embedded database and of uploaded files',
    must: 'a folder',
    schema: z.string().default('./.data'),
  },
  HAMSAFAR_ORIGIN: {
    meaning: 'Address at which people reach this installation; forms from elsewhere are refused',
    must: 'an address without a path, such as https://hamsafar.tj',
    schema: z
      .url({ protocol: /^https?$/ })
      .refine((url) => URL.parse(url)?.origin === url)
      .optional(),
    default: 'http://HOST:PORT',
  },
  DATABASE_URL: {
    meaning: "The app's login on a PostgreSQL 15 or newer, instead of the embedded one",
    ...postgresUrl,
    default: 'the embedded PostgreSQL',
  },
  DATABASE_OWNER_URL: {
    meaning: 'The login that owns that database: for migrations, jobs and the command line',
    ...postgresUrl,
    default: 'DATABASE_URL; production needs its own',
  },
  DATABASE_READ_URL: {
    meaning: "The app's login on a read replica of that database, for public pages",
    ...postgresUrl,
    default: 'DATABASE_URL',
  },
  HAMSAFAR_DEMO: {
    meaning: 'Whether a new database becomes a demonstration, with invented data and known sign-ins',
    must: 'on or off',
    schema: onOff.optional(),
    default: 'on, in production off',
  },
  HAMSAFAR_PROXY: {
    meaning: 'Whether a proxy in front tells the callers’ addresses (X-Forwarded-For)',
    must: 'on or off',
    schema: onOff.default('off').transform((value) => value === 'on'),
    default: 'off',
  },
  HAMSAFAR_LOG: {
    meaning: 'How much is written to the log',
    must: 'silent, error, warn, info or debug',
    schema: z.enum(['silent', 'error', 'warn', 'info', 'debug']).optional(),
    default: 'warn, in production info',
  },
  HAMSAFAR_SECRET_KEY: {
    meaning: 'Encrypts what must stay secret in the database: 32 random bytes (openssl rand -base64 32)',
    ...secretKey,
    schema: secretKey.schema.default(''),
    default: 'made once and kept in HAMSAFAR_DATA; production needs its own',
  },
  HAMSAFAR_OIDC_ISSUER: {
    meaning: 'An outside sign-in service (OpenID Connect) that vouches for staff who have an account here',
    must: 'an https address (http on this machine only)',
    schema: z
      .url({ protocol: /^https?$/ })
      .refine((url) => /^(https:|http:\/\/(127\.0\.0\.1|localhost)[:/])/.test(`${url}/`))
      .optional(),
    default: 'none: staff sign in here',
  },
  HAMSAFAR_OIDC_CLIENT_ID: {
    meaning:
      'Under which name that service knows this installation; it leads back to ORIGIN/tg/sign-in/provider/return',
    must: 'a text',
    schema: z.string().optional(),
  },
  HAMSAFAR_OIDC_CLIENT_SECRET: {
    meaning: "This installation's secret at that service",
    must: 'a text',
    schema: z.string().optional(),
    secret: 'all',
  },
  HAMSAFAR_SMTP_URL: {
    meaning: 'Mail server that notifications go out by, with its login',
    must: 'an address such as smtps://user:password@mail.example:465',
    schema: z
      .string()
      .regex(/^smtps?:\/\/\S+$/)
      .optional(),
    default: 'none: no mail is sent; a demonstration shows it at /outbox',
    secret: 'all',
  },
  HAMSAFAR_MAIL_FROM: {
    meaning: 'Sender of that mail',
    must: 'an e-mail address',
    schema: z.email().optional(),
  },
  HAMSAFAR_METRICS_TOKEN: {
    meaning: 'Token for /metrics; without it only this machine may read them',
    must: 'at least 16 characters',
    schema: z.string().min(16).optional(),
    secret: 'all',
  },
  HAMSAFAR_SECRET_KEY_BEFORE: {
    meaning: 'The secret key before the present one, until "hamsafar secret-key move" has given all over',
    ...secretKey,
    schema: secretKey.schema.optional(),
  },
  HAMSAFAR_S3_BUCKET: {
    meaning: 'Bucket of an S3-compatible service for uploaded files, instead of a folder in HAMSAFAR_DATA',
    must: 'the name of a bucket',
    schema: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
      .optional(),
    default: 'none: files lie in HAMSAFAR_DATA/files',
  },
  HAMSAFAR_S3_ENDPOINT: {
    meaning: 'Address of that service',
    must: 'an address such as https://s3.example.tj',
    schema: z.url({ protocol: /^https?$/ }).optional(),
    default: 'Amazon S3',
  },
  HAMSAFAR_S3_REGION: {
    meaning: 'Region of the bucket',
    must: 'the name of a region',
    schema: z
      .string()
      .regex(/^[a-z0-9-]+$/)
      .default('us-east-1'),
  },
  HAMSAFAR_S3_ACCESS_KEY: {
    meaning: 'Access key for the bucket',
    must: 'an access key',
    schema: z.string().regex(/^\S+$/).optional(),
    secret: 'all',
  },
  HAMSAFAR_S3_SECRET_KEY: {
    meaning: 'Secret to that access key',
    must: 'a secret key',
    schema: z.string().regex(/^\S+$/).optional(),
    secret: 'all',
  },
} satisfies Record<string, Setting>

type Name = keyof typeof SETTINGS
type Values = { [N in Name]: z.output<(typeof SETTINGS)[N]['schema']> }
type Environment = Record<string, string | undefined>

/** What is of no use without another. */
const NEEDED: readonly (readonly [Name, Name])[] = [
  ['DATABASE_OWNER_URL', 'DATABASE_URL'],
  ['DATABASE_READ_URL', 'DATABASE_URL'],
  ['HAMSAFAR_S3_BUCKET', 'HAMSAFAR_S3_ACCESS_KEY'],
  ['HAMSAFAR_S3_BUCKET', 'HAMSAFAR_S3_SECRET_KEY'],
  ['HAMSAFAR_OIDC_ISSUER', 'HAMSAFAR_OIDC_CLIENT_ID'],
  ['HAMSAFAR_SMTP_URL', 'HAMSAFAR_MAIL_FROM'],
]

/** All settings, checked. HAMSAFAR_SECRET_KEY is empty outside production when none is given: see `localSecretKey`. */
export type Config = Omit<Values, 'HAMSAFAR_DEMO' | 'HAMSAFAR_LOG'> & {
  HAMSAFAR_LOG: NonNullable<Values['HAMSAFAR_LOG']>
  production: boolean
  /** Whether a new database is to become a demonstration. */
  demo: boolean
  /** Public address, without a slash at its end. */
  origin: string
  /** Whether HOST can be reached from this machine only. */
  loopback: boolean
}

/**
 * Reads the settings from environment variables; an empty one counts as not set.
 * @throws CannotStart naming every bad or missing setting in one sentence.
 */
export function readConfig(env: Environment): Config {
  const complaints: string[] = []
  const values: Record<string, unknown> = {}
  for (const [name, setting] of Object.entries<Setting>(SETTINGS)) {
    try {
      const result = setting.schema.safeParse(given(name, setting, env))
      if (result.success) values[name] = result.data
      else complaints.push(`${name} must be ${setting.must}`)
    } catch (error) {
      complaints.push((error as Error).message)
    }
  }
  const v = values as Values
  const production = v.NODE_ENV === 'production'
  if (production) complaints.push(...missingInProduction(v))
  const loopback = isLoopback(v.HOST)
  const demo = v.HAMSAFAR_DEMO ? v.HAMSAFAR_DEMO === 'on' : !production
  if (production && demo) complaints.push('HAMSAFAR_DEMO must be off in production')
  const open = demo && !production ? openDoors(v) : []
  if (open.length > 0)
    complaints.push(`a demonstration is for this machine only: set ${open.join(' and ')}, or HAMSAFAR_DEMO=off`)
  for (const [name, needed] of NEEDED) {
    if (v[name] && !v[needed]) complaints.push(`${name} needs ${needed} beside it`)
  }
  if (complaints.length > 0) throw new CannotStart(`${sentence(complaints)}.`)

  const origin =
    v.HAMSAFAR_ORIGIN ?? `http://${/^(0\.0\.0\.0|::)$/.test(v.HOST) ? '127.0.0.1' : bracketed(v.HOST)}:${v.PORT}`
  return { ...v, HAMSAFAR_LOG: v.HAMSAFAR_LOG ?? (production ? 'info' : 'warn'), production, demo, origin, loopback }
}

/** Every setting with its meaning, default and present value (null when not set); secrets and passwords masked. */
export function describeSettings(env: Environment) {
  return Object.entries<Setting>(SETTINGS).map(([name, { meaning, secret, schema, default: standard }]) => ({
    name,
    meaning: secret ? `${meaning}; or ${name}_FILE` : meaning,
    default: standard ?? String(schema.parse(undefined) ?? 'none'),
    value: shown(secret, env[name], secret && env[`${name}_FILE`]),
  }))
}

function shown(secret: Setting['secret'], value: string | undefined, file: string | undefined): string | null {
  if (!value) return file ? '••••' : null
  return secret === 'all' ? '••••' : withoutPasswords(value)
}

function given(name: string, { secret }: Setting, env: Environment): string | undefined {
  const file = secret && env[`${name}_FILE`]
  if (!file) return env[name] || undefined
  if (env[name]) throw new Error(`${name} and ${name}_FILE are both set`)
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new Error(`the file of ${name}_FILE cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}

function missingInProduction({ HAMSAFAR_SECRET_KEY, DATABASE_URL, DATABASE_OWNER_URL }: Values): string[] {
  const missing: string[] = []
  if (HAMSAFAR_SECRET_KEY === '') missing.push(`HAMSAFAR_SECRET_KEY (${secretKey.must})`)
  if (DATABASE_URL && !DATABASE_OWNER_URL) missing.push('DATABASE_OWNER_URL (the app must not own its tables)')
  return missing.length > 0 ? [`production does not start without ${missing.join(' and ')}`] : []
}

const isLoopback = (host = '') => /^(127(\.\d+){3}|\[?::1\]?|localhost)$/.test(host)

/** What would let others than this machine reach a demonstration with its known sign-ins, as what to set instead. */
export function openDoors({
  HOST,
  HAMSAFAR_ORIGIN,
  HAMSAFAR_PROXY,
}: Partial<Pick<Values, 'HOST' | 'HAMSAFAR_ORIGIN' | 'HAMSAFAR_PROXY'>>): string[] {
  const doors: string[] = []
  if (HOST && !isLoopback(HOST)) doors.push(`HOST to 127.0.0.1 instead of ${HOST}`)
  if (HAMSAFAR_ORIGIN && !isLoopback(new URL(HAMSAFAR_ORIGIN).hostname))
    doors.push('HAMSAFAR_ORIGIN to a loopback address')
  if (HAMSAFAR_PROXY) doors.push('HAMSAFAR_PROXY=off')
  return doors
}

const bracketed = (host: string) => (host.includes(':') ? `[${host}]` : host)

const sentence = ([first = '', ...rest]: string[]) =>
  [first.replace(/^[a-z]/, (letter) => letter.toUpperCase()), ...rest].join('; ')
