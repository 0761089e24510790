import { authorise, denied } from '#kernel/access/authorise.ts'
import { staffOf } from '#kernel/access/sessions.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { enqueue } from '#kernel/jobs/runs.ts'
import { problem } from '#kernel/problem.ts'
import {
  type Employer,
  type EmployerState,
  getEmployer,
  ownEmployer,
  type PHONE_CHECKS,
  verifies,
} from './employers.ts'
import { tellEmployer, tellOfficers } from './notices.ts'
import { reviewDue } from './terms.ts'

/** What an officer can decide. A closed list: `employers.code.act.VALUE`. */
export const ACTS = ['verify', 'ask_back', 'refuse', 'suspend', 'reinstate'] as const
export type Act = (typeof ACTS)[number]

const LEADS: Record<Act, { from: readonly EmployerState[]; to: EmployerState; audited: string }> = {
  verify: { from: ['asked', 'asked_back', 'refused'], to: 'verified', audited: 'employer.verify' },
  ask_back: { from: ['asked'], to: 'asked_back', audited: 'employer.ask_back' },
  refuse: { from: ['asked', 'asked_back'], to: 'refused', audited: 'employer.refuse' },
  suspend: { from: ['verified'], to: 'suspended', audited: 'employer.suspend' },
  reinstate: { from: ['suspended'], to: 'verified', audited: 'employer.reinstate' },
}

/** The task of another part that lets adverts follow their employer: a suspended one's are not shown. */
const FOLLOW = 'vacancies.follow_employer'

/** What can be decided about an employer as it stands. */
export const openActs = ({ state }: Pick<Employer, 'state'>): Act[] =>
  ACTS.filter((act) => LEADS[act].from.includes(state))

/** What still speaks against verifying, as message keys; empty when nothing does. */
export function missingFor(employer: Employer): string[] {
  return [
    employer.phone_checked_at === null && 'employers.missing.phone',
    employer.country === 'RU' && employer.ogrn === null && 'employers.missing.ogrn',
    employer.country !== 'TJ' && employer.extract_checked_at === null && 'employers.missing.extract',
    employer.kind === 'agency' && employer.licence_no === null && 'employers.missing.licence',
  ].filter((key) => key !== false)
}

/**
 * Decides about an employer. `said` is read by the employer, `note` by officers only.
 * @throws forbidden for a country that others decide on, conflict when it stands otherwise by now, invalid when something is
 * missing
 */
export async function decideEmployer(
  ctx: Ctx,
  reference: string,
  { act, said, note }: { act: Act; said: string | null; note: string | null },
): Promise<void> {
  const employer = await forDecision(ctx, reference)
  if (!LEADS[act].from.includes(employer.state)) throw problem('conflict')
  if (act === 'verify' && missingFor(employer).length > 0) throw problem('invalid')
  await ctx.db
    .insertInto('employers.decision')
    .values({
      ...{ id: newId(), organisation_id: employer.organisation_id, act, said, note },
      ...{ state_before: employer.state, verified_before: employer.verified_at },
      ...{ decided_at: ctx.now, decided_by: staffOf(ctx).user_id },
    })
    .execute()
  await setState(
    ctx,
    employer,
    LEADS[act].to,
    act === 'verify' ? (employer.verified_at ?? ctx.now) : employer.verified_at,
  )
  await audit(ctx, LEADS[act].audited, subjectOf(employer), { before: employer.state })
}

/**
 * Takes the last decision back: the employer stands as before, and is told.
 * @throws conflict when there is none, or something happened since
 */
export async function undoEmployerDecision(ctx: Ctx, reference: string): Promise<void> {
  const employer = await forDecision(ctx, reference)
  const [last] = await decisionsOf(ctx, employer)
  if (!last || last.act === 'answer' || last.undone_at) throw problem('conflict')
  if (employer.state !== LEADS[last.act as Act].to) throw problem('conflict')
  await ctx.db
    .updateTable('employers.decision')
    .set({ undone_at: ctx.now, undone_by: staffOf(ctx).user_id })
    .where('id', '=', last.id)
    .execute()
  await setState(ctx, employer, last.state_before as EmployerState, last.verified_before)
  await audit(ctx, 'employer.undo', subjectOf(employer), { before: employer.state })
}

