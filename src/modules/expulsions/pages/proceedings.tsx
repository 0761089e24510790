import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import { definePage, localPath } from '#kernel/http/page.ts'
import { placeName } from '#kernel/places/places.ts'
import { Empty, Headline } from '#kernel/ui/blocks.tsx'
import { LinkButton } from '#kernel/ui/buttons.tsx'
import { Choices, Pager } from '#kernel/ui/lists.tsx'
import { type State, Tag } from '#kernel/ui/states.tsx'
import { Table } from '#kernel/ui/table.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { PROCEEDINGS } from '../notices.ts'
import { listProceedings, noteProceeding, type Proceeding } from '../proceedings.ts'
import { durationText, Who } from './words.tsx'

const PAGE = 20

/** Proceedings in which help is still possible, the nearest deadline first. */
export const proceedingsPage = definePage({
  path: PROCEEDINGS,
  access: 'expulsion.help',
  async get(ctx, c) {
    const { t } = ctx
    const all = c.req.query('show') === 'all'
    const page = Math.min(10_000, Math.max(1, Number.parseInt(c.req.query('page') ?? '1', 10) || 1))
    const found = await listProceedings(ctx, { all, limit: PAGE + 1, offset: (page - 1) * PAGE })
    const shown = found.slice(0, PAGE)
    await audit(ctx, 'proceeding.list', undefined, { rows: shown.length })
    const [one, ...others] = shown
    if (one && others.length === 0) await noteProceeding(ctx, one)
    const at = (to: number) => localPath(ctx, `${PROCEEDINGS}?page=${to}${all ? '&show=all' : ''}`)
    return (
      <WorkPage ctx={ctx} title={t('expulsions.proceedings.title')} current={PROCEEDINGS}>
        <Headline title={t('expulsions.proceedings.title')} lead={t('expulsions.proceedings.lead')}>
          <LinkButton icon="doc" href={localPath(ctx, `${PROCEEDINGS}/new`)}>
            {t('expulsions.proceedings.new')}
          </LinkButton>
        </Headline>
        <Choices
          ctx={ctx}
          label={t('expulsions.list.show')}
          options={[false, true].map((every) => ({
            href: localPath(ctx, every ? `${PROCEEDINGS}?show=all` : PROCEEDINGS),
            label: t(every ? 'expulsions.proceedings.all' : 'expulsions.proceedings.open'),
            current: every === all,
          }))}
        />
        {shown.length === 0 ? (
          <Empty title={t('expulsions.proceedings.empty')} text={t('expulsions.proceedings.empty_text')} />
        ) : (
          <Table
            caption={t('expulsions.proceedings.title')}
            hidden
            columns={['person', 'place', 'deadline', 'status'].map((key) => ({
              label: t(`expulsions.proceedings.column.${key}`),
            }))}
            rows={
              await Promise.all(
                shown.map(async (one) => [
                  <>
                    <a href={localPath(ctx, `${PROCEEDINGS}/${one.reference}`)}>
                      <Who ctx={ctx} name={one.name} birth={one.birth} />
                    </a>
                    <br />
                    <span class="quiet code">{one.reference}</span>
                  </>,
                  await placeName(ctx, one.place_code),
                  <Clock ctx={ctx} proceeding={one} />,
                  t(`expulsions.code.proceeding.${one.status}`),
                ]),
              )
            }
          />
        )}
        <Pager
          ctx={ctx}
          from={(page - 1) * PAGE + 1}
          shown={shown.length}
          total={{ atLeast: (page - 1) * PAGE + found.length }}
          next={found.length > PAGE ? at(page + 1) : null}
          previous={page > 1 ? at(page - 1) : null}
        />
      </WorkPage>
    )
  },
})

const SOON_HOURS = 72

/** How much time is left for an appeal: a shape and words, never a colour alone. */
export function Clock({ ctx, proceeding }: { ctx: Ctx; proceeding: Pick<Proceeding, 'appeal_until' | 'status'> }) {
  const { t } = ctx
  const { appeal_until: until, status } = proceeding
  if (status === 'appealed') return <Tag state="ok">{t('expulsions.clock.appealed')}</Tag>
  if (status === 'released' || status === 'closed') return <>–</>
  if (!until) return <Tag state="unknown">{t('expulsions.clock.unknown')}</Tag>
  const left = ctx.now.until(until).total('hours')
  const state: State = left < 0 ? 'urgent' : left < SOON_HOURS ? 'attention' : 'unknown'
  return (
    <Tag state={state} icon={state === 'unknown' ? 'clock' : undefined}>
      {left < 0
        ? t('expulsions.clock.over', { time: durationText(ctx, until, ctx.now) })
        : t('expulsions.clock.left', { time: durationText(ctx, ctx.now, until) })}
    </Tag>
  )
}
