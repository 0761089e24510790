import type { Ctx } from '#kernel/context.ts'
import { readAbout } from '#kernel/notifications/inbox.ts'
import type { NotificationKind } from '#kernel/notifications/kinds.ts'
import { notify } from '#kernel/notifications/notify.ts'

const QUEUE = '/work/vacancies/review'
const SUBJECT = { type: 'review_queue', id: 'urgent' }

/** Adverts that must be looked at within a day. One mail for all that came in within a quarter of an hour. */
export const urgentReviews = {
  kind: 'vacancies.urgent',
  label: 'vacancies.notice.urgent_kind',
  mail: 'now',
  gatherMinutes: 14,
  permission: 'vacancy.review',
} as const satisfies NotificationKind

/** Tells every officer that one more advert may harm somebody, or is complained about. */
export const tellReviewers = (ctx: Ctx): Promise<void> =>
  notify(ctx, {
    to: { permission: urgentReviews.permission },
    kind: urgentReviews.kind,
    key: 'vacancies.notice.urgent',
    href: QUEUE,
    subject: SUBJECT,
    dedupe: urgentReviews.kind,
  })

/** Whoever looks at the queue knows what it holds. */
export const queueSeen = (ctx: Ctx): Promise<void> => readAbout(ctx, SUBJECT)
