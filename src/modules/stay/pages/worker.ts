import { definePage } from '#kernel/http/page.ts'
import { savedPage } from '#kernel/http/saved-page.ts'
import { DAYS_PATH, daysDocument } from './days.tsx'

/** Keeps "My days in Russia" in one language for reading without network. */
export const workerPage = definePage({
  path: '/days-worker.js',
  access: 'public',
  get: async (ctx, c) =>
    savedPage(ctx, c, { family: 'days', path: DAYS_PATH, page: await daysDocument(ctx), script: 'days.js' }),
})
