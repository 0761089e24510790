import { type Selectable, sql } from 'kysely'
import { authorise } from '#kernel/access/authorise.ts'
import { staffOf } from '#kernel/access/sessions.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import type { EmployersEmployer } from '#kernel/db/types.ts'
import { parseReference } from '#kernel/ids.ts'
import { problem } from '#kernel/problem.ts'
import { fold } from '#kernel/search/fold.ts'
import { anywhere } from '#kernel/search/staff-search.ts'
import { tellOfficers } from './notices.ts'
import type { KINDS } from './registration.ts'
import { reviewDue } from './terms.ts'

/** How far an employer is. A closed list: `employers.code.state.VALUE`. */
export const STATES = ['asked', 'asked_back', 'verified', 'refused', 'suspended'] as const
export type EmployerState = (typeof STATES)[number]

/** How an officer knows that the telephone is theirs. A closed list: `employers.code.how.VALUE`. */
export const PHONE_CHECKS = ['call', 'call_back', 'visit'] as const

export type Employer = Omit<Selectable<EmployersEmployer>, 'state' | 'kind' | 'phone_checked_how'> & {
  state: EmployerState
  kind: (typeof KINDS)[number]
  phone_checked_how: (typeof PHONE_CHECKS)[number] | null
}

/** What an employer says of itself, and may change. */
export type EmployerFacts = Pick<
  Employer,
  | 'legal_name'
  | 'tin'
  | 'ogrn'
  | 'place_code'
  | 'address'
  | 'website'
  | 'phone'
  | 'contact_name'
  | 'licence_no'
  | 'licence_by'
  | 'licence_on'
  | 'licence_until'
>

// What an officer compared with papers: another value has to be compared anew.
const COMPARED = ['legal_name', 'tin', 'ogrn', 'licence_no', 'licence_by', 'licence_on', 'licence_until'] as const

/** The employer that the actor works for; 404 where the organisation is none. */
export async function ownEmployer(ctx: Ctx, { lock = false } = {}): Promise<Employer> {
  authorise(ctx, 'employer.edit')
  const query = ctx.db
    .selectFrom('employers.employer')
    .selectAll()
    .where('organisation_id', '=', staffOf(ctx).organisation_id)
  return found(await (lock ? query.forUpdate() : query).executeTakeFirst())
}

/** The employer with this reference, for officers. @throws not_found */
export async function getEmployer(ctx: Ctx, reference: string, { lock = false } = {}): Promise<Employer> {
  authorise(ctx, 'employer.verify')
  const query = ctx.db
    .selectFrom('employers.employer')
    .selectAll()
    .where('reference', '=', parseReference(reference) ?? '')
  return found(await (lock ? query.forUpdate() : query).executeTakeFirst())
}

function found(row: Selectable<EmployersEmployer> | undefined): Employer {
  if (!row) throw problem('not_found')
  return row as Employer
}

/** Whether the actor decides about employers of this country: another officer may only read. */
export async function verifies(ctx: Ctx, { country }: Pick<Employer, 'country'>): Promise<boolean> {
  const { rows } = await sql<{ may: boolean }>`select employers.verifies(${country}) as may`.execute(ctx.db)
  return rows[0]!.may
}

/**
 * Writes down what an employer says of itself. What an officer had compared with papers is compared anew where it changed;
 * until then nothing can be posted.
 * @throws conflict when somebody saved since `version` was read
 */
export async function changeFacts(ctx: Ctx, facts: EmployerFacts, version: number): Promise<void> {
  const before = await ownEmployer(ctx, { lock: true })
  if (before.version !== version) throw problem('conflict')
  const changed = (Object.keys(facts) as (keyof EmployerFacts)[]).filter(
    (name) => String(facts[name]) !== String(before[name]),
  )
  if (changed.length === 0) return
  const again = COMPARED.some((name) => changed.includes(name))
  const asksAgain = again && before.state === 'verified'
  await ctx.db
    .updateTable('employers.employer')
    .set({
      ...facts,
      version: before.version + 1,
      ...(changed.includes('phone') && { phone_checked_at: null, phone_checked_by: null, phone_checked_how: null }),
      ...(again && { extract_on: null, extract_checked_at: null, extract_checked_by: null }),
      ...(asksAgain && { state: 'asked', asked_at: ctx.now, due_at: reviewDue(ctx.now) }),
    })
    .where('organisation_id', '=', before.organisation_id)
    .execute()
  const subject = { type: 'employer', id: before.organisation_id }
  await audit(ctx, 'employer.change', subject, { fields: changed.length, asks_again: asksAgain })
  if (asksAgain) await tellOfficers(ctx)
}

export type EmployerFilter = { state?: EmployerState; q?: string; after?: string; limit: number }

/** Employers for officers: those that wait first, the most urgent before; then by when they asked. `after`: the last one seen. */
export async function listEmployers(
  ctx: Ctx,
  { state, q, after, limit }: EmployerFilter,
): Promise<{ items: Employer[]; next: string | null }> {
  authorise(ctx, 'employer.verify')
  const part = q ? anywhere(q) : null
  const digits = q?.replace(/\D/g, '') ?? ''
  const { rows } = await sql<Employer>`
    select e.*
    from employers.employer e
    left join employers.employer seen on seen.organisation_id = ${after && /^[0-9a-f-]{36}$/.test(after) ? after : null}::uuid
    where (${state ?? null}::text is null or e.state = ${state ?? null})
      and (${part}::text is null or e.legal_name ilike ${part} or e.reference = ${(q && parseReference(q)) ?? ''}
        or (${digits.length >= 6} and (e.tin like ${`%${digits}%`} or e.phone like ${`%${digits}%`})))
      and (seen.organisation_id is null
        or ((e.state = 'asked')::int * -1, e.due_at, e.organisation_id)
          > ((seen.state = 'asked')::int * -1, seen.due_at, seen.organisation_id))
    order by (e.state = 'asked')::int * -1, e.due_at, e.organisation_id
    limit ${limit + 1}`.execute(ctx.db)
  const items = rows.slice(0, limit)
  return { items, next: rows.length > limit ? items.at(-1)!.organisation_id : null }
}

/** How many employers are in each state, and how many of those that wait are the actor's to decide. */
export async function countEmployers(ctx: Ctx): Promise<Record<EmployerState | 'all' | 'mine', number>> {
  const { rows } = await sql<{ state: EmployerState; count: number; mine: number }>`
    select state, count(*)::int as count,
      (count(*) filter (where state = 'asked' and employers.verifies(country)))::int as mine
    from employers.employer
    group by state`.execute(ctx.db)
  const of = (state: EmployerState) => rows.find((row) => row.state === state)?.count ?? 0
  const sum = (name: 'count' | 'mine') => rows.reduce((total, row) => total + row[name], 0)
  const states = Object.fromEntries(STATES.map((state) => [state, of(state)])) as Record<EmployerState, number>
  return { ...states, all: sum('count'), mine: sum('mine') }
}

/** Other employers that have the same number or telephone, or a name that reads alike: for the officer to compare. */
export async function alikeEmployers(ctx: Ctx, { organisation_id, tin, phone, legal_name }: Employer) {
  const rows = await ctx.db
    .selectFrom('employers.employer')
    .select(['reference', 'legal_name', 'state', 'tin', 'phone', 'country'])
    .where('organisation_id', '<>', organisation_id)
    .execute()
  const folded = fold(legal_name)
  return rows.filter(
    (row) => (tin !== null && row.tin === tin) || row.phone === phone || fold(row.legal_name) === folded,
  )
}
