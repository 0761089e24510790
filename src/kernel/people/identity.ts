import { sql } from 'kysely'
import { authorise } from '../access/authorise.ts'
import { audit } from '../audit/audit.ts'
import type { Ctx, StaffActor } from '../context.ts'
import { newId, newReference } from '../ids.ts'
import { problem } from '../problem.ts'
import { leavesBanBehind, speakAgainst } from './conflicts.ts'

/** Why persons became one: by the queue of reviews, or by an officer on a person's page. */
export type MergeReason = {
  reason: 'review' | 'officer'
  /** The officer who decided the same before: needed for an adverse record, and where records speak against each other. */
  second?: string | null
  probability?: number | null
  explanation?: unknown
  weights_version?: string | null
}

/**
 * Puts one person into another; answers the event, by which `takeBack` restores both exactly as they were. Of merged persons
 * their roots are joined. @throws conflict when they are one already, or were found to be different.
 */
export async function mergePersons(
  ctx: Ctx,
  person: string,
  into: string,
  { reason, second = null, probability = null, explanation = [], weights_version = null }: MergeReason,
): Promise<string> {
  const id = newId()
  const facts = sql`${reason}, ${probability}, ${JSON.stringify(explanation)}::jsonb, ${weights_version}`
  if (ctx.actor.kind === 'system')
    await refusing(
      sql`select people.merge_as(${id}, ${person}, ${into}, ${ctx.now}, null, null, null, ${facts})`.execute(ctx.db),
    )
  else {
    authorise(ctx, reason === 'review' ? 'person.review' : 'person.merge')
    await lockIdentity(ctx)
    const doubted = await speakAgainst(ctx, person, into)
    await refusing(
      sql`select people.merge(${id}, ${person}, ${into}, ${ctx.now}, ${second}, ${facts}, ${doubted})`.execute(ctx.db),
    )
  }
  await audit(ctx, 'person.merge', { type: 'person', id: person }, { into, event: id })
  return id
}

/**
 * Until the transaction ends nobody else joins, parts or makes persons: what was compared is what is joined. To be taken before any pair
 * is locked.
 */
export async function lockIdentity({ db }: Pick<Ctx, 'db'>): Promise<void> {
  await sql`select people.lock_identity()`.execute(db)
}

/** Remembers that two persons are different: they are never proposed or merged again. Answers the event. */
export async function setApart(ctx: Ctx, one: string, other: string, reason: 'review' | 'officer'): Promise<string> {
  const id = newId()
  if (ctx.actor.kind === 'system')
    await refusing(
      sql`select people.apart_as(${id}, ${one}, ${other}, ${ctx.now}, null, null, null, ${reason})`.execute(ctx.db),
    )
  else {
    authorise(ctx, 'person.review')
    await refusing(sql`select people.set_apart(${id}, ${one}, ${other}, ${ctx.now}, ${reason})`.execute(ctx.db))
  }
  await audit(ctx, 'person.apart', { type: 'person', id: one }, { other, event: id })
  return id
}

/**
 * Gives a record that was linked wrongly a person of its own, and remembers that this is not the one before. Answers the event.
 * @throws conflict while a ban is there by the document of this record alone: it is parted first, so that it stays with nobody to whom it
 * was never compared; and where it is alone already
 */
export async function splitRecord(ctx: Ctx, record: string): Promise<{ event_id: string; person_id: string }> {
  authorise(ctx, 'person.merge')
  const [event_id, person_id] = [newId(), newId()]
  await lockIdentity(ctx)
  if (await leavesBanBehind(ctx, record)) throw problem('conflict', { detail: 'people.conflict.ban_first' })
  await refusing(
    sql`select people.split(${event_id}, ${record}, ${person_id}, ${newReference(12)}, ${ctx.now})`.execute(ctx.db),
  )
  await audit(ctx, 'person.split', { type: 'person', id: person_id }, { event: event_id })
  return { event_id, person_id }
}

/**
 * Takes a merge, a split or an "are different" back, in whatever order: all is as it would be without it. Of a split whose other side has
 * grown since, where a record can harm or speaks against another, only that the two are different: `compare` are the persons to propose to
 * two officers.
 */
export async function takeBack(ctx: Ctx, event: string): Promise<{ compare: [string, string] | null }> {
  const id = newId()
  let compare = false
  if (ctx.actor.kind === 'system') await refusing(takeBackAsSystem(ctx, id, event))
  else {
    await lockIdentity(ctx)
    compare = await takesTwoToReturn(ctx, event)
    const undo = compare ? sql`people.reconsider` : sql`people.take_back`
    await refusing(sql`select ${undo}(${id}, ${event}, ${ctx.now})`.execute(ctx.db))
  }
  const { kind, person_id, other_id, record_id } = await ctx.db
    .selectFrom('people.event')
    .select(['kind', 'person_id', 'other_id', 'record_id'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  await audit(ctx, 'person.take_back', { type: 'event', id: event }, { kind, person_id, other_id, record_id })
  return { compare: compare ? [person_id, other_id!] : null }
}

// A record that returns to somebody who has meanwhile been joined with others would be joined with these by one officer alone.
async function takesTwoToReturn(ctx: Ctx, event: string): Promise<boolean> {
  const { rows } = await sql<{ person_id: string; other_id: string; adverse: boolean }>`
    select person_id, other_id, adverse from people.grown_since(${event})`.execute(ctx.db)
  const [split] = rows
  return split !== undefined && (split.adverse || (await speakAgainst(ctx, split.person_id, split.other_id)))
}

async function takeBackAsSystem(ctx: Ctx, id: string, event: string): Promise<void> {
  const { kind } = await ctx.db
    .selectFrom('people.event')
    .select('kind')
    .where('id', '=', event)
    .executeTakeFirstOrThrow()
  const undo = kind === 'merge' ? sql`people.unmerge_as` : sql`people.unapart_as`
  await sql`select ${undo}(${id}, ${event}, ${ctx.now}, null, null)`.execute(ctx.db)
}

/** Who acts, where only an officer can. */
export const officer = ({ actor }: Pick<Ctx, 'actor'>): StaffActor => {
  if (actor.kind !== 'staff') throw problem('forbidden')
  return actor
}

// What the doors in the database refuse, as people are told it: one already, found different, not theirs, parted before, taken back before.
const REFUSALS: Record<string, () => Error> = {
  '23505': () => problem('conflict', { detail: 'people.conflict.one' }),
  '23P01': () => problem('conflict', { detail: 'people.conflict.apart' }),
  '42501': () => problem('forbidden'),
  '55000': () => problem('conflict', { detail: 'people.conflict.parted' }),
  P0002: () => problem('not_found'),
}

/** What an act in the database refuses becomes a problem that people are told. */
export async function refusing<T>(act: Promise<T>): Promise<T> {
  try {
    return await act
  } catch (error) {
    throw REFUSALS[String((error as { code?: unknown }).code)]?.() ?? error
  }
}
