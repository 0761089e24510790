import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import { build, stop } from 'esbuild'

const ROOT = join(import.meta.dirname, '..')
const DIST = join(ROOT, 'dist')
/** Builds that a running process may still serve from. */
const KEPT_BUILDS = 3

/** What pages link to; each takes in what it imports. */
const ENTRIES = [
  'src/kernel/ui/styles/{public,staff,design,figures}.css',
  'src/client/{work,passkeys,page-worker}.ts',
  'src/modules/stay/client/days.ts',
  'src/modules/entry-check/client/{slip,carrier}.ts',
  'src/kernel/ui/*.svg',
]

/**
 * Bundles `src/main.ts`, `src/cli.ts` and the thread that matches people, unless that was done with exactly these sources. Returns the folder of
 * `main.js` and `cli.js`. Every build has a folder of its own, named by its contents: a running process keeps its files,
 * and two builds at the same moment do not disturb each other.
 */
export async function buildServer(): Promise<string> {
  const assets = await buildAssets()
  const sources = ['src/**/*.{ts,tsx,json,svg,css}', 'scripts/build.ts', 'package-lock.json', 'tsconfig.json']
  return buildOnce(DIST, 'server', hash(sources), async (folder) => {
    await build({
      absWorkingDir: ROOT,
      entryPoints: ['src/main.ts', 'src/cli.ts', 'src/kernel/people/matching/worker.ts'],
      outdir: folder,
      bundle: true,
      splitting: true,
      platform: 'node',
      format: 'esm',
      target: 'node26',
      packages: 'external',
      sourcemap: true,
      define: { BUILT_ASSETS: JSON.stringify(basename(assets)) },
      logLevel: 'silent',
    })
  })
}

/**
 * Bundles and minifies styles and browser scripts, unless that was done with exactly these sources. Returns their folder:
 * files named by content, each with a `.br` beside it, and `manifest.json` (name → file). `dist`: where builds are kept.
 */
export async function buildAssets(dist = DIST): Promise<string> {
  return buildOnce(
    dist,
    'assets',
    hash([
      ...['src/client/**/*.ts', 'src/modules/*/client/*.ts', 'src/kernel/ui/**/*.{css,svg}', 'scripts/build.ts'],
      // What they share with the server.
      'src/modules/entry-check/{slip-code,carrier/passenger}.ts',
    ]),
    async (folder) => {
      const { metafile } = await build({
        absWorkingDir: ROOT,
        entryPoints: filesOf(ENTRIES),
        outdir: folder,
        entryNames: '[name]-[hash]',
        bundle: true,
        minify: true,
        format: 'esm',
        target: ['chrome90', 'firefox90', 'safari15'],
        loader: { '.svg': 'copy' },
        jsx: 'automatic',
        jsxImportSource: 'hono/jsx/dom',
        metafile: true,
        logLevel: 'silent',
      })
      const manifest: Record<string, string> = {}
      for (const [output, { entryPoint }] of Object.entries(metafile.outputs)) {
        if (entryPoint) manifest[basename(entryPoint).replace(/\.ts$/, '.js')] = basename(output)
        const content = await readFile(join(ROOT, output))
        const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length }
        await writeFile(`${join(ROOT, output)}.br`, await promisify(brotliCompress)(content, { params }))
      }
      await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest, null, 2))
    },
  )
}

async function buildOnce(
  dist: string,
  kind: 'server' | 'assets',
  key: string,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(dist, `${kind}-${key}`)
  if (existsSync(folder)) return folder
  const draft = join(dist, `draft-${kind}-${process.pid}`)
  await mkdir(draft, { recursive: true })
  try {
    await make(draft)
    await rename(draft, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error // else another process has just built the same
  } finally {
    await rm(draft, { recursive: true, force: true })
    // The builder's own process would wait for more as long as the server runs, with its memory.
    await stop()
  }
  await removeOldBuilds(dist, kind)
  return folder
}

async function removeOldBuilds(dist: string, kind: string): Promise<void> {
  const builds = (await readdir(dist, { withFileTypes: true })).filter(({ name }) => name.startsWith(`${kind}-`))
  const byAge = builds
    .map(({ name }) => ({ name, made: statSync(join(dist, name)).mtimeMs }))
    .sort((a, b) => b.made - a.made)
  for (const { name } of byAge.slice(KEPT_BUILDS)) await rm(join(dist, name), { recursive: true, force: true })
}

function hash(patterns: string[]): string {
  const digest = createHash('sha256').update(process.version)
  for (const path of filesOf(patterns).sort()) {
    if (/\.test\.tsx?$/.test(path)) continue
    digest.update(`\0${path}\0`).update(readFileSync(join(ROOT, path)))
  }
  return digest.digest('hex').slice(0, 12)
}

const filesOf = (patterns: string[]) => patterns.flatMap((pattern) => globSync(pattern, { cwd: ROOT }))
