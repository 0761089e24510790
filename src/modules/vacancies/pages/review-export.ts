import { defineExport } from '#kernel/exports/export.ts'
import { countReviews, type QueueItem, reviewQueue } from '../reviews.ts'
import { readQueue } from './review-queue.tsx'

const BATCH = 500

/** The queue as asked, as a table. */
export const reviewExport = defineExport({
  name: 'vacancies.review',
  title: 'vacancies.review.title',
  permission: 'vacancy.review',
  act: 'vacancy.export',
  headings: () => [
    'reference',
    'title',
    'employer',
    'country',
    'place',
    'state',
    'isco',
    'reasons',
    'reports',
    'opened',
    'due',
  ],
  async count(ctx, query, most) {
    const { reason, q } = readQueue(query)
    const counts = await countReviews(ctx)
    // What is searched for is rare; nobody keeps a count of it.
    return q
      ? (await reviewQueue(ctx, { reason, q, limit: most })).items.length
      : Math.min(counts[reason ?? 'all'], most)
  },
  async *rows(ctx, query) {
    const { reason, q } = readQueue(query)
    let after: string | undefined
    do {
      const { items, next } = await reviewQueue(ctx, { reason, q, after, limit: BATCH })
      yield* items.map(cells)
      after = next ?? undefined
    } while (after)
  },
})

const cells = (item: QueueItem) => [
  item.reference,
  item.title,
  item.employer_name,
  item.country,
  item.place_code,
  item.state,
  item.isco,
  item.reasons.join(' '),
  item.reports,
  String(item.opened_at),
  String(item.due_at),
]
