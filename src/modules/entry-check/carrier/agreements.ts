import { randomInt } from 'node:crypto'
import { sql } from 'kysely'
import { z } from 'zod'
import { authorise } from '#kernel/access/authorise.ts'
import { staffOf } from '#kernel/access/sessions.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import type { NotificationKind } from '#kernel/notifications/kinds.ts'
import { notify } from '#kernel/notifications/notify.ts'
import { problem } from '#kernel/problem.ts'
import { type Facts, honeyOwner, openFor, sealFor } from '../facts.ts'

/** Whoever records agreements with carriers. */
export const AGREE = 'entry_check.agree'
/** Where they stand, below the language. */
export const CARRIERS = '/work/carriers'
// So many invented passengers a carrier.
const HONEY = 5

/** A carrier that asks about many: for those who record agreements. */
export const bulkNews: NotificationKind = {
  kind: 'entry_check.bulk',
  label: 'entry_check.carrier.bulk_kind',
  mail: 'now',
  gatherMinutes: 5,
  permission: AGREE,
}

export const tellOfBulk = (ctx: Ctx, agreement: string, organisation_id: string): Promise<void> =>
  notify(ctx, {
    to: { permission: AGREE },
    kind: bulkNews.kind,
    key: 'entry_check.carrier.bulk',
    href: `${CARRIERS}/${agreement}`,
    subject: { type: 'agreement', id: agreement },
    dedupe: `bulk ${organisation_id}`,
  })

export type Agreement = {
  id: string
  carrier: string
  act: string
  act_on: Temporal.PlainDate
  per_day: number
  recorded_at: Temporal.Instant
  suspended_at: Temporal.Instant | null
  ended_at: Temporal.Instant | null
  /** Of the last 30 days. */
  queries: number
  referred: number
}

/** All agreements, those that hold first. */
export async function listAgreements(ctx: Ctx, id: string | null = null): Promise<Agreement[]> {
  authorise(ctx, AGREE)
  const { rows } = await sql<Agreement>`
    select a.id, organisations.name_of(a.organisation_id, ${ctx.lang}) as carrier, a.act, a.act_on, a.per_day, a.recorded_at,
      a.suspended_at, a.ended_at, q.queries, q.referred
    from entry_check.agreement a
    cross join lateral (
      select count(*)::int as queries, count(q.referred_at)::int as referred
      from entry_check.carrier_query q
      where q.agreement_id = a.id
        and q.at > ${ctx.now.subtract({ hours: 30 * 24 })}
    ) q
    where ${id}::uuid is null or a.id = ${id}
    order by a.ended_at is not null, a.recorded_at desc, a.id`.execute(ctx.db)
  return rows
}

/** @throws not_found */
export async function getAgreement(ctx: Ctx, id: string): Promise<Agreement> {
  const [found] = z.uuid().safeParse(id).success ? await listAgreements(ctx, id) : []
  if (!found) throw problem('not_found')
  return found
}

type Terms = { organisation_id: string; act: string; act_on: Temporal.PlainDate; per_day: number }

/**
 * Records an agreement: from then on the carrier may ask, with some invented passengers among all others. Wants a fresh proof. @throws
 * conflict when it has one.
 */
export async function recordAgreement(ctx: Ctx, terms: Terms): Promise<string> {
  authorise(ctx, AGREE)
  const id = newId()
  const made = await ctx.db
    .insertInto('entry_check.agreement')
    .values({ id, ...terms, recorded_by: staffOf(ctx).user_id, recorded_at: ctx.now })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (!made.numInsertedOrUpdatedRows) throw problem('conflict')
  const honey = Array.from({ length: HONEY }, () => ({ id: newId(), facts: invented() }))
  await ctx.db
    .insertInto('entry_check.honey')
    .values(
      honey.map(({ id: of, facts }) => ({
        ...{ id: of, agreement_id: id, made_at: ctx.now },
        facts_sealed: sealFor(ctx, honeyOwner(of), facts),
      })),
    )
    .execute()
  await audit(ctx, 'carrier.agree', { type: 'agreement', id }, { per_day: terms.per_day })
  return id
}

