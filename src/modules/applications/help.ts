import { authorise } from '#kernel/access/authorise.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import { newId, newReference, parseReference } from '#kernel/ids.ts'
import { problem } from '#kernel/problem.ts'
import { tellAdvisers } from './notices.ts'
import type { Facts } from './profile.ts'
import { openFor, sealFor } from './sealing.ts'
import type { Seeker } from './seekers.ts'

/** What is wrong, or that somebody is to be asked. A closed list: `applications.code.help.VALUE`. */
const HELP = ['not_paid', 'no_papers', 'contract', 'to_ask'] as const
export type Help = (typeof HELP)[number]

/** How a request ended, as the adviser says it: `applications.code.outcome.VALUE`. */
export const OUTCOMES = ['helped', 'referred', 'not_reached'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** Whom to call, when it is safe. */
type Contact = Pick<Facts, 'name' | 'phone' | 'own' | 'when'>

/** A request as advisers see it. `contact` only once somebody of their organisation has taken it. */
export type HelpRequest = {
  id: string
  reference: string
  about: 'check_in' | 'contract'
  what: Help[]
  contact: Contact | null
  taken_by: string | null
  asked_at: Temporal.Instant
  due_at: Temporal.Instant
  closed_at: Temporal.Instant | null
  outcome: string | null
}

const ASSIST = 'application.assist'
/** Without papers nobody can leave: a day. Other things: three. */
const HOURS = { no_papers: 24, other: 72 }

/**
 * Puts it before advisers that this person wants to be called: of the centre that helped them, else of any. The same request
 * again, while it is open, adds what is new.
 */
export async function askForHelp(
  ctx: Ctx,
  { id: seeker_id, facts, assisted_by }: Pick<Seeker, 'id' | 'facts' | 'assisted_by'>,
  about: HelpRequest['about'],
  what: readonly Help[],
  application_id: string | null,
): Promise<void> {
  const open = await ctx.db
    .selectFrom('applications.help_request')
    .select(['id', 'what'])
    .where('seeker_id', '=', seeker_id)
    .where('about', '=', about)
    .where('closed_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  const due_at = ctx.now.add({ hours: what.includes('no_papers') ? HOURS.no_papers : HOURS.other })
  if (open) {
    const all = [...new Set([...open.what, ...what])]
    if (all.length === open.what.length) return
    await ctx.db
      .updateTable('applications.help_request')
      .set((e) => ({ what: all, due_at: e.fn<Temporal.Instant>('least', ['due_at', e.val(due_at)]) }))
      .where('id', '=', open.id)
      .execute()
    return
  }
  const id = newId()
  const { name, phone, own, when } = facts
  const contact: Contact = { name, phone, own, when }
  await ctx.db
    .insertInto('applications.help_request')
    .values({
      ...{
        id,
        reference: newReference(),
        seeker_id,
        application_id,
        about,
        what: [...what],
        asked_at: ctx.now,
        due_at,
      },
      ...{ contact_sealed: sealFor(ctx, 'help_request.contact', id, contact), organisation_id: assisted_by },
    })
    .execute()
  await tellAdvisers(ctx, assisted_by)
}

/** The open requests that the actor may take or has taken, the most urgent first. */
export async function openRequests(ctx: Ctx): Promise<HelpRequest[]> {
  const rows = await ctx.db
    .selectFrom('applications.help_request')
    .selectAll()
    .where('closed_at', 'is', null)
    .orderBy('due_at')
    .limit(100)
    .execute()
  return rows.map((row) => opened(ctx, row))
}

/** One of them. @throws not_found */
export async function getRequest(ctx: Ctx, typed: string, { lock = false } = {}): Promise<HelpRequest> {
  authorise(ctx, ASSIST)
  const query = ctx.db
    .selectFrom('applications.help_request')
    .selectAll()
    .where('reference', '=', parseReference(typed) ?? '')
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst()
  if (!row) throw problem('not_found')
  return opened(ctx, row)
}

/** Takes a request: from then on it is the organisation's, and whom to call is shown. @throws conflict when others were faster */
export async function takeRequest(ctx: Ctx, reference: string): Promise<void> {
  const { id, taken_by, closed_at } = await getRequest(ctx, reference, { lock: true })
  if (ctx.actor.kind !== 'staff') throw problem('forbidden')
  const { user_id, organisation_id } = ctx.actor
  if (taken_by === user_id) return
  if (taken_by || closed_at) throw problem('conflict', { detail: 'applications.help.taken' })
  await ctx.db
    .updateTable('applications.help_request')
    .set({ taken_by: user_id, organisation_id })
    .where('id', '=', id)
    .execute()
  await audit(ctx, 'help_request.take', { type: 'help_request', id: reference })
}

/** Ends a request, and forgets whom to call. A second time changes nothing. */
export async function closeRequest(ctx: Ctx, reference: string, outcome: Outcome): Promise<void> {
  const { id, closed_at } = await getRequest(ctx, reference, { lock: true })
  if (closed_at) return
  await ctx.db
    .updateTable('applications.help_request')
    .set({ closed_at: ctx.now, outcome, contact_sealed: null })
    .where('id', '=', id)
    .execute()
  await audit(ctx, 'help_request.close', { type: 'help_request', id: reference }, { outcome })
}

type Row = { id: string; contact_sealed: Buffer | null; taken_by: string | null; about: string; what: string[] }

function opened<R extends Row>(ctx: Ctx, { contact_sealed, ...row }: R): HelpRequest {
  const contact =
    row.taken_by && contact_sealed ? openFor<Contact>(ctx, 'help_request.contact', row.id, contact_sealed) : null
  return { ...row, contact } as unknown as HelpRequest
}
