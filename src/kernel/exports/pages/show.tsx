import { audit } from '../../audit/audit.ts'
import type { Ctx } from '../../context.ts'
import { getFile } from '../../files/files.ts'
import { fileResponse } from '../../files/response.ts'
import { definePage, seeOther } from '../../http/page.ts'
import { problem } from '../../problem.ts'
import { Crumb, Headline } from '../../ui/blocks.tsx'
import { Button, Buttons, LinkButton } from '../../ui/buttons.tsx'
import { pathOf } from '../../ui/navigation.ts'
import { LiveProgress, Progress } from '../../ui/progress.tsx'
import { Note } from '../../ui/states.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { EXPORTS } from '../export.ts'
import { cancelExport, getExport, type LongExport } from '../exports.ts'
import { readySeen } from '../notices.ts'
import { exportTitle } from './list.tsx'

const at = (id: string, rest = '') => `${EXPORTS}/${id}${rest}`

/** One long export, while it is made and afterwards. */
export const exportPage = definePage({
  path: at(':id'),
  access: 'export.use',
  get: async (ctx, c) => {
    const found = await getExport(ctx, c.req.param('id')!)
    const { t, format } = ctx
    const title = exportTitle(ctx, found)
    if (found.state === 'done') await readySeen(ctx, found.id)
    const working = found.state === 'waiting' || found.state === 'running'
    return (
      <WorkPage ctx={ctx} title={title} current={EXPORTS} path={at(found.id)} head={working && <LookAgain />}>
        <Crumb href={pathOf(ctx, EXPORTS)} label={t('exports.list.title')} />
        <Headline
          title={title}
          lead={t('exports.show.lead', { format: found.format.toUpperCase(), when: format.dateTime(found.created_at) })}
        />
        {working ? <Making ctx={ctx} found={found} /> : <Outcome ctx={ctx} found={found} />}
      </WorkPage>
    )
  },
})

const Making = ({ ctx, found: { id, run } }: { ctx: Ctx; found: LongExport }) => (
  <>
    <LiveProgress ctx={ctx} src={pathOf(ctx, at(id))}>
      <Progress value={run?.done ?? 0} max={run?.total ?? null}>
        {progressText(ctx, run)}
      </Progress>
    </LiveProgress>
    <p class="quiet">{ctx.t('exports.show.leave')}</p>
    <form method="post" action={pathOf(ctx, at(id, '/cancellation'))}>
      <Buttons>
        <Button kind="plain">{ctx.t('exports.show.cancel')}</Button>
      </Buttons>
    </form>
  </>
)

function progressText({ t, format }: Ctx, run: LongExport['run']): string {
  if (!run || run.total === null) return t('exports.state.waiting')
  return t('exports.show.progress', { done: format.number(run.done), total: format.number(run.total) })
}

function Outcome({ ctx, found }: { ctx: Ctx; found: LongExport }) {
  const { t, format } = ctx
  if (found.state === 'cancelled')
    return (
      <Note state="stop" title={t('exports.show.cancelled')}>
        {t('exports.show.again')}
      </Note>
    )
  if (found.state === 'failed')
    return (
      <Note state="stop" title={t('exports.show.failed')}>
        {t('exports.show.again')}
      </Note>
    )
  return (
    <>
      <Note state="ok" title={t('exports.show.done', { rows: found.rows })}>
        {t('exports.show.until', { when: format.dateTime(found.expires_at) })}
      </Note>
      <Buttons>
        <LinkButton icon="save" href={pathOf(ctx, at(found.id, '/file'))}>
          {t('exports.show.save')}
        </LinkButton>
      </Buttons>
    </>
  )
}

// Without script the page looks for itself.
const LookAgain = () => (
  <noscript>
    <meta http-equiv="refresh" content="5" />
  </noscript>
)

/** The made table. Each time it is taken stands in the audit. */
export const exportFilePage = definePage({
  path: at(':id', '/file'),
  access: 'export.use',
  get: async (ctx, c) => {
    const found = await getExport(ctx, c.req.param('id')!)
    if (!found.file_id) throw problem('not_found')
    const response = await fileResponse(ctx, await getFile(ctx, found.file_id))
    await audit(ctx, 'export.download', { type: 'export', id: found.id }, { kind: found.kind })
    return response
  },
})

/** Stops the making. */
export const exportCancellation = definePage({
  path: at(':id', '/cancellation'),
  access: 'export.use',
  get: (ctx, c) => seeOther(ctx, c, at(c.req.param('id')!)),
  post: async (ctx, c) => {
    const found = await getExport(ctx, c.req.param('id')!)
    await cancelExport(ctx, found)
    return seeOther(ctx, c, at(found.id))
  },
})
