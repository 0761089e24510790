import { globSync } from 'node:fs'
import { basename, dirname } from 'node:path'

/**
 * The tests that the watch loop runs after `file` was saved: the whole application stands behind most tests, so that by
 * imports each would follow every file. By name instead, from the file's folder up to its part's: `reviews.ts` has
 * `reviews.test.ts`, `pages/show.tsx` has `pages.test.ts`, as messages have, and `reading/pay.ts` all in `reading/`.
 * Undefined where there is none, and for tests: then the imports decide.
 */
export function nearestTests(file: string): string[] | undefined {
  const part = /^.*\/src\/(?:kernel|modules)\/[^/]+(?=\/)/.exec(file)?.[0]
  if (!part || file.includes('.test.')) return undefined
  const names = [basename(file).replace(/\..*/, '')]
  const patterns: string[] = []
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    patterns.push(...names.map((name) => `${folder}/${name}{,-*}.test.{ts,tsx}`))
    if (folder === part) break
    patterns.push(`${folder}/*.test.{ts,tsx}`)
    const name = basename(folder)
    names.push(name === 'messages' ? 'pages' : name)
  }
  const found = [...new Set(globSync(patterns))]
  return found.length > 0 ? found : undefined
}
