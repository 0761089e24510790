import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { type ListVersion, listVersion } from '#modules/expulsions/public.ts'

// As the notices call the lists that offices send, and what somebody typed: one row in the form of a list.
const [LISTS, BY_HAND] = ['expulsions', 'by_hand']

/**
 * Which state of the lists an answer rests on. Its date is that of the oldest among the newest lists of each office that sends them
 * again and again: until it is closed it is expected to send the next one, and what another sends says nothing about its own. The same
 * list come again counts, as the news that nothing changed; a notice typed by hand does not, nor does a list with less than half the rows
 * of the office's longest: it says nothing of most that is in force. Owner's connection.
 */
export async function listsInForce(ctx: Pick<Ctx, 'db'>): Promise<ListVersion> {
  const { version } = await listVersion(ctx)
  const { rows } = await sql<Pick<ListVersion, 'on'>>`
    select coalesce(min(n.came) filter (where n.lists > 1), max(n.came)) as "on"
    from (
      select max(l.created_at) filter (where 2 * l.holds >= l.longest) as came, count(*) as lists
      from (
        select i.organisation_id, i.created_at, c.holds, max(c.holds) over (partition by i.organisation_id) as longest
        from imports.import i
        join organisations.organisation o on o.id = i.organisation_id
        cross join lateral (select i.created + i.updated + i.same as holds) c
        where i.kind = ${LISTS}
          and i.state = 'done'
          and i.native_format is distinct from ${BY_HAND}
          and c.holds > 0
          and o.closed_at is null
      ) l
      group by l.organisation_id
    ) n`.execute(ctx.db)
  return { version, on: rows[0]!.on }
}
