import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { type Arrival, arrivals } from '#modules/vacancies/public.ts'

/** So many adverts are put to all searches at once. */
const BATCH = 200
/** So many of one batch are kept for a search: a message shows the newest, the list shows all. */
const MOST_HITS = 20
/** Transactions commit late: what came within this time is looked at again, unless it was looked at. */
const LOOK_BACK = { hours: 1 }

type Matched = { adverts: number; hits: number }

/**
 * Puts the adverts that came since the last time to all active searches. Inverted: not each search looks for adverts, each
 * advert looks for the searches that share a key with it, by one index; only those are compared in full. At the first time it
 * begins with what comes from now on. Owner's connection; may be repeated and broken off.
 */
export async function matchNewAdverts(ctx: Pick<Ctx, 'db' | 'now'>, signal?: AbortSignal): Promise<Matched> {
  const since = await sinceWhen(ctx)
  const total: Matched = { adverts: 0, hits: 0 }
  let after: Arrival | undefined
  do {
    signal?.throwIfAborted()
    const batch = await arrivals(ctx, { since, after, most: BATCH })
    after = batch.length === BATCH ? batch.at(-1) : undefined
    const hits = await ctx.db.transaction().execute(async (db) => {
      const fresh = await notLookedAt({ ...ctx, db }, batch)
      total.adverts += fresh.length
      return fresh.length > 0 ? match({ ...ctx, db }, fresh) : 0
    })
    total.hits += hits
  } while (after)
  return total
}

async function sinceWhen({ db, now }: Pick<Ctx, 'db' | 'now'>): Promise<Temporal.Instant> {
  const row = await db
    .selectFrom('applications.looked_at')
    .select((e) => e.fn.max('at').as('at'))
    .executeTakeFirst()
  const last = row?.at as Temporal.Instant | null | undefined
  return (last ?? now).subtract(LOOK_BACK)
}

async function notLookedAt({ db, now }: Pick<Ctx, 'db' | 'now'>, batch: readonly Arrival[]): Promise<Arrival[]> {
  if (batch.length === 0) return []
  const fresh = await db
    .insertInto('applications.looked_at')
    .values(batch.map(({ vacancy_id }) => ({ vacancy_id, at: now })))
    .onConflict((conflict) => conflict.doNothing())
    .returning('vacancy_id')
    .execute()
  const ids = new Set(fresh.map(({ vacancy_id }) => vacancy_id))
  return batch.filter(({ vacancy_id }) => ids.has(vacancy_id))
}

async function match({ db, now }: Pick<Ctx, 'db' | 'now'>, adverts: readonly Arrival[]): Promise<number> {
  const { numAffectedRows } = await sql`
    with advert as materialized (
      select a.*, a.document::tsvector as lexemes
      from jsonb_to_recordset(${JSON.stringify(adverts)}::jsonb) as a (
        vacancy_id uuid, reference text, title text, isco text, other_trades text[], country text, place_codes text[],
        accommodation boolean, foreigners text, contract text, pay_currency text, pay_month bigint, document text, keys text[]
      )
    ),
    found as (
      select s.id, a.vacancy_id, a.reference, a.title,
        row_number() over (partition by s.id order by a.vacancy_id desc) as nth
      from advert a
      join applications.saved_search s on s.keys && a.keys and s.state = 'active'
      where (s.trades = '{}' or a.isco = any (s.trades) or a.other_trades && s.beside)
        and (s.isco = '{}' or a.isco = any (s.isco))
        and (s.words is null or a.lexemes @@ s.words)
        and (s.named_places = '{}' or a.place_codes && s.named_places)
        and (s.places = '{}' or a.place_codes && s.places)
        and (s.countries = '{}' or a.country = any (s.countries))
        and (not s.accommodation or a.accommodation)
        and (s.contracts = '{}' or a.contract = any (s.contracts))
        and case s.foreigners
          when 'yes' then a.foreigners in ('yes', 'quota')
          when 'all' then true
          else a.foreigners is distinct from 'no' or a.country = 'TJ'
        end
        and (
          s.pay = '[]'
          or exists (
            select
            from jsonb_to_recordset(s.pay) as least (currency text, amount bigint)
            where least.currency = a.pay_currency and a.pay_month >= least.amount
          )
        )
    )
    insert into applications.hit (search_id, vacancy_id, reference, title, at)
    select id, vacancy_id, reference, title, ${now}
    from found
    where nth <= ${MOST_HITS}
    on conflict do nothing`.execute(db)
  return Number(numAffectedRows ?? 0n)
}
