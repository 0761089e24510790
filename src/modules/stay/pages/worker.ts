import { createHash } from 'node:crypto'
import { asset } from '#kernel/http/assets.ts'
import { definePage, localPath } from '#kernel/http/page.ts'
import { documentOf } from '#kernel/http/render.ts'
import { DAYS_PATH, daysDocument } from './days.tsx'

/**
 * The service worker of "My days in Russia" in one language. It lies beside the page, so its reach is that one address.
 * The name of its cache is made from the page: when rules, words, styles or script change, browsers take all of it anew.
 */
export const workerPage = definePage({
  path: '/days-worker.js',
  access: 'public',
  async get(ctx, c) {
    const page = await documentOf(await daysDocument(ctx))
    const version = createHash('sha256').update(page).digest('base64url').slice(0, 12)
    const family = `days-${ctx.lang}-`
    const saved = {
      name: family + version,
      family,
      page: localPath(ctx, DAYS_PATH),
      assets: ['public.css', 'mark.svg', 'days.js'].map(asset),
    }
    c.header('Content-Type', 'text/javascript; charset=utf-8')
    return c.body(`self.SAVED=${JSON.stringify(saved)}\nimportScripts(${JSON.stringify(asset('days-worker.js'))})\n`)
  },
})
