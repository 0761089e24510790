import { sql } from 'kysely'
import { authorise } from '#kernel/access/authorise.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx, StaffActor } from '#kernel/context.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { newId } from '#kernel/ids.ts'
import type { Money } from '#kernel/money.ts'
import { problem } from '#kernel/problem.ts'
import { lockClaims } from './claim-lock.ts'
import type { Claim } from './claims.ts'
import { type ClaimState, LOOK_AGAIN_DAYS, NEXT } from './kinds.ts'
import { officeOf } from './removals.ts'

/** What happened to a claim. `stepped_on`: when it happened; `taken_at`: when it was put down. */
export type Step = {
  id: string
  state: ClaimState
  stepped_on: Temporal.PlainDate
  letter: string | null
  money: Money | null
  due_on: Temporal.PlainDate | null
  organisation_name: string
  /** Null for staff of another office. */
  by_name: string | null
  taken_at: Temporal.Instant
  undone_at: Temporal.Instant | null
}

type Next = {
  state: ClaimState
  on: Temporal.PlainDate
  letter: string | null
  /** What was paid, with the states that say so. */
  money: Money | null
  due_on: Temporal.PlainDate | null
}

/** The steps of a claim, the last first; undone ones too. */
export async function stepsOf(ctx: Ctx, claim_id: string): Promise<Step[]> {
  const { rows } = await sql<Omit<Step, 'money'> & { amount: bigint | null; currency: string | null }>`
    select p.id, p.state, p.stepped_on, p.letter, p.amount, p.currency, p.due_on, p.taken_at, p.undone_at,
      organisations.name_of(p.organisation_id, ${ctx.lang}) as organisation_name, u.name as by_name
    from removals.claim_step p
    left join access.user_account u on u.id = p.taken_by
    where p.claim_id = ${claim_id}
    order by p.taken_at desc, p.id desc`.execute(ctx.db)
  return rows.map(({ amount, currency, ...step }) => ({
    ...step,
    money: amount !== null && currency !== null ? { amount, currency } : null,
  }))
}

/**
 * Puts down what happened to a claim, and when somebody must look at it again. Withdrawn, it lets go of its costs.
 * @throws forbidden for others than its keeper; conflict where that cannot follow its present state
 */
export async function takeStep(ctx: Ctx, claim: Claim, { state, on, letter, money, due_on }: Next): Promise<void> {
  await lockClaim(ctx, claim)
  if (!NEXT[claim.state].includes(state)) throw problem('conflict', { detail: 'removals.conflict.state' })
  const { organisation_id, user_id } = ctx.actor as StaffActor
  const days = LOOK_AGAIN_DAYS[state]
  const due = days === undefined ? null : (due_on ?? plainDate(ctx.now).add({ days }))
  await ctx.db
    .insertInto('removals.claim_step')
    .values({
      ...{ id: newId(), claim_id: claim.id, state, stepped_on: on, letter, due_on: due },
      ...{ amount: money?.amount ?? null, currency: money?.currency ?? null },
      ...{ organisation_id, taken_by: user_id, taken_at: ctx.now },
    })
    .execute()
  if (state === 'withdrawn')
    await ctx.db
      .updateTable('removals.claim_cost')
      .set({ released_at: ctx.now })
      .where('claim_id', '=', claim.id)
      .where('released_at', 'is', null)
      .execute()
  await setState(ctx, claim.id, state, due)
  await audit(ctx, 'claim.step', { type: 'removal_claim', id: claim.id }, { state })
}

/**
 * Takes the last step back. The first, the draft, is withdrawn instead. Repeated with the same step, it changes nothing.
 * @throws conflict where another claim has taken up the costs of a withdrawn one meanwhile
 */
export async function undoStep(ctx: Ctx, claim: Claim, step_id: string): Promise<void> {
  await lockClaim(ctx, claim)
  const [last, before] = (await stepsOf(ctx, claim.id)).filter(({ undone_at }) => !undone_at)
  if (!last || !before || last.id !== step_id) throw problem('conflict', { detail: 'removals.conflict.undone' })
  if (last.state === 'withdrawn') await takeCostsAgain(ctx, claim.id)
  await ctx.db
    .updateTable('removals.claim_step')
    .set({ undone_at: ctx.now, undone_by: (ctx.actor as StaffActor).user_id })
    .where('id', '=', last.id)
    .execute()
  await setState(ctx, claim.id, before.state, before.due_on)
  await audit(ctx, 'claim.undo', { type: 'removal_claim', id: claim.id }, { state: last.state })
}

// One at a time, and only in the state that its actor has seen.
async function lockClaim(ctx: Ctx, claim: Claim): Promise<void> {
  authorise(ctx, 'removal.claim', { type: 'removal_claim', id: claim.id })
  if (claim.keeper !== officeOf(ctx)) throw problem('forbidden')
  const { state } = await ctx.db
    .selectFrom('removals.claim')
    .select('state')
    .where('id', '=', claim.id)
    .forUpdate()
    .executeTakeFirstOrThrow()
  if (state !== claim.state) throw problem('conflict', { detail: 'removals.conflict.state' })
}

async function takeCostsAgain(ctx: Ctx, claim_id: string): Promise<void> {
  await lockClaims(ctx)
  const { rows } = await sql<{ gone: boolean }>`
    select exists (
      select from removals.claim_cost x
      join removals.cost o on o.id = x.cost_id
      join removals.removal r on r.id = o.removal_id
      where x.claim_id = ${claim_id}
        and (o.withdrawn_at is not null or r.withdrawn_at is not null
          or exists (select from removals.claim_cost y where y.cost_id = x.cost_id and y.released_at is null))) as gone`.execute(
    ctx.db,
  )
  if (rows[0]!.gone) throw problem('conflict', { detail: 'removals.conflict.taken' })
  await ctx.db.updateTable('removals.claim_cost').set({ released_at: null }).where('claim_id', '=', claim_id).execute()
}

const setState = (ctx: Ctx, id: string, state: ClaimState, due_on: Temporal.PlainDate | null) =>
  ctx.db.updateTable('removals.claim').set({ state, due_on }).where('id', '=', id).execute()
