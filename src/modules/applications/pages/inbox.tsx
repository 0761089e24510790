import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { defineExport } from '#kernel/exports/export.ts'
import { ExportLinks } from '#kernel/exports/pages/links.tsx'
import { readForm } from '#kernel/http/forms.ts'
import { definePage, localPath } from '#kernel/http/page.ts'
import { parseReference } from '#kernel/ids.ts'
import { readAbout } from '#kernel/notifications/inbox.ts'
import { Empty, Headline } from '#kernel/ui/blocks.tsx'
import { LinkButton } from '#kernel/ui/buttons.tsx'
import { RadioGroup } from '#kernel/ui/choices.tsx'
import { SelectField } from '#kernel/ui/fields.tsx'
import { Filters, Pager } from '#kernel/ui/lists.tsx'
import { Tag } from '#kernel/ui/states.tsx'
import { Table } from '#kernel/ui/table.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { adverts, countReceived, type InboxQuery, listReceived, type Received } from '../inbox.ts'
import { INBOX, INBOX_SUBJECT } from '../notices.ts'
import { STATES, type State } from '../states.ts'
import { LOOKS } from './own-applications.tsx'

const SHOWN = 25
const BATCH = 200
const VISIBLE = STATES.filter((state) => state !== 'withdrawn')

// Whatever stands in an address is forgiven.
const Asked = z.object({
  state: z.enum(VISIBLE).optional().catch(undefined),
  vacancy: z
    .string()
    .transform((text) => parseReference(text) ?? undefined)
    .optional()
    .catch(undefined),
  after: z
    .string()
    .transform((text) => parseReference(text) ?? undefined)
    .optional()
    .catch(undefined),
})

function read(params: URLSearchParams): Omit<InboxQuery, 'limit'> {
  const asked = readForm(Asked, params)
  return asked.ok ? asked.value : {}
}

/** Who applied for the employer's adverts, the newest first. Withdrawn applications are not here, nor counted. */
export const inboxPage = definePage({
  path: INBOX,
  access: 'application.handle',
  async get(ctx, c) {
    const { t, format } = ctx
    const asked = read(new URL(c.req.url).searchParams)
    await readAbout(ctx, INBOX_SUBJECT)
    const { items, next } = await listReceived(ctx, { ...asked, limit: SHOWN })
    const counts = await countReceived(ctx, asked)
    const all = [...counts.values()].reduce((sum, count) => sum + count, 0)
    const total = asked.state ? (counts.get(asked.state) ?? 0) : all
    return (
      <WorkPage ctx={ctx} title={t('applications.inbox.title')} current={INBOX}>
        <Headline title={t('applications.inbox.title')} lead={t('applications.inbox.lead', { count: total })}>
          <ExportLinks ctx={ctx} href={(ending) => localPath(ctx, `${INBOX}${ending}${search(asked)}`)} />
        </Headline>
        <Filters
          ctx={ctx}
          label={t('applications.inbox.filters')}
          clear={asked.state || asked.vacancy ? localPath(ctx, INBOX) : undefined}
        >
          <RadioGroup
            name="state"
            label={t('applications.inbox.state')}
            value={asked.state ?? ''}
            options={[
              { value: '', label: t('applications.inbox.any_state'), count: format.number(all) },
              ...VISIBLE.map((state) => ({
                value: state,
                label: t(`applications.code.state.${state}`),
                count: format.number(counts.get(state) ?? 0),
              })),
            ]}
          />
          <SelectField
            name="vacancy"
            label={t('applications.inbox.advert')}
            value={asked.vacancy}
            empty={t('applications.inbox.any_advert')}
            options={(await adverts(ctx)).map(({ reference, title, count }) => ({
              value: reference,
              label: `${title} (${format.number(count)})`,
            }))}
          />
        </Filters>
        {items.length === 0 ? (
          <Empty title={t('applications.inbox.none')} text={t('applications.inbox.none_text')}>
            {(asked.state || asked.vacancy) && (
              <LinkButton kind="second" href={localPath(ctx, INBOX)}>
                {t('applications.inbox.all')}
              </LinkButton>
            )}
          </Empty>
        ) : (
          <Table
            caption={t('applications.inbox.title')}
            hidden
            columns={['name', 'advert', 'state', 'applied'].map((name) => ({
              label: t(`applications.inbox.column_${name}`),
            }))}
            rows={items.map((item) => row(ctx, item))}
          />
        )}
        <Pager
          ctx={ctx}
          shown={items.length}
          total={total}
          next={next && localPath(ctx, INBOX + search({ ...asked, after: next }))}
        />
      </WorkPage>
    )
  },
})

const row = (ctx: Ctx, { reference, shared, snapshot, state, applied_at }: Received) => [
  <>
    <a href={localPath(ctx, `${INBOX}/${reference}`)}>{shared.name}</a> <span class="code">{reference}</span>
  </>,
  <span lang={snapshot.lang}>{snapshot.title}</span>,
  <Tag state={LOOKS[state]}>{ctx.t(`applications.code.state.${state}`)}</Tag>,
  ctx.format.dateTime(applied_at),
]

function search(asked: Omit<InboxQuery, 'limit'>): string {
  const stated = Object.entries(asked).flatMap(([name, value]) => (value ? [[name, String(value)]] : []))
  const text = new URLSearchParams(stated).toString()
  return text && `?${text}`
}

/** The inbox as asked, as a table. Telephones stand in it only where the person has released them. */
export const inboxExport = defineExport({
  name: 'applications.inbox',
  title: 'applications.inbox.title',
  permission: 'application.handle',
  act: 'application.export',
  headings: () => ['reference', 'vacancy', 'title', 'name', 'phone', 'trade', 'state', 'applied'],
  async count(ctx, query, most) {
    const { state, vacancy } = read(query)
    const counts = await countReceived(ctx, { vacancy })
    const chosen = state ? [counts.get(state) ?? 0] : [...counts.values()]
    return Math.min(
      most,
      chosen.reduce((sum, count) => sum + count, 0),
    )
  },
  async *rows(ctx, query) {
    const { after: _, ...asked } = read(query)
    let after: string | undefined
    do {
      const { items, next } = await listReceived(ctx, { ...asked, after, limit: BATCH })
      yield* items.map(cells)
      after = next ?? undefined
    } while (after)
  },
})

const cells = ({ reference, vacancy_reference, snapshot, shared, state, applied_at }: Received) => [
  ...[reference, vacancy_reference, snapshot.title, shared.name, shared.phone, shared.profile.trade],
  ...[state satisfies State, String(applied_at)],
]
