import type { Ctx } from '#kernel/context.ts'
import type { NotificationKind } from '#kernel/notifications/kinds.ts'
import { notify } from '#kernel/notifications/notify.ts'

/** An officer looks at an own advert, or decided about it. */
export const postingNews = {
  kind: 'vacancies.posting',
  label: 'vacancies.posting.notice_kind',
  mail: 'now',
  gatherMinutes: 5,
  permission: 'vacancy.post',
} as const satisfies NotificationKind

/** Tells whoever posts for an employer that something happened to its advert; what, the page says. */
export async function tellPoster(
  ctx: Ctx,
  { id, reference, employer_id }: { id: string; reference: string; employer_id: string | null },
): Promise<void> {
  if (employer_id === null) return
  await notify(ctx, {
    to: { permission: postingNews.permission, organisation_id: employer_id },
    kind: postingNews.kind,
    key: 'vacancies.posting.notice',
    values: { reference },
    href: `/work/postings/${reference}`,
    // Whoever opens the offer has read it, by whatever it came.
    subject: { type: 'posting', id: reference },
    dedupe: `vacancies.posting ${id}`,
  })
}
