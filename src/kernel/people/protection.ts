import { sql } from 'kysely'
import { authorise } from '../access/authorise.ts'
import { audit } from '../audit/audit.ts'
import type { Ctx } from '../context.ts'
import { newId } from '../ids.ts'

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

/** The flags in force that the actor may know of; none for whoever lacks `person.protect`. */
export async function protectionsOf(ctx: Ctx, personId: string) {
  return ctx.db
    .selectFrom('people.protection')
    .select(['flag', 'since'])
    .where('until', 'is', null)
    .where('person_id', 'in', (e) => e.selectFrom('people.person').select('id').where('root', '=', personId))
    .orderBy('since')
    .execute()
}

/** Protects a person from now on. Once set, it also holds for all whom they are merged with. */
export async function protect(ctx: Ctx, personId: string, flag: Protection): Promise<void> {
  authorise(ctx, 'person.protect')
  if (ctx.actor.kind === 'system')
    await ctx.db
      .insertInto('people.protection')
      .values({ id: newId(), person_id: personId, flag, since: ctx.now })
      .onConflict((conflict) => conflict.columns(['person_id', 'flag']).where('until', 'is', null).doNothing())
      .execute()
  else await sql`select people.protect(${newId()}, ${personId}, ${flag}, ${ctx.now})`.execute(ctx.db)
  await audit(ctx, 'person.protect', { type: 'person', id: personId })
}

/** Ends a protection; the actor must see all records of the person. */
export async function unprotect(ctx: Ctx, personId: string, flag: Protection): Promise<void> {
  authorise(ctx, 'person.protect')
  await sql`select people.unprotect(${personId}, ${flag}, ${ctx.now})`.execute(ctx.db)
  await audit(ctx, 'person.unprotect', { type: 'person', id: personId })
}
