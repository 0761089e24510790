import { may } from '#kernel/access/authorise.ts'
import type { Ctx } from '#kernel/context.ts'
import type { WorkItem } from '#kernel/module.ts'
import { type ReviewReason, reviewQueue } from './reviews.ts'

const SHOWN = 12

/** The most urgent adverts of the review queue, for *My work*. */
export async function vacancyWork(ctx: Ctx): Promise<WorkItem[]> {
  if (!may(ctx, 'vacancy.review')) return []
  const { items } = await reviewQueue(ctx, { limit: SHOWN })
  return items.map((item) => ({
    icon: 'work',
    title: ctx.t('vacancies.review.work_title', { title: item.title }),
    why: [...item.reasons.map((reason: ReviewReason) => ctx.t(`vacancies.code.review_reason.${reason}`)), ctx.t('vacancies.review.waits_since', { date: ctx.format.date(item.opened_at) })].join(' · '),
    href: `/work/vacancies/review/${item.reference}`,
    action: ctx.t('vacancies.review.check'),
    due: item.due_at,
  }))
}
