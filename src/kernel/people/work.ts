import { may } from '../access/authorise.ts'
import type { Ctx } from '../context.ts'
import type { WorkItem } from '../module.ts'
import { countReviews, reviewQueue } from './reviews.ts'

const QUEUE = '/work/people/review'
const SHOWN = 20

/** Pairs of records in *My work*: those with an adverse record one by one, the others as one task. */
export async function personWork(ctx: Ctx): Promise<WorkItem[]> {
  if (!may(ctx, 'person.review')) return []
  const { t, format } = ctx
  const { all, oldest } = await countReviews(ctx)
  if (all === 0) return []
  const adverse = (await reviewQueue(ctx, SHOWN)).filter((review) => review.adverse)
  const one = adverse.map(
    (review): WorkItem => ({
      icon: 'people',
      title: t('people.review.work_adverse'),
      why: t('people.review.two_officers'),
      href: `${QUEUE}/${review.id}`,
      action: t('people.review.compare'),
      due: review.due_at,
    }),
  )
  if (all === adverse.length) return one
  return [
    ...one,
    {
      icon: 'people',
      title: t('people.review.work', { count: all - adverse.length }),
      why: t('people.review.oldest', { date: format.date(oldest!) }),
      href: QUEUE,
      action: t('people.review.compare'),
      due: oldest,
    },
  ]
}
