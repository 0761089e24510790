import { z } from 'zod'
import { may } from '#kernel/access/authorise.ts'
import type { Ctx } from '#kernel/context.ts'
import { readForm } from '#kernel/http/forms.ts'
import { definePage, localPath } from '#kernel/http/page.ts'
import { problem } from '#kernel/problem.ts'
import { Empty, Headline } from '#kernel/ui/blocks.tsx'
import { LinkButton } from '#kernel/ui/buttons.tsx'
import { Choices, Pager } from '#kernel/ui/lists.tsx'
import { Tag } from '#kernel/ui/states.tsx'
import { Table } from '#kernel/ui/table.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { type BatchLine, listBatches } from '../batches.ts'
import { BATCHES } from '../notices.ts'
import { durationText } from './words.tsx'

const PAGE = 20
const Asked = z.object({ show: z.enum(['mine', 'late']).optional(), before: z.string().max(20).optional() })

/** Where each batch is: the reader's own to confirm, what is late, and how long it is on its way. */
export const batchesPage = definePage({
  path: BATCHES,
  access: 'expulsion.read',
  async get(ctx, c) {
    const read = readForm(Asked, new URL(c.req.url).searchParams)
    if (!read.ok) throw problem('bad_request')
    const { show, before } = read.value
    const found = await listBatches(ctx, { show, before, limit: PAGE + 1 })
    const shown = found.slice(0, PAGE)
    const { t } = ctx
    const at = (query: Record<string, string | undefined>) => {
      const text = new URLSearchParams(
        Object.entries(query).filter((pair): pair is [string, string] => !!pair[1]),
      ).toString()
      return localPath(ctx, `${BATCHES}${text && `?${text}`}`)
    }
    const last = shown.at(-1)
    return (
      <WorkPage ctx={ctx} title={t('expulsions.list.title')} current={BATCHES}>
        <Headline title={t('expulsions.list.title')} lead={t('expulsions.list.lead')}>
          {may(ctx, 'expulsion.import') && (
            <LinkButton icon="sheet" href={localPath(ctx, '/work/imports')}>
              {t('expulsions.list.import')}
            </LinkButton>
          )}
          {may(ctx, 'expulsion.import') && (
            <LinkButton kind="second" icon="doc" href={localPath(ctx, `${BATCHES}/new`)}>
              {t('expulsions.by_hand.link')}
            </LinkButton>
          )}
          {may(ctx, 'expulsion.route') && (
            <LinkButton kind="second" icon="send" href={localPath(ctx, `${BATCHES}/routes`)}>
              {t('expulsions.routes.title')}
            </LinkButton>
          )}
        </Headline>
        <Choices
          ctx={ctx}
          label={t('expulsions.list.show')}
          options={([undefined, 'mine', 'late'] as const).map((value) => ({
            href: at({ show: value }),
            label: t(`expulsions.list.${value ?? 'all'}`),
            current: value === show,
          }))}
        />
        {shown.length === 0 ? (
          <Empty
            title={t(`expulsions.list.empty.${show ?? 'all'}`)}
            text={show ? undefined : t('expulsions.list.empty_text')}
          />
        ) : (
          <Table
            caption={t('expulsions.list.title')}
            hidden
            columns={['batch', 'from', 'rows', 'way', 'state'].map((key) => ({
              label: t(`expulsions.list.column.${key}`),
              num: key === 'rows',
            }))}
            rows={shown.map((batch) => [
              <BatchLink ctx={ctx} batch={batch} />,
              batch.custodian_name,
              <Counts ctx={ctx} batch={batch} />,
              <>
                {durationText(ctx, batch.received_at, ctx.now)}
                <br />
                <span class="quiet">
                  {batch.hops === 0 && batch.refusals > 0
                    ? t('expulsions.list.refusals', { count: batch.refusals })
                    : t('expulsions.list.hops', { done: batch.hops - batch.waiting, count: batch.hops })}
                </span>
              </>,
              <BatchState ctx={ctx} batch={batch} />,
            ])}
          />
        )}
        <Pager
          ctx={ctx}
          shown={shown.length}
          total={{ atLeast: found.length }}
          next={found.length > PAGE && last ? at({ show, before: last.reference }) : null}
        />
      </WorkPage>
    )
  },
})

// What is a measure, what an event, and what was not taken in: three numbers, never one.
const Counts = ({ ctx: { t, format }, batch }: { ctx: Ctx; batch: BatchLine }) => (
  <>
    {batch.rows === null ? '–' : format.number(batch.rows)}
    {batch.refusals > 0 && <div class="quiet">{t('expulsions.list.refusals', { count: batch.refusals })}</div>}
    {batch.left_out > 0 && <div class="quiet">{t('expulsions.list.left_out', { count: batch.left_out })}</div>}
  </>
)

const BatchLink = ({ ctx, batch }: { ctx: Ctx; batch: BatchLine }) => (
  <>
    <a href={localPath(ctx, `${BATCHES}/${batch.reference}`)} class="code">
      {batch.reference}
    </a>
    <br />
    <span class="quiet">{batchTitle(ctx, batch)}</span>
  </>
)

/** What a batch is, in one line: its letter or file, or that it is a decision. */
export const batchTitle = ({ t, format }: Ctx, batch: BatchLine): string =>
  batch.kind === 'decision'
    ? t('expulsions.batch.decision', { date: format.date(batch.received_at) })
    : [batch.letter ?? batch.file_name, format.date(batch.received_at)].filter(Boolean).join(' · ')

/** Where a batch stands, as far as the reader sees its hops. */
const BatchState = ({ ctx, batch }: { ctx: Ctx; batch: BatchLine }) => {
  const { t } = ctx
  const late = batch.due_at !== null && Temporal.Instant.compare(batch.due_at, ctx.now) < 0
  return (
    <>
      {batch.hops === 0 ? (
        <Tag state="unknown">{t(batch.refusals > 0 ? 'expulsions.state.event' : 'expulsions.state.no_hop')}</Tag>
      ) : batch.waiting === 0 ? (
        <Tag state="ok">{t('expulsions.state.done')}</Tag>
      ) : late ? (
        <Tag state="urgent">{t('expulsions.state.late', { time: durationText(ctx, batch.due_at!, ctx.now) })}</Tag>
      ) : (
        <Tag state="attention">{t('expulsions.state.left', { time: durationText(ctx, ctx.now, batch.due_at!) })}</Tag>
      )}
      {batch.questions > 0 && (
        <>
          {' '}
          <Tag state="unknown">{t('expulsions.state.questions', { count: batch.questions })}</Tag>
        </>
      )}
    </>
  )
}
