import type { Ctx } from '../../context.ts'
import { Buttons, LinkButton } from '../../ui/buttons.tsx'
import { pathOf } from '../../ui/navigation.ts'
import { Note } from '../../ui/states.tsx'
import { Totals } from '../../ui/work.tsx'
import type { Import } from '../imports.ts'
import { noteText } from '../notes.ts'
import { ROWS_KEPT, rowsErased } from '../retention.ts'
import { Doubt, IMPORTS, ImportPage, importPath } from './steps.tsx'

/** What became of the file, with the report to keep. */
export function ReportPage({ ctx, found }: { ctx: Ctx; found: Import }) {
  const { t } = ctx
  const changed = found.created + found.updated
  return (
    <ImportPage ctx={ctx} found={found} title={t('imports.report.title')} step={4}>
      <Note
        state={found.errors > 0 ? 'attention' : 'ok'}
        title={
          changed > 0
            ? t('imports.report.finished', { rows: changed })
            : t(found.same > 0 ? 'imports.report.nothing_new' : 'imports.failed.nothing')
        }
      >
        {found.errors > 0 ? t('imports.report.errors_left', { rows: found.errors }) : t('imports.report.again')}
      </Note>
      <Doubt ctx={ctx} found={found} />
      <ReportTotals ctx={ctx} found={found} />
      <Downloads ctx={ctx} found={found} />
    </ImportPage>
  )
}

const ReportTotals = ({ ctx: { t, format }, found }: { ctx: Ctx; found: Import }) => (
  <Totals
    items={[
      { label: t('imports.report.created'), value: format.number(found.created), state: 'ok' },
      { label: t('imports.report.updated'), value: format.number(found.updated), state: 'ok' },
      { label: t('imports.preview.same'), value: format.number(found.same) },
      { label: t('imports.preview.errors'), value: format.number(found.errors), state: 'stop' },
    ]}
  />
)

const Downloads = ({ ctx, found }: { ctx: Ctx; found: Import }) =>
  rowsErased(ctx, found) ? (
    <>
      <p>{ctx.t('imports.report.erased', ROWS_KEPT)}</p>
      <Buttons>
        <Another ctx={ctx} />
      </Buttons>
    </>
  ) : (
    <Buttons>
      <LinkButton kind="second" icon="save" href={pathOf(ctx, importPath(found, '/report.xlsx'))} download>
        {ctx.t('imports.report.download_xlsx')}
      </LinkButton>
      <LinkButton kind="second" icon="save" href={pathOf(ctx, importPath(found, '/report.csv'))} download>
        {ctx.t('imports.report.download_csv')}
      </LinkButton>
      {found.errors > 0 && (
        <LinkButton kind="second" icon="save" href={pathOf(ctx, importPath(found, '/errors.xlsx'))} download>
          {ctx.t('imports.preview.download_errors', { rows: found.errors })}
        </LinkButton>
      )}
      <Another ctx={ctx} />
    </Buttons>
  )

const Another = ({ ctx }: { ctx: Ctx }) => (
  <LinkButton kind="plain" href={pathOf(ctx, IMPORTS)}>
    {ctx.t('imports.report.another')}
  </LinkButton>
)

/** The file could not be read: why, and what to do. */
export const FailedPage = ({ ctx, found }: { ctx: Ctx; found: Import }) => (
  <ImportPage ctx={ctx} found={found} title={ctx.t('imports.failed.title')} step={1}>
    <Note state="stop" title={ctx.t('imports.failed.nothing')}>
      {found.problem && noteText(ctx, found.problem)}
    </Note>
    <Buttons>
      <LinkButton href={pathOf(ctx, IMPORTS)}>{ctx.t('imports.failed.another')}</LinkButton>
    </Buttons>
  </ImportPage>
)

/** Somebody cancelled it: what is in, and that the rest was not taken. */
export const CancelledPage = ({ ctx, found }: { ctx: Ctx; found: Import }) => (
  <ImportPage ctx={ctx} found={found} title={ctx.t('imports.cancelled.title')} step={3}>
    <Note state="stop" title={ctx.t('imports.import.cancelled')}>
      {ctx.t(found.created + found.updated > 0 ? 'imports.cancelled.some' : 'imports.cancelled.none')}
    </Note>
    {found.created + found.updated > 0 ? (
      <>
        <ReportTotals ctx={ctx} found={found} />
        <Downloads ctx={ctx} found={found} />
      </>
    ) : (
      <Buttons>
        <Another ctx={ctx} />
      </Buttons>
    )}
  </ImportPage>
)
