import type { Ctx } from '../../context.ts'
import { fromCursor } from '../../exports/cursor.ts'
import { defineExport } from '../../exports/export.ts'
import { countEntries, entryLines, type Line } from '../entries.ts'
import { readFilters } from '../filters.ts'
import { actionText, actorText, detailsCode } from '../words.ts'

/** The same lines as a table. Taking them out is an act of its own. */
export const auditExport = defineExport({
  name: 'audit.lines',
  title: 'audit.title',
  permission: 'audit.read',
  act: 'audit.export',
  headings: (ctx) =>
    ['line', 'when', 'actor', 'action', 'action_code', 'subject', 'details'].map((key) => ctx.t(`audit.${key}`)),
  async count(ctx, query, most) {
    const count = await countEntries(ctx, readFilters(query), most)
    return typeof count === 'number' ? count : count.atLeast
  },
  async *rows(ctx, query) {
    for await (const line of fromCursor(ctx.db, entryLines(ctx, readFilters(query)))) yield cells(ctx, line)
  },
})

const cells = (ctx: Ctx, line: Line) => [
  line.line,
  line.at,
  actorText(ctx, line),
  actionText(ctx, line.action),
  line.action,
  line.subject_type && `${line.subject_type} ${line.subject_id}`,
  detailsCode(line.details),
]
