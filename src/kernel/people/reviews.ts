import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { authorise } from '../access/authorise.ts'
import { audit } from '../audit/audit.ts'
import type { Ctx } from '../context.ts'
import { newId } from '../ids.ts'
import { problem } from '../problem.ts'
import { recordsOfAll, speakAgainst } from './conflicts.ts'
import { lockIdentity, mergePersons, officer, refusing, setApart, takeBack } from './identity.ts'
import { standingOf } from './proposals.ts'
import type { Explanation } from './scoring.ts'

export const REVIEW_DECISIONS = ['same', 'different', 'unclear'] as const
export type ReviewDecision = (typeof REVIEW_DECISIONS)[number]

/** Two records that may be about one person. `proposed`: one officer said so, and a second must. */
export type Review = {
  id: string
  record_id: string
  /** Whose the two records are, now: they move with them. */
  person_id: string
  other_id: string
  other_record_id: string
  adverse: boolean
  /** An officer named the two; the matching did not bring them together. */
  proposed: boolean
  /** How likely among the pairs of its record: 1 the likeliest. */
  place: number
  probability: number
  explanation: Explanation
  weights_version: string
  state: 'open' | 'proposed' | 'unclear' | 'same' | 'different'
  opened_at: Temporal.Instant
  due_at: Temporal.Instant
  settled_at: Temporal.Instant | null
  event_id: string | null
}

/** How long an unclear pair rests before it is asked about again. */
const REST = { hours: 24 * 14 }

/** Officers are asked about so many possible persons of one record at a time: more say only that the name is common. */
const AT_ONCE = 3

// What was settled by another decision meanwhile is not asked: the two are one already, or known to be different.
const isOpen = (review: 'r' | 'b') => {
  const [person, other] = [sql.ref(`${review}.person_id`), sql.ref(`${review}.other_id`)]
  return sql<boolean>`
    ${sql.ref(`${review}.settled_at`)} is null
    and exists (
      select
      from people.person l
      join people.person o on o.id = ${other}
      where l.id = ${person}
        and l.root <> o.root
    )
    and not people.is_apart(${person}, ${other})`
}

// The likeliest of a record first. Where it takes two officers the second must be another one.
const waits = (ctx: Ctx) => sql<boolean>`
  ${isOpen('r')}
  and (
    r.place <= ${AT_ONCE}
    or not exists (
      select
      from people.review b
      where b.person_id = r.person_id
        and b.record_id = r.record_id
        and b.place < r.place
        and ${isOpen('b')}
      offset ${AT_ONCE - 1}
    )
  )
  and not exists (
    select
    from people.decision d
    where d.review_id = r.id
      and d.user_id = ${officer(ctx).user_id}
      and d.decision = 'same'
      and d.undone_at is null
      and people.still_about(r.id, d.about)
  )`

/** The pairs that wait for this officer, what may harm somebody and is due first at the front. */
export async function reviewQueue(ctx: Ctx, limit: number, after?: string): Promise<Review[]> {
  authorise(ctx, 'person.review')
  const { rows } = await sql<Review>`
    select r.*
    from people.review r
    where ${waits(ctx)}
      and (${after ?? null}::uuid is null or (r.due_at, r.id) > (select a.due_at, a.id from people.review a where a.id = ${after ?? null}::uuid))
    order by r.due_at, r.id
    limit ${limit}`.execute(ctx.db)
  return rows
}

/**
 * How many pairs wait for this officer (nobody counts above `most`), and which of them this one is: null where it does not
 * wait, or stands further behind.
 */
export async function countReviews(
  ctx: Ctx,
  { id, most = 1_000 }: { id?: string; most?: number } = {},
): Promise<{ all: number; at: number | null }> {
  if (ctx.actor.kind !== 'staff') return { all: 0, at: null }
  const { rows } = await sql<{ all: number; at: number | null }>`
    select count(*)::int as all, min(q.at) filter (where q.id = ${id ?? null}::uuid)::int as at
    from (
      select r.id, row_number() over (order by r.due_at, r.id) as at
      from people.review r
      where ${waits(ctx)}
      order by r.due_at, r.id
      limit ${most}
    ) q`.execute(ctx.db)
  return rows[0]!
}

/** A pair that the actor may decide about. @throws not_found for others */
export async function getReview(ctx: Ctx, id: string, { lock = false } = {}): Promise<Review> {
  authorise(ctx, 'person.review')
  const query = ctx.db.selectFrom('people.review').selectAll().where('id', '=', id)
  const found = await (lock ? query.forUpdate() : query).executeTakeFirst()
  if (!found) throw problem('not_found')
  return found as unknown as Review
}

/** What the actor sees of both sides, in one text: another one as soon as records have come to either, or gone. */
export async function shownOf(ctx: Ctx, { person_id, other_id }: Review): Promise<string> {
  const sides = [await recordsOfAll(ctx, person_id), await recordsOfAll(ctx, other_id)]
  const ids = sides.map((side) => side.map(({ record_id }) => record_id))
  return createHash('sha256').update(JSON.stringify(ids)).digest('base64url')
}

export type Decided = Awaited<ReturnType<typeof decisionsOf>>[number]

