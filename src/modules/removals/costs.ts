import { authorise } from '#kernel/access/authorise.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx, StaffActor } from '#kernel/context.ts'
import type { Money } from '#kernel/money.ts'
import { problem } from '#kernel/problem.ts'
import { lockClaims } from './claim-lock.ts'
import { keepCost } from './entering.ts'
import { note } from './history.ts'
import type { ClaimState, CostKind } from './kinds.ts'
import type { Removal } from './removals.ts'

export type Cost = {
  id: string
  kind: CostKind
  amount: bigint
  currency: string
  organisation_id: string
  added_at: Temporal.Instant
  withdrawn_at: Temporal.Instant | null
  /** The claim that it stands in now. */
  claim: string | null
  claim_state: ClaimState | null
}

/** The costs of a removal, the withdrawn ones too, in the order in which they were stated. */
export async function costsOf(ctx: Ctx, removal_id: string): Promise<Cost[]> {
  const rows = await ctx.db
    .selectFrom('removals.cost as c')
    .leftJoin('removals.claim_cost as x', (join) =>
      join.onRef('x.cost_id', '=', 'c.id').on('x.released_at', 'is', null),
    )
    .leftJoin('removals.claim as k', 'k.id', 'x.claim_id')
    .select(['c.id', 'c.kind', 'c.amount', 'c.currency', 'c.organisation_id', 'c.added_at', 'c.withdrawn_at'])
    .select(['k.reference as claim', 'k.state as claim_state'])
    .where('c.removal_id', '=', removal_id)
    .orderBy('c.added_at')
    .orderBy('c.id')
    .execute()
  return rows as Cost[]
}

/** Adds a cost to a removal that the actor may see. @throws conflict where the removal was withdrawn */
export async function addCost(ctx: Ctx, removal: Removal, kind: CostKind, money: Money): Promise<void> {
  authorise(ctx, 'removal.enter', { type: 'removal', id: removal.id })
  if (removal.withdrawn_at) throw problem('conflict', { detail: 'removals.conflict.withdrawn' })
  await keepCost(ctx, ctx.actor as StaffActor, removal.id, { kind, money })
  await audit(ctx, 'removal.cost', { type: 'removal', id: removal.id })
}

/** Takes a cost out that was stated by mistake, or puts it back. Only who stated it; not while a claim rests on it. */
export async function withdrawCost(ctx: Ctx, removal: Removal, cost_id: string, withdrawn: boolean): Promise<void> {
  authorise(ctx, 'removal.enter', { type: 'removal', id: removal.id })
  const by = ctx.actor as StaffActor
  await lockClaims(ctx)
  const cost = (await costsOf(ctx, removal.id)).find(({ id }) => id === cost_id)
  if (!cost) throw problem('not_found')
  if (cost.organisation_id !== by.organisation_id) throw problem('forbidden')
  if (cost.claim) throw problem('conflict', { detail: 'removals.conflict.claimed' })
  const { numUpdatedRows } = await ctx.db
    .updateTable('removals.cost')
    .set(withdrawn ? { withdrawn_at: ctx.now, withdrawn_by: by.user_id } : { withdrawn_at: null, withdrawn_by: null })
    .where('id', '=', cost_id)
    .where('withdrawn_at', withdrawn ? 'is' : 'is not', null)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return
  await note(ctx, by, removal.id, { kind: withdrawn ? 'cost_withdrawn' : 'cost_restored', cost_id })
  await audit(ctx, 'removal.cost', { type: 'removal', id: removal.id }, { withdrawn })
}
