import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

export type Violation = { file: string; what: string }

/** What the rules of the house are checked against: the sources below `root`, without generated and test files. */
export function scan(root: string): { files: number; violations: Violation[] } {
  const files = globSync('src/**/*.{ts,tsx}', { cwd: root }).filter(
    (file) => !/\.test\.tsx?$|db\/types\.ts$/.test(file),
  )
  const modules = [
    ...new Set(files.map((file) => /^src\/modules\/([^/]+)\//.exec(file)?.[1]).filter((name) => name !== undefined)),
  ]
  const graph = new Map<string, string[]>()
  const violations: Violation[] = []
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8')
    const imports = importsOf(file, text)
    graph.set(
      file,
      imports.filter((target) => !target.type).map((target) => target.path),
    )
    for (const { path } of imports) if (!mayImport(file, path)) violations.push({ file, what: `imports ${path}` })
    const own = /^src\/modules\/([^/]+)\//.exec(file)?.[1]
    for (const other of modules) {
      if (other !== own && tablesIn(text).some((table) => table.startsWith(`${other.replaceAll('-', '_')}.`)))
        violations.push({ file, what: `reads the schema ${other}` })
    }
  }
  for (const cycle of cycles(graph))
    violations.push({ file: cycle[0]!, what: `imports itself by way of ${cycle.slice(1).join(' → ')}` })
  return { files: files.length, violations }
}

function importsOf(file: string, text: string): { path: string; type: boolean }[] {
  return [...text.matchAll(/(?:^|\n)\s*(import|export)\s+(type\s+)?[^'"]*?from\s+'([^']+)'|import\('([^']+)'\)/g)]
    .map(([, , type, from, dynamic]) => ({ path: resolved(file, from ?? dynamic!), type: type !== undefined }))
    .filter(({ path }) => path.startsWith('src/') || path.startsWith('scripts/'))
}

function resolved(file: string, target: string): string {
  if (target.startsWith('#')) return `src/${target.slice(1)}`
  return target.startsWith('.') ? normalize(join(dirname(file), target)) : target
}

// app → modules → kernel, never back; another module only by its public.ts.
function mayImport(file: string, target: string): boolean {
  if (!target.startsWith('src/')) return true
  const [from, to] = [layer(file), layer(target)]
  if (from === 'kernel') return to === 'kernel'
  if (from !== 'app') {
    if (to === 'app') return false
    if (to !== 'kernel' && to !== from) return target === `src/modules/${to}/public.ts`
  }
  return true
}

const layer = (path: string) =>
  path.startsWith('src/kernel/')
    ? 'kernel'
    : (/^src\/modules\/([^/]+)\//.exec(path)?.[1] ?? (path.startsWith('src/client/') ? 'client' : 'app'))

// A table is named in SQL behind a verb, or alone in quotes for the query builder.
const tablesIn = (text: string): string[] => [
  ...[...text.matchAll(/\b(?:from|join|into|update|table)\s+([a-z_]+\.[a-z_]+)/g)].map(([, table]) => table!),
  ...[...text.matchAll(/(?:From|Into|Table|Join)\(\s*'([a-z_]+\.[a-z_]+)/g)].map(([, table]) => table!),
]

function cycles(graph: Map<string, string[]>): string[][] {
  const found: string[][] = []
  const done = new Set<string>()
  const visit = (file: string, path: string[]) => {
    if (path.includes(file)) return void found.push([...path.slice(path.indexOf(file)), file])
    if (done.has(file)) return
    for (const target of graph.get(file) ?? []) visit(target, [...path, file])
    done.add(file)
  }
  for (const file of graph.keys()) visit(file, [])
  return found
}
