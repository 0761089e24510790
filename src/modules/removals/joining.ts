import { sql } from 'kysely'
import { authorise } from '#kernel/access/authorise.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx, StaffActor } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { problem } from '#kernel/problem.ts'
import { type Notice, noticeById, noticeByReference, noticesOnRecords } from '#modules/expulsions/public.ts'
import { note } from './history.ts'
import type { Category } from './kinds.ts'
import type { Removal } from './removals.ts'

/** What a removal of this category can carry out; a refusal at the border is an event, the others are measures. */
const CARRIES_OUT: Record<Category, readonly Notice['kind'][]> = {
  inadmissible: ['refusal', 'entry_ban', 'undesirability', 'controlled_persons'],
  deportee: ['expulsion', 'deportation', 'readmission'],
}

const fits = ({ category }: Removal, { kind }: Notice): boolean => CARRIES_OUT[category].includes(kind)

/** The measure or refusal that a removal is joined to; null where there is none, or none the actor may know of. */
export async function joinedTo(ctx: Ctx, removal: Removal): Promise<(Notice & { join_id: string }) | null> {
  const found = await ctx.db
    .selectFrom('removals.joined')
    .select(['id', 'notice_id'])
    .where('removal_id', '=', removal.id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  const notice = found && (await noticeById(ctx, found.notice_id))
  return notice ? { ...notice, join_id: found.id } : null
}

/** What the actor knows of the same person that fits: the registry says who that is, never a likeness. */
export async function joinable(ctx: Ctx, removal: Removal): Promise<Notice[]> {
  const { rows } = await sql<{ record_id: string }>`
    select r as record_id from removals.records_beside(${removal.id}) r`.execute(ctx.db)
  const known = await noticesOnRecords(
    ctx,
    rows.map(({ record_id }) => record_id),
  )
  return known.filter((notice) => fits(removal, notice))
}

/**
 * Joins a removal of one person to what it carried out: a measure by its reference, or one of those that `joinable` names.
 * @throws not_found for what the actor does not know of; conflict where it does not fit, or the removal is joined already
 */
export async function joinRemoval(ctx: Ctx, removal: Removal, which: { reference: string } | { id: string }) {
  authorise(ctx, 'removal.join', { type: 'removal', id: removal.id })
  const notice =
    'id' in which
      ? (await joinable(ctx, removal)).find(({ id }) => id === which.id)
      : await noticeByReference(ctx, which.reference)
  if (!notice) throw problem('not_found', { detail: 'removals.join.unknown' })
  if (!fits(removal, notice)) throw problem('conflict', { detail: 'removals.join.unfit' })
  await sql`select pg_advisory_xact_lock(hashtext('removals.joined'), hashtext(${removal.id}))`.execute(ctx.db)
  if (await joinedTo(ctx, removal)) throw problem('conflict', { detail: 'removals.join.already' })
  const by = ctx.actor as StaffActor
  await ctx.db
    .insertInto('removals.joined')
    .values({
      ...{ id: newId(), removal_id: removal.id, notice_id: notice.id },
      ...{ organisation_id: by.organisation_id, joined_by: by.user_id, joined_at: ctx.now },
    })
    .execute()
  await note(ctx, by, removal.id, { kind: 'joined' })
  await audit(ctx, 'removal.join', { type: 'removal', id: removal.id })
}

/** Takes a removal and what it was joined to apart again. Repeating it changes nothing. */
export async function unjoinRemoval(ctx: Ctx, removal: Removal, join_id: string): Promise<void> {
  authorise(ctx, 'removal.join', { type: 'removal', id: removal.id })
  const by = ctx.actor as StaffActor
  const { numUpdatedRows } = await ctx.db
    .updateTable('removals.joined')
    .set({ ended_at: ctx.now, ended_by: by.user_id })
    .where('id', '=', join_id)
    .where('removal_id', '=', removal.id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return
  await note(ctx, by, removal.id, { kind: 'parted' })
  await audit(ctx, 'removal.unjoin', { type: 'removal', id: removal.id })
}
