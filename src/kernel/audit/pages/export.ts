import type { Ctx } from '../../context.ts'
import { download } from '../../exports/download.ts'
import { definePage } from '../../http/page.ts'
import { audit } from '../audit.ts'
import { actionText, actorText, detailsText, listEntries } from '../entries.ts'
import { type Filters, readFilters } from '../filters.ts'

const PAGE = 2_000
const MOST = 100_000

/** The same lines as a CSV file, the newest 100,000 of them. Taking them out is an act of its own. */
export const auditExportPage = definePage({
  path: '/work/audit/export',
  access: 'audit.read',
  async get(ctx, c) {
    await audit(ctx, 'audit.export')
    const filters = readFilters(new URL(c.req.url).searchParams)
    const headings = ['line', 'when', 'actor', 'action', 'action_code', 'subject', 'details'].map((key) =>
      ctx.t(`audit.${key}`),
    )
    return download(
      { name: ctx.t('audit.title'), headings, rows: rowsOf(ctx, filters) },
      'csv',
      `${ctx.t('audit.title')} ${ctx.now.toString().slice(0, 10)}`,
    )
  },
})

async function* rowsOf(ctx: Ctx, filters: Filters) {
  let { before } = filters
  for (let written = 0; written < MOST; written += PAGE) {
    const lines = await listEntries(ctx, { ...filters, before }, PAGE)
    for (const line of lines) {
      const subject = line.subject_type && `${line.subject_type} ${line.subject_id}`
      yield [
        line.line,
        line.at,
        actorText(ctx, line),
        actionText(ctx, line.action),
        line.action,
        subject,
        detailsText(line.details),
      ]
    }
    if (lines.length < PAGE) return
    before = lines.at(-1)!.id
  }
}
