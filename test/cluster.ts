import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbedded } from '#kernel/db/embedded.ts'
import { ROOT } from '#kernel/root.ts'
import { startOtherPostgres } from './other-postgres.ts'
import type { Servers } from './servers.ts'

const TEMPLATE = 'hamsafar_template'
const CACHE = join(ROOT, 'node_modules/.cache/hamsafar-test')
/** Prepared clusters of earlier sources that are kept, for going back and forth between branches. */
const KEPT = 3

const log = { debug() {}, info() {}, warn() {}, error() {} }
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  // Less to copy, and nothing here has to be recovered.
  min_wal_size: '32MB',
  max_wal_size: '64MB',
}

export type RunServer = Servers & {
  /** The database that test files get copies of: migrated, with the reference data. */
  template: string
  stop(): Promise<void>
}

/**
 * Starts the PostgreSQL of a run: ours, or the one whose programs lie in HAMSAFAR_TEST_POSTGRES. In it is one migrated
 * database with the reference data, which each test file clones.
 */
export async function startServer(): Promise<RunServer> {
  const other = process.env.HAMSAFAR_TEST_POSTGRES
  return other ? startOther(other) : startOurs()
}

async function startOther(programs: string): Promise<RunServer> {
  const server = await startOtherPostgres(programs, settings)
  try {
    // As docs/operating.md tells operators; the owner of the tests makes databases besides.
    await server.asSuperuser(
      'create role hamsafar_owner login createdb',
      'create role hamsafar_app login noinherit',
      `create database hamsafar owner hamsafar_owner encoding 'UTF8' template template0`,
      'revoke all on database hamsafar from public',
      'grant connect on database hamsafar to hamsafar_app',
    )
    const ownerUrl = server.url('hamsafar_owner', 'hamsafar')
    await makeTemplate(ownerUrl)
    return { ownerUrl, appUrl: server.url('hamsafar_app', 'hamsafar'), template: TEMPLATE, stop: server.stop }
  } catch (error) {
    await server.stop()
    throw error
  }
}

// Only when needed: with the whole platform behind it, this takes longer to load than all the rest.
const makeTemplate = async (ownerUrl: string) => (await import('./template.ts')).makeTemplate(ownerUrl, TEMPLATE, log)

/** On the cluster that the last run left behind, else on a copy of the prepared one; runs at the same time have each their own. */
async function startOurs(): Promise<RunServer> {
  const home = await prepare()
  const [mine, spare] = [join(home, `run-${process.pid}`), join(home, 'spare')]
  try {
    renameSync(spare, mine)
  } catch {
    copy(join(home, 'prepared'), mine)
  }
  const server = await startEmbedded({ dataFolder: mine, log, settings })
  return {
    ownerUrl: server.ownerUrl,
    appUrl: server.appUrl,
    template: TEMPLATE,
    async stop() {
      const asNew = await holdsNothing(server.ownerUrl).catch(() => false)
      await server.stop()
      try {
        if (asNew) renameSync(mine, spare)
      } catch {
        // Another run left its own.
      }
      rmSync(mine, { recursive: true, force: true })
    },
  }
}

/** Whether every test has dropped its database. */
async function holdsNothing(ownerUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  const { rows } = await client.query(
    `select from pg_database where datname not in ('postgres', 'template0', 'template1', 'hamsafar', $1)`,
    [TEMPLATE],
  )
  await client.end()
  return rows.length === 0
}

/** The folder of the clusters of the present sources, with `prepared` in it: a stopped server's files with the template. */
async function prepare(): Promise<string> {
  const home = join(CACHE, fingerprint())
  const prepared = join(home, 'prepared')
  mkdirSync(home, { recursive: true })
  tidy()
  if (existsSync(prepared)) return home
  const draft = join(home, `draft-${process.pid}`)
  try {
    const server = await startEmbedded({ dataFolder: draft, log, settings })
    await makeTemplate(server.ownerUrl).finally(() => server.stop())
    renameSync(draft, prepared)
  } catch (error) {
    if (!existsSync(prepared)) throw error // else another run was faster
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
  return home
}

/** Removes what killed runs left, and the clusters of sources that were not tested for long. */
function tidy(): void {
  const age = (home: string) => statSync(home, { throwIfNoEntry: false })?.mtimeMs ?? 0
  const homes = readdirSync(CACHE).map((name) => join(CACHE, name))
  for (const [rank, home] of homes.sort((a, b) => age(b) - age(a)).entries()) {
    const inUse = globSync('*-*', { cwd: home }).filter((name) => {
      if (isAlive(Number(name.split('-')[1]))) return true
      rmSync(join(home, name), { recursive: true, force: true })
    })
    if (rank >= KEPT && inUse.length === 0) rmSync(home, { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
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
  'test/{cluster,template}.ts',
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
