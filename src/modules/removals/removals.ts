import { sql } from 'kysely'
import { authorise, may } from '#kernel/access/authorise.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx, StaffActor } from '#kernel/context.ts'
import { parseReference } from '#kernel/ids.ts'
import type { Money } from '#kernel/money.ts'
import { listOrganisations, nameOf } from '#kernel/organisations/organisations.ts'
import { problem } from '#kernel/problem.ts'
import { anywhere } from '#kernel/search/staff-search.ts'
import { lockClaims } from './claim-lock.ts'
import { note } from './history.ts'
import type { Category, ClaimState, Escort, Invited, Mode } from './kinds.ts'
import { moneyOf, type Sums, sumsOf } from './money.ts'

/** One departure of one category, as its carrier may see it: nothing about who was on board. */
export type Removal = {
  id: string
  reference: string
  custodian: string
  custodian_name: string
  carrier: string
  carrier_name: string
  mode: Mode
  category: Category
  people: number
  left_on: Temporal.PlainDate
  /** Number of the flight, train or bus. */
  service: string | null
  origin: string
  destination: string
  /** ISO 3166 alpha-2 of the state that sends back. */
  country: string
  brought_by: string | null
  brought_by_name: string | null
  invited: Invited
  escort: Escort
  entered_at: Temporal.Instant
  withdrawn_at: Temporal.Instant | null
  costs: Money[]
  /** The states of the claims that its costs stand in; none: nothing was claimed. */
  claims: ClaimState[]
}

/** `claim`: a state, or `none` where nothing is claimed. `year`: of the departure. */
export type RemovalFilter = {
  carrier?: string
  year?: number
  category?: Category
  mode?: Mode
  claim?: ClaimState | 'none'
  /** Part of a reference or of the number of a flight, train or bus. */
  q?: string
  after?: string
}

type Row = Omit<Removal, 'costs'> & { costs: Sums }

const lines = (ctx: Ctx) => sql`
  select r.id, r.reference, r.custodian, organisations.name_of(r.custodian, ${ctx.lang}) as custodian_name, r.carrier,
    organisations.name_of(r.carrier, ${ctx.lang}) as carrier_name, r.mode, r.category, r.people, r.left_on, r.service, r.origin,
    r.destination, r.country, r.brought_by, organisations.name_of(r.brought_by, ${ctx.lang}) as brought_by_name, r.invited,
    r.escort, r.entered_at, r.withdrawn_at,
    ${sumsOf(sql`select c.currency, c.amount from removals.cost c where c.removal_id = r.id and c.withdrawn_at is null`)} as costs,
    array(
      select distinct k.state
      from removals.cost c
      join removals.claim_cost x on x.cost_id = c.id and x.released_at is null
      join removals.claim k on k.id = x.claim_id
      where c.removal_id = r.id
      order by 1) as claims
  from removals.removal r`

const ofRow = ({ costs, ...row }: Row): Removal => ({ ...row, costs: moneyOf(costs) })

const claimed = sql`
  select from removals.cost c
  join removals.claim_cost x on x.cost_id = c.id and x.released_at is null
  join removals.claim k on k.id = x.claim_id
  where c.removal_id = r.id`

function conditions({ carrier, year, category, mode, claim, q }: RemovalFilter) {
  return sql`r.withdrawn_at is null
    and (${carrier ?? null}::uuid is null or r.carrier = ${carrier ?? null}::uuid)
    and (${year ?? null}::integer is null
      or r.left_on between make_date(${year ?? 1}::integer, 1, 1) and make_date(${year ?? 1}::integer, 12, 31))
    and (${category ?? null}::text is null or r.category = ${category ?? null})
    and (${mode ?? null}::text is null or r.mode = ${mode ?? null})
    and (${claim ?? null}::text is null
      or (${claim ?? null} = 'none' and not exists (${claimed}))
      or exists (${claimed} and k.state = ${claim ?? null}))
    and (${q ?? null}::text is null or r.service ilike ${anywhere(q ?? '')} or r.reference = ${parseReference(q ?? '') ?? ''})`
}

