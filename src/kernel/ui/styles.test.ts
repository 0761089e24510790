import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { ROOT } from '../root.ts'

const STYLES = join(ROOT, 'src/kernel/ui/styles')

async function bundled(name: string): Promise<string> {
  const result = await build({
    entryPoints: [join(STYLES, name)],
    bundle: true,
    minify: true,
    write: false,
    logLevel: 'silent',
  })
  return result.outputFiles[0]!.text
}

test('the public style sheet weighs at most 9 kB', async () => {
  const size = brotliCompressSync(await bundled('public.css')).length
  expect(size).toBeGreaterThan(2_000)
  expect(size).toBeLessThan(9_000)
})

test('pages use only classes that the style sheets know, and no inline styles', () => {
  const css = globSync(join(STYLES, '*.css'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('')
  const known = new Set([...css.matchAll(/\.([a-z][\w-]*)/g)].map(([, name]) => name))
  const files = globSync(join(ROOT, 'src/**/*.tsx')).filter((file) => !file.endsWith('.test.tsx'))
  const unknown: string[] = []
  for (const file of files) {
    const source = readFileSync(file, 'utf8')
    for (const [, names] of source.matchAll(/\bclass="([^"]+)"/g)) {
      for (const name of names!.split(/\s+/)) if (!known.has(name)) unknown.push(`${file}: ${name}`)
    }
    if (/\sstyle=[{"]/.test(source)) unknown.push(`${file}: an inline style`)
  }
  expect(files.length).toBeGreaterThan(15)
  expect(known.has('btn')).toBe(true)
  expect(unknown).toEqual([])
})

test('raw colours are named only by the tokens and a few places that say so', async () => {
  const css = globSync(join(STYLES, '*.css')).filter((file) => !file.endsWith('tokens.css'))
  const literal = css.flatMap((file) => readFileSync(file, 'utf8').match(/#[0-9a-f]{3,6}\b(?!["'])/g) ?? [])
  // The mask that lets the road fade is no colour.
  expect(new Set(literal)).toEqual(new Set(['#000']))
})
