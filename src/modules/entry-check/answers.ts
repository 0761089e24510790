import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { defineJob } from '#kernel/jobs/job.ts'
import type { Purpose } from '#kernel/people/purposes.ts'
import type { MeasureOnRecord } from '#modules/expulsions/public.ts'
import { answerOwner, type Facts, factsOwner, openFor, sealFor } from './facts.ts'
import { type Agreement, type AnswerKind, examine } from './finding.ts'
import { listsInForce } from './list-version.ts'
import { ensureSigningKey } from './signing-key.ts'

/** So long an answer opens. Days by the clock do not matter here: it is a term of safety, not of law. */
export const OPEN_FOR = { hours: 7 * 24 }
// A list older than this says little about today.
const FRESH_FOR = { hours: 14 * 24 }

/** Whether the list behind an answer is new enough: an older one is said to be old, and no slip is made from it. */
export const isFresh = ({ list }: Pick<Answer, 'list'>, now: Temporal.Instant): boolean =>
  list.on !== null && Temporal.Instant.compare(Temporal.Instant.from(list.on).add(FRESH_FOR), now) > 0

/** The task that answers an inquiry of a desk. */
export const ANSWER_TASK = 'entry_check.answer'

/** An answer as it is sealed. Instants and days are texts. */
export type Answer = {
  kind: AnswerKind
  measures: Stated[]
  at: string
  list: { version: number; on: string | null }
  known: string
}

export type Stated = Pick<MeasureOnRecord, 'kind' | 'issuer' | 'decision_no' | 'term' | 'status'> & {
  decision_on: string | null
  starts_on: string | null
  ends_on: string | null
  /** Answers that were sealed before these were known have neither. */
  lasts?: string | null
  executed_on?: string | null
}

/** Answers one inquiry, in the background: whoever asks waits equally long whatever is found. */
export const answerJob = defineJob<{ inquiry: string }>({
  async run(ctx, { inquiry }) {
    await ctx.db.transaction().execute((db) => answerInquiry({ ...ctx, db }, inquiry))
  },
})

type Open = {
  id: string
  at: Temporal.Instant
  way: 'desk' | 'own'
  purpose: Purpose
  organisation_id: string | null
  actor_id: string | null
  answered_at: Temporal.Instant | null
  holder_id: string
  facts_sealed: Buffer | null
  answer_sealed: Buffer | null
}

/** Finds out what the lists say now, and seals it into the inquiry. Owner's connection, in a transaction. */
export async function answerInquiry(ctx: Ctx, id: string): Promise<void> {
  await ensureSigningKey(ctx)
  const { rows } = await sql<Open>`
    select i.id, i.at, i.way, i.purpose, i.organisation_id, i.actor_id, i.answered_at, i.holder_id, i.answer_sealed,
      h.facts_sealed
    from entry_check.inquiry i
    join entry_check.holder h on h.id = i.holder_id
    where i.id = ${id}
    for update of i`.execute(ctx.db)
  const [inquiry] = rows
  if (!inquiry?.facts_sealed) return
  const facts = openFor<Facts>(ctx, factsOwner(inquiry.holder_id), inquiry.facts_sealed)
  const [finding, list] = [await examine(ctx, facts), await listsInForce(ctx)]
  if (inquiry.way === 'desk' && !inquiry.answered_at) await noteInRegistry(ctx, inquiry, finding.agreeing)
  await noteAbout(ctx, id, finding.agreeing)
  const before = inquiry.answer_sealed && openFor<Answer>(ctx, answerOwner(id), inquiry.answer_sealed)
  if (before && before.list.version === list.version && before.kind === finding.kind && before.known === finding.known)
    // Nothing to say anew: the moment of the check stays, from which a slip counts its hours.
    return markLookedAt(ctx, id)
  const text = (day: Temporal.PlainDate | null) => day?.toString() ?? null
  const answer: Answer = {
    kind: finding.kind,
    measures: finding.measures.map(
      ({ kind, issuer, decision_no, decision_on, starts_on, term, ends_on, lasts, executed_on, status }) => ({
        ...{ kind, issuer, decision_no, term, lasts, status, decision_on: text(decision_on) },
        ...{ starts_on: text(starts_on), ends_on: text(ends_on), executed_on: text(executed_on) },
      }),
    ),
    at: ctx.now.toString(),
    list: { version: list.version, on: list.on?.toString() ?? null },
    known: finding.known,
  }
  await sql`
    update entry_check.inquiry
    set answer_sealed = ${sealFor(ctx, answerOwner(id), answer)}, answered_at = ${ctx.now}, list_version = ${list.version}
    where id = ${id}`.execute(ctx.db)
}

async function markLookedAt(ctx: Ctx, id: string): Promise<void> {
  await sql`update entry_check.inquiry set answered_at = ${ctx.now} where id = ${id}`.execute(ctx.db)
}

// Everybody with whom it agreed, by half too, reads it in their own log, beside what officers of the registry looked at: for each of them
// the answer says something, and an invented document must not hide who asked.
async function noteInRegistry(
  ctx: Ctx,
  { id, at, purpose, actor_id, organisation_id }: Open,
  agreeing: readonly Agreement[],
) {
  const wholly = new Set(agreeing.filter(({ agrees }) => agrees === 'wholly').map(({ person_id }) => person_id))
  const persons = [...new Set(agreeing.map(({ person_id }) => person_id))]
  if (persons.length === 0) return
  await ctx.db
    .insertInto('people.lookup')
    .values({
      ...{ id, at, purpose, actor_id: actor_id!, organisation_id: organisation_id!, words: null },
      ...{ asked: ['name', 'birth', 'document'], candidates: persons.length, shown: wholly.size },
    })
    .execute()
  for (const person_id of persons)
    await sql`
      insert into people.look (id, at, person_id, lookup_id, what, position)
      values (gen_random_uuid(), ${at}, ${person_id}, ${id}, ${wholly.has(person_id) ? 'found' : 'alike'}, 1)`.execute(
      ctx.db,
    )
}

// By these the person sees this check with their other documents, and with this one what was checked with those, or with none of theirs.
async function noteAbout(ctx: Ctx, id: string, agreeing: readonly Agreement[]): Promise<void> {
  await sql`delete from entry_check.about where inquiry_id = ${id}`.execute(ctx.db)
  const [records, ways] = [agreeing.map(({ record_id }) => record_id), agreeing.map(({ agrees }) => agrees)]
  await sql`
    insert into entry_check.about (inquiry_id, record_id, agrees)
    select ${id}, r, g from unnest(${records}::uuid[], ${ways}::text[]) a (r, g)`.execute(ctx.db)
}

// Records are joined and parted without a new list.
const LOOK_AFTER = { hours: 1 }

/**
 * Answers that are open, once the lists changed, and now and then in any case: a measure that was lifted, or that is somebody else's,
 * must not be shown for days. Each minute by the clock.
 */
export const refreshJob = defineJob({
  async run(ctx) {
    const { version } = await listsInForce(ctx)
    const { rows } = await sql<{ id: string }>`
      select id
      from entry_check.inquiry
      where answer_sealed is not null
        and open_until > ${ctx.now}
        and (list_version <> ${version} or answered_at <= ${ctx.now.subtract(LOOK_AFTER)})`.execute(ctx.db)
    for (const { id } of rows) {
      ctx.signal.throwIfAborted()
      await ctx.db.transaction().execute((db) => answerInquiry({ ...ctx, db }, id))
    }
  },
})