/** Removals the actor may see, the latest departure first; those that were withdrawn are left out. */
export async function listRemovals(ctx: Ctx, filter: RemovalFilter, limit: number): Promise<Removal[]> {
  const after = filter.after ? (parseReference(filter.after) ?? '') : null
  const { rows } = await sql<Row>`
    ${lines(ctx)}
    where ${conditions(filter)}
      and (${after}::text is null
        or (r.left_on, r.id) < (select a.left_on, a.id from removals.removal a where a.reference = ${after}))
    order by r.left_on desc, r.id desc
    limit ${limit}`.execute(ctx.db)
  return rows.map(ofRow)
}

/** How many removals and people the filter finds, counted no further than `most` removals. */
export async function countRemovals(ctx: Ctx, filter: RemovalFilter, most = 100_000) {
  const { rows } = await sql<{ removals: number; people: number }>`
    select count(*)::integer as removals, coalesce(sum(f.people), 0)::integer as people
    from (select r.people from removals.removal r where ${conditions(filter)} limit ${most}) f`.execute(ctx.db)
  return rows[0]!
}

/** One removal by its reference. Throws the problem `not_found` for one the actor may not see. */
export async function getRemoval(ctx: Ctx, reference: string): Promise<Removal> {
  const { rows } = await sql<Row>`${lines(ctx)} where r.reference = ${parseReference(reference) ?? ''}`.execute(ctx.db)
  if (!rows[0]) throw problem('not_found')
  return ofRow(rows[0])
}

/** The removals of one person, for who watches over removals and may see that person. */
export async function removalsOfPerson(ctx: Ctx, personId: string): Promise<Removal[]> {
  const { rows } = await sql<Row>`
    ${lines(ctx)}
    where r.withdrawn_at is null and r.id in (select removals.of_person(${personId}))
    order by r.left_on desc, r.id desc
    limit 50`.execute(ctx.db)
  return rows.map(ofRow)
}

/** Takes a removal out that was entered by mistake, or puts it back. Only who entered it; not while a claim rests on its costs. */
export async function withdrawRemoval(ctx: Ctx, removal: Removal, withdrawn: boolean): Promise<void> {
  authorise(ctx, 'removal.enter', { type: 'removal', id: removal.id })
  if (removal.custodian !== officeOf(ctx)) throw problem('forbidden')
  await lockClaims(ctx)
  const { claims } = await getRemoval(ctx, removal.reference)
  if (withdrawn && claims.length > 0) throw problem('conflict', { detail: 'removals.conflict.claimed' })
  if (!withdrawn && (await cameAgain(ctx, removal.id))) throw problem('conflict', { detail: 'removals.conflict.again' })
  const by = ctx.actor as StaffActor
  const { numUpdatedRows } = await ctx.db
    .updateTable('removals.removal')
    .set(withdrawn ? { withdrawn_at: ctx.now, withdrawn_by: by.user_id } : { withdrawn_at: null, withdrawn_by: null })
    .where('id', '=', removal.id)
    .where('withdrawn_at', withdrawn ? 'is' : 'is not', null)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return
  await note(ctx, by, removal.id, { kind: withdrawn ? 'withdrawn' : 'restored' })
  await audit(ctx, withdrawn ? 'removal.withdraw' : 'removal.restore', { type: 'removal', id: removal.id })
}

// Withdrawn, and then brought in again by the same sheet: both would count.
async function cameAgain(ctx: Ctx, id: string): Promise<boolean> {
  const { rows } = await sql<{ again: boolean }>`
    select exists (
      select
      from removals.removal o
      join removals.removal r on r.custodian = o.custodian and r.row_key = o.row_key and r.id <> o.id
      where o.id = ${id} and r.withdrawn_at is null) as again`.execute(ctx.db)
  return rows[0]!.again
}

/** The organisation the actor acts for; null for the system. */
export const officeOf = ({ actor }: Pick<Ctx, 'actor'>): string | null =>
  actor.kind === 'staff' ? actor.organisation_id : null

/** Whether the actor is an officer, who enters removals by any carrier; a carrier's desk enters its own. */
export const isOfficer = (ctx: Pick<Ctx, 'actor'>): boolean => may(ctx, 'removal.join')

/** Carriers by name in the reader's language; those that closed are there for what they carried. */
export async function listCarriers(ctx: Ctx) {
  return (await listOrganisations(ctx))
    .filter(({ kind }) => kind === 'carrier')
    .map((carrier) => ({ ...carrier, name: nameOf(carrier, ctx.lang) }))
    .sort((a, b) => ctx.format.compare(a.name, b.name))
}
