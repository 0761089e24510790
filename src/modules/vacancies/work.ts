import { may } from '#kernel/access/authorise.ts'
import type { Ctx } from '#kernel/context.ts'
import type { WorkItem } from '#kernel/module.ts'
import { countReviews, oldestReview, type QueueItem, reviewQueue } from './reviews.ts'

const QUEUE = '/work/vacancies/review'
const SHOWN = 50

/** The review queue in *My work*: what may harm somebody one by one, unclear occupations as one task. */
export async function vacancyWork(ctx: Ctx): Promise<WorkItem[]> {
  if (!may(ctx, 'vacancy.review')) return []
  const military = await reviewQueue(ctx, { reason: 'military', limit: SHOWN })
  const reported = await reviewQueue(ctx, { reason: 'report', limit: SHOWN })
  const urgent = [...military.items, ...reported.items.filter(({ reasons }) => !reasons.includes('military'))]
  return [...urgent.map((item) => checkOne(ctx, item)), ...(await mapMany(ctx))]
}

const checkOne = ({ t, format }: Ctx, item: QueueItem): WorkItem => ({
  icon: 'work',
  title: t('vacancies.review.work_title', { title: item.title }),
  why: [
    ...item.reasons.map((reason) => t(`vacancies.code.review_reason.${reason}`)),
    t('vacancies.review.waits_since', { date: format.date(item.opened_at) }),
  ].join(' · '),
  href: `${QUEUE}/${item.reference}`,
  action: t('vacancies.review.check'),
  due: item.due_at,
})

async function mapMany(ctx: Ctx): Promise<WorkItem[]> {
  const { occupation } = await countReviews(ctx)
  const oldest = await oldestReview(ctx, 'occupation')
  if (!oldest) return []
  return [
    {
      icon: 'tools',
      title: ctx.t('vacancies.review.map_title', { count: occupation }),
      why: ctx.t('vacancies.review.oldest_since', { date: ctx.format.date(oldest.opened_at) }),
      href: `${QUEUE}?reason=occupation`,
      action: ctx.t('vacancies.review.check'),
      due: oldest.due_at,
    },
  ]
}
