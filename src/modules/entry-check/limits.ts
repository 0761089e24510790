import { randomBytes } from 'node:crypto'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { takeAttempts } from '#kernel/my-case/pins.ts'
import { problem } from '#kernel/problem.ts'
import { pseudonym } from './facts.ts'

// A village shares one network address, and an operator's telephones many; one telephone does not ask all day. The numbers stand in
// docs/privacy.md, too.
const PER_DAY = {
  ask: { network: 300, browser: 40, device: 20 },
  code: { network: 120, browser: 40, device: 20 },
} as const
const WRONG_PINS = 100
/** Every limit of the entry check is counted over so long. */
export const DAY = { hours: 24 }

type Limits = readonly (readonly [key: Buffer, most: number])[]

/**
 * Counts a question, or a wish for a code, of this network and telephone. A telephone is known by the number of chance that it got
 * here before; one without is known by its address and by what its browser says of itself, which many share, and so may ask more.
 * @throws too_many
 */
export async function limit(ctx: Ctx, c: Context, act: keyof typeof PER_DAY): Promise<void> {
  const most = PER_DAY[act]
  const device = sentDevice(ctx, c)
  const browser = `${c.req.header('user-agent') ?? ''} ${c.req.header('accept-language') ?? ''}`
  const limits: Limits = [
    [pseudonym(ctx, `${act} network ${ctx.caller}`), most.network],
    device
      ? [pseudonym(ctx, `${act} device ${device}`), most.device]
      : [pseudonym(ctx, `${act} browser ${ctx.caller} ${browser}`), most.browser],
  ]
  if (!(await takeAttempts(ctx, limits, DAY))) await refuse(ctx, c, limits, act)
}

/**
 * Looks whether a PIN or code is right; what is wrong counts for this network, and nothing else does: whoever has the right one is not
 * kept out because others ask. Nor because others guess: where somebody behind the same address has used the network up, each reference or
 * ticket (`of`) still has one try of its own a day. Wrong ones for one reference are counted where it is proven. @throws too_many
 */
export async function guarded<T>(ctx: Ctx, c: Context, of: string, prove: () => Promise<T | null>): Promise<T | null> {
  const limits = [[pseudonym(ctx, `wrong network ${ctx.caller}`), WRONG_PINS]] as const
  const own = [[pseudonym(ctx, `wrong beyond ${of}`), 1]] as const
  // Before the look, so that many at once are not more than so many.
  const within = await takeAttempts(ctx, limits, DAY)
  if (!within && !(await takeAttempts(ctx, own, DAY))) await refuse(ctx, c, limits, 'wrong')
  const proved = await prove()
  if (proved !== null) await sql`select entry_check.give_back(${within ? limits[0][0] : own[0][0]})`.execute(ctx.db)
  return proved
}

async function refuse(ctx: Ctx, c: Context, limits: Limits, why: 'ask' | 'code' | 'wrong'): Promise<never> {
  const again = await roomFrom(ctx, limits)
  c.header('Retry-After', String(Math.ceil(ctx.now.until(again).total('seconds'))))
  throw problem('too_many', {
    detail: `entry_check.limit.${why}`,
    values: { time: ctx.format.dateTime(again) },
    onward: { path: '/help', label: 'entry_check.how.where' },
  })
}

/** When there is room again under all these keys, on the next full hour: to the minute it would tell when somebody else asked. */
export async function roomFrom(ctx: Ctx, limits: Limits): Promise<Temporal.Instant> {
  const { rows } = await sql<{ since: Temporal.Instant | null }>`
    select entry_check.full_since(${limits.map(([key]) => key)}::bytea[], ${limits.map(([, most]) => most)}::integer[],
      ${ctx.now.subtract(DAY)}) as since`.execute(ctx.db)
  return (rows[0]!.since ?? ctx.now).add(DAY).round({ smallestUnit: 'hour', roundingMode: 'ceil' })
}

// Cookies that begin with __Host- no other host can set; browsers take them over https only. It names nothing that was visited.
const isHttps = ({ platform }: Ctx) => platform.config.origin.startsWith('https:')
const cookieName = (ctx: Ctx) => (isHttps(ctx) ? '__Host-hamsafar-day' : 'hamsafar-day')

function sentDevice(ctx: Ctx, c: Context): string | undefined {
  const sent = getCookie(c, cookieName(ctx))
  return sent && /^[\w-]{22}$/.test(sent) ? sent : undefined
}

/** Gives a telephone its number of chance, for a day. It opens nothing, and nothing is kept of it but how often it asked. */
export function knowDevice(ctx: Ctx, c: Context): void {
  if (sentDevice(ctx, c)) return
  setCookie(c, cookieName(ctx), randomBytes(16).toString('base64url'), {
    ...{ path: '/', httpOnly: true, sameSite: 'Lax', secure: isHttps(ctx), maxAge: 24 * 3600 },
  })
}
