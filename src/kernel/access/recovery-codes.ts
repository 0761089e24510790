import { randomInt } from 'node:crypto'
import { audit } from '../audit/audit.ts'
import type { Ctx } from '../context.ts'
import { tellOwner } from './notices.ts'
import { deriveKey, fingerprint } from './secrets.ts'
import { staffOf } from './sessions.ts'

const CODES = 10
// Digits are on every keyboard and the same in every alphabet. 12 of them: 40 bits, behind five attempts a quarter of an hour.
const DIGITS = 12

/** From how many codes left on a person is told to make new ones. */
export const FEW_CODES = 3

/** The digits of a recovery code as typed, with or without spaces and hyphens; null when it is none. */
export function recoveryDigits(typed: string): string | null {
  const digits = typed.replace(/[\s-]/g, '')
  return new RegExp(`^\\d{${DIGITS}}$`).test(digits) ? digits : null
}

/** How a code is stored: keyed, and for one account only. */
export const recoveryCodeHash = ({ platform }: Pick<Ctx, 'platform'>, user_id: string, digits: string): Buffer =>
  fingerprint(deriveKey(platform.config.HAMSAFAR_SECRET_KEY, 'recovery-code'), `${user_id}:${digits}`)

/** Ten new one-time codes instead of the former ones, as `1234 5678 9012`. Told once. Wants a fresh proof. */
export async function renewRecoveryCodes(ctx: Ctx): Promise<string[]> {
  const { user_id } = staffOf(ctx)
  const codes = Array.from({ length: CODES }, () =>
    Array.from({ length: DIGITS }, () => randomInt(10))
      .join('')
      .replace(/(\d{4})(?=\d)/g, '$1 '),
  )
  await ctx.db
    .updateTable('access.recovery_code')
    .set({ void_at: ctx.now })
    .where('user_id', '=', user_id)
    .where('void_at', 'is', null)
    .execute()
  await ctx.db
    .insertInto('access.recovery_code')
    .values(
      codes.map((code) => ({
        user_id,
        code_hash: recoveryCodeHash(ctx, user_id, code.replaceAll(' ', '')),
        created_at: ctx.now,
      })),
    )
    .execute()
  await audit(ctx, 'recovery.renew', { type: 'user', id: user_id })
  await tellOwner(ctx, user_id, 'recovery_made')
  return codes
}

/** How many of one's own codes are left, and since when there are any; null before the first were made. */
export async function ownRecoveryCodes(ctx: Ctx): Promise<{ left: number; made_at: Temporal.Instant } | null> {
  const codes = await ctx.db
    .selectFrom('access.recovery_code')
    .select(['created_at', 'used_at'])
    .where('user_id', '=', staffOf(ctx).user_id)
    .where('void_at', 'is', null)
    .execute()
  return codes[0]
    ? { left: codes.filter(({ used_at }) => used_at === null).length, made_at: codes[0].created_at }
    : null
}
