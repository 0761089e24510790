import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { defineExport } from '#kernel/exports/export.ts'
import { ExportLinks } from '#kernel/exports/pages/links.tsx'
import { readForm } from '#kernel/http/forms.ts'
import { definePage, localPath } from '#kernel/http/page.ts'
import { queryOf, stated } from '#kernel/http/query.ts'
import { Empty, Headline } from '#kernel/ui/blocks.tsx'
import { LinkButton } from '#kernel/ui/buttons.tsx'
import { Icon } from '#kernel/ui/icons.tsx'
import { Choices, Pager, Seek } from '#kernel/ui/lists.tsx'
import { Note } from '#kernel/ui/states.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { isVerifiedEmployer } from '#modules/employers/public.ts'
import { countPostings, listPostings, type PostingItem, postingFor, STANDINGS } from '../postings.ts'
import { StandingTag } from './standing.tsx'

export const LIST = '/work/postings'
/** The page of one offer, for its employer. */
export const pathOf = ({ reference }: { reference: string }) => `${LIST}/${reference}`
const PAGE_SIZE = 25
const BATCH = 500

const Query = z.object({
  standing: z.enum(STANDINGS).optional().catch(undefined),
  q: z.string().max(100).optional().catch(undefined),
  after: z.uuid().optional().catch(undefined),
})
type Asked = z.output<typeof Query>

// Whatever stands in an address is forgiven.
function readAsked(search: URLSearchParams): Asked {
  const read = readForm(Query, search)
  return read.ok ? read.value : {}
}

/** The own adverts: drafts, what is public, what waits, what is over. */
export const postingsPage = definePage({
  path: LIST,
  access: 'vacancy.post',
  async get(ctx, c) {
    const { t } = ctx
    const asked = readAsked(new URL(c.req.url).searchParams)
    const { standing, q, after } = asked
    const counts = await countPostings(ctx)
    const { items, next } = await listPostings(ctx, { ...asked, limit: PAGE_SIZE })
    const verified = await isVerifiedEmployer(ctx, postingFor(ctx).organisation_id)
    const address = (change: Partial<Asked>, ending = '') =>
      localPath(ctx, `${LIST}${ending}${queryOf({ standing, q, ...change })}`)
    return (
      <WorkPage ctx={ctx} title={t('vacancies.posting.title')} current={LIST}>
        <Headline title={t('vacancies.posting.title')} lead={t('vacancies.posting.count', { count: counts.public })}>
          <LinkButton href={localPath(ctx, `${LIST}/new`)} icon="work">
            {t('vacancies.posting.new')}
          </LinkButton>
          <LinkButton kind="second" href={localPath(ctx, '/work/imports')} icon="sheet">
            {t('vacancies.posting.sheet')}
          </LinkButton>
          <ExportLinks ctx={ctx} href={(ending) => address({}, ending)} />
        </Headline>
        {!verified && (
          <Note state="attention" title={t('vacancies.posting.not_verified')}>
            <a href={localPath(ctx, '/work/employer')}>{t('vacancies.posting.to_employer')}</a>
          </Note>
        )}
        <Choices
          ctx={ctx}
          label={t('vacancies.posting.standings')}
          options={(['all', ...STANDINGS] as const)
            .filter((choice) => choice === 'all' || choice === standing || counts[choice] > 0)
            .map((choice) => ({
              href: address({ standing: choice === 'all' ? undefined : choice }),
              label: t(choice === 'all' ? 'vacancies.posting.all' : `vacancies.code.posting.${choice}`),
              current: (standing ?? 'all') === choice,
              count: counts[choice],
            }))}
        />
        <Seek
          label={t('vacancies.posting.search')}
          hideLabel
          placeholder={t('vacancies.posting.search')}
          value={q}
          keep={stated({ standing })}
        />
        {items.length === 0 ? (
          <Empty
            title={q ? t('vacancies.posting.none_for', { q }) : t('vacancies.posting.empty')}
            text={q ? undefined : t('vacancies.posting.empty_text')}
          >
            {(q || standing) && (
              <LinkButton kind="second" href={localPath(ctx, LIST)}>
                {t('vacancies.posting.all')}
              </LinkButton>
            )}
          </Empty>
        ) : (
          <ul>
            {items.map((item) => (
              <Row ctx={ctx} item={item} />
            ))}
          </ul>
        )}
        <Pager
          ctx={ctx}
          shown={items.length}
          total={q ? { atLeast: items.length } : counts[standing ?? 'all']}
          next={next && address({ after: next })}
          previous={after && address({})}
        />
      </WorkPage>
    )
  },
})

function Row({ ctx, item }: { ctx: Ctx; item: PostingItem }) {
  const { t, format } = ctx
  const href = localPath(ctx, pathOf(item))
  const title = item.title ?? t('vacancies.posting.untitled')
  return (
    <li class="task">
      <Icon name="work" />
      <h2 class="h3">
        <a href={href}>{title}</a>
      </h2>
      <p class="quiet">
        {[item.reference, item.own_key, t('vacancies.posting.changed', { date: format.date(item.changed_at) })]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <p class="due">
        <StandingTag ctx={ctx} standing={item.standing} />
        {item.expires_on && (item.standing === 'public' || item.standing === 'expired') && (
          <span>{t('vacancies.posting.until', { date: format.date(item.expires_on) })}</span>
        )}
      </p>
      <LinkButton kind="second" href={href}>
        {t('vacancies.posting.open')}
        <span class="vh">: {title}</span>
      </LinkButton>
    </li>
  )
}

/** The list as asked, as a table. */
export const postingsExport = defineExport({
  name: 'vacancies.postings',
  title: 'vacancies.posting.title',
  permission: 'vacancy.post',
  act: 'posting.export',
  headings: () => ['reference', 'own_number', 'title', 'country', 'standing', 'published', 'until', 'changed'],
  async count(ctx, query, most) {
    const asked = readAsked(query)
    if (asked.q) return (await listPostings(ctx, { ...asked, limit: most })).items.length
    return Math.min((await countPostings(ctx))[asked.standing ?? 'all'], most)
  },
  async *rows(ctx, query) {
    const { standing, q } = readAsked(query)
    let after: string | undefined
    do {
      const { items, next } = await listPostings(ctx, { standing, q, after, limit: BATCH })
      yield* items.map((item) => [
        ...[item.reference, item.own_key, item.title, item.country, item.standing],
        ...[item.published_at?.toString() ?? null, item.expires_on?.toString() ?? null, String(item.changed_at)],
      ])
      after = next ?? undefined
    } while (after)
  },
})
