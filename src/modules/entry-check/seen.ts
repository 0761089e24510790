import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { newTicket, readTicket } from './tickets.ts'

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
 * Who checked whoever an open answer is about, and why: every check of this document or of the same person's others, every one at a desk
 * that agreed with them by half, and every look into the registry; protected services stand unnamed, as in its own log. Read as it is now, since more may have come after the
 * answer. The database decides who may: see `entry_check.who_looked`.
 */
export async function whoLooked(ctx: Ctx, inquiry: string, from = 0): Promise<SeenPage> {
  const { rows } = await sql<Seen & { total: number }>`
    select w.at, w.way, w.agrees, w.organisation_id, w.purpose, w.total, organisations.name_of(w.organisation_id, ${ctx.lang}) as organisation
    from entry_check.who_looked(${inquiry}, ${ctx.now}, ${from}, ${SEEN_ON_A_PAGE}) w`.execute(ctx.db)
  const left = Math.max(0, (rows[0]?.total ?? 0) - from - rows.length)
  return { seen: rows, from, left }
}

type Next = { inquiry: string; from: number }

/** What opens the next page of the log to whoever opened the answer. */
export const nextTicket = (ctx: Ctx, inquiry: string, { from, seen }: SeenPage): string => {
  const next: Next = { inquiry, from: from + seen.length }
  return newTicket(ctx, 'seen', next)
}

/** Which page of which log a ticket opens; null when it opens none. */
export const readNext = (ctx: Ctx, ticket: string): Next | null => readTicket<Next>(ctx, 'seen', ticket)
