import { randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'

const SECONDS = 30
// One step to either side: telephones' clocks are a little off (RFC 6238, 5.2).
const WINDOW = 1

/** A new secret for an authenticator app: 160 bits, as RFC 4226 recommends. */
export const newTotpSecret = (): Buffer => randomBytes(20)

/** Which 30-second step a six-digit code belongs to, now or one step around; null when it is wrong. Spaces are ignored. */
export function matchCode(secret: Buffer, code: string, now: Temporal.Instant): bigint | null {
  const token = code.replace(/\s/g, '')
  if (!/^\d{6}$/.test(token)) return null
  const delta = totp(secret).validate({ token, timestamp: now.epochMilliseconds, window: WINDOW })
  return delta === null ? null : BigInt(Math.floor(now.epochMilliseconds / 1000 / SECONDS) + delta)
}

/** The code that an authenticator app shows now, and for how many seconds still. */
export function currentCode(secret: Buffer, now: Temporal.Instant): { code: string; seconds: number } {
  const timestamp = now.epochMilliseconds
  return { code: totp(secret).generate({ timestamp }), seconds: SECONDS - (Math.floor(timestamp / 1000) % SECONDS) }
}

/** The `otpauth://` address that an authenticator app reads, for one account. */
export const totpAddress = (secret: Buffer, email: string): string => totp(secret, email).toString()

const totp = (secret: Buffer, label = 'Hamsafar') =>
  new TOTP({
    issuer: 'Hamsafar',
    label,
    secret: new Secret({ buffer: new Uint8Array(secret).buffer }),
    digits: 6,
    period: SECONDS,
  })
