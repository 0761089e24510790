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
  const { all } = await countReviews(ctx)
  if (all === 0) return []
  const queue = await reviewQueue(ctx, SHOWN + 1)
  const adverse = queue.slice(0, SHOWN).filter((review) => review.adverse)
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
  const first = queue.find((review) => !adverse.includes(review))
  if (!first) return one
  return [
    ...one,
    {
      icon: 'people',
      title: t('people.review.work', { count: all - adverse.length }),
      why: t('people.review.oldest', { date: format.date(first.due_at) }),
      href: QUEUE,
      action: t('people.review.compare'),
      due: first.due_at,
    },
  ]
}
