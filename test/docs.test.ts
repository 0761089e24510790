import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '#kernel/root.ts'

const DOCUMENTS = globSync(['*.md', 'docs/**/*.md', 'src/**/README.md', 'data/**/*.md'], { cwd: ROOT })

/** What a document points to and is not there: links, headings, pictures, and files named in code style. */
function broken(file: string, text: string): string[] {
  const prose = text.replace(/```[\s\S]*?```/g, '')
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)|\bsrc="([^"]+)"/g)].map(([, link, source]) => (link ?? source)!)
  const local = links.filter((link) => !/^[a-z]+:/.test(link))
  const paths = [...prose.matchAll(/`((?:src|test|data|docs|scripts|bench)\/[\w./*{},-]*)`/g)].map(([, path]) => path!)
  return [...local.filter((link) => !leadsSomewhere(file, link)), ...paths.filter((path) => !isThere(path))]
}

function leadsSomewhere(file: string, link: string): boolean {
  const [path, anchor] = link.split('#') as [string, string?]
  const target = join(ROOT, path ? join(dirname(file), path) : file)
  if (!existsSync(target)) return false
  return anchor === undefined || headings(readFileSync(target, 'utf8')).includes(anchor)
}

const isThere = (path: string) => globSync(path.replace(/\/$/, ''), { cwd: ROOT }).length > 0

// As GitHub makes them.
const headings = (text: string) =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  )

test('what the documents point to is there', () => {
  expect(DOCUMENTS.length).toBeGreaterThan(20)
  const faults = DOCUMENTS.flatMap((file) =>
    broken(file, readFileSync(join(ROOT, file), 'utf8')).map((what) => `${file}: ${what}`),
  )
  expect(faults).toEqual([])
})

test('what is not there is seen', () => {
  const text =
    '[a](LICENSE) [b](docs/nowhere.md) [c](README.md#no-such-heading) [d](https://example.org) `src/main.ts` `src/nothing.ts`'
  expect(broken('README.md', text)).toEqual(['docs/nowhere.md', 'README.md#no-such-heading', 'src/nothing.ts'])
})
