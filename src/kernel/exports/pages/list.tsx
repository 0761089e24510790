import type { Ctx } from '../../context.ts'
import { definePage } from '../../http/page.ts'
import { Empty, Headline } from '../../ui/blocks.tsx'
import { pathOf } from '../../ui/navigation.ts'
import { type State, Tag } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { EXPORTS } from '../export.ts'
import { findExport, type LongExport, listExports } from '../exports.ts'

const LOOKS: Record<LongExport['state'], State> = {
  waiting: 'unknown',
  running: 'unknown',
  done: 'ok',
  failed: 'stop',
  cancelled: 'stop',
}

const StateTag = ({ ctx, state }: { ctx: Ctx; state: LongExport['state'] }) => (
  <Tag state={LOOKS[state]}>{ctx.t(`exports.state.${state}`)}</Tag>
)

/** What the list was that is taken along. */
export function exportTitle(ctx: Ctx, { kind }: Pick<LongExport, 'kind'>): string {
  const definition = findExport(ctx, kind)
  return definition ? ctx.t(definition.title) : kind
}

/** The long tables that one has had made in the last day: left, and found again. */
export const exportListPage = definePage({
  path: EXPORTS,
  access: 'export.use',
  async get(ctx) {
    const { t, format } = ctx
    const made = await listExports(ctx)
    return (
      <WorkPage ctx={ctx} title={t('exports.list.title')} current={EXPORTS}>
        <Headline title={t('exports.list.title')} lead={t('exports.list.lead')} />
        {made.length === 0 ? (
          <Empty title={t('exports.list.empty')} text={t('exports.list.empty_text')} />
        ) : (
          <Table
            caption={t('exports.list.title')}
            hidden
            columns={[
              { label: t('exports.list.what') },
              { label: t('exports.list.rows'), num: true },
              { label: t('exports.list.asked') },
              { label: t('exports.list.until') },
              { label: t('exports.list.state') },
            ]}
            rows={made.map((one) => [
              <a href={pathOf(ctx, `${EXPORTS}/${one.id}`)}>
                {exportTitle(ctx, one)} ({one.format.toUpperCase()})
              </a>,
              one.rows === null ? '–' : format.number(one.rows),
              format.dateTime(one.created_at),
              one.state === 'done' ? format.dateTime(one.expires_at) : '–',
              <StateTag ctx={ctx} state={one.state} />,
            ])}
          />
        )}
      </WorkPage>
    )
  },
})
