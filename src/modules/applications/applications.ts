import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { newId, newReference } from '#kernel/ids.ts'
import type { Holder } from '#kernel/my-case/holders.ts'
import { problem } from '#kernel/problem.ts'
import { employerOf } from '#modules/employers/public.ts'
import type { Vacancy } from '#modules/vacancies/public.ts'
import { tellEmployer } from './notices.ts'
import type { Profile } from './profile.ts'
import { openFor, sealFor } from './sealing.ts'
import { findSeeker, getSeeker, type Seeker, setOffer } from './seekers.ts'
import { readSnapshot, type Snapshot, writeSnapshot } from './snapshot.ts'
import { after, type State } from './states.ts'

/** What the employer sees of somebody who applied. The telephone only once the person has released it to this employer. */
export type Shared = { name: string; phone: string | null; profile: Profile }

/** An application as the person sees it. */
export type OwnApplication = {
  id: string
  reference: string
  vacancy_reference: string
  snapshot: Snapshot
  state: State
  applied_at: Temporal.Instant
  phone_asked_at: Temporal.Instant | null
  phone_released_at: Temporal.Instant | null
}

const COLUMNS = [
  ...(['id', 'reference', 'vacancy_reference', 'snapshot', 'state', 'applied_at'] as const),
  ...(['phone_asked_at', 'phone_released_at'] as const),
] as const

/** Whether one applies for this advert here: a verified employer posted it. Else it says itself how to apply. */
export const takesApplications = async (ctx: Ctx, vacancy: Pick<Vacancy, 'employer_id'>): Promise<boolean> =>
  (await employerOf(ctx, vacancy))?.state === 'verified'

/**
 * Applies for an advert with what the holder has said of themselves. Once for each advert: the same again changes nothing.
 * Answers the reference. @throws conflict when the advert takes no applications here
 */
export async function applyFor(ctx: Ctx, holder: Holder, vacancy: Vacancy): Promise<string> {
  if (!(await takesApplications(ctx, vacancy))) throw problem('conflict', { detail: 'applications.apply.elsewhere' })
  const { facts, profile } = await getSeeker(ctx, holder)
  const [id, reference] = [newId(), newReference()]
  const shared: Shared = { name: facts.name, phone: null, profile }
  const made = await ctx.db
    .insertInto('applications.application')
    .values({
      ...{ id, reference, seeker_id: holder.id, vacancy_id: vacancy.id, vacancy_reference: vacancy.reference },
      ...{ organisation_id: vacancy.employer_id!, snapshot: writeSnapshot(vacancy) },
      ...{ shared_sealed: sealFor(ctx, 'application.shared', id, shared), state: 'received' },
      ...{ applied_at: ctx.now, changed_at: ctx.now },
    })
    .onConflict((conflict) =>
      conflict.columns(['seeker_id', 'vacancy_id']).where('state', '<>', 'withdrawn').doNothing(),
    )
    .returning('id')
    .executeTakeFirst()
  if (!made) {
    const known = ctx.db.selectFrom('applications.application').select('reference')
    const before = known.where('seeker_id', '=', holder.id).where('vacancy_id', '=', vacancy.id)
    return (await before.where('state', '<>', 'withdrawn').executeTakeFirstOrThrow()).reference
  }
  await addEvent(ctx, id, 'apply')
  await tellEmployer(ctx, vacancy.employer_id!, 'received')
  return reference
}

