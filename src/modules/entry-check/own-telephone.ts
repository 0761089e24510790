import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import type { PersonName } from '#kernel/people/matching/names.ts'
import { contactOwner, numberIndex, openText, phoneIndex } from '#kernel/people/numbers.ts'
import { findRegistryKeys } from '#kernel/people/registry-key.ts'
import type { Facts } from './facts.ts'

/**
 * The telephone of the one person whom a record of the registry knows by exactly this document and birth date, if they said that it
 * is only theirs and nothing says otherwise. `given`: it must be this one; else the newest. Owner's connection.
 */
export async function ownTelephone(
  ctx: Ctx,
  { document, birth }: Pick<Facts, 'document' | 'birth'>,
  given?: string,
): Promise<{ phone: string; name: PersonName } | null> {
  const keys = await findRegistryKeys(ctx)
  if (!keys) return null
  const { rows } = await sql<{ id: string; phone_sealed: Buffer; names: PersonName[] }>`
    with asked as (
      select f.person_id, min(f.names::text)::jsonb as names
      from people.document d
      join people.finding f on f.record_id = d.record_id
      where d.number_index = ${numberIndex(keys, document)}
        and f.birth = ${birth}
      group by f.person_id
    )
    select c.id, c.phone_sealed, a.names
    from asked a
    join people.finding f on f.person_id = a.person_id
    join people.contact c on c.record_id = f.record_id
    where (select count(*) from asked) = 1
      and c.only_theirs
      and (${given === undefined} or c.phone_index = ${phoneIndex(keys, given ?? '')})
      -- Somebody else's too, or later said to be shared: then it is not only theirs.
      and not exists (
        select
        from people.contact o
        join people.finding w on w.record_id = o.record_id
        where o.phone_index = c.phone_index
          and (w.person_id <> a.person_id or (o.only_theirs is not true and o.received_at >= c.received_at))
      )
    order by c.received_at desc, c.id
    limit 1`.execute(ctx.db)
  const [found] = rows
  return found ? { phone: openText(keys, found.phone_sealed, contactOwner(found.id)), name: found.names[0]! } : null
}
