import type { Ctx } from '../../context.ts'
import { download } from '../../exports/download.ts'
import { definePage, type Page, seeOther } from '../../http/page.ts'
import { approveImport, cancelImport, getImport, type Import, resumeImport } from '../imports.ts'
import { errorTable, reportTable } from '../report.ts'
import { importPath } from './steps.tsx'

const action = (name: string, act: (ctx: Ctx, found: Import) => Promise<void>): Page =>
  definePage({
    path: importPath({ id: ':id' }, `/${name}`),
    access: 'import.use',
    get: (ctx, c) => seeOther(ctx, c, importPath({ id: c.req.param('id')! })),
    post: async (ctx, c) => {
      const found = await getImport(ctx, c.req.param('id')!)
      await act(ctx, found)
      return seeOther(ctx, c, importPath(found))
    },
  })

export const approvalAction = action('approval', approveImport)
export const cancellationAction = action('cancellation', cancelImport)
export const resumptionAction = action('resumption', resumeImport)

const file = (name: 'errors' | 'report', format: 'xlsx' | 'csv'): Page =>
  definePage({
    path: importPath({ id: ':id' }, `/${name}.${format}`),
    access: 'import.use',
    get: async (ctx, c) => {
      const found = await getImport(ctx, c.req.param('id')!)
      const table = name === 'errors' ? errorTable(ctx, found) : reportTable(ctx, found)
      return download(table, format, `${found.file_name.replace(/\.\w{1,6}$/, '')} — ${table.name}`)
    },
  })

export const importFiles: Page[] = [file('errors', 'xlsx'), file('report', 'xlsx'), file('report', 'csv')]
