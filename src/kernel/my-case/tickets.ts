import { keysFor } from '../access/secret-key.ts'
import { openWithAny, seal } from '../access/secrets.ts'
import type { Ctx } from '../context.ts'
import { type Holder, reopenHolder } from './holders.ts'

/** So long an opened page can be acted on; each act begins it anew. */
const OPEN_MINUTES = 30
const OWNER = 'my_case ticket'

/** A case that was opened: its forms send the ticket, so that the PIN is asked once and nothing is stored on the telephone. */
export type OpenedCase = Holder & { ticket: string }

/** The holder with a ticket for half an hour. */
export function withTicket(ctx: Ctx, { id, reference }: Holder): OpenedCase {
  const until = ctx.now.add({ minutes: OPEN_MINUTES }).epochMilliseconds
  const sealed = seal(keysFor(ctx.platform.config, 'my-case')[0]!, Buffer.from(JSON.stringify({ id, until })), OWNER)
  return { id, reference, ticket: sealed.toString('base64url') }
}

/** The case whose ticket a form sent, with a new one; null when it has run out or is none. The holder then acts in this transaction. */
export async function readTicket(ctx: Ctx, form: FormData): Promise<OpenedCase | null> {
  const ticket = form.get('ticket')
  if (typeof ticket !== 'string') return null
  const said = opened(ctx, ticket)
  if (!said || said.until < ctx.now.epochMilliseconds) return null
  const holder = await reopenHolder(ctx, said.id)
  return holder && withTicket(ctx, holder)
}

function opened(ctx: Ctx, ticket: string): { id: string; until: number } | null {
  try {
    const sealed = Buffer.from(ticket, 'base64url')
    return JSON.parse(openWithAny(keysFor(ctx.platform.config, 'my-case'), sealed, OWNER).toString())
  } catch {
    return null
  }
}
