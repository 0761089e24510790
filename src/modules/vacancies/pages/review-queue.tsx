import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { readForm } from '#kernel/http/forms.ts'
import { definePage, localPath } from '#kernel/http/page.ts'
import { placePath } from '#kernel/places/places.ts'
import { Empty, Headline } from '#kernel/ui/blocks.tsx'
import { LinkButton } from '#kernel/ui/buttons.tsx'
import { Icon } from '#kernel/ui/icons.tsx'
import { Pager } from '#kernel/ui/lists.tsx'
import { Note, Tag } from '#kernel/ui/states.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { countReviews, type QueueItem, REVIEW_REASONS, reviewQueue } from '../reviews.ts'

const PAGE_SIZE = 25
const Query = z.object({
  reason: z.enum(REVIEW_REASONS).optional().catch(undefined),
  after: z.string().max(80).optional().catch(undefined),
  undone: z.string().optional().catch(undefined),
})

/** The one queue of adverts that wait for an officer, the most urgent first. */
export const reviewQueuePage = definePage({
  path: '/work/vacancies/review',
  access: 'vacancy.review',
  async get(ctx, c) {
    const { t } = ctx
    const { value: asked = {} } = readForm(Query, new URL(c.req.url).searchParams) as { value?: z.output<typeof Query> }
    const counts = await countReviews(ctx)
    const { items, next } = await reviewQueue(ctx, { reason: asked.reason, after: asked.after, limit: PAGE_SIZE })
    const address = (change: Record<string, string>) => localPath(ctx, `/work/vacancies/review?${new URLSearchParams({ ...(asked.reason && { reason: asked.reason }), ...change })}`)
    return (
      <WorkPage ctx={ctx} title={t('vacancies.review.title')} current="/work/vacancies/review">
        <Headline title={t('vacancies.review.title')} lead={t('vacancies.review.lead', { count: counts.all })} />
        {asked.undone && <Note state="ok" announce title={t('vacancies.review.undone_text')} />}
        <nav class="choices" aria-label={t('vacancies.review.why')}>
          {(['all', ...REVIEW_REASONS] as const).map((reason) => (
            <a href={localPath(ctx, `/work/vacancies/review${reason === 'all' ? '' : `?reason=${reason}`}`)} aria-current={(asked.reason ?? 'all') === reason ? 'page' : undefined}>
              {reason === 'all' ? t('vacancies.review.all') : t(`vacancies.code.review_reason.${reason}`)} <b>{ctx.format.number(counts[reason])}</b>
            </a>
          ))}
        </nav>
        {items.length === 0 ? (
          <Empty title={t('vacancies.review.empty')} text={t('vacancies.review.empty_text')} />
        ) : (
          <ul>
            {items.map((item) => (
              <QueueRow ctx={ctx} item={item} />
            ))}
          </ul>
        )}
        <Pager ctx={ctx} shown={items.length} total={asked.reason ? counts[asked.reason] : counts.all} next={next && address({ after: next })} previous={asked.after && address({})} />
      </WorkPage>
    )
  },
})

async function QueueRow({ ctx, item }: { ctx: Ctx; item: QueueItem }) {
  const { t, format } = ctx
  const href = localPath(ctx, `/work/vacancies/review/${item.reference}`)
  const late = Temporal.Instant.compare(item.due_at, ctx.now) < 0
  return (
    <li class="task">
      <Icon name="work" />
      <h3>
        <a href={href} lang={item.lang}>
          {item.title}
        </a>
      </h3>
      <p class="quiet">
        {item.reasons.map((reason) => t(`vacancies.code.review_reason.${reason}`)).join(' · ')}
        {item.reports > 0 && ` · ${t('vacancies.review.reports', { count: item.reports })}`} · {await placePath(ctx, item.place_code ?? item.country)}
        {item.employer_name && ` · ${item.employer_name}`}
      </p>
      <p class="due">
        <Tag state={late ? 'urgent' : item.reasons.includes('occupation') && item.reasons.length === 1 ? 'unknown' : 'attention'} icon={late ? undefined : 'clock'}>
          {late ? t('vacancies.review.overdue') : t('work.due.on', { date: format.date(item.due_at) })}
        </Tag>
        <span>{t('vacancies.review.waits_since', { date: format.date(item.opened_at) })}</span>
      </p>
      <LinkButton kind="second" href={href}>
        {t('vacancies.review.check')}
        <span class="vh">: {item.title}</span>
      </LinkButton>
    </li>
  )
}
