import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { Handler } from 'hono'
import { problem } from '../problem.ts'
import { ROOT } from '../root.ts'

declare const BUILT_ASSETS: string | undefined

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

const folder = typeof BUILT_ASSETS === 'string' ? join(ROOT, 'dist', BUILT_ASSETS) : await buildNow()
const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Record<string, string>
const names = readdirSync(folder).filter((name) => extname(name) in TYPES)
const files = new Map(
  names.map((name) => [
    name,
    { plain: readFileSync(join(folder, name)), brotli: readFileSync(join(folder, `${name}.br`)) },
  ]),
)

/** The address of a style sheet, browser script or picture by its plain name: `asset('public.css')`. Throws when there is none. */
export function asset(name: string): string {
  const file = manifest[name]
  if (!file) throw new Error(`There is no asset ${name}: only ${Object.keys(manifest).join(', ')}.`)
  return `/assets/${file}`
}

/** Serves the assets from memory, a few dozen kilobytes. Their names change with their content: they are kept for a year. */
export function serveAssets(): Handler {
  return (c) => {
    const name = c.req.path.slice('/assets/'.length)
    const file = files.get(name)
    if (!file) throw problem('not_found')
    const brotli = /\bbr\b/.test(c.req.header('accept-encoding') ?? '')
    c.header('Content-Type', TYPES[extname(name)])
    c.header('Cache-Control', 'public, max-age=31536000, immutable')
    c.header('Vary', 'Accept-Encoding')
    if (brotli) c.header('Content-Encoding', 'br')
    return c.body(new Uint8Array(brotli ? file.brotli : file.plain))
  }
}

// Under tsx and vitest there is no bundle. The path is not written out, so that the bundle does not take in the builder.
async function buildNow(): Promise<string> {
  const builder = join(ROOT, 'scripts/build.ts')
  const { buildAssets } = (await import(builder)) as typeof import('../../../scripts/build.ts')
  return buildAssets()
}
