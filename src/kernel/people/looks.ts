import { sql } from 'kysely'
import { audit, type Subject } from '../audit/audit.ts'
import type { Ctx } from '../context.ts'
import { newId } from '../ids.ts'
import { officer } from './identity.ts'
import type { Purpose } from './purposes.ts'

export type Lookup = {
  id: string
  at: Temporal.Instant
  purpose: Purpose
  words: string | null
  shown: number
  candidates: number
}

/** For so long one purpose covers looking at the same person, or through the persons of one search. */
const COVERS = { hours: 2 }

/** Begins to look somebody up without a search: the purpose under which what follows is noted. */
export async function beginLookup(
  ctx: Ctx,
  purpose: Purpose,
  words: string | null,
  asked: readonly string[] = [],
): Promise<string> {
  const { user_id: actor_id, organisation_id } = officer(ctx)
  const id = newId()
  await ctx.db
    .insertInto('people.lookup')
    .values({ id, at: ctx.now, actor_id, organisation_id, purpose, words, asked: [...asked] })
    .execute()
  return id
}

/** The actor's own lookup, while it covers what is done; undefined after that and for those of others. */
export async function findLookup(ctx: Ctx, id: string): Promise<Lookup | undefined> {
  const found = await ctx.db
    .selectFrom('people.lookup')
    .select(['id', 'at', 'purpose', 'words', 'shown', 'candidates'])
    .where('id', '=', id)
    .where('actor_id', '=', officer(ctx).user_id)
    .where('at', '>', ctx.now.subtract(COVERS))
    .executeTakeFirst()
  return found as Lookup | undefined
}

/** The lookup that covers looking at this person now: they were shown or opened under it, for a purpose that the actor stated. */
export async function coveringLookup(ctx: Ctx, personId: string): Promise<Lookup | undefined> {
  const found = await ctx.db
    .selectFrom('people.look as k')
    .innerJoin('people.lookup as l', 'l.id', 'k.lookup_id')
    .select(['l.id', 'l.at', 'l.purpose', 'l.words', 'l.shown', 'l.candidates'])
    .where('k.person_id', '=', personId)
    .where('l.actor_id', '=', officer(ctx).user_id)
    .where('l.at', '>', ctx.now.subtract(COVERS))
    .where('l.purpose', '<>', 'find')
    .where('k.what', 'not in', ['case', 'alike'])
    .orderBy('l.at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return found as Lookup | undefined
}

/** Notes that the actor looked at a person, in both logs. */
export async function noteLook(
  ctx: Ctx,
  personId: string,
  lookup: Pick<Lookup, 'id' | 'purpose'>,
  what: keyof typeof ACTS,
): Promise<void> {
  await ctx.db
    .insertInto('people.look')
    .values({ id: newId(), at: ctx.now, person_id: personId, lookup_id: lookup.id, what })
    .execute()
  await audit(ctx, ACTS[what], { type: 'person', id: personId }, { purpose: lookup.purpose })
}

const ACTS = {
  opened: 'person.open',
  numbers: 'person.show_numbers',
  compared: 'person.compare',
  log: 'person.open_log',
} as const

/**
 * Notes, in both logs, that the actor sees by name whom a case of another part is about: a measure, a proceeding, a removal.
 * To be called by every page that names one person. `record_id` is the case's record in the registry, null while it has none:
 * then only the audit knows. It opens nothing in the registry, since the purpose is the page's and nobody stated it.
 */
export async function noteCase(
  ctx: Ctx,
  act: string,
  subject: Subject,
  record_id: string | null,
  purpose: Purpose,
): Promise<void> {
  if (record_id)
    await sql`select people.note_case(${newId()}, ${newId()}, ${record_id}, ${purpose}, ${ctx.now})`.execute(ctx.db)
  await audit(ctx, act, subject, { purpose })
}

/** The persons whom a search showed, the best first. */
export async function foundIn(ctx: Ctx, lookupId: string): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('people.look as k')
    .innerJoin('people.person as p', 'p.id', 'k.person_id')
    .select('p.root')
    .where('k.lookup_id', '=', lookupId)
    .where('k.what', '=', 'found')
    .orderBy('k.position')
    .execute()
  return [...new Set(rows.map(({ root }) => root))]
}
