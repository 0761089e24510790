import { sql } from 'kysely'
import type { Ctx } from '../context.ts'
import { arrayOf } from '../db/arrays.ts'
import type { Step } from '../retention/clock.ts'
import { takeTurn } from './turn.ts'

/** So many persons are looked at in one transaction, */
const AT_ONCE = 500
/** and so many in one night. Millions take some nights: ten years more or less a week. */
const A_NIGHT = 500_000

/**
 * Looks at the next persons in the order in which they came into the registry, and erases those of whom every record came before a
 * moment and whom no part of the platform needs. Merged persons are erased together or not at all. Owner's connection, in a
 * transaction: how far it came is written with what it did.
 */
export async function erasePersons(ctx: Ctx, before: Temporal.Instant): Promise<Step> {
  // What is received, merged or parted now waits for us; or we for it, and see it.
  await takeTurn(ctx)
  await sql`select pg_advisory_xact_lock(hashtext('people.identity'))`.execute(ctx.db)
  const { after_id, looked_at } = await roundOf(ctx)
  const { rows: page } = await sql<{ id: string; old: boolean; root: boolean }>`
    select p.id, p.created_at < ${before} as old, p.root = p.id and p.erased_at is null as root
    from people.person p
    where ${after_id}::uuid is null or p.id > ${after_id}::uuid
    order by p.id
    limit ${AT_ONCE}`.execute(ctx.db)
  const due = await dueOf(
    ctx,
    before,
    page.filter(({ old, root }) => old && root).map(({ id }) => id),
  )
  if (due.length > 0) await erase(ctx, due)
  // Ids are made in the order of time: after a page of nobody old comes nobody old.
  const through = page.length < AT_ONCE || !page.some(({ old }) => old)
  await sql`
    update people.erasure
    set after_id = ${through ? null : page.at(-1)!.id}, looked_at = ${looked_at + page.length}`.execute(ctx.db)
  return { rows: due.length, more: !through && looked_at + page.length < A_NIGHT }
}

async function roundOf(ctx: Ctx): Promise<{ after_id: string | null; looked_at: number }> {
  const { rows } = await sql<{ after_id: string | null; looked_at: number }>`
    insert into people.erasure as e (night, looked_at)
    values (${ctx.now}, 0)
    on conflict (one) do update
    set night = excluded.night, looked_at = case when e.night = excluded.night then e.looked_at else 0 end
    returning after_id, looked_at`.execute(ctx.db)
  return rows[0]!
}

// Of these roots those that are due, each with all persons that are counted as one with it.
async function dueOf(ctx: Ctx, before: Temporal.Instant, roots: readonly string[]): Promise<string[]> {
  if (roots.length === 0) return []
  const ids = arrayOf('uuid', roots)
  // Whoever refers to one of them now waits; whoever did before is seen by the next statement.
  const { rows: members } = await sql<{ id: string }>`
    select p.id from people.person p where p.id = any (${ids}) or p.root = any (${ids}) for update`.execute(ctx.db)
  const persons = arrayOf(
    'uuid',
    members.map(({ id }) => id),
  )
  await sql`
    select from people.record r
    where r.id in (select l.record_id from people.link l where l.person_id = any (${persons}))
    for update`.execute(ctx.db)
  const needs = ctx.platform.parts.flatMap(({ personNeeds = [] }) => personNeeds.map(({ holds }) => holds(ctx.now)))
  const { rows } = await sql<{ id: string }>`
    with t as materialized (
      select p.root, p.id as person_id, l.record_id, r.received_at
      from people.person p
      left join people.link l on l.person_id = p.id
      left join people.record r on r.id = l.record_id
      where p.id = any (${persons})
    ), old as materialized (
      select t.*
      from t
      where t.root not in (select f.root from t f where f.received_at >= ${before})
    ), needed as materialized (
      select t.root
      from old t
      where (${sql.join(needs, sql`) or (`)})
    )
    select distinct t.person_id as id
    from old t
    where t.root not in (select n.root from needed n)`.execute(ctx.db)
  return rows.map(({ id }) => id)
}

// In the order in which the tables let go, see 20261203-33-people-erasure.sql.
async function erase({ db, now }: Ctx, due: readonly string[]): Promise<void> {
  const persons = arrayOf('uuid', due)
  await sql`update people.person set erased_at = ${now} where id = any (${persons})`.execute(db)
  const { rows: links } = await sql<{ record_id: string }>`
    delete from people.link where person_id = any (${persons}) returning record_id`.execute(db)
  const records = arrayOf(
    'uuid',
    links.map(({ record_id }) => record_id),
  )
  await sql`delete from people.finding where record_id = any (${records})`.execute(db)
  await sql`delete from people.contact where record_id = any (${records})`.execute(db)
  const { rows: sources } = await sql<{ source_id: string }>`
    update people.record
    set row_number = null, row_hash = uuid_send(id), adverse = false, names = '[]', birth = null, sex = null,
      citizenship = null, home_district = null, erased_at = ${now}
    where id = any (${records})
    returning source_id`.execute(db)
  await sql`delete from people.document where record_id = any (${records})`.execute(db)
  await sql`
    update people.source s
    set label = '–', sha256 = null, erased_at = ${now}
    where s.id = any (${arrayOf('uuid', [...new Set(sources.map(({ source_id }) => source_id))])})
      and not exists (select from people.record r where r.source_id = s.id and r.erased_at is null)`.execute(db)
  await sql`delete from people.apart where left_id = any (${persons}) or right_id = any (${persons})`.execute(db)
  await sql`
    update people.event
    set explanation = '[]', probability = null
    where (person_id = any (${persons}) or other_id = any (${persons}) or record_id = any (${records}))
      and (explanation <> '[]' or probability is not null)`.execute(db)
  await sql`
    update people.review
    set explanation = '[]', probability = 0
    where person_id = any (${persons}) or other_id = any (${persons})
      or record_id = any (${records}) or other_record_id = any (${records})`.execute(db)
  await sql`delete from people.entry where record_id = any (${records})`.execute(db)
  await sql`update people.entry set same_as = null where same_as = any (${persons})`.execute(db)
}
