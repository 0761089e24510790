import { z } from 'zod'
import { isSmsTemplate } from './notifications/sms/template.ts'

/** One setting: an environment variable. */
export type Setting = {
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
/** What a secret key must be. */
export const secretKey = {
  must: '32 bytes in base64',
  schema: z.base64().refine((text) => Buffer.from(text, 'base64').length === 32),
  secret: 'all',
} as const
const onOff = z.enum(['on', 'off'])
const ownOrHttps = z
  .url({ protocol: /^https?$/ })
  .refine((url) => /^(https:|http:\/\/(127\.0\.0\.1|localhost)[:/])/.test(`${url}/`))
  .optional()

/** All settings by name, in the order in which they are listed. */
export const SETTINGS = {
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
    schema: ownOrHttps,
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
  HAMSAFAR_SMS_URL: {
    meaning: 'Gateway that text messages go out by: the address that takes a POST for each',
    must: 'an https address (http on this machine only)',
    schema: ownOrHttps,
    default: 'none: no text message is sent; a demonstration never sends any and shows them at /outbox',
    secret: 'all',
  },
  HAMSAFAR_SMS_HEADER: {
    meaning: 'Header that lets us in at that gateway',
    must: 'a header such as Authorization: Bearer TOKEN',
    schema: z
      .string()
      .regex(/^[A-Za-z0-9-]+: \S[\x20-\x7e]*$/)
      .optional(),
    secret: 'all',
  },
  HAMSAFAR_SMS_BODY: {
    meaning: 'What is posted, as JSON or as a form; {to} (+992…) or {digits}, {text}, {sender}, {key} are filled in',
    must: 'JSON or a form (a={to}&b={text}) that holds {text} and {to} or {digits}',
    schema: z.string().refine(isSmsTemplate).default('{"to":"{to}","text":"{text}","from":"{sender}","id":"{key}"}'),
    secret: 'all',
  },
  HAMSAFAR_SMS_SENDER: {
    meaning: 'Sender shown on the telephone; neutral, so that whoever sees it learns nothing',
    must: 'a number, or at most 11 Latin letters, digits and spaces',
    schema: z
      .string()
      .regex(/^(\+?\d{3,15}|[A-Za-z0-9][A-Za-z0-9 ]{0,10})$/)
      .default('Info'),
  },
  HAMSAFAR_SMS_TAKEN: {
    meaning: 'Text that the gateway answers only when it took a message; for gateways that answer 200 to errors too',
    must: 'a text',
    schema: z.string().optional(),
    default: 'none: 2xx means taken',
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

/** What is of no use without another. */
export const NEEDED: readonly (readonly [Name, Name])[] = [
  ['DATABASE_OWNER_URL', 'DATABASE_URL'],
  ['DATABASE_READ_URL', 'DATABASE_URL'],
  ['HAMSAFAR_S3_BUCKET', 'HAMSAFAR_S3_ACCESS_KEY'],
  ['HAMSAFAR_S3_BUCKET', 'HAMSAFAR_S3_SECRET_KEY'],
  ['HAMSAFAR_OIDC_ISSUER', 'HAMSAFAR_OIDC_CLIENT_ID'],
  ['HAMSAFAR_SMTP_URL', 'HAMSAFAR_MAIL_FROM'],
  ['HAMSAFAR_SMS_HEADER', 'HAMSAFAR_SMS_URL'],
]
