import type { Ctx } from '#kernel/context.ts'
import { enqueue } from '#kernel/jobs/runs.ts'
import type { NotificationKind } from '#kernel/notifications/kinds.ts'
import { notify } from '#kernel/notifications/notify.ts'

export const INBOX = '/work/applications'
/** Looking at the inbox counts as having read what was told about it. */
export const INBOX_SUBJECT = { type: 'inbox', id: 'applications' }
export const TELL_SEEKER = 'applications.tell_seeker'

/** What employers are told: that something came, was withdrawn, or that a telephone was released. */
export const applicationNews = {
  kind: 'applications.news',
  label: 'applications.notice.kind',
  mail: 'now',
  gatherMinutes: 14,
  permission: 'application.handle',
} as const satisfies NotificationKind

/** Who needs help, for advisers. */
export const helpNews = {
  kind: 'applications.help',
  label: 'applications.notice.help_kind',
  mail: 'now',
  gatherMinutes: 4,
  permission: 'application.assist',
} as const satisfies NotificationKind

/** Tells everybody who handles applications of this employer; never whom it is about. */
export const tellEmployer = (
  ctx: Ctx,
  organisation_id: string,
  what: 'received' | 'withdrawn' | 'phone',
): Promise<void> =>
  notify(ctx, {
    to: { permission: applicationNews.permission, organisation_id },
    kind: applicationNews.kind,
    key: `applications.notice.${what}`,
    href: INBOX,
    subject: INBOX_SUBJECT,
    dedupe: `${applicationNews.kind} ${what}`,
  })

/** Lets the person know that something waits in *My case*, if they said that a message is safe: the job looks. */
export const tellSeeker = (ctx: Ctx, application: string, act: string): Promise<string> =>
  enqueue(ctx, TELL_SEEKER, { application, act: `${act} ${ctx.now.epochMilliseconds}` })

/** Tells advisers that somebody wants to be called: of one organisation, or of all. */
export const tellAdvisers = (ctx: Ctx, organisation_id: string | null): Promise<void> =>
  notify(ctx, {
    to: { permission: helpNews.permission, ...(organisation_id && { organisation_id }) },
    kind: helpNews.kind,
    key: 'applications.notice.help',
    href: '/work',
    dedupe: helpNews.kind,
  })
