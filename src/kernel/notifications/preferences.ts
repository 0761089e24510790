import { audit } from '../audit/audit.ts'
import type { Ctx, StaffActor } from '../context.ts'
import { kindsFor, type MailMode } from './kinds.ts'

/** What the actor gets by e-mail: each kind that concerns them, with what they chose or what the kind proposes. */
export async function listPreferences(ctx: Ctx): Promise<{ kind: string; label: string; mail: MailMode }[]> {
  const actor = ctx.actor as StaffActor
  const chosen = await ctx.db
    .selectFrom('notifications.preference')
    .select(['kind', 'mail'])
    .where('user_id', '=', actor.user_id)
    .execute()
  return kindsFor(ctx.platform, actor).map(({ kind, label, mail }) => ({
    kind,
    label,
    mail: (chosen.find((one) => one.kind === kind)?.mail as MailMode | undefined) ?? mail,
  }))
}

/** Keeps what the actor chose. It holds for what happens from now on. */
export async function setPreferences(ctx: Ctx, chosen: readonly { kind: string; mail: MailMode }[]): Promise<void> {
  if (chosen.length === 0) return
  const { user_id } = ctx.actor as StaffActor
  await ctx.db
    .insertInto('notifications.preference')
    .values(chosen.map(({ kind, mail }) => ({ user_id, kind, mail })))
    .onConflict((conflict) =>
      conflict.columns(['user_id', 'kind']).doUpdateSet((e) => ({ mail: e.ref('excluded.mail') })),
    )
    .execute()
  await audit(ctx, 'notification.set_mail', { type: 'user', id: user_id }, { kinds: chosen.length })
}
