import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import type { Note } from '#kernel/imports/kind.ts'
import { enqueue } from '#kernel/jobs/runs.ts'
import { problem } from '#kernel/problem.ts'
import { employerOf } from '#modules/employers/public.ts'
import { type Content, readPosting, tidyContent, USUAL_DAYS } from './content.ts'
import { createPosting, getPosting, type Posting, postingFor, sameContent, type Undo } from './postings.ts'

// How long publishing and closing can be taken back.
const UNDO_MINUTES = 10
// The task that makes an advert of a posting.
const TAKE_IN = 'vacancies.take_in'

export type Published = { ok: true; posting: Posting } | { ok: false; errors: Record<string, Note> }

/**
 * Puts a posting out with this content: from now on it is an advert like any other, and held like any other where words ask
 * for an officer. What is wrong is told by column, and then nothing is written. Without an end it stands for 60 days.
 * @throws conflict when somebody saved since `version` was read, forbidden when the employer is not verified
 */
export async function publishPosting(
  ctx: Ctx,
  reference: string,
  content: Content,
  version: number,
): Promise<Published> {
  const posting = await getPosting(ctx, reference, { lock: true })
  if (posting.version !== version) throw problem('conflict')
  const tidy = withEnd(ctx, tidyContent(content))
  const read = readPosting(ctx, tidy, await verifiedEmployer(ctx))
  if (!read.ok) return read
  // A second click: this very wording is out already.
  if (posting.state === 'out' && sameContent(tidy, posting.published)) return { ok: true, posting }
  await act(ctx, posting, 'publish', { content: tidy, published: tidy, state: 'out' })
  return { ok: true, posting: await getPosting(ctx, reference) }
}

/** Takes an advert from the public. Repeating it changes nothing. @throws conflict for one that was never out */
export async function closePosting(ctx: Ctx, reference: string): Promise<void> {
  const posting = await getPosting(ctx, reference, { lock: true })
  if (posting.state === 'closed') return
  if (posting.state !== 'out') throw problem('conflict')
  await act(ctx, posting, 'close', { state: 'closed' })
}

/**
 * Says that the advert still holds: it stands for 60 days from today, and closed ones are out again.
 * @throws invalid when what was put out then could not be put out today, conflict for one that was never out
 */
export async function renewPosting(ctx: Ctx, reference: string): Promise<void> {
  const posting = await getPosting(ctx, reference, { lock: true })
  if (!posting.published) throw problem('conflict')
  const end = { expires_on: plainDate(ctx.now).add({ days: USUAL_DAYS }).toString() }
  const published = { ...posting.published, ...end }
  const read = readPosting(ctx, published, await verifiedEmployer(ctx))
  if (!read.ok) throw problem('invalid', { detail: 'vacancies.posting.renew_invalid' })
  await act(ctx, posting, 'renew', { content: { ...posting.content, ...end }, published, state: 'out' })
}

/** A new draft with the same words. Returns its reference. */
export async function copyPosting(ctx: Ctx, reference: string): Promise<string> {
  const { content } = await getPosting(ctx, reference)
  const { expires_on: _, ...copied } = content
  return (await createPosting(ctx, copied)).reference
}

/**
 * Takes the last publishing, renewal or closing back, within ten minutes: what was public before is public again. What is
 * being written stays. @throws conflict when there is nothing to take back any more
 */
export async function undoPosting(ctx: Ctx, reference: string): Promise<Undo['act']> {
  const posting = await getPosting(ctx, reference, { lock: true })
  const { undo, undo_until } = posting
  if (!undo || Temporal.Instant.compare(undo_until!, ctx.now) < 0) throw problem('conflict')
  await ctx.db
    .updateTable('vacancies.posting')
    .set({
      // What was never out before keeps its words, so that the advert can be taken from the public.
      ...{ state: undo.state, published: JSON.stringify(undo.published ?? posting.published), undo: null },
      ...{ undo_until: null, ...movedOn(ctx, posting), closed_at: undo.state === 'closed' ? posting.closed_at : null },
    })
    .where('id', '=', posting.id)
    .execute()
  await takeInSoon(ctx, posting.id)
  await audit(ctx, 'posting.undo', { type: 'posting', id: posting.id }, { act: undo.act })
  return undo.act
}

/** Until when the last act can be taken back; null when it cannot. */
export const undoableUntil = (ctx: Ctx, { undo_until }: Posting): Temporal.Instant | null =>
  undo_until && Temporal.Instant.compare(undo_until, ctx.now) > 0 ? undo_until : null

const AUDITED: Record<Undo['act'], string> = {
  publish: 'posting.publish',
  renew: 'posting.renew',
  close: 'posting.close',
}

type Change = { content?: Content; published?: Content; state: Posting['state'] }

async function act(ctx: Ctx, posting: Posting, name: Undo['act'], { content, published, state }: Change) {
  const undo: Undo = { act: name, state: posting.state, published: posting.published }
  await ctx.db
    .updateTable('vacancies.posting')
    .set({
      ...(content && { content: JSON.stringify(content) }),
      ...(published && { published: JSON.stringify(published) }),
      ...{ state, undo: JSON.stringify(undo), undo_until: ctx.now.add({ minutes: UNDO_MINUTES }) },
      ...{ ...movedOn(ctx, posting), changed_by: postingFor(ctx).user_id },
      ...(state === 'out' && { out_at: ctx.now, published_at: posting.published_at ?? ctx.now, closed_at: null }),
      ...(state === 'closed' && { closed_at: ctx.now }),
    })
    .where('id', '=', posting.id)
    .execute()
  await takeInSoon(ctx, posting.id)
  await audit(ctx, AUDITED[name], { type: 'posting', id: posting.id })
}

const movedOn = (ctx: Ctx, { version }: Posting) => ({
  version: version + 1,
  out_version: version + 1,
  changed_at: ctx.now,
})

/** Lets the advert follow its posting, in a job: nobody but the system writes what the public reads. */
export const takeInSoon = (ctx: Ctx, id: string): Promise<string> =>
  enqueue(ctx, TAKE_IN, { id }, { key: `${TAKE_IN} ${id}` })

async function verifiedEmployer(ctx: Ctx) {
  const employer = await employerOf(ctx, { employer_id: postingFor(ctx).organisation_id })
  if (employer?.state !== 'verified') throw problem('forbidden', { detail: 'vacancies.posting.not_verified' })
  return employer
}

const withEnd = (ctx: Ctx, content: Content): Content =>
  content.expires_on ? content : { ...content, expires_on: plainDate(ctx.now).add({ days: USUAL_DAYS }).toString() }
