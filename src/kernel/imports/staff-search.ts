import type { Ctx } from '../context.ts'
import type { Found, SearchSource } from '../search/staff-search.ts'
import { type Import, kindOf, listImports } from './imports.ts'
import { stateLook } from './pages/state-tag.tsx'
import { importPath } from './pages/steps.tsx'

/** The imports of one's organisation, by part of the file's name or of where it came from, the newest first. */
export const importSearch: SearchSource = {
  name: 'imports',
  permission: 'import.use',
  label: 'imports.list.title',
  find: async (ctx, text, limit, before) =>
    (await listImports(ctx, { part: text, before }, limit)).map((one) => foundOf(ctx, one)),
}

const foundOf = (ctx: Ctx, found: Import): Found => ({
  cursor: found.id,
  icon: 'sheet',
  title: found.file_name,
  href: importPath(found),
  why: [ctx.t(kindOf(ctx, found).label), found.source, ctx.format.dateTime(found.created_at), found.created_by_name]
    .filter(Boolean)
    .join(' · '),
  state: stateLook(ctx, found.state),
})
