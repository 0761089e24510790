import { sql } from 'kysely'
import { authorise } from '../access/authorise.ts'
import { audit } from '../audit/audit.ts'
import type { Ctx } from '../context.ts'
import { arrayOf } from '../db/arrays.ts'
import { newId } from '../ids.ts'
import { lockIdentity } from './identity.ts'

export const PROTECTIONS = ['asylum_seeker', 'victim', 'child'] as const
export type Protection = (typeof PROTECTIONS)[number]

/** Kinds of bodies to which something about a person may be passed on. */
export const RECIPIENTS = [
  ...['migration', 'employment', 'health', 'social', 'support', 'ombudsman'],
  ...['foreign_affairs', 'security', 'interior', 'border', 'carrier'],
] as const

/**
 * Whether anything about a person may go to this kind of recipient. EVERY relay asks this first, for each person and each hop.
 * For a protected person, for all that are counted as them, and for whoever waits to be compared with them, foreign-affairs and
 * security bodies and carriers get nothing. A person or recipient that is not known: no. It never says why.
 */
export async function mayRelay({ db }: Pick<Ctx, 'db'>, personId: string, recipient: string): Promise<boolean> {
  const { rows } = await sql<{ may: boolean }>`select people.may_relay(${personId}, ${recipient}) as may`.execute(db)
  return rows[0]?.may === true
}

/** Those of these people about whom nothing may go to this kind of recipient: `mayRelay` of many at once. Owner's connection. */
export async function withheldFrom(
  { db }: Pick<Ctx, 'db'>,
  persons: readonly string[],
  recipient: (typeof RECIPIENTS)[number],
): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select withheld as id from people.withheld(${[...persons]}::uuid[], ${recipient})`.execute(db)
  return new Set(rows.map(({ id }) => id))
}

/**
 * A digest of all who are protected now, with those who are counted as them or wait to be compared with them: another one means that what
 * was made for a recipient must be made anew. Looks at no more people than these. Owner's connection.
 */
export async function protectedDigest({ db }: Pick<Ctx, 'db'>): Promise<string> {
  const { rows } = await sql<{ digest: string }>`
    with guarded as (
      select m.id, m.root
      from people.protection g
      join people.person p on p.id = g.person_id
      join people.person m on m.root = p.root
      where g.until is null
    ), near as (
      select g.root
      from guarded g
      union
      select o.root
      from guarded g
      join people.review r on r.person_id = g.id and r.settled_at is null
      join people.person o on o.id = r.other_id
      union
      select o.root
      from guarded g
      join people.review r on r.other_id = g.id and r.settled_at is null
      join people.person o on o.id = r.person_id
    )
    select coalesce(md5(string_agg(m.id::text, ' ' order by m.id)), '') as digest
    from near n
    join people.person m on m.root = n.root`.execute(db)
  return rows[0]!.digest
}

/** The flags in force that the actor may know of, each once; none for whoever lacks `person.protect`. `shown`: another one where others bear it. */
export async function protectionsOf(ctx: Ctx, personId: string) {
  return ctx.db
    .selectFrom('people.protection')
    .select((e) => ['flag', e.fn.min('since').as('since')])
    .select(sql<string>`string_agg(id::text, ' ' order by id)`.as('shown'))
    .where('until', 'is', null)
    .where('person_id', 'in', (e) => e.selectFrom('people.person').select('id').where('root', '=', personId))
    .groupBy('flag')
    .orderBy('since')
    .execute()
}

/**
 * Protects a person from now on, and all whom they are merged with; parted from them, each of these until it is lifted there. `shown`:
 * the records on the page on which the actor decided: whoever has been parted with one of them since is protected, too.
 */
export async function protect(
  ctx: Ctx,
  personId: string,
  flag: Protection,
  shown: readonly string[] = [],
): Promise<void> {
  authorise(ctx, 'person.protect')
  const persons = new Set([personId])
  if (ctx.actor.kind === 'system')
    await ctx.db
      .insertInto('people.protection')
      .values({ id: newId(), person_id: personId, flag, since: ctx.now })
      .onConflict((conflict) => conflict.columns(['person_id', 'flag']).where('until', 'is', null).doNothing())
      .execute()
  else {
    await lockIdentity(ctx)
    for (const person of await personsOf(ctx, shown)) persons.add(person)
    for (const person of persons)
      await sql`select people.protect(${newId()}, ${person}, ${flag}, ${ctx.now})`.execute(ctx.db)
  }
  for (const id of persons) await audit(ctx, 'person.protect', { type: 'person', id })
}

async function personsOf({ db }: Ctx, records: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom('people.finding')
    .select('person_id')
    .distinct()
    .where('record_id', '=', sql<string>`any (${arrayOf('uuid', records)})`)
    .execute()
  return rows.map(({ person_id }) => person_id)
}

/**
 * Ends a protection; the actor must see all records of the person. `shown`: of the page on which the actor decided (`protectionsOf`);
 * answers false, and ends nothing, where somebody else who is protected has been joined to the person since.
 */
export async function unprotect(ctx: Ctx, personId: string, flag: Protection, shown?: string): Promise<boolean> {
  authorise(ctx, 'person.protect')
  await lockIdentity(ctx)
  const standing = (await protectionsOf(ctx, personId)).find((one) => one.flag === flag)
  if (standing && shown !== undefined && shown !== standing.shown) return false
  await sql`select people.unprotect(${personId}, ${flag}, ${ctx.now})`.execute(ctx.db)
  await audit(ctx, 'person.unprotect', { type: 'person', id: personId })
  return true
}
