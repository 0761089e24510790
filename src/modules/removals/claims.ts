import { type RawBuilder, sql } from 'kysely'
import { authorise } from '#kernel/access/authorise.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx, StaffActor } from '#kernel/context.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { newId, newReference, parseReference } from '#kernel/ids.ts'
import type { Money } from '#kernel/money.ts'
import { problem } from '#kernel/problem.ts'
import { lockClaims } from './claim-lock.ts'
import { type ClaimState, LOOK_AGAIN_DAYS, type Payer } from './kinds.ts'
import { moneyOf, type Sums, sumsOf } from './money.ts'
import { type Bearer, payerOf } from './payer.ts'
import type { Removal } from './removals.ts'

/** What a payer is asked for. All its costs are of one currency; what was paid may be of several, which are never added. */
export type Claim = {
  id: string
  reference: string
  keeper: string
  keeper_name: string
  carrier: string
  carrier_name: string
  payer: Payer
  payer_carrier: string | null
  payer_carrier_name: string | null
  /** Of `data/law`; null where an officer named payer and rule. */
  rule_key: string | null
  payer_named: string | null
  rule_text: string | null
  /** Whose word the rule is then. */
  rule_by_name: string | null
  /** Of the departures. */
  year: number
  currency: string
  amount: bigint
  removals: number
  people: number
  received: Money[]
  state: ClaimState
  due_on: Temporal.PlainDate | null
  drafted_at: Temporal.Instant
}

export type ClaimFilter = {
  carrier?: string
  year?: number
  state?: ClaimState
  /** Only what somebody must look at now, of the actor's own office. */
  due?: boolean
  q?: string
  after?: string
}

type Row = Omit<Claim, 'received'> & { received: Sums }

const lines = (ctx: Ctx) => sql`
  select k.id, k.reference, k.keeper, organisations.name_of(k.keeper, ${ctx.lang}) as keeper_name, k.carrier,
    organisations.name_of(k.carrier, ${ctx.lang}) as carrier_name, k.payer, k.payer_carrier,
    organisations.name_of(k.payer_carrier, ${ctx.lang}) as payer_carrier_name, k.rule_key, k.payer_named, k.rule_text,
    organisations.name_of(k.rule_by, ${ctx.lang}) as rule_by_name, k.year, k.currency, k.state,
    k.due_on, k.drafted_at, s.amount, s.removals, s.people,
    ${sumsOf(sql`
      select p.currency, p.amount from removals.claim_step p
      where p.claim_id = k.id and p.amount is not null and p.undone_at is null`)} as received
  from removals.claim k
  cross join lateral (
    select coalesce(sum(o.amount), 0)::bigint as amount, count(distinct o.removal_id)::integer as removals,
      coalesce((
        select sum(r.people) from removals.removal r
        where r.id in (
          select o.removal_id from removals.claim_cost x join removals.cost o on o.id = x.cost_id where x.claim_id = k.id)
      ), 0)::integer as people
    from removals.claim_cost x
    join removals.cost o on o.id = x.cost_id
    where x.claim_id = k.id
  ) s`

const ofRow = ({ received, ...row }: Row): Claim => ({ ...row, received: moneyOf(received) })

const conditions = (ctx: Ctx, { carrier, year, state, due, q }: ClaimFilter): RawBuilder<unknown> => sql`
  (${carrier ?? null}::uuid is null or k.carrier = ${carrier ?? null}::uuid)
  and (${year ?? null}::integer is null or k.year = ${year ?? null})
  and (${state ?? null}::text is null or k.state = ${state ?? null})
  and (not ${due ?? false} or (k.due_on <= ${plainDate(ctx.now)} and k.keeper = (select access.organisation())))
  and (${q ?? null}::text is null or k.reference = ${parseReference(q ?? '') ?? ''})`

/** Claims the actor may see, the newest first. */
export async function listClaims(ctx: Ctx, filter: ClaimFilter, limit: number): Promise<Claim[]> {
  const after = filter.after ? (parseReference(filter.after) ?? '') : null
  const { rows } = await sql<Row>`
    ${lines(ctx)}
    where ${conditions(ctx, filter)}
      and (${after}::text is null
        or (k.drafted_at, k.id) < (select a.drafted_at, a.id from removals.claim a where a.reference = ${after}))
    order by k.drafted_at desc, k.id desc
    limit ${limit}`.execute(ctx.db)
  return rows.map(ofRow)
}

