import { z } from 'zod'
import type { Ctx } from '../context.ts'
import { problem } from '../problem.ts'

/** What the actor was told, in the work for the active organisation: row policies show nothing else. */
export type Notification = {
  id: string
  kind: string
  message_key: string
  message_values: Record<string, string | number>
  href: string
  occurrences: number
  created_at: Temporal.Instant
  last_at: Temporal.Instant
  read_at: Temporal.Instant | null
}

const COLUMNS = [
  'id',
  'kind',
  'message_key',
  'message_values',
  'href',
  'occurrences',
  'created_at',
  'last_at',
  'read_at',
] as const

/** How many are unread. */
export async function countUnread(ctx: Ctx): Promise<number> {
  if (ctx.actor.kind !== 'staff') return 0
  const { count } = await ctx.db
    .selectFrom('notifications.notification')
    .select((e) => e.fn.countAll<bigint>().as('count'))
    .where('read_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** The newest first, unread or not. `before` is the cursor of the last one seen. */
export async function listNotifications(
  ctx: Ctx,
  { before, limit }: { before?: string; limit: number },
): Promise<{ items: Notification[]; next: string | null }> {
  const [at, id] = before ? readCursor(before) : []
  const rows = await ctx.db
    .selectFrom('notifications.notification')
    .select(COLUMNS)
    .$if(at !== undefined, (query) =>
      query.where((e) => e(e.refTuple('last_at', 'id'), '<', e.tuple(Temporal.Instant.from(at!), id!))),
    )
    .orderBy('last_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  const items = rows.slice(0, limit) as Notification[]
  const last = rows.length > limit ? items.at(-1) : undefined
  return { items, next: last ? `${last.last_at}~${last.id}` : null }
}

// PostgreSQL knows fewer years than Temporal.
const Cursor = z.tuple([z.iso.datetime().regex(/^[12]/), z.uuid()])

function readCursor(cursor: string): [at: string, id: string] {
  const read = Cursor.safeParse(cursor.split('~'))
  if (!read.success) throw problem('bad_request')
  return read.data
}

/** Marks one as read and returns it. @throws not_found for one that is not the actor's. */
export async function readNotification(ctx: Ctx, id: string): Promise<Notification> {
  if (!z.uuid().safeParse(id).success) throw problem('not_found')
  const found = await ctx.db
    .selectFrom('notifications.notification')
    .select(COLUMNS)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!found) throw problem('not_found')
  await unread(ctx).where('id', '=', id).execute()
  return found as Notification
}

/** Marks as read what had happened up to a moment: what came in since the page was loaded stays unread. */
export async function readAll(ctx: Ctx, until: Temporal.Instant): Promise<void> {
  await unread(ctx).where('last_at', '<=', until).execute()
}

/** Looking at a thing counts as having read what was told about it. */
export async function readAbout(ctx: Ctx, subject: { type: string; id: string }): Promise<void> {
  if (ctx.actor.kind !== 'staff') return
  await unread(ctx).where('subject_type', '=', subject.type).where('subject_id', '=', subject.id).execute()
}

const unread = (ctx: Ctx) =>
  ctx.db.updateTable('notifications.notification').set({ read_at: ctx.now }).where('read_at', 'is', null)
