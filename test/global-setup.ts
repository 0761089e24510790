import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '#kernel/db/embedded.ts'
import { ROOT } from '#kernel/root.ts'

declare module 'vitest' {
  interface ProvidedContext {
    servers: { ownerUrl: string; appUrl: string }
  }
}

const log = { debug() {}, info() {}, warn() {}, error() {} }
const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' }
const CACHE = join(ROOT, 'node_modules/.cache/hamsafar-test')
/** Prepared clusters of earlier sources that are kept, for going back and forth between branches. */
const KEPT = 3

/** One server for the whole run, and in it one migrated database with the reference data, which each test file clones. */
export default async function setup(project: TestProject) {
  const dataFolder = mkdtempSync(join(tmpdir(), 'hamsafar-test-'))
  copy(await preparedCluster(), dataFolder)
  const server = await startEmbedded({ dataFolder, log, settings })
  project.provide('servers', { ownerUrl: server.ownerUrl, appUrl: server.appUrl })
  return async () => {
    await server.stop()
    rmSync(dataFolder, { recursive: true, force: true })
  }
}

/** The stopped server's files with the template in it: made anew when anything that could shape them has changed. */
async function preparedCluster(): Promise<string> {
  const folder = join(CACHE, fingerprint())
  if (existsSync(folder)) return folder
  mkdirSync(CACHE, { recursive: true })
  const draft = mkdtempSync(join(tmpdir(), 'hamsafar-test-'))
  try {
    // Only now: with the whole platform behind it, this takes longer to load than all the rest.
    const { makeTemplate } = await import('./template.ts')
    const server = await startEmbedded({ dataFolder: draft, log, settings })
    await makeTemplate(server.ownerUrl, log).finally(() => server.stop())
    copy(draft, `${folder}.${process.pid}`)
    renameSync(`${folder}.${process.pid}`, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error // else another run was faster
  } finally {
    rmSync(draft, { recursive: true, force: true })
    rmSync(`${folder}.${process.pid}`, { recursive: true, force: true })
  }
  const age = (name: string) => statSync(join(CACHE, name), { throwIfNoEntry: false })?.mtimeMs ?? 0
  const old = readdirSync(CACHE).sort((a, b) => age(b) - age(a))
  for (const name of old.slice(KEPT)) rmSync(join(CACHE, name), { recursive: true, force: true })
  return folder
}

// What shapes the template: the schema, the permissions of the manifests, the reference lists and their loaders.
// A page or a rule of a module does not, so that changing one costs no second.
const SHAPING = [
  'src/**/*.sql',
  'src/**/module.ts',
  'src/kernel/{db,jobs,law,lists,money,occupations,places,search}/*.ts',
  'src/kernel/access/permissions.ts',
  'data/**/*',
  'package-lock.json',
  'test/{global-setup,template}.ts',
]

function fingerprint(): string {
  const digest = createHash('sha256').update(process.version)
  const files = globSync(SHAPING, { cwd: ROOT })
  for (const path of files.sort()) {
    if (path.endsWith('.test.ts') || !statSync(join(ROOT, path)).isFile()) continue
    digest.update(`\0${path}\0`).update(readFileSync(join(ROOT, path)))
  }
  return digest.digest('hex').slice(0, 16)
}

// Node's own cp leaves the owner behind: as root, the files belong to the user that PostgreSQL runs as.
function copy(from: string, to: string): void {
  mkdirSync(to, { recursive: true, mode: 0o711 })
  execFileSync('cp', ['-a', `${from}/.`, to])
}