/** What officers said about a pair, the newest first. `of_these`: of the records that both sides have now; else it counts no longer. */
export async function decisionsOf(ctx: Ctx, reviewId: string) {
  return (
    ctx.db
      .selectFrom('people.decision as d')
      .leftJoin('access.user_account as u', 'u.id', 'd.user_id')
      .select(['d.id', 'd.user_id', 'd.decision', 'd.at', 'd.undone_at', 'u.name'])
      // Null where that was not kept: of a pair that was settled then.
      .select(sql<boolean | null>`people.still_about(d.review_id, d.about)`.as('of_these'))
      .where('d.review_id', '=', reviewId)
      .orderBy('d.at', 'desc')
      .orderBy('d.id', 'desc')
      .execute()
  )
}

/**
 * Says what an officer thinks of a pair. `same` merges; where an adverse record is concerned, or records of the two speak against each other,
 * only with the second of two officers, both of whom saw the same records. `different` is remembered, and outlives every later resemblance; against a colleague's `same` it settles nothing yet.
 * `shown`: of the page that the actor decided on (`shownOf`).
 * @throws conflict when it is settled, the actor has said the same before, or has not seen what the two are now; forbidden for whoever does
 * not see all records of both and does more than call it unclear
 */
export async function decideReview(
  ctx: Ctx,
  id: string,
  decision: ReviewDecision,
  shown?: string,
): Promise<Review['state']> {
  await lockIdentity(ctx)
  const review = await getReview(ctx, id, { lock: true })
  if (review.settled_at) throw settledBefore(id)
  if (shown !== undefined && shown !== (await shownOf(ctx, review)))
    throw problem('conflict', { detail: 'people.conflict.changed', onward: toPair(id) })
  const { user_id, organisation_id } = officer(ctx)
  const standing = (await decisionsOf(ctx, id)).filter(({ undone_at, of_these }) => !undone_at && of_these)
  const others = standing.filter((one) => one.user_id !== user_id)
  if (standing.some((one) => one.user_id === user_id && one.decision === 'same' && decision === 'same'))
    throw problem('conflict', { detail: 'people.conflict.second' })
  // The latest word of an officer is what counts.
  await ctx.db
    .updateTable('people.decision')
    .set({ undone_at: ctx.now })
    .where('review_id', '=', id)
    .where('user_id', '=', user_id)
    .where('undone_at', 'is', null)
    .execute()
  const state = outcomeOf(await takesTwo(ctx, review), decision, others)
  await refusing(
    ctx.db
      .insertInto('people.decision')
      .values({ id: newId(), review_id: id, user_id, organisation_id, decision, at: ctx.now })
      .execute(),
  )
  const event_id = await act(ctx, review, state, others)
  await ctx.db
    .updateTable('people.review')
    .set({
      state,
      event_id,
      settled_at: event_id ? ctx.now : null,
      ...(state === 'unclear' && { due_at: ctx.now.add(REST) }),
    })
    .where('id', '=', id)
    .execute()
  await audit(ctx, 'person.decide', { type: 'person_review', id }, { decision, state })
  return state
}

const toPair = (id: string) => ({ path: `/work/people/review/${id}`, label: 'people.review.again' })
const settledBefore = (id: string) => problem('conflict', { detail: 'people.conflict.settled', onward: toPair(id) })

/** Whether joining the two takes two officers. A ban, or somebody else, may have come to one of them since the pair was put here. */
export async function takesTwo(ctx: Ctx, { adverse, person_id, other_id }: Review): Promise<boolean> {
  return (
    adverse || (await standingOf(ctx, person_id, other_id)).adverse || (await speakAgainst(ctx, person_id, other_id))
  )
}

function outcomeOf(
  two: boolean,
  decision: ReviewDecision,
  others: readonly Pick<Decided, 'decision'>[],
): Review['state'] {
  const say = (what: ReviewDecision) => others.some((other) => other.decision === what)
  if (decision === 'same' && two && !say('same')) return 'proposed'
  if (decision === 'different' && say('same') && !say('different')) return 'unclear'
  return decision
}

async function act(
  ctx: Ctx,
  review: Review,
  state: Review['state'],
  others: readonly Decided[],
): Promise<string | null> {
  const { person_id, other_id, probability, explanation, weights_version } = review
  if (state === 'different') return setApart(ctx, person_id, other_id, 'review')
  if (state !== 'same') return null
  const second = others.find(({ decision }) => decision === 'same')?.user_id ?? null
  return mergePersons(ctx, person_id, other_id, { reason: 'review', second, probability, explanation, weights_version })
}

/**
 * Takes the last decision on a pair back: both persons are as before, and it waits again. `shown`: the one that the actor's page showed as
 * the last.
 * @throws conflict when nothing was decided, or somebody has decided since; forbidden where a colleague decided, for whoever does not see all records of both
 */
export async function undoReview(ctx: Ctx, id: string, shown?: string): Promise<void> {
  await lockIdentity(ctx)
  const review = await getReview(ctx, id, { lock: true })
  const last = (await decisionsOf(ctx, id)).find(({ undone_at }) => !undone_at)
  if (!last || (shown !== undefined && shown !== last.id)) throw settledBefore(id)
  const { whole } = await standingOf(ctx, review.person_id, review.other_id)
  if (!whole && last.user_id !== officer(ctx).user_id) throw problem('forbidden')
  if (review.event_id) await takeBack(ctx, review.event_id)
  else await sql`select people.reopen(${id}, ${ctx.now})`.execute(ctx.db)
  await audit(ctx, 'person.undecide', { type: 'person_review', id }, { decision: last.decision })
}
