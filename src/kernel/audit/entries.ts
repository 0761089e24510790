import { type SelectQueryBuilder, sql } from 'kysely'
import type { Ctx } from '../context.ts'
import type { DB } from '../db/types.ts'
import type { Filters } from './filters.ts'

/** The newest lines first, as many as asked for, with their place in the chain (null while unsealed) and who acted. */
export const listEntries = (ctx: Ctx, filters: Filters, limit: number) =>
  entryLines(ctx, filters).limit(limit).execute()

/** The query of all these lines. */
export function entryLines(ctx: Ctx, filters: Filters) {
  return matching(ctx, filters)
    .leftJoin('audit.seal as s', 's.entry_id', 'e.id')
    .leftJoin('access.user_account as u', 'u.id', 'e.actor_id')
    .leftJoin('access.api_client as p', 'p.id', 'e.actor_id')
    .select([
      'e.id',
      'e.at',
      'e.actor_kind',
      'e.actor_id',
      'e.task',
      'e.organisation_id',
      'e.action',
      'e.subject_type',
      'e.subject_id',
      'e.details',
    ])
    .select(({ fn }) => ['s.line', fn.coalesce('u.name', 'p.label').as('actor_name')])
    .$if(filters.before !== undefined, (query) => query.where('e.id', '<', filters.before!))
    .orderBy('e.id', 'desc')
}

export type Line = Awaited<ReturnType<typeof listEntries>>[number]

const COUNTED = 1_000

/** How many lines match: exact up to `most`, beyond that only that there are more. */
export async function countEntries(ctx: Ctx, filters: Filters, most = COUNTED): Promise<number | { atLeast: number }> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (${matching(ctx, filters)
      .select('e.id')
      .limit(most + 1)}) as lines`.execute(ctx.db)
  const { n } = rows[0]!
  return n > most ? { atLeast: most } : n
}

function matching(
  ctx: Ctx,
  { action, actor, subject, day }: Filters,
): SelectQueryBuilder<DB & { e: DB['audit.entry'] }, 'e', object> {
  const from = day?.toZonedDateTime(ctx.format.time_zone)
  return ctx.db
    .selectFrom('audit.entry as e')
    .$if(action !== undefined, (query) => query.where('e.action', '=', action!))
    .$if(actor !== undefined, (query) => query.where('e.actor_id', '=', actor!))
    .$if(subject !== undefined, (query) =>
      query.where('e.subject_type', '=', subject!.split(' ')[0]!).where('e.subject_id', '=', subject!.split(' ')[1]!),
    )
    .$if(from !== undefined, (query) =>
      query.where('e.at', '>=', from!.toInstant()).where('e.at', '<', from!.add({ days: 1 }).toInstant()),
    )
}

/** The kinds of act that stand in the lines the reader may see, in the order of their names. */
export async function listActions(ctx: Ctx): Promise<string[]> {
  // Jumps from one value to the next in the index: reading every line would take ever longer.
  const { rows } = await sql<{ action: string }>`
    with recursive kind as (
      select min(action) as action from audit.entry
      union all
      select (select min(e.action) from audit.entry e where e.action > kind.action)
      from kind
      where kind.action is not null
    )
    select action from kind where action is not null`.execute(ctx.db)
  return rows.map(({ action }) => action)
}

/** The people whose acts the reader may see: whoever works or worked for the organisation. */
export async function listActors(ctx: Ctx): Promise<{ id: string; name: string }[]> {
  const people = await ctx.db.selectFrom('access.user_account').select(['id', 'name']).execute()
  return people.sort((a, b) => ctx.format.compare(a.name, b.name))
}

export type ChainState = {
  sealed_line: bigint
  sealed_at: Temporal.Instant | null
  tail: bigint
  oldest: Temporal.Instant | null
}

/** How far the chain reaches, since when, how many lines wait for their seal, and since when the first of them. */
export async function chainState(ctx: Ctx): Promise<ChainState> {
  const { rows } = await sql<ChainState>`select sealed_line, sealed_at, tail, oldest from audit.state()`.execute(ctx.db)
  return rows[0]!
}
