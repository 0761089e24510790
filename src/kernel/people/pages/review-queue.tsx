import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import { definePage, localPath } from '../../http/page.ts'
import { Empty, Headline } from '../../ui/blocks.tsx'
import { LinkButton } from '../../ui/buttons.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Pager } from '../../ui/lists.tsx'
import { Note, Tag } from '../../ui/states.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { countReviews, type Review, reviewQueue } from '../reviews.ts'
import { probabilityText } from './words.ts'

export const QUEUE = '/work/people/review'
const PAGE_SIZE = 25

/** The pairs of records that wait for an officer. No names stand here: they are read pair by pair, and each look is noted. */
export const personReviewsPage = definePage({
  path: QUEUE,
  access: 'person.review',
  async get(ctx, c) {
    const { t } = ctx
    const after = z.uuid().safeParse(c.req.query('after')).data
    const items = await reviewQueue(ctx, PAGE_SIZE + 1, after)
    const { all } = await countReviews(ctx)
    const shown = items.slice(0, PAGE_SIZE)
    return (
      <WorkPage ctx={ctx} title={t('people.review.list')} current={QUEUE}>
        <Headline title={t('people.review.list')} lead={t('people.review.lead', { count: all })} />
        {c.req.query('undone') && <Note state="ok" announce title={t('people.review.undone')} />}
        {shown.length === 0 ? (
          <Empty title={t('people.review.empty')} text={t('people.review.empty_text')} />
        ) : (
          <ul>
            {shown.map((review) => (
              <QueueRow ctx={ctx} review={review} />
            ))}
          </ul>
        )}
        <Pager
          ctx={ctx}
          shown={shown.length}
          total={all}
          next={items.length > PAGE_SIZE ? localPath(ctx, `${QUEUE}?after=${shown.at(-1)!.id}`) : null}
          previous={after && localPath(ctx, QUEUE)}
        />
      </WorkPage>
    )
  },
})

const QueueRow = ({ ctx, review }: { ctx: Ctx; review: Review }) => {
  const { t, format } = ctx
  const href = localPath(ctx, `${QUEUE}/${review.id}`)
  const late = Temporal.Instant.compare(review.due_at, ctx.now) < 0
  const label = t('people.review.pair', { code: pairCode(review.id) })
  return (
    <li class="task">
      <Icon name="people" />
      <h2 class="h3">
        <a href={href}>{label}</a>
      </h2>
      <p class="quiet">
        {t('people.probability', { value: probabilityText(ctx, review.probability) })}
        {review.proposed && ` · ${t('people.review.by_officer')}`}
        {review.adverse && ` · ${t('people.review.two_officers')}`}
        {review.state !== 'open' && ` · ${t(`people.code.review_state.${review.state}`)}`}
      </p>
      <p class="due">
        <Tag state={late ? 'urgent' : review.adverse ? 'attention' : 'unknown'} icon={late ? undefined : 'clock'}>
          {late ? t('people.review.overdue') : t('work.due.on', { date: format.date(review.due_at) })}
        </Tag>
        <span>{t('people.review.since', { date: format.date(review.opened_at) })}</span>
      </p>
      <LinkButton kind="second" href={href}>
        {t('people.review.compare')}
        <span class="vh">: {label}</span>
      </LinkButton>
    </li>
  )
}

/** The end of a pair's id, by which colleagues speak of it. */
export const pairCode = (id: string) => id.slice(-6).toUpperCase()