/** The employer answers what an officer asked, and waits again. @throws conflict when nothing was asked */
export async function answerOfficers(ctx: Ctx, said: string): Promise<void> {
  const employer = await ownEmployer(ctx, { lock: true })
  if (employer.state !== 'asked_back') throw problem('conflict')
  await ctx.db
    .insertInto('employers.decision')
    .values({
      ...{ id: newId(), organisation_id: employer.organisation_id, act: 'answer', said, state_before: employer.state },
      ...{ decided_at: ctx.now, decided_by: staffOf(ctx).user_id },
    })
    .execute()
  await ctx.db
    .updateTable('employers.employer')
    .set({ state: 'asked', asked_at: ctx.now, due_at: reviewDue(ctx.now), version: employer.version + 1 })
    .where('organisation_id', '=', employer.organisation_id)
    .execute()
  await audit(ctx, 'employer.answer', subjectOf(employer))
  await tellOfficers(ctx)
}

/** Notes that an officer reached them by their telephone; `how` null takes that back. */
export async function notePhoneCheck(
  ctx: Ctx,
  reference: string,
  how: (typeof PHONE_CHECKS)[number] | null,
): Promise<void> {
  const employer = await forDecision(ctx, reference)
  const by = how && { phone_checked_at: ctx.now, phone_checked_by: staffOf(ctx).user_id, phone_checked_how: how }
  await ctx.db
    .updateTable('employers.employer')
    .set(by ?? { phone_checked_at: null, phone_checked_by: null, phone_checked_how: null })
    .where('organisation_id', '=', employer.organisation_id)
    .execute()
  await audit(ctx, 'employer.check_phone', subjectOf(employer), { how })
}

/** Notes that the facts stand so in the register extract of that day; null takes that back. */
export async function noteExtract(ctx: Ctx, reference: string, on: Temporal.PlainDate | null): Promise<void> {
  const employer = await forDecision(ctx, reference)
  const by = on && { extract_on: on, extract_checked_at: ctx.now, extract_checked_by: staffOf(ctx).user_id }
  await ctx.db
    .updateTable('employers.employer')
    .set(by ?? { extract_on: null, extract_checked_at: null, extract_checked_by: null })
    .where('organisation_id', '=', employer.organisation_id)
    .execute()
  await audit(ctx, 'employer.check_extract', subjectOf(employer), { extract_on: on?.toString() ?? null })
}

/** What was decided and answered, the newest first; as far as the actor may see it. */
export async function decisionsOf(ctx: Ctx, { organisation_id }: Pick<Employer, 'organisation_id'>) {
  return ctx.db
    .selectFrom('employers.decision as d')
    .leftJoin('access.user_account as u', 'u.id', 'd.decided_by')
    .select(['d.id', 'd.act', 'd.said', 'd.note', 'd.state_before', 'd.verified_before', 'd.decided_at', 'd.undone_at'])
    .select('u.name as by')
    .where('d.organisation_id', '=', organisation_id)
    .orderBy('d.decided_at', 'desc')
    .orderBy('d.id', 'desc')
    .execute()
}

async function forDecision(ctx: Ctx, reference: string): Promise<Employer> {
  authorise(ctx, 'employer.verify')
  const employer = await getEmployer(ctx, reference)
  if (!(await verifies(ctx, employer))) throw denied('employer.verify', subjectOf(employer))
  // Only what one may change can be locked.
  return getEmployer(ctx, reference, { lock: true })
}

async function setState(ctx: Ctx, employer: Employer, state: EmployerState, verified_at: Temporal.Instant | null) {
  await ctx.db
    .updateTable('employers.employer')
    .set({ state, verified_at, version: employer.version + 1 })
    .where('organisation_id', '=', employer.organisation_id)
    .execute()
  await tellEmployer(ctx, employer.organisation_id)
  const { organisation_id } = employer
  await enqueue(ctx, FOLLOW, { organisation_id }, { key: `${FOLLOW} ${organisation_id}` })
}

const subjectOf = ({ organisation_id }: Employer) => ({ type: 'employer', id: organisation_id })
