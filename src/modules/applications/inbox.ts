import { sql } from 'kysely'
import { authorise } from '#kernel/access/authorise.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { newId, parseReference } from '#kernel/ids.ts'
import { problem } from '#kernel/problem.ts'
import { addEvent, type Shared } from './applications.ts'
import { tellSeeker } from './notices.ts'
import { openFor } from './sealing.ts'
import { readSnapshot, type Snapshot } from './snapshot.ts'
import { type Act, after, type Reason, type State } from './states.ts'

/** An application as the employer sees it. Those that were withdrawn are not there. */
export type Received = {
  id: string
  reference: string
  vacancy_id: string
  vacancy_reference: string
  snapshot: Snapshot
  shared: Shared
  state: State
  applied_at: Temporal.Instant
  phone_asked_at: Temporal.Instant | null
  phone_released_at: Temporal.Instant | null
}

export type InboxQuery = { state?: State; vacancy?: string; after?: string; limit: number }

const HANDLE = 'application.handle'
const columns = [
  ...(['id', 'reference', 'vacancy_id', 'vacancy_reference', 'snapshot', 'shared_sealed', 'state'] as const),
  ...(['applied_at', 'phone_asked_at', 'phone_released_at'] as const),
] as const

const withFilters = (ctx: Ctx, { state, vacancy }: Pick<InboxQuery, 'state' | 'vacancy'>) => {
  let query = ctx.db.selectFrom('applications.application').where('organisation_id', '=', organisationOf(ctx))
  if (state) query = query.where('state', '=', state)
  if (vacancy) query = query.where('vacancy_reference', '=', vacancy)
  return query
}

/** A page of the employer's applications, the newest first. `after` is the reference of the last one seen. */
export async function listReceived(ctx: Ctx, query: InboxQuery): Promise<{ items: Received[]; next: string | null }> {
  authorise(ctx, HANDLE)
  let wanted = withFilters(ctx, query).select(columns)
  if (query.after)
    wanted = wanted.where(
      sql<boolean>`(applied_at, id) < (
        select s.applied_at, s.id from applications.application s where s.reference = ${query.after})`,
    )
  const rows = await wanted
    .orderBy('applied_at', 'desc')
    .orderBy('id', 'desc')
    .limit(query.limit + 1)
    .execute()
  const items = rows.slice(0, query.limit).map((row) => opened(ctx, row))
  return { items, next: rows.length > query.limit ? items.at(-1)!.reference : null }
}

/** How many there are in each state, of one advert or of all. */
export async function countReceived(ctx: Ctx, query: Pick<InboxQuery, 'vacancy'> = {}): Promise<Map<State, number>> {
  const rows = await withFilters(ctx, query)
    .select(['state', (e) => e.fn.countAll<string>().as('count')])
    .groupBy('state')
    .execute()
  return new Map(rows.map(({ state, count }) => [state as State, Number(count)]))
}

/** The employer's adverts that somebody applied for, with how many, the newest first. */
export async function adverts(ctx: Ctx): Promise<{ reference: string; title: string; count: number }[]> {
  const { rows } = await sql<{ reference: string; title: string; count: number }>`
    select vacancy_reference as reference, max(snapshot ->> 'title') as title, count(*)::integer as count
    from applications.application
    where organisation_id = ${organisationOf(ctx)}
    group by vacancy_reference
    order by max(applied_at) desc
    limit 50`.execute(ctx.db)
  return rows
}

/** One of them. @throws not_found for what is another's, or was withdrawn */
export async function getReceived(ctx: Ctx, typed: string, { lock = false } = {}): Promise<Received> {
  authorise(ctx, HANDLE)
  const query = withFilters(ctx, {})
    .select(columns)
    .where('reference', '=', parseReference(typed) ?? '')
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst()
  if (!row) throw problem('not_found')
  return opened(ctx, row)
}

export type Event = {
  at: Temporal.Instant
  act: string
  by: string | null
  reason: string | null
  words: string | null
}

/** What happened to it and was noted, the oldest first. */
export async function historyOf(ctx: Ctx, { id }: Pick<Received, 'id'>): Promise<Event[]> {
  return ctx.db
    .selectFrom('applications.event as e')
    .leftJoin('access.user_account as u', 'u.id', 'e.actor_id')
    .select(['e.at', 'e.act', 'u.name as by', 'e.reason', 'e.words'])
    .where('e.application_id', '=', id)
    .orderBy('e.at')
    .orderBy('e.id')
    .execute()
}

