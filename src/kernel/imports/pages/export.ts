import { defineExport } from '../../exports/export.ts'
import { countImports, kindOf, listImports } from '../imports.ts'
import { readImportFilters } from './filters.ts'

const BATCH = 500

/** The list as asked, as a table. */
export const importExport = defineExport({
  name: 'imports.list',
  title: 'imports.list.title',
  permission: 'import.use',
  act: 'import.export',
  headings: ({ t }) => [
    ...['file', 'size', 'what', 'source', 'created', 'finished', 'state', 'rows'].map((key) =>
      t(`imports.list.${key}`),
    ),
    ...['created', 'updated'].map((key) => t(`imports.report.${key}`)),
    ...['same', 'errors'].map((key) => t(`imports.preview.${key}`)),
  ],
  count: async (ctx, query, most) => Math.min(await countImports(ctx, readImportFilters(query)), most),
  async *rows(ctx, query) {
    const filters = readImportFilters(query)
    for (let before: string | undefined; ; ) {
      const found = await listImports(ctx, { ...filters, before }, BATCH)
      for (const one of found)
        yield [
          one.file_name,
          one.file_size,
          ctx.t(kindOf(ctx, one).label),
          one.source,
          one.created_at,
          one.finished_at,
          ctx.t(`imports.import.${one.state}`),
          one.rows,
          one.created,
          one.updated,
          one.same,
          one.errors,
        ]
      if (found.length < BATCH) return
      before = found.at(-1)!.id
    }
  },
})
