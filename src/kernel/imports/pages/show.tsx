import { definePage } from '../../http/page.ts'
import { readAbout } from '../../notifications/inbox.ts'
import { getImport } from '../imports.ts'
import { importSubject } from '../notices.ts'
import { MappingPage } from './mapping.tsx'
import { PreviewPage } from './preview.tsx'
import { ProgressPage } from './progress.tsx'
import { CancelledPage, FailedPage, ReportPage } from './report.tsx'
import { importPath } from './steps.tsx'

/** One import at one address, wherever it stands: it can be left at any step and found again. */
export const importPage = definePage({
  path: importPath({ id: ':id' }),
  access: 'import.use',
  get: async (ctx, c) => {
    const found = await getImport(ctx, c.req.param('id')!)
    await readAbout(ctx, importSubject(found))
    if (found.state === 'mapping') return <MappingPage ctx={ctx} found={found} />
    if (found.state === 'checked')
      return <PreviewPage ctx={ctx} found={found} show={c.req.query('show')} after={c.req.query('after')} />
    if (found.state === 'done') return <ReportPage ctx={ctx} found={found} />
    if (found.state === 'failed') return <FailedPage ctx={ctx} found={found} />
    if (found.state === 'cancelled') return <CancelledPage ctx={ctx} found={found} />
    return <ProgressPage ctx={ctx} found={found} />
  },
})
