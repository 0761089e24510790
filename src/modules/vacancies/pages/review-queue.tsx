import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { ExportLinks } from '#kernel/exports/pages/links.tsx'
import { readForm } from '#kernel/http/forms.ts'
import { definePage, localPath } from '#kernel/http/page.ts'
import { placePath } from '#kernel/places/places.ts'
import { Empty, Headline } from '#kernel/ui/blocks.tsx'
import { LinkButton } from '#kernel/ui/buttons.tsx'
import { Icon } from '#kernel/ui/icons.tsx'
import { Choices, Pager, Seek } from '#kernel/ui/lists.tsx'
import { Note, Tag } from '#kernel/ui/states.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { queueSeen } from '../notices.ts'
import { countReviews, type QueueItem, REVIEW_REASONS, reviewQueue } from '../reviews.ts'

const QUEUE = '/work/vacancies/review'
const PAGE_SIZE = 25
const Query = z.object({
  reason: z.enum(REVIEW_REASONS).optional().catch(undefined),
  q: z.string().max(100).optional().catch(undefined),
  after: z.string().max(80).optional().catch(undefined),
  undone: z.string().optional().catch(undefined),
})

type Asked = z.output<typeof Query>

// Whatever stands in an address is forgiven.
export function readQueue(search: URLSearchParams): Asked {
  const read = readForm(Query, search)
  return read.ok ? read.value : {}
}

function search(values: Partial<Asked>): string {
  const text = new URLSearchParams(
    Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== undefined),
  ).toString()
  return text && `?${text}`
}

/** The one queue of adverts that wait for an officer, the most urgent first. */
export const reviewQueuePage = definePage({
  path: QUEUE,
  access: 'vacancy.review',
  async get(ctx, c) {
    const { t } = ctx
    const { reason, q, after, undone } = readQueue(new URL(c.req.url).searchParams)
    await queueSeen(ctx)
    const counts = await countReviews(ctx)
    const { items, next } = await reviewQueue(ctx, { reason, q, after, limit: PAGE_SIZE })
    const address = (change: Partial<Asked>, path = QUEUE) =>
      localPath(ctx, `${path}${search({ reason, q, ...change })}`)
    const total = q ? undefined : counts[reason ?? 'all']
    return (
      <WorkPage ctx={ctx} title={t('vacancies.review.title')} current={QUEUE}>
        <Headline title={t('vacancies.review.title')} lead={t('vacancies.review.lead', { count: counts.all })}>
          <ExportLinks ctx={ctx} href={(ending) => address({}, `${QUEUE}${ending}`)} />
        </Headline>
        {undone && <Note state="ok" announce title={t('vacancies.review.undone_text')} />}
        <Choices
          ctx={ctx}
          label={t('vacancies.review.why')}
          options={(['all', ...REVIEW_REASONS] as const).map((choice) => ({
            href: address({ reason: choice === 'all' ? undefined : choice }),
            label: t(choice === 'all' ? 'vacancies.review.all' : `vacancies.code.review_reason.${choice}`),
            current: (reason ?? 'all') === choice,
            count: counts[choice],
          }))}
        />
        <Seek
          label={t('vacancies.review.search')}
          hideLabel
          placeholder={t('vacancies.review.search')}
          value={q}
          keep={reason ? [['reason', reason]] : []}
        />
        {items.length === 0 ? (
          <Empty
            title={q ? t('vacancies.review.none_for', { q }) : t('vacancies.review.empty')}
            text={q ? undefined : t('vacancies.review.empty_text')}
          >
            {q && (
              <LinkButton kind="second" href={address({ q: undefined })}>
                {t('vacancies.review.all')}
              </LinkButton>
            )}
          </Empty>
        ) : (
          <ul>
            {items.map((item) => (
              <QueueRow ctx={ctx} item={item} />
            ))}
          </ul>
        )}
        <Pager
          ctx={ctx}
          shown={items.length}
          total={total ?? { atLeast: items.length }}
          next={next && address({ after: next })}
          previous={after && address({})}
        />
      </WorkPage>
    )
  },
})

async function QueueRow({ ctx, item }: { ctx: Ctx; item: QueueItem }) {
  const { t, format } = ctx
  const href = localPath(ctx, `${QUEUE}/${item.reference}`)
  const late = Temporal.Instant.compare(item.due_at, ctx.now) < 0
  return (
    <li class="task">
      <Icon name="work" />
      <h2 class="h3">
        <a href={href} lang={item.lang}>
          {item.title}
        </a>
      </h2>
      <p class="quiet">
        {item.reasons.map((reason) => t(`vacancies.code.review_reason.${reason}`)).join(' · ')}
        {item.reports > 0 && ` · ${t('vacancies.review.reports', { count: item.reports })}`} ·{' '}
        {await placePath(ctx, item.place_code ?? item.country)}
        {item.employer_name && ` · ${item.employer_name}`}
      </p>
      <p class="due">
        <Tag
          state={
            late ? 'urgent' : item.reasons.includes('occupation') && item.reasons.length === 1 ? 'unknown' : 'attention'
          }
          icon={late ? undefined : 'clock'}
        >
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
