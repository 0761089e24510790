import { sql } from 'kysely'
import { keysFor } from '#kernel/access/secret-key.ts'
import { openWithAny, seal } from '#kernel/access/secrets.ts'
import type { Ctx } from '#kernel/context.ts'

/** So many checks stand on one page. */
const SEEN_ON_A_PAGE = 20

/** One look at a person, as they read it: an office without a name looked by law. */
type Seen = {
  at: Temporal.Instant
  way: 'desk' | 'own' | 'registry'
  /** By half only: then it may have been about them or about another. */
  agrees: 'wholly' | 'document' | 'name'
  organisation_id: string | null
  organisation: string | null
  purpose: string | null
}

/** A page of what was seen, the newest first. `left`: how many come after it. */
export type SeenPage = { seen: Seen[]; from: number; left: number }

/**
 * Who checked whoever an open answer is about, and why: every check of this document or of the same person's others, every one that
 * agreed with them by half, and every look into the registry; protected services stand unnamed, as in its own log. Read as it is now, since more may have come after the
 * answer. The database decides who may: see `entry_check.who_looked`.
 */
export async function whoLooked(ctx: Ctx, inquiry: string, from = 0): Promise<SeenPage> {
  const { rows } = await sql<Seen & { total: number }>`
    select w.at, w.way, w.agrees, w.organisation_id, w.purpose, w.total, organisations.name_of(w.organisation_id, ${ctx.lang}) as organisation
    from entry_check.who_looked(${inquiry}, ${ctx.now}, ${from}, ${SEEN_ON_A_PAGE}) w`.execute(ctx.db)
  const left = Math.max(0, (rows[0]?.total ?? 0) - from - rows.length)
  return { seen: rows, from, left }
}

const OPEN_MINUTES = 30
const TICKET = 'entry_check seen'
type Ticket = { inquiry: string; from: number; until: number }

/** What opens the next page of the log to whoever opened the answer, for half an hour: the PIN is not asked again. */
export function nextTicket(ctx: Ctx, inquiry: string, { from, seen }: SeenPage): string {
  const until = ctx.now.add({ minutes: OPEN_MINUTES }).epochMilliseconds
  const said: Ticket = { inquiry, from: from + seen.length, until }
  return seal(keysFor(ctx.platform.config, 'entry-check')[0]!, Buffer.from(JSON.stringify(said)), TICKET).toString(
    'base64url',
  )
}

/** What a ticket opens; null when it has run out or is none. */
export function readTicket(ctx: Ctx, ticket: string): Ticket | null {
  try {
    const keys = keysFor(ctx.platform.config, 'entry-check')
    const said: Ticket = JSON.parse(openWithAny(keys, Buffer.from(ticket, 'base64url'), TICKET).toString())
    return said.until > ctx.now.epochMilliseconds ? said : null
  } catch {
    return null
  }
}
