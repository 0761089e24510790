import { authorise } from '#kernel/access/authorise.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx, StaffActor } from '#kernel/context.ts'
import { newId, newReference } from '#kernel/ids.ts'
import { enqueue } from '#kernel/jobs/runs.ts'
import type { Money } from '#kernel/money.ts'
import { note } from './history.ts'
import type { CostKind } from './kinds.ts'
import { hintOf, type Passenger, sealPassenger } from './passengers.ts'
import type { Removal } from './removals.ts'

/** What somebody states about a removal. */
export type Stated = Pick<
  Removal,
  | 'carrier'
  | 'mode'
  | 'category'
  | 'people'
  | 'left_on'
  | 'service'
  | 'origin'
  | 'destination'
  | 'country'
  | 'brought_by'
  | 'invited'
  | 'escort'
> & {
  /** The legal basis in words: article, number and date of a decision. */
  ground: string | null
  /** Who it is, where one person is stated by name. */
  passenger: Passenger | null
  costs: readonly { kind: CostKind; money: Money }[]
}

type By = { organisation_id: string; user_id: string; import_id?: string; row_key?: Buffer; content?: Buffer }

/**
 * Writes a removal with what is stated of its passenger and its costs; the registry takes the passenger afterwards. Answers id
 * and reference.
 */
export async function keepRemoval(ctx: Ctx, by: By, { ground, passenger, costs, ...facts }: Stated) {
  const [id, reference] = [newId(), newReference()]
  const { organisation_id, user_id, import_id = null, row_key = null, content = null } = by
  await ctx.db
    .insertInto('removals.removal')
    .values({
      ...facts,
      ...{ id, reference, custodian: organisation_id, import_id, row_key, content },
      ...{ entered_by: user_id, entered_at: ctx.now },
    })
    .execute()
  if (ground || passenger)
    await ctx.db
      .insertInto('removals.about')
      .values({
        ...{ removal_id: id, custodian: organisation_id, ground },
        ...(passenger && {
          stated_sealed: sealPassenger(ctx, id, passenger),
          document_hint: hintOf(passenger),
        }),
      })
      .execute()
  await note(ctx, by, id, { kind: import_id ? 'imported' : 'entered' })
  for (const cost of costs) await keepCost(ctx, by, id, cost)
  return { id, reference }
}

/** Adds one cost to a removal. */
export async function keepCost(
  ctx: Ctx,
  by: By,
  removal_id: string,
  { kind, money }: Stated['costs'][number],
): Promise<void> {
  const { organisation_id, user_id } = by
  const id = newId()
  await ctx.db
    .insertInto('removals.cost')
    .values({ id, removal_id, kind, ...money, organisation_id, added_by: user_id, added_at: ctx.now })
    .execute()
  await note(ctx, by, removal_id, { kind: 'cost_added', cost_id: id })
}

/** Records a removal that an officer or a carrier's desk states by hand. Answers its reference. */
export async function enterRemoval(ctx: Ctx, stated: Stated): Promise<string> {
  authorise(ctx, 'removal.enter')
  const { id, reference } = await keepRemoval(ctx, ctx.actor as StaffActor, stated)
  if (stated.passenger) await enqueue(ctx, 'removals.receive_passenger', { id }, { key: id })
  await audit(ctx, 'removal.enter', { type: 'removal', id }, { category: stated.category, people: stated.people })
  return reference
}