const changes = (now: Temporal.Instant) => ({
  suspend: ['carrier.suspend', { suspended_at: now }] as const,
  resume: ['carrier.resume', { suspended_at: null, resumed_at: now }] as const,
  end: ['carrier.end', { ended_at: now }] as const,
})

/** `suspend`: no questions until `resume`, which wants a fresh proof; `end`: for good. */
export async function changeAgreement(ctx: Ctx, id: string, act: 'suspend' | 'resume' | 'end'): Promise<void> {
  const { ended_at } = await getAgreement(ctx, id)
  if (ended_at) throw problem('conflict')
  const [action, change] = changes(ctx.now)[act]
  await ctx.db.updateTable('entry_check.agreement').set(change).where('id', '=', id).execute()
  await audit(ctx, action, { type: 'agreement', id })
}

/** What a carrier says it carried in a month. */
export async function recordCarried(
  ctx: Ctx,
  agreement_id: string,
  month: Temporal.PlainDate,
  passengers: number,
): Promise<void> {
  await getAgreement(ctx, agreement_id)
  const said = { passengers, recorded_at: ctx.now }
  await ctx.db
    .insertInto('entry_check.carried')
    .values({ agreement_id, month, ...said })
    .onConflict((conflict) => conflict.columns(['agreement_id', 'month']).doUpdateSet(said))
    .execute()
  await audit(ctx, 'carrier.reconcile', { type: 'agreement', id: agreement_id }, { passengers })
}

export type Month = {
  month: Temporal.PlainDate
  queries: number
  referred: number
  passengers: number | null
  /** When the carrier's figure was noted. */
  noted_at: Temporal.Instant | null
}

/** Questions by month (UTC), the newest first, beside what the carrier says it carried. */
export async function monthsOf(ctx: Pick<Ctx, 'db'>, agreement_id: string): Promise<Month[]> {
  const { rows } = await sql<Month>`
    select coalesce(q.month, c.month) as month, coalesce(q.queries, 0) as queries, coalesce(q.referred, 0) as referred, c.passengers,
      c.recorded_at as noted_at
    from (
      select date_trunc('month', at at time zone 'UTC')::date as month, count(*)::int as queries, count(referred_at)::int as referred
      from entry_check.carrier_query
      where agreement_id = ${agreement_id}
      group by 1
    ) q
    full join (select month, passengers, recorded_at from entry_check.carried where agreement_id = ${agreement_id}) c on c.month = q.month
    order by 1 desc
    limit 24`.execute(ctx.db)
  return rows
}

/** The invented passengers of an agreement, for trying it out; nothing without a fresh proof. */
export async function honeyOf(
  ctx: Ctx,
  agreement_id: string,
): Promise<(Facts & { hit_at: Temporal.Instant | null })[]> {
  const rows = await ctx.db
    .selectFrom('entry_check.honey')
    .select(['id', 'facts_sealed', 'hit_at'])
    .where('agreement_id', '=', agreement_id)
    .orderBy('id')
    .execute()
  return rows.map(({ id, facts_sealed, hit_at }) => ({ ...openFor<Facts>(ctx, honeyOwner(id), facts_sealed), hit_at }))
}

// The names are made of syllables that no name in use is made of, so that nobody real is referred for them.
const SYLLABLES = ['bra', 'dul', 'fe', 'gro', 'mil', 'nas', 'pel', 'sru', 'tov', 'vex', 'zim']
function invented(): Facts {
  const word = () => {
    const text = Array.from({ length: 3 }, () => SYLLABLES[randomInt(SYLLABLES.length)]).join('')
    return text[0]!.toUpperCase() + text.slice(1)
  }
  const birth = (1960 + randomInt(45)) * 10_000 + (1 + randomInt(12)) * 100 + 1 + randomInt(28)
  return { document: `A${String(10_000_000 + randomInt(89_999_999))}`, birth, name: { family: word(), given: word() } }
}
