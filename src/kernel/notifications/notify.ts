import { sql } from 'kysely'
import type { Ctx } from '../context.ts'
import { findKind } from './kinds.ts'

/** Named people, or whoever holds a permission: in one organisation, or in every one. */
type Recipients =
  | { users: readonly string[]; organisation_id: string | null }
  | { permission: string; organisation_id?: string }

export type Notice = {
  to: Recipients
  /** As declared in a manifest. */
  kind: string
  /** Message key of the one sentence, and what fills it in; `count` is added: how often it happened since it was read. */
  key: string
  values?: Record<string, string | number>
  /** Where it leads, below the language. */
  href: string
  /** What it is about: looking at that thing counts as having read this. */
  subject?: { type: string; id: string }
  /** While one with this key is unread, another is not added: the first counts on. */
  dedupe?: string
}

/**
 * Tells people something, in the transaction of what happened: in their list, and by e-mail as each of them has
 * chosen. Works for every actor, visitors too; who was told is not told back.
 */
export async function notify(ctx: Ctx, { to, kind, key, values = {}, href, subject, dedupe }: Notice): Promise<void> {
  const { mail, gatherMinutes } = findKind(ctx.platform, kind)
  const users = 'users' in to ? [...to.users] : []
  const permission = 'permission' in to ? to.permission : null
  await sql`
    select notifications.notify(
      ${users}::uuid[], ${permission}, ${to.organisation_id ?? null}::uuid,
      ${kind}, ${mail}, make_interval(mins => ${gatherMinutes}),
      ${key}, ${JSON.stringify(values)}::jsonb, ${href}, ${subject?.type ?? null}, ${subject?.id ?? null},
      ${dedupe ?? null}, ${ctx.now}
    )`.execute(ctx.db)
}
