import type { Ctx } from '../../context.ts'
import { Button, Buttons, LinkButton } from '../../ui/buttons.tsx'
import { Pager } from '../../ui/lists.tsx'
import { pathOf } from '../../ui/navigation.ts'
import { Note } from '../../ui/states.tsx'
import { Totals } from '../../ui/work.tsx'
import type { Import } from '../imports.ts'
import { nextRows, type RowState, type StoredRow } from '../rows.ts'
import { RowSheet } from './row-sheet.tsx'
import { ImportPage, importPath } from './steps.tsx'

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
  const every = show === 'all' || problems === 0
  const paged = show === 'all' || show === 'problems'
  const limit = paged ? PAGE : FIRST
  const rows = await nextRows(ctx, found.id, after, limit + 1, every ? undefined : PROBLEMS)
  const shown: StoredRow[] = rows.slice(0, limit)
  const path = (query: string) => pathOf(ctx, importPath(found, `?show=${query}`))
  const next = rows.length > limit ? path(`${every ? 'all' : 'problems'}&after=${shown.at(-1)!.number}`) : null
  return (
    <>
      <p>
        {problems > 0 && !every && (
          <>
            <b>{t('imports.preview.to_check', { rows: problems })}</b>{' '}
          </>
        )}
        {!paged &&
          rows.length > limit &&
          `${t('imports.preview.first_shown', { count: format.number(shown.length) })} `}
        {!paged && !every && rows.length > limit && (
          <>
            <a href={path('problems')}>{t('imports.preview.show_problems', { count: format.number(problems) })}</a>{' '}
          </>
        )}
        {show !== 'all' && found.rows > shown.length && (
          <a href={path('all')}>{t('imports.preview.show_all', { count: format.number(found.rows) })}</a>
        )}
        {show === 'all' && problems > 0 && (
          <a href={path('problems')}>{t('imports.preview.show_problems', { count: format.number(problems) })}</a>
        )}
      </p>
      <RowSheet ctx={ctx} found={found} rows={shown} />
      {paged && <Pager ctx={ctx} shown={shown.length} total={every ? found.rows : problems} next={next} />}
    </>
  )
}
