import type { Ctx } from '../context.ts'
import type { NotificationKind } from '../notifications/kinds.ts'
import { notify } from '../notifications/notify.ts'

/** What happened to one's own account: its owner hears of it at once, whoever did it, so that a stranger is noticed. */
export const accountNews: NotificationKind = {
  kind: 'access.account',
  label: 'access.notice.kind',
  mail: 'now',
  gatherMinutes: 0,
}

type News =
  | 'new_device'
  | 'passkey_added'
  | 'password_changed'
  | 'recovery_made'
  | 'recovery_used'
  | 'recovery_ended'
  | 'link_issued'
  | 'set_up'

/** Tells the owner of an account, in the transaction of what happened; the words are `access.notice.NEWS`. */
export const tellOwner = (
  ctx: Ctx,
  user_id: string,
  news: News,
  values: Record<string, string | number> = {},
): Promise<void> =>
  notify(ctx, {
    to: { users: [user_id], organisation_id: null },
    kind: accountNews.kind,
    key: `access.notice.${news}`,
    values,
    href: '/work/account',
  })
