import { randomInt } from 'node:crypto'
import { sql } from 'kysely'
import { z } from 'zod'
import { authorise } from '#kernel/access/authorise.ts'
import { staffOf } from '#kernel/access/sessions.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { problem } from '#kernel/problem.ts'
import { type Facts, honeyOwner, openFor, sealFor } from '../facts.ts'
import { firstWanted, isOverdue } from './figures.ts'
import { AGREE } from './telling.ts'

// So many invented passengers a carrier.
const HONEY = 5

/** Why a carrier may not ask: somebody decided so; an invented passenger; more questions than passengers; no figure. */
export type SuspendedFor = 'officer' | 'honey' | 'more' | 'figure'

export type Agreement = {
  id: string
  carrier: string
  act: string
  act_on: Temporal.PlainDate
  per_day: number
  recorded_at: Temporal.Instant
  suspended_at: Temporal.Instant | null
  suspended_for: SuspendedFor | null
  ended_at: Temporal.Instant | null
  /** The first month that ended and still wants the carrier's figure. */
  figure_for: Temporal.PlainDate | null
  /** Of the last 30 days. */
  queries: number
  referred: number
}

/** All agreements, those that hold first. */
export async function listAgreements(ctx: Ctx, id: string | null = null): Promise<Agreement[]> {
  authorise(ctx, AGREE)
  const { rows } = await sql<Agreement>`
    select a.id, organisations.name_of(a.organisation_id, ${ctx.lang}) as carrier, a.act, a.act_on, a.per_day, a.recorded_at,
      a.suspended_at, a.suspended_for, a.ended_at, f.month as figure_for, q.queries, q.referred
    from entry_check.agreement a
    cross join lateral (${firstWanted(ctx, sql`a.id`)}) f
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
  await makeHoney(ctx, id, HONEY)
  await audit(ctx, 'carrier.agree', { type: 'agreement', id }, { per_day: terms.per_day })
  return id
}

async function makeHoney(ctx: Ctx, agreement_id: string, count: number): Promise<void> {
  const honey = Array.from({ length: count }, () => newId()).map((id) => ({
    ...{ id, agreement_id, made_at: ctx.now, facts_sealed: sealFor(ctx, honeyOwner(id), invented()) },
  }))
  if (count > 0) await ctx.db.insertInto('entry_check.honey').values(honey).execute()
}

async function replaceHoney(ctx: Ctx, agreement_id: string): Promise<void> {
  const honey = await ctx.db
    .selectFrom('entry_check.honey')
    .select('id')
    .where('agreement_id', '=', agreement_id)
    .where('hit_at', 'is', null)
    .execute()
  await makeHoney(ctx, agreement_id, Math.max(0, HONEY - honey.length))
}

const changes = (now: Temporal.Instant) => ({
  suspend: ['carrier.suspend', { suspended_at: now, suspended_for: 'officer' }] as const,
  resume: ['carrier.resume', { suspended_at: null, suspended_for: null, resumed_at: now }] as const,
  end: ['carrier.end', { ended_at: now }] as const,
})

/**
 * `suspend`: no questions until `resume`, which wants a fresh proof, and every figure that is overdue; `end`: for good. Invented
 * passengers that were asked about are known to the carrier by then: it goes on with others. @throws conflict
 */
export async function changeAgreement(ctx: Ctx, id: string, act: 'suspend' | 'resume' | 'end'): Promise<void> {
  const { ended_at, figure_for } = await getAgreement(ctx, id)
  if (ended_at) throw problem('conflict')
  if (act === 'resume') {
    if (figure_for && isOverdue(ctx, figure_for))
      throw problem('conflict', { detail: 'entry_check.carriers.figure_first' })
    await replaceHoney(ctx, id)
  }
  const [action, change] = changes(ctx.now)[act]
  await ctx.db.updateTable('entry_check.agreement').set(change).where('id', '=', id).execute()
  await audit(ctx, action, { type: 'agreement', id })
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