/** How many claims the filter finds, counted no further than `most`. */
export async function countClaims(ctx: Ctx, filter: ClaimFilter, most = 100_000): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::integer as n
    from (select from removals.claim k where ${conditions(ctx, filter)} limit ${most}) f`.execute(ctx.db)
  return rows[0]!.n
}

/** Open claims of the actor's office by the day on which somebody must look at them, the nearest first. */
export async function claimsToLookAt(ctx: Ctx, limit: number): Promise<Claim[]> {
  const { rows } = await sql<Row>`
    ${lines(ctx)}
    where k.keeper = (select access.organisation()) and k.due_on is not null
    order by k.due_on, k.id
    limit ${limit}`.execute(ctx.db)
  return rows.map(ofRow)
}

/** One claim by its reference. Throws the problem `not_found` for one the actor may not see. */
export async function getClaim(ctx: Ctx, reference: string): Promise<Claim> {
  const { rows } = await sql<Row>`${lines(ctx)} where k.reference = ${parseReference(reference) ?? ''}`.execute(ctx.db)
  if (!rows[0]) throw problem('not_found')
  return ofRow(rows[0])
}

/** The departures that a claim asks money for, with what it asks for each, in their order. */
export async function claimedRemovals(ctx: Ctx, claim: Pick<Claim, 'id'>) {
  const { rows } = await sql<
    Pick<
      Removal,
      'reference' | 'left_on' | 'mode' | 'category' | 'people' | 'service' | 'origin' | 'destination' | 'country'
    > & { amount: bigint }
  >`
    select r.reference, r.left_on, r.mode, r.category, r.people, r.service, r.origin, r.destination, r.country,
      sum(o.amount)::bigint as amount
    from removals.claim_cost x
    join removals.cost o on o.id = x.cost_id
    join removals.removal r on r.id = o.removal_id
    where x.claim_id = ${claim.id}
    group by r.id
    order by r.left_on, r.id`.execute(ctx.db)
  return rows
}

/** What became of the costs: claims drafted; how many the carrier bears itself, and for how many no rule names a payer. */
type Drafted = { references: string[]; own: number; no_rule: number }

const BATCH = 1000

/**
 * Drafts claims for all costs that stand in none, to the payers the rules name, or an officer: one claim for each payer, rule, year
 * and currency of a carrier. Pressed twice, the second finds nothing left but what it says of those nobody is asked for. `of`: one
 * removal, or the departures of a carrier in a year.
 */
export async function draftClaims(ctx: Ctx, of: { removal: string } | { carrier: string; year: number }) {
  authorise(ctx, 'removal.claim')
  const { organisation_id, user_id } = ctx.actor as StaffActor
  await lockClaims(ctx)
  const drafted: Drafted = { references: [], own: 0, no_rule: 0 }
  const asked = new Map<string, { bearer: Bearer; first: Facts; costs: string[] }>()
  for await (const facts of unclaimed(ctx, of)) {
    const bearer = await payerOf(ctx, facts)
    if (!bearer) drafted.no_rule++
    else if (bearer.carrier === facts.carrier) drafted.own++
    else {
      const key = [
        facts.carrier,
        bearer.payer,
        bearer.carrier,
        bearer.rule?.key,
        bearer.named && JSON.stringify([facts.category, bearer.named.payer, bearer.named.rule]),
        facts.left_on.year,
        facts.currency,
      ].join()
      asked.getOrInsertComputed(key, () => ({ bearer, first: facts, costs: [] })).costs.push(facts.cost_id)
    }
  }
  const due_on = plainDate(ctx.now).add({ days: LOOK_AGAIN_DAYS.drafted! })
  for (const { bearer, first, costs } of asked.values()) {
    const [id, reference] = [newId(), newReference()]
    await ctx.db
      .insertInto('removals.claim')
      .values({
        ...{ id, reference, keeper: organisation_id, carrier: first.carrier, state: 'drafted', due_on },
        ...{ payer: bearer.payer, payer_carrier: bearer.carrier, rule_key: bearer.rule?.key ?? null },
        ...{ payer_named: bearer.named?.payer ?? null, rule_text: bearer.named?.rule ?? null },
        rule_by: bearer.named?.organisation_id ?? null,
        ...{ year: first.left_on.year, currency: first.currency, drafted_by: user_id, drafted_at: ctx.now },
      })
      .execute()
    await sql`
      insert into removals.claim_cost (claim_id, cost_id)
      select ${id}, c from unnest(${costs}::uuid[]) c`.execute(ctx.db)
    await ctx.db
      .insertInto('removals.claim_step')
      .values({
        ...{ id: newId(), claim_id: id, state: 'drafted', stepped_on: plainDate(ctx.now), due_on },
        ...{ organisation_id, taken_by: user_id, taken_at: ctx.now },
      })
      .execute()
    await audit(ctx, 'claim.draft', { type: 'removal_claim', id }, { payer: bearer.payer, costs: costs.length })
    drafted.references.push(reference)
  }
  return drafted
}

type Facts = Pick<
  Removal,
  'id' | 'carrier' | 'category' | 'mode' | 'country' | 'left_on' | 'brought_by' | 'invited'
> & {
  cost_id: string
  currency: string
}

// The costs that stand in no claim. None leaves the list while it is gone through: for many nobody is ever asked.
async function* unclaimed(ctx: Ctx, of: Parameters<typeof draftClaims>[1]): AsyncGenerator<Facts> {
  for (let after: Facts | undefined; ; ) {
    const { rows }: { rows: Facts[] } = await sql<Facts>`
      select o.id as cost_id, o.currency, r.id, r.carrier, r.category, r.mode, r.country, r.left_on, r.brought_by, r.invited
      from removals.cost o
      join removals.removal r on r.id = o.removal_id
      where o.withdrawn_at is null
        and r.withdrawn_at is null
        and not exists (select from removals.claim_cost x where x.cost_id = o.id and x.released_at is null)
        and ${
          'removal' in of
            ? sql`r.id = ${of.removal}`
            : sql`r.carrier = ${of.carrier} and r.left_on between make_date(${of.year}, 1, 1) and make_date(${of.year}, 12, 31)`
        }
        and (${after?.cost_id ?? null}::uuid is null or (r.left_on, o.id) > (${after?.left_on ?? null}::date, ${after?.cost_id ?? null}::uuid))
      order by r.left_on, o.id
      limit ${BATCH}`.execute(ctx.db)
    yield* rows
    if (rows.length < BATCH) return
    after = rows.at(-1)
  }
}
