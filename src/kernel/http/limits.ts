import type { Context, MiddlewareHandler } from 'hono'
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { problem } from '../problem.ts'
import type { Env } from './env.ts'

// A village shares one address behind its mobile operator: reading is limited generously, and only in memory.
const READS_PER_MINUTE = 600
/** Forms of one address in 15 minutes that may keep something. */
export const WRITES_PER_QUARTER_HOUR = 60
/** All its forms in 15 minutes: also those that only lead on, which cost us no more than reading. */
export const FORMS_PER_QUARTER_HOUR = 600

// Staff share an office's address and work all day; signing in counts its own attempts, in the database.
const STAFF = /^\/[a-z]+\/(work|sign-in|sign-out)(\/|$)/

/**
 * Limits what one network address may ask of public pages and the API: 600 calls a minute; in 15 minutes 600 submitted forms, and
 * 60 of those that keep something. Filling in step by step, or putting a slip right, uses up none of the sixty: see `keptNothing`.
 */
export function publicLimits(): MiddlewareHandler<Env> {
  const reads = new RateLimiterMemory({ points: READS_PER_MINUTE, duration: 60 })
  const forms = new RateLimiterMemory({ points: FORMS_PER_QUARTER_HOUR, duration: 15 * 60 })
  const writes = new RateLimiterMemory({ points: WRITES_PER_QUARTER_HOUR, duration: 15 * 60 })
  return async (c, next) => {
    if (STAFF.test(c.req.path)) return next()
    const { caller } = c.var
    // What programs send bears their key: what they may do has limits of its own.
    const isForm = !['GET', 'HEAD'].includes(c.req.method) && !c.req.path.startsWith('/api/')
    if (!isForm) {
      await take(reads, caller)
      return next()
    }
    await take(forms, caller)
    await take(writes, caller)
    await next()
    // Given back only afterwards: before, nobody can know.
    if (c.get('keptNothing')) await writes.reward(caller, 1)
  }
}

const take = (limiter: RateLimiterMemory, caller: string) =>
  limiter.consume(caller).catch((refused: RateLimiterRes) => {
    throw problem('too_many', { retryAfter: Math.ceil(refused.msBeforeNext / 1000) })
  })

/** Says of the form that is being answered: it led on, or back to be put right, and nothing was written or guessed. */
export const keptNothing = (c: Context): void => c.set('keptNothing', true)
