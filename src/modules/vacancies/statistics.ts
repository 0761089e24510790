import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { monthlyPay } from './pay.ts'

/** By what adverts are told apart: ISCO-08 major group, country, first level below a country; `total` has the empty value. */
type AdvertSplit = 'total' | 'isco' | 'country' | 'region'

export type AdvertCount = {
  split: AdvertSplit
  value: string
  /** Offered on the last day. */
  open: number
  /** First published in the month. */
  fresh: number
}

export type MedianPay = {
  split: AdvertSplit
  value: string
  currency: string
  /** In a month of full-time work, in minor units; of an advert with a range the upper end. */
  amount: bigint
  adverts: number
}

// The same offer counts once, however many adverts it has. One that nobody has confirmed for a year is not counted as offered.
const offers = (from: Temporal.PlainDate, to: Temporal.PlainDate) => sql`
  offer as materialized (
    select distinct on (coalesce(f.group_id, v.id))
      left(v.isco, 1) as isco,
      v.country,
      case when p.parent_code = v.country then p.code else p.parent_code end as region,
      dated.day >= ${from}::date as fresh,
      coalesce(v.expires_on > ${to}::date, true) and coalesce(c.closed_on > ${to}::date, true) as open,
      v.pay_currency as currency,
      ${monthlyPay} as pay
    from vacancies.vacancy v
    cross join lateral (select coalesce(v.published_on, v.first_seen_at::date) as day) dated
    left join vacancies.fingerprint f on f.vacancy_id = v.id
    left join vacancies.closure c on c.vacancy_id = v.id
    left join places.place p on p.code = v.place_code
    where v.state in ('published', 'withdrawn')
      and dated.day > ${to}::date - interval '1 year'
      and dated.day <= ${to}::date
    order by coalesce(f.group_id, v.id), dated.day desc
  ),
  told as (
    select s.split, s.value, o.*
    from offer o
    cross join lateral (values ('total', ''), ('isco', o.isco), ('country', o.country), ('region', o.region)) s (split, value)
    where s.value is not null
  )`

/** Adverts offered on the day `to`, and those first published from `from` to `to`. Owner's connection. */
export async function countAdverts(ctx: Ctx, from: Temporal.PlainDate, to: Temporal.PlainDate): Promise<AdvertCount[]> {
  const { rows } = await sql<AdvertCount>`
    with ${offers(from, to)}
    select split, value, count(*) filter (where open)::int as open, count(*) filter (where fresh)::int as fresh
    from told
    group by split, value`.execute(ctx.db)
  return rows
}

/** Median pay of the adverts offered on the day `to`, by currency: no rate makes one of two. Owner's connection. */
export async function medianPay(ctx: Ctx, from: Temporal.PlainDate, to: Temporal.PlainDate): Promise<MedianPay[]> {
  const { rows } = await sql<MedianPay>`
    with ${offers(from, to)}
    select split, value, currency, percentile_disc(0.5) within group (order by pay) as amount, count(*)::int as adverts
    from told
    where open and pay is not null
    group by split, value, currency`.execute(ctx.db)
  return rows
}

/** When adverts were first offered, by id. Owner's connection. */
export async function firstOffered(ctx: Ctx, ids: readonly string[]): Promise<Map<string, Temporal.PlainDate>> {
  const { rows } = await sql<{ id: string; day: Temporal.PlainDate }>`
    select id, coalesce(published_on, first_seen_at::date) as day
    from vacancies.vacancy
    where id = any (${[...ids]}::uuid[])`.execute(ctx.db)
  return new Map(rows.map(({ id, day }) => [id, day]))
}
