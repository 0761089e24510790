import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import type { Ctx } from '../context.ts'
import { asset } from './assets.ts'
import { localPath } from './page.ts'
import { documentOf } from './render.ts'

/**
 * The service worker that keeps one public page in one language for reading without network. It lies beside the page, so its reach is
 * that one address. The name of its cache is made from the page: when words, styles, script or what it knows change, browsers take
 * all of it anew. `family`: a name of its own; `script`: the page's own, among the assets.
 */
export async function savedPage(
  ctx: Ctx,
  c: Context,
  { family, path, page, script }: { family: string; path: string; page: Child; script: string },
): Promise<Response> {
  const version = createHash('sha256')
    .update(await documentOf(page))
    .digest('base64url')
    .slice(0, 12)
  const own = `${family}-${ctx.lang}-`
  const saved = {
    ...{ name: own + version, family: own, page: localPath(ctx, path) },
    assets: ['public.css', 'mark.svg', script].map(asset),
  }
  c.header('Content-Type', 'text/javascript; charset=utf-8')
  return c.body(`self.SAVED=${JSON.stringify(saved)}\nimportScripts(${JSON.stringify(asset('page-worker.js'))})\n`)
}
