import { may } from '#kernel/access/authorise.ts'
import type { Ctx } from '#kernel/context.ts'
import type { WorkItem } from '#kernel/module.ts'
import { openRequests } from './help.ts'
import { countReceived, listReceived } from './inbox.ts'
import { INBOX } from './notices.ts'

export const HELP_REQUESTS = '/work/help-requests'
/** Whoever applied is answered within a week. */
const ANSWER_WITHIN = { hours: 7 * 24 }

/** What waits in *My work*: applications that nobody answered, and people who want to be called. */
export async function applicationsWork(ctx: Ctx): Promise<WorkItem[]> {
  return [...(may(ctx, 'application.handle') ? await unanswered(ctx) : []), ...(await toCall(ctx))]
}

async function unanswered(ctx: Ctx): Promise<WorkItem[]> {
  const { t, format } = ctx
  const count = (await countReceived(ctx)).get('received') ?? 0
  if (count === 0) return []
  const { items } = await listReceived(ctx, { state: 'received', limit: 500 })
  const oldest = items.at(-1)!.applied_at
  return [
    {
      icon: 'inbox',
      title: t('applications.work.answer', { count }),
      why: t('applications.work.oldest', { date: format.date(oldest) }),
      href: `${INBOX}?state=received`,
      action: t('applications.work.answer_do'),
      due: oldest.add(ANSWER_WITHIN),
    },
  ]
}

async function toCall(ctx: Ctx): Promise<WorkItem[]> {
  if (!may(ctx, 'application.assist') || ctx.actor.kind !== 'staff') return []
  const me = ctx.actor.user_id
  const { t } = ctx
  return (await openRequests(ctx))
    .filter(({ taken_by }) => taken_by === null || taken_by === me)
    .map(({ reference, what, due_at }) => ({
      icon: 'phone',
      title: t('applications.work.call', { reference }),
      why: what.map((one) => t(`applications.code.help.${one}`)).join(' · '),
      href: `${HELP_REQUESTS}/${reference}`,
      action: t('applications.work.call_do'),
      due: due_at,
    }))
}
