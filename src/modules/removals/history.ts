import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import type { Money } from '#kernel/money.ts'
import type { CostKind } from './kinds.ts'

/** What can happen to a removal itself; that its costs were claimed stands with the claim. */
type Happened =
  | {
      kind:
        | 'entered'
        | 'imported'
        | 'corrected'
        | 'withdrawn'
        | 'restored'
        | 'joined'
        | 'parted'
        | 'payer_named'
        | 'payer_ended'
    }
  | { kind: 'cost_added' | 'cost_withdrawn' | 'cost_restored'; cost_id: string }

type By = { organisation_id: string; user_id: string }

/** Puts down what happened to a removal, beside the write. */
export async function note(
  { db, now }: Pick<Ctx, 'db' | 'now'>,
  { organisation_id, user_id }: By,
  removal_id: string,
  happened: Happened,
): Promise<void> {
  await db
    .insertInto('removals.event')
    .values({ removal_id, at: now, organisation_id, by_user: user_id, ...happened })
    .execute()
}

/** A line of a removal's history. `by_name`: only of staff whom the actor may know; the office always stands. */
export type HistoryLine = {
  at: Temporal.Instant
  kind: Happened['kind'] | 'claimed'
  by_name: string | null
  office: string
  cost: (Money & { kind: CostKind }) | null
  /** The claim that was drafted for its costs. */
  claim: string | null
}

type Row = Omit<HistoryLine, 'cost'> & { cost_kind: CostKind | null; amount: bigint | null; currency: string | null }

/** Who changed what of a removal, and when, the last first, as far as the actor may know of it. */
export async function historyOf(ctx: Ctx, removal_id: string): Promise<HistoryLine[]> {
  const { rows } = await sql<Row>`
    select h.at, h.kind, u.name as by_name, organisations.name_of(h.organisation_id, ${ctx.lang}) as office,
      c.kind as cost_kind, c.amount, c.currency, h.claim
    from (
      select e.at, e.id, e.kind, e.cost_id, e.organisation_id, e.by_user, null::text as claim
      from removals.event e
      where e.removal_id = ${removal_id}
      union all
      select distinct k.drafted_at, null::bigint, 'claimed', null::uuid, k.keeper, k.drafted_by, k.reference
      from removals.cost c
      join removals.claim_cost x on x.cost_id = c.id
      join removals.claim k on k.id = x.claim_id
      where c.removal_id = ${removal_id}
    ) h
    left join removals.cost c on c.id = h.cost_id
    left join access.user_account u on u.id = h.by_user
    order by h.at desc, h.id desc nulls first, h.claim
    limit 200`.execute(ctx.db)
  return rows.map(({ cost_kind, amount, currency, ...line }) => ({
    ...line,
    cost: cost_kind && amount !== null && currency ? { kind: cost_kind, amount, currency } : null,
  }))
}
