import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import { CannotStart } from './cannot-start.ts'
import { NEEDED, SETTINGS, type Setting, secretKey } from './settings.ts'
import { withoutPasswords } from './without-passwords.ts'

type Name = keyof typeof SETTINGS
type Values = { [N in Name]: z.output<(typeof SETTINGS)[N]['schema']> }
type Environment = Record<string, string | undefined>

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
