import type { Ctx } from '#kernel/context.ts'
import { readAbout } from '#kernel/notifications/inbox.ts'
import type { NotificationKind } from '#kernel/notifications/kinds.ts'
import { notify } from '#kernel/notifications/notify.ts'

const QUEUE = { type: 'employer_queue', id: 'asked' }

/** Somebody registered, or answered what an officer asked. */
export const employersAsked = {
  kind: 'employers.asked',
  label: 'employers.notice.asked_kind',
  mail: 'daily',
  gatherMinutes: 14,
  permission: 'employer.verify',
} as const satisfies NotificationKind

/** What was decided about the own organisation. */
export const employersDecided = {
  kind: 'employers.decided',
  label: 'employers.notice.decided_kind',
  mail: 'now',
  gatherMinutes: 1,
  permission: 'employer.edit',
} as const satisfies NotificationKind

/** Tells the officers that somebody waits. */
export const tellOfficers = (ctx: Ctx): Promise<void> =>
  notify(ctx, {
    to: { permission: employersAsked.permission },
    kind: employersAsked.kind,
    key: 'employers.notice.asked',
    href: '/work/employers',
    subject: QUEUE,
    dedupe: employersAsked.kind,
  })

/** Whoever looks at the list knows who waits. */
export const queueSeen = (ctx: Ctx): Promise<void> => readAbout(ctx, QUEUE)

/** Tells an employer that something was decided; what it was stands on its page. */
export const tellEmployer = (ctx: Ctx, organisation_id: string): Promise<void> =>
  notify(ctx, {
    to: { permission: employersDecided.permission, organisation_id },
    kind: employersDecided.kind,
    key: 'employers.notice.decided',
    href: '/work/employer',
    subject: { type: 'employer', id: organisation_id },
    dedupe: `employers.decided ${organisation_id}`,
  })
