import { may } from '#kernel/access/authorise.ts'
import type { Ctx } from '#kernel/context.ts'
import type { WorkItem } from '#kernel/module.ts'
import { countReviews, oldestReview, type QueueItem, reviewQueue } from './reviews.ts'

const QUEUE = '/work/vacancies/review'
const SHOWN = 50

/** The review queue in *My work*: what may harm somebody one by one, unclear occupations as one task. */
export async function vacancyWork(ctx: Ctx): Promise<WorkItem[]> {
  if (!may(ctx, 'vacancy.review')) return []
  const urgent = new Map<string, QueueItem>()
  for (const reason of ['military', 'risk', 'report'] as const) {
    const { items } = await reviewQueue(ctx, { reason, limit: SHOWN })
    for (const item of items) urgent.set(item.vacancy_id, item)
  }
  return [...[...urgent.values()].map((item) => checkOne(ctx, item)), ...(await mapMany(ctx))]
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
