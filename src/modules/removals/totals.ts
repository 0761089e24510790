import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import type { Money } from '#kernel/money.ts'
import { fold } from '#kernel/search/fold.ts'
import type { Figure } from './figures.ts'
import type { Category } from './kinds.ts'
import { moneyOf, type Sums, sumsOf } from './money.ts'
import { listCarriers } from './removals.ts'

/** What the records of one carrier, year of departure and category add up to. Categories and currencies are never merged. */
type Total = {
  carrier: string
  carrier_name: string
  year: number
  category: Category
  removals: number
  people: number
  costs: Money[]
  /** Of the costs: what stands in claims that were sent. */
  claimed: Money[]
  /** What payers paid for those departures. */
  received: Money[]
}

/** Totals of all that the actor may see, the latest year first. */
export async function totalsByCarrier(ctx: Ctx): Promise<Total[]> {
  const { rows } = await sql<
    Omit<Total, 'costs' | 'claimed' | 'received'> & Record<'costs' | 'claimed' | 'received', Sums>
  >`
    with r as materialized (
      select x.id, x.carrier, extract(year from x.left_on)::integer as year, x.category, x.people
      from removals.removal x
      where x.withdrawn_at is null
    ), t as (
      select r.carrier, r.year, r.category, count(*)::integer as removals, sum(r.people)::integer as people
      from r
      group by r.carrier, r.year, r.category
    ), cost as materialized (
      select r.carrier, r.year, r.category, c.currency, c.amount,
        exists (
          select from removals.claim_cost x
          join removals.claim k on k.id = x.claim_id
          where x.cost_id = c.id and x.released_at is null and k.state <> 'drafted') as claimed
      from r
      join removals.cost c on c.removal_id = r.id and c.withdrawn_at is null
    ), paid as materialized (
      select k.carrier, k.year, p.currency, p.amount,
        (
          select x.category
          from removals.claim_cost y
          join removals.cost c on c.id = y.cost_id
          join removals.removal x on x.id = c.removal_id
          where y.claim_id = k.id
          limit 1
        ) as category
      from removals.claim k
      join removals.claim_step p on p.claim_id = k.id and p.undone_at is null and p.amount is not null
      where k.state <> 'withdrawn'
    )
    select t.*, organisations.name_of(t.carrier, ${ctx.lang}) as carrier_name,
      ${sumsOf(sql`select c.currency, c.amount from cost c where (c.carrier, c.year, c.category) = (t.carrier, t.year, t.category)`)} as costs,
      ${sumsOf(sql`select c.currency, c.amount from cost c where c.claimed and (c.carrier, c.year, c.category) = (t.carrier, t.year, t.category)`)} as claimed,
      ${sumsOf(sql`select p.currency, p.amount from paid p where (p.carrier, p.year, p.category) = (t.carrier, t.year, t.category)`)} as received
    from t
    order by t.year desc, carrier_name, t.category`.execute(ctx.db)
  return rows.map(({ costs, claimed, received, ...row }) => ({
    ...row,
    ...{ costs: moneyOf(costs), claimed: moneyOf(claimed), received: moneyOf(received) },
  }))
}

/** What the records here add up to for the period and carrier of a published figure. */
export type Beside = { removals: number; inadmissible: number; deportee: number; costs: Money[] }

/** The same for a published figure: of all carriers, or of the one whose name it bears in any language. */
export async function besideFigure(ctx: Ctx, { carrier, from, until }: Figure): Promise<Beside> {
  const wanted = carrier && fold(carrier)
  const ids = wanted
    ? (await listCarriers(ctx))
        .filter(({ names }) => Object.values(names).some((name) => fold(name) === wanted))
        .map(({ id }) => id)
    : null
  const { rows } = await sql<Omit<Beside, 'costs'> & { costs: Sums }>`
    with r as materialized (
      select x.id, x.category, x.people
      from removals.removal x
      where x.withdrawn_at is null
        and x.left_on between ${from} and ${until}
        and (${ids === null} or x.carrier = any (${ids ?? []}::uuid[]))
    )
    select count(*)::integer as removals,
      coalesce(sum(r.people) filter (where r.category = 'inadmissible'), 0)::integer as inadmissible,
      coalesce(sum(r.people) filter (where r.category = 'deportee'), 0)::integer as deportee,
      ${sumsOf(sql`select c.currency, c.amount from removals.cost c join r on r.id = c.removal_id where c.withdrawn_at is null`)} as costs
    from r`.execute(ctx.db)
  const { costs, ...counts } = rows[0]!
  return { ...counts, costs: moneyOf(costs) }
}