/** What the person has applied for, the newest first; what they withdrew too. `after` is the reference of the last one seen. */
export async function ownApplications(
  ctx: Ctx,
  { id }: Holder,
  { after: seen, limit }: { after?: string; limit: number },
): Promise<{ items: OwnApplication[]; next: string | null }> {
  let query = ctx.db.selectFrom('applications.application').select(COLUMNS).where('seeker_id', '=', id)
  if (seen)
    query = query.where(
      sql<boolean>`(applied_at, id) < (
        select s.applied_at, s.id from applications.application s where s.reference = ${seen})`,
    )
  const rows = await query
    .orderBy('applied_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  const items = rows
    .slice(0, limit)
    .map((row) => ({ ...row, state: row.state as State, snapshot: readSnapshot(row.snapshot) }))
  return { items, next: rows.length > limit ? items.at(-1)!.reference : null }
}

/** All that the person has applied for and not withdrawn, by the references of application and advert. */
export const standingApplications = (ctx: Ctx, { id }: Holder) =>
  ctx.db
    .selectFrom('applications.application')
    .select(['reference', 'vacancy_reference'])
    .where('seeker_id', '=', id)
    .where('state', '<>', 'withdrawn')
    .execute()

/** One of them, locked. @throws not_found */
export async function getOwnApplication(ctx: Ctx, { id }: Holder, reference: string): Promise<OwnApplication> {
  const row = await ctx.db
    .selectFrom('applications.application')
    .select(COLUMNS)
    .where('seeker_id', '=', id)
    .where('reference', '=', reference)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw problem('not_found')
  return { ...row, state: row.state as State, snapshot: readSnapshot(row.snapshot) }
}

/** What the employer said with its last decision to each of these applications: the reason as a code, and its words. */
export async function lastWords(
  ctx: Ctx,
  applications: readonly string[],
): Promise<Map<string, { reason: string | null; words: string | null }>> {
  if (applications.length === 0) return new Map()
  const rows = await ctx.db
    .selectFrom('applications.event')
    .select(['application_id', 'reason', 'words'])
    .distinctOn('application_id')
    .where('application_id', 'in', applications)
    .where('act', 'in', ['invite', 'decline', 'hire', 'reopen'])
    .orderBy('application_id')
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return new Map(rows.map(({ application_id, ...said }) => [application_id, said]))
}

/**
 * Takes an application back: from then on the employer finds nothing of it, on no page, in no table, in no count. What they
 * copied before cannot be recalled. A second time changes nothing.
 */
export async function withdrawApplication(ctx: Ctx, holder: Holder, reference: string): Promise<void> {
  const { id, state } = await getOwnApplication(ctx, holder, reference)
  const next = after(state, 'withdraw')
  if (!next) return
  await addEvent(ctx, id, 'withdraw')
  await sql`select applications.forget_words(${id})`.execute(ctx.db)
  const { organisation_id } = await ctx.db
    .updateTable('applications.application')
    .set({ state: next, shared_sealed: null, phone_released_at: null, changed_at: ctx.now })
    .where('id', '=', id)
    .returning('organisation_id')
    .executeTakeFirstOrThrow()
  await tellEmployer(ctx, organisation_id, 'withdrawn')
}

/** Lets this one employer read the telephone, or no longer. The same again changes nothing. */
export async function setPhoneRelease(ctx: Ctx, holder: Holder, reference: string, released: boolean): Promise<void> {
  const { id, state, phone_released_at } = await getOwnApplication(ctx, holder, reference)
  if (state === 'withdrawn' || (phone_released_at !== null) === released) return
  const { facts } = await getSeeker(ctx, holder)
  const kept = ctx.db.selectFrom('applications.application').select(['shared_sealed', 'organisation_id'])
  const { shared_sealed, organisation_id } = await kept.where('id', '=', id).executeTakeFirstOrThrow()
  const shared = openFor<Shared>(ctx, 'application.shared', id, shared_sealed!)
  await ctx.db
    .updateTable('applications.application')
    .set({
      shared_sealed: sealFor(ctx, 'application.shared', id, { ...shared, phone: released ? facts.phone : null }),
      phone_released_at: released ? ctx.now : null,
      changed_at: ctx.now,
    })
    .where('id', '=', id)
    .execute()
  await addEvent(ctx, id, released ? 'release_phone' : 'hide_phone')
  if (released) await tellEmployer(ctx, organisation_id, 'phone')
}

/** Withdraws everything: each application, being found, being called; name and telephone are erased. */
export async function endSeeking(ctx: Ctx, holder: Holder): Promise<void> {
  const seeker: Seeker | null = await findSeeker(ctx, holder)
  if (!seeker) return
  for (const { reference } of await standingApplications(ctx, holder)) await withdrawApplication(ctx, holder, reference)
  await setOffer(ctx, seeker.profile, null)
  await ctx.db
    .updateTable('applications.help_request')
    .set({ closed_at: ctx.now, outcome: 'withdrawn', contact_sealed: null })
    .where('seeker_id', '=', holder.id)
    .where('closed_at', 'is', null)
    .execute()
  await ctx.db
    .updateTable('applications.seeker')
    .set({ facts_sealed: null, ended_at: ctx.now, changed_at: ctx.now })
    .where('id', '=', holder.id)
    .execute()
}

type Happened = { reason?: string | null; words?: string | null }

/** Writes down what happened to an application, in the transaction of it. */
export async function addEvent(ctx: Ctx, application_id: string, act: string, said: Happened = {}): Promise<void> {
  const actor_id = ctx.actor.kind === 'staff' ? ctx.actor.user_id : null
  await ctx.db
    .insertInto('applications.event')
    .values({ id: newId(), application_id, at: ctx.now, act, actor_id, ...said })
    .execute()
}