const AUDITED = {
  invite: 'application.invite',
  decline: 'application.decline',
  hire: 'application.hire',
  reopen: 'application.reopen',
} as const satisfies Record<Exclude<Act, 'withdraw'>, string>

type Move = { act: Exclude<Act, 'withdraw'>; reason?: Reason; words?: string; starts_on?: Temporal.PlainDate }

/**
 * Invites, declines with a reason, hires, or opens again what was declined; the person is told that something waits for them.
 * @throws conflict when somebody else decided meanwhile
 */
export async function moveReceived(
  ctx: Ctx,
  reference: string,
  { act, reason, words, starts_on }: Move,
): Promise<void> {
  const received = await getReceived(ctx, reference, { lock: true })
  const next = after(received.state, act)
  if (!next) throw problem('conflict', { detail: 'applications.inbox.decided' })
  await ctx.db
    .updateTable('applications.application')
    .set({
      state: next,
      changed_at: ctx.now,
      ...(act === 'invite' && !received.phone_asked_at && { phone_asked_at: ctx.now }),
    })
    .where('id', '=', received.id)
    .execute()
  await addEvent(ctx, received.id, act, { reason: reason ?? null, words: words ?? null })
  if (act === 'hire') await recordPlacement(ctx, received, starts_on ?? plainDate(ctx.now))
  await audit(ctx, AUDITED[act], { type: 'application', id: received.reference })
  await tellSeeker(ctx, received.id, act)
}

/** The days after the first day of work on which the person is asked whether all is well. */
const CHECK_IN_DAYS = [7, 30, 90] as const

async function recordPlacement(ctx: Ctx, { id, vacancy_id, snapshot }: Received, starts_on: Temporal.PlainDate) {
  const placement_id = newId()
  const { country, isco } = snapshot
  await ctx.db
    .insertInto('applications.placement')
    .values({
      ...{ id: placement_id, application_id: id, vacancy_id, organisation_id: organisationOf(ctx), country, isco },
      ...{ hired_at: ctx.now, starts_on },
    })
    .execute()
  await ctx.db
    .insertInto('applications.check_in')
    .values(
      CHECK_IN_DAYS.map((day) => ({
        ...{ placement_id, day },
        due_at: starts_on
          .add({ days: day })
          .toZonedDateTime({ timeZone: 'Asia/Dushanbe', plainTime: '10:00' })
          .toInstant(),
      })),
    )
    .execute()
}

/** Keeps a note that only the employer's own people read. */
export async function noteReceived(ctx: Ctx, reference: string, words: string): Promise<void> {
  const { id } = await getReceived(ctx, reference)
  await addEvent(ctx, id, 'note', { words })
  await audit(ctx, 'application.note', { type: 'application', id: reference })
}

/** Asks for the telephone; the person decides. Asked again, nothing changes. */
export async function askPhone(ctx: Ctx, reference: string): Promise<void> {
  const { id, phone_asked_at, phone_released_at } = await getReceived(ctx, reference, { lock: true })
  if (phone_asked_at || phone_released_at) return
  await ctx.db
    .updateTable('applications.application')
    .set({ phone_asked_at: ctx.now, changed_at: ctx.now })
    .where('id', '=', id)
    .execute()
  await addEvent(ctx, id, 'ask_phone')
  await audit(ctx, 'application.ask_phone', { type: 'application', id: reference })
  await tellSeeker(ctx, id, 'ask_phone')
}

/** For whom the actor acts; nobody's, where nobody does. */
export const organisationOf = ({ actor }: Pick<Ctx, 'actor'>): string =>
  actor.kind === 'staff' ? actor.organisation_id : '00000000-0000-0000-0000-000000000000'

type Row = { [K in (typeof columns)[number]]: unknown }

function opened(ctx: Ctx, { shared_sealed, snapshot, ...row }: Row): Received {
  const shared = openFor<Shared>(ctx, 'application.shared', row.id as string, shared_sealed as Buffer)
  return { ...row, snapshot: readSnapshot(snapshot), shared } as Received
}
