import type { Ctx } from '../../context.ts'
import { Button, Buttons, LinkButton } from '../../ui/buttons.tsx'
import { Pager } from '../../ui/lists.tsx'
import { pathOf } from '../../ui/navigation.ts'
import { Note } from '../../ui/states.tsx'
import { Totals } from '../../ui/work.tsx'
import type { Import } from '../imports.ts'
import { nextRows, type RowState, type StoredRow } from '../rows.ts'
import { RowSheet } from './row-sheet.tsx'
import { Doubt, ImportPage, importPath } from './steps.tsx'

const FIRST = 20
const PAGE = 100
const PROBLEMS: RowState[] = ['repaired', 'error']

/** The rows before anything is imported: how many are sound, which a person should look at, and the decision. */
export async function PreviewPage({
  ctx,
  found,
  show,
  after,
}: {
  ctx: Ctx
  found: Import
  show?: string
  after?: string
}) {
  const { t, format } = ctx
  const sound = found.ready + found.repaired
  return (
    <ImportPage ctx={ctx} found={found} title={t('imports.preview.title')} step={3}>
      <Totals
        items={[
          { label: t('imports.preview.ready'), value: format.number(found.ready), state: 'ok' },
          { label: t('imports.preview.repaired'), value: format.number(found.repaired), state: 'attention' },
          { label: t('imports.preview.errors'), value: format.number(found.errors), state: 'stop' },
          { label: t('imports.preview.same'), value: format.number(found.same) },
        ]}
      />
      {sound === 0 && (
        <Note state="stop" title={t('imports.preview.none')}>
          {t('imports.preview.none_text')}
        </Note>
      )}
      <Doubt ctx={ctx} found={found} />
      {found.changed > 0 && (
        <Note state="attention" title={t('imports.preview.changed', { rows: found.changed })}>
          <a href={pathOf(ctx, importPath(found, '?show=changes'))}>{t('imports.preview.show_changes')}</a>
        </Note>
      )}
      <form method="post">
        <Buttons>
          {sound > 0 && (
            <Button formaction={pathOf(ctx, importPath(found, '/approval'))}>
              {t(found.errors > 0 ? 'imports.preview.import_valid' : 'imports.preview.import_all', { rows: sound })}
            </Button>
          )}
          {found.errors > 0 && (
            <LinkButton kind="second" icon="save" href={pathOf(ctx, importPath(found, '/errors.xlsx'))} download>
              {t('imports.preview.download_errors', { rows: found.errors })}
            </LinkButton>
          )}
          <Button kind="plain" formaction={pathOf(ctx, importPath(found, '/cancellation'))}>
            {t('imports.cancel')}
          </Button>
        </Buttons>
      </form>
      {await Rows({ ctx, found, show, after: Number(/^\d{1,9}$/.exec(after ?? '')?.[0] ?? -1) })}
      <p class="quiet">{t('imports.preview.again')}</p>
    </ImportPage>
  )
}

async function Rows({ ctx, found, show, after }: { ctx: Ctx; found: Import; show?: string; after: number }) {
  const { t, format } = ctx
  const problems = found.repaired + found.errors
  const view = viewOf(show, problems)
  const paged = show !== undefined && show === view.name
  const limit = paged ? PAGE : FIRST
  const every = view.name === 'all'
  const total = { all: found.rows, problems, changes: found.changed }[view.name]
  const rows = await nextRows(ctx, found.id, after, limit + 1, view.which)
  const shown: StoredRow[] = rows.slice(0, limit)
  const path = (query: string) => pathOf(ctx, importPath(found, `?show=${query}`))
  const next = rows.length > limit ? path(`${view.name}&after=${shown.at(-1)!.number}`) : null
  return (
    <>
      <p>
        {problems > 0 && view.name === 'problems' && (
          <>
            <b>{t('imports.preview.to_check', { rows: problems })}</b>{' '}
          </>
        )}
        {!paged &&
          rows.length > limit &&
          `${t('imports.preview.first_shown', { count: format.number(shown.length) })} `}
        {!paged && view.name === 'problems' && rows.length > limit && (
          <>
            <a href={path('problems')}>{t('imports.preview.show_problems', { count: format.number(problems) })}</a>{' '}
          </>
        )}
        {(!every || !paged) && found.rows > shown.length && (
          <a href={path('all')}>{t('imports.preview.show_all', { count: format.number(found.rows) })}</a>
        )}
        {paged && view.name !== 'problems' && problems > 0 && (
          <a href={path('problems')}>{t('imports.preview.show_problems', { count: format.number(problems) })}</a>
        )}
      </p>
      <RowSheet ctx={ctx} found={found} rows={shown} />
      {paged && <Pager ctx={ctx} shown={shown.length} total={total} next={next} />}
    </>
  )
}

type View = { name: 'all' | 'problems' | 'changes'; which?: RowState[] | 'changes' }

// Where nothing is wrong there is nothing to pick out.
function viewOf(show: string | undefined, problems: number): View {
  if (show === 'changes') return { name: 'changes', which: 'changes' }
  return show === 'all' || problems === 0 ? { name: 'all' } : { name: 'problems', which: PROBLEMS }
}
