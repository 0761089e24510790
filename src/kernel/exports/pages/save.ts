import { audit } from '../../audit/audit.ts'
import type { Ctx } from '../../context.ts'
import { definePage, type Page, seeOther } from '../../http/page.ts'
import { plainDate } from '../../i18n/format.ts'
import { download } from '../download.ts'
import { EXPORTS, type Export, type ExportFormat, FORMATS, first, WAITED_FOR } from '../export.ts'
import { isLong, startExport } from '../exports.ts'

/**
 * The addresses that save a list as a table: `{path}.csv` and `{path}.xlsx`, with the list's own query. A table of up to
 * 5,000 rows comes at once; a longer one is made by a job, and its page of progress is shown instead.
 */
export const exportPages = (definition: Export, path: string): Page[] =>
  FORMATS.map((format) =>
    definePage({
      path: `${path}.${format}`,
      access: definition.permission ?? 'public',
      async get(ctx, c) {
        const query = new URL(c.req.url).searchParams
        if (definition.permission === null) return save(ctx, definition, query, format)
        if (await isLong(ctx, definition, query))
          return seeOther(ctx, c, `${EXPORTS}/${await startExport(ctx, definition, query, format)}`)
        return save(ctx, definition, query, format)
      },
    }),
  )

async function save(ctx: Ctx, definition: Export, query: URLSearchParams, format: ExportFormat): Promise<Response> {
  let count = 0
  const rows = (async function* () {
    for await (const row of first(WAITED_FOR, definition.rows(ctx, query))) {
      count++
      yield row
    }
  })()
  const name = ctx.t(definition.title)
  const table = { name, headings: definition.headings(ctx), rows, time_zone: ctx.format.time_zone }
  const response = await download(table, format, `${name} ${plainDate(ctx.now)}`)
  if (definition.permission) await audit(ctx, definition.act, undefined, { rows: count, format })
  return response
}
