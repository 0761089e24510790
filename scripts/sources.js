// node --import ./scripts/sources.js FILE.ts: runs sources as `build.ts` bundles them. tsx also gives every function that is made its
// name, which the product does not do, and which costs a tenth to a fifth of what a benchmark measures.
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'esbuild'

registerHooks({
  load(url, context, next) {
    const [, loader] = /^file:.*\.(tsx?)$/.exec(url) ?? []
    if (!loader) return next(url, context)
    const sourcefile = fileURLToPath(url)
    const { code } = transformSync(readFileSync(sourcefile, 'utf8'), {
      ...{ sourcefile, loader, format: 'esm', target: 'node26', sourcemap: 'inline' },
      ...{ jsx: 'automatic', jsxImportSource: 'hono/jsx' },
    })
    return { format: 'module', source: code, shortCircuit: true }
  },
})
