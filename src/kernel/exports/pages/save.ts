import type { Context } from 'hono'
import { audit } from '../../audit/audit.ts'
import type { Ctx } from '../../context.ts'
import { definePage, type Page, seeOther } from '../../http/page.ts'
import { plainDate } from '../../i18n/format.ts'
import { download } from '../download.ts'
import { EXPORTS, type Export, type ExportFormat, FORMATS, first, type ProtectedExport, WAITED_FOR } from '../export.ts'
import { isLong, startExport } from '../exports.ts'
import { beginPage } from './begin.tsx'

/**
 * The addresses that save a list as a table: `{path}.csv` and `{path}.xlsx`, with the list's own query. A table of up to
 * 5,000 rows comes at once; a longer one is offered, and begun only by POST: a link changes nothing.
 */
export const exportPages = (definition: Export, path: string): Page[] =>
  FORMATS.map((format) =>
    definition.permission === null
      ? definePage({
          path: `${path}.${format}`,
          access: 'public',
          get: (ctx, c) => save(ctx, definition, queryOf(c), format),
        })
      : protectedPage(definition, `${path}.${format}`, format),
  )

const protectedPage = (definition: ProtectedExport, path: string, format: ExportFormat): Page =>
  definePage({
    path,
    access: definition.permission,
    async get(ctx, c) {
      const query = queryOf(c)
      return (await isLong(ctx, definition, query))
        ? beginPage(ctx, definition, withQuery(path, query))
        : save(ctx, definition, query, format)
    },
    async post(ctx, c) {
      const query = queryOf(c)
      const place = (await isLong(ctx, definition, query))
        ? `${EXPORTS}/${await startExport(ctx, definition, query, format)}`
        : withQuery(path, query)
      return seeOther(ctx, c, place)
    },
  })

const queryOf = (c: Context) => new URL(c.req.url).searchParams

const withQuery = (path: string, query: URLSearchParams) => (query.size > 0 ? `${path}?${query}` : path)

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
