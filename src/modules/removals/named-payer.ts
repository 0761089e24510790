import { authorise } from '#kernel/access/authorise.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx, StaffActor } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { problem } from '#kernel/problem.ts'
import { note } from './history.ts'

/** A payer whom an officer named, and the rule that she relies on, both as she wrote them; of which office she is. */
export type NamedPayer = {
  id: string
  payer: string
  rule: string
  organisation_id: string
  organisation_name: string
  named_at: Temporal.Instant
}

/** Who was named as payer of a removal, and holds; null where nobody was. */
export async function namedPayer(ctx: Ctx, removal_id: string): Promise<NamedPayer | null> {
  const found = await ctx.db
    .selectFrom('removals.named_payer')
    .select(['id', 'payer', 'rule', 'organisation_id', 'named_at'])
    .select(({ fn, ref, val }) =>
      fn<string>('organisations.name_of', [ref('organisation_id'), val(ctx.lang)]).as('organisation_name'),
    )
    .where('removal_id', '=', removal_id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return found ?? null
}

/**
 * Names who pays for a removal, for which the caller knows that no rule with a source names anybody. Claims say whose word it is.
 * @throws conflict where somebody is named already
 */
export async function namePayer(ctx: Ctx, removal_id: string, named: { payer: string; rule: string }): Promise<void> {
  authorise(ctx, 'removal.oversee', { type: 'removal', id: removal_id })
  const { organisation_id, user_id } = ctx.actor as StaffActor
  const by = { organisation_id, named_by: user_id, named_at: ctx.now }
  const made = await ctx.db
    .insertInto('removals.named_payer')
    .values({ id: newId(), removal_id, ...named, ...by })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
    // The permission alone does not make an office one that watches over removals.
    .catch((error) => {
      throw error?.code === '42501' ? problem('forbidden') : error
    })
  if (!made.numInsertedOrUpdatedRows) throw problem('conflict', { detail: 'removals.conflict.named' })
  await note(ctx, { organisation_id, user_id }, removal_id, { kind: 'payer_named' })
  await audit(ctx, 'removal.payer', { type: 'removal', id: removal_id })
}

/** Takes the name back: only the office that gave it. Claims that were drafted by it stay as they are. Repeated, it changes nothing. */
export async function endNamedPayer(ctx: Ctx, removal_id: string): Promise<void> {
  authorise(ctx, 'removal.oversee', { type: 'removal', id: removal_id })
  const { organisation_id, user_id } = ctx.actor as StaffActor
  const { numUpdatedRows } = await ctx.db
    .updateTable('removals.named_payer')
    .set({ ended_at: ctx.now, ended_by: user_id })
    .where('removal_id', '=', removal_id)
    .where('organisation_id', '=', organisation_id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return
  await note(ctx, { organisation_id, user_id }, removal_id, { kind: 'payer_ended' })
  await audit(ctx, 'removal.payer', { type: 'removal', id: removal_id }, { withdrawn: true })
}
