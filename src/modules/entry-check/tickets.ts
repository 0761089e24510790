import { keysFor } from '#kernel/access/secret-key.ts'
import { openWithAny, seal } from '#kernel/access/secrets.ts'
import type { Ctx } from '#kernel/context.ts'

const OPEN_MINUTES = 30

/**
 * What a page holds for whoever opened it with reference and PIN, so that these are not asked again: what it says is sealed, for half an
 * hour, and for one use (`of`).
 */
export function newTicket(ctx: Ctx, of: string, said: Record<string, unknown>): string {
  const until = ctx.now.add({ minutes: OPEN_MINUTES }).epochMilliseconds
  const bytes = Buffer.from(JSON.stringify({ ...said, until }))
  return seal(keysFor(ctx.platform.config, 'entry-check')[0]!, bytes, `entry_check ${of}`).toString('base64url')
}

/** What a ticket says; null when it has run out, or is none for this use. */
export function readTicket<T>(ctx: Ctx, of: string, ticket: string): T | null {
  try {
    const keys = keysFor(ctx.platform.config, 'entry-check')
    const said = JSON.parse(openWithAny(keys, Buffer.from(ticket, 'base64url'), `entry_check ${of}`).toString())
    return said.until > ctx.now.epochMilliseconds ? said : null
  } catch {
    return null
  }
}
