import { authorise } from '#kernel/access/authorise.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import { newId, newReference, parseReference } from '#kernel/ids.ts'
import { enqueue } from '#kernel/jobs/runs.ts'
import { takeAttempts } from '#kernel/my-case/pins.ts'
import { officer } from '#kernel/people/identity.ts'
import { oneSpelling } from '#kernel/people/numbers.ts'
import { problem } from '#kernel/problem.ts'
import { ANSWER_TASK, type Answer, OPEN_FOR } from './answers.ts'
import {
  answerOwner,
  type Facts,
  factsOwner,
  namesOf,
  nearNamesOf,
  openFor,
  pseudonym,
  sealFor,
  subjectOf,
} from './facts.ts'
import { DAY, roomFrom } from './limits.ts'

/** Why somebody asks at a desk: of the purposes that the registry knows, those in which the person themselves wants it. */
export const DESK_PURPOSES = ['request', 'help', 'correction', 'complaint'] as const
export type DeskPurpose = (typeof DESK_PURPOSES)[number]

// A busy centre asks for somebody every four minutes at one desk, at four of them; one person comes back once or twice; of those born on
// one day, few begin alike. The numbers stand in docs/privacy.md, too.
const PER_DAY = { document: 8, name: 8, near: 24, adviser: 150, office: 600 } as const

/** Whose checks within a day are too many: the document's, those of a name with a birth date, of names like it, the adviser's, the office's. */
export type Full = { of: keyof typeof PER_DAY; most: number; again: Temporal.Instant }

/**
 * Asks for whoever sits at the desk, after their face was compared with the document. Answers the reference of the check, or what is
 * full; then nothing was asked, and the audit says so.
 */
export async function askAtDesk(ctx: Ctx, facts: Facts, purpose: DeskPurpose): Promise<string | Full> {
  authorise(ctx, 'entry_check.desk')
  const { user_id, organisation_id } = officer(ctx)
  const of = (what: keyof typeof PER_DAY, which: string) => [pseudonym(ctx, `desk ${what} ${which}`)]
  const full = await fullToday(ctx, {
    document: of('document', oneSpelling(facts.document)),
    // Documents can be invented.
    name: namesOf(ctx, 'desk', facts),
    near: nearNamesOf(ctx, 'desk', facts),
    adviser: of('adviser', user_id),
    office: of('office', organisation_id),
  })
  if (full) {
    await audit(ctx, 'entry_check.refuse', undefined, { reason: full.of })
    return full
  }
  const [id, inquiry, reference] = [newId(), newId(), newReference(12)]
  await ctx.db
    .insertInto('entry_check.holder')
    .values({
      ...{ id, reference, subject: subjectOf(ctx, facts), facts_sealed: sealFor(ctx, factsOwner(id), facts) },
      ...{ organisation_id, created_by: user_id, created_at: ctx.now, ends_at: ctx.now.add(OPEN_FOR) },
    })
    .execute()
  await ctx.db
    .insertInto('entry_check.inquiry')
    .values({
      ...{ id: inquiry, holder_id: id, at: ctx.now, way: 'desk', purpose, organisation_id, actor_id: user_id },
      open_until: ctx.now.add(OPEN_FOR),
    })
    .execute()
  await enqueue(ctx, ANSWER_TASK, { inquiry })
  await audit(ctx, 'entry_check.ask', { type: 'entry_check', id }, { purpose })
  return reference
}

async function fullToday(ctx: Ctx, asking: Record<keyof typeof PER_DAY, Buffer[]>): Promise<Full | null> {
  for (const of of ['document', 'name', 'near', 'adviser', 'office'] as const) {
    const limits = asking[of].map((key) => [key, PER_DAY[of]] as const)
    if (!(await takeAttempts(ctx, limits, DAY))) return { of, most: PER_DAY[of], again: await roomFrom(ctx, limits) }
  }
  return null
}

export type DeskCheck = {
  id: string
  inquiry: string
  reference: string
  facts: Facts
  at: Temporal.Instant
  open_until: Temporal.Instant
  answer: Answer | null
}

/** A check of the actor's own desk, within the half day that it can be seen there. @throws not_found for all others */
export async function getDeskCheck(ctx: Ctx, reference: string): Promise<DeskCheck> {
  const found = await ctx.db
    .selectFrom('entry_check.holder as h')
    .innerJoin('entry_check.inquiry as i', 'i.holder_id', 'h.id')
    .select(['h.id', 'h.reference', 'h.facts_sealed', 'i.id as inquiry', 'i.at', 'i.open_until', 'i.answer_sealed'])
    .where('h.reference', '=', parseReference(reference) ?? '')
    .executeTakeFirst()
  if (!found?.facts_sealed) throw problem('not_found')
  const { id, at, open_until, answer_sealed, inquiry } = found
  return {
    ...{ id, inquiry, reference: found.reference, at, open_until },
    facts: openFor<Facts>(ctx, factsOwner(id), found.facts_sealed),
    answer: answer_sealed && openFor<Answer>(ctx, answerOwner(inquiry), answer_sealed),
  }
}
