import { execFile } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type pg from 'pg'
import { z } from 'zod'
import { type AuditDetails, audit } from '../audit/audit.ts'
import { CannotStart } from '../cannot-start.ts'
import { defineCommand } from '../cli/command.ts'
import { type Config, readConfig } from '../config.ts'
import { keepSecretKey, localSecretKey, openDataFolder } from '../data-folder.ts'
import { reachDatabase } from '../db/open.ts'
import { openPool } from '../db/pool.ts'
import { openLog } from '../log.ts'
import { backUp } from './back-up.ts'
import { readManifest } from './manifest.ts'
import { checkBackup, prove, restore } from './restore.ts'

const run = promisify(execFile)

/** Writes everything there is to a new place. It appears there only when it is whole. */
export const backupCommand = defineCommand({
  name: 'backup',
  summary: 'Write a backup of the database and the files, while everybody works on',
  input: z.object({ path: z.string().describe('A new folder, or a new file that ends in .tar') }),
  positionals: ['path'],
  needs: 'nothing',
  async run(_parts, input, out) {
    const path = resolve(input.path)
    if (existsSync(path)) throw new CannotStart(`${path} is there already: a backup is never written over another.`)
    const settings = readConfig(process.env)
    // A mistyped folder must not become a new database, and an empty backup.
    if (!settings.DATABASE_URL && !existsSync(resolve(settings.HAMSAFAR_DATA, 'postgres')))
      throw new CannotStart(`There is no database in ${resolve(settings.HAMSAFAR_DATA)}: set HAMSAFAR_DATA.`)
    const dataFolder = await openDataFolder(settings.HAMSAFAR_DATA)
    const secret = settings.HAMSAFAR_SECRET_KEY || (await localSecretKey(dataFolder))
    const config = { ...settings, HAMSAFAR_SECRET_KEY: secret }
    // What is written from here on holds personal data: for nobody's eyes but the operator's.
    process.umask(0o077)
    const draft = `${path}.part-${process.pid}`
    try {
      await mkdir(draft, { mode: 0o700 })
      const manifest = await onDatabase(config, async (connection) => {
        const made = await backUp(connection, config, draft, { progress: out.progress })
        const figures = { tables: made.tables.length, files: made.files.length }
        await note(connection, config, 'backup', 'backup.make', figures)
        return made
      })
      if (path.endsWith('.tar')) await run('tar', ['-cf', `${draft}.tar`, '-C', draft, '.'])
      await rename(path.endsWith('.tar') ? `${draft}.tar` : draft, path)
      const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
      const { taken_at, tables, files, lost_files } = manifest
      out.print(`${path}: ${tables.length} tables with ${rows} rows and ${files.length} files, as of ${taken_at}.`)
      if (lost_files.length > 0) out.print(`Files that the store has lost: ${lost_files.join(', ')}.`)
      out.print('It holds personal data, and no secret key: keep both safe, and apart.')
      out.result({ path, taken_at, tables: tables.length, rows, files: files.length, lost_files })
    } catch (error) {
      throw inWords(error, path)
    } finally {
      for (const left of [draft, `${draft}.tar`]) await rm(left, { recursive: true, force: true })
    }
  },
})

/** Brings a backup into a new data folder or an empty database, and proves that all is as it was. */
export const restoreCommand = defineCommand({
  name: 'restore',
  summary: 'Bring a backup into a new data folder or an empty database; exit code 1 when anything is not as it was',
  input: z.object({ path: z.string().describe('The folder or .tar file that backup wrote') }),
  positionals: ['path'],
  needs: 'nothing',
  async run(_parts, input, out) {
    const path = resolve(input.path)
    const settings = readConfig(process.env)
    const dataFolder = await openDataFolder(settings.HAMSAFAR_DATA)
    const config = { ...settings, HAMSAFAR_SECRET_KEY: await givenSecret(settings, dataFolder) }
    const log = openLog(config)
    const unpacked = await unpack(path)
    try {
      const manifest = await readManifest(unpacked.folder, config.HAMSAFAR_SECRET_KEY)
      if (manifest.demonstration && config.production)
        throw new CannotStart('This is the backup of a demonstration, with known sign-ins: production refuses it.')
      await checkBackup(unpacked.folder, manifest)
      const proof = await onDatabase(config, async (connection) => {
        await restore(connection, config, unpacked.folder, manifest, log, out.progress)
        const found = await prove(connection, config, manifest, log)
        const day = manifest.taken_at.slice(0, 10)
        await note(connection, config, 'restore', 'backup.restore', { as_of: day, sound: found.differing.length === 0 })
        return found
      })
      if (!config.production) await keepSecretKey(dataFolder, config.HAMSAFAR_SECRET_KEY)
      const { tables, rows, files, differing, audit: chain } = proof
      out.print(`${tables} tables with ${rows} rows and ${files} files are back, as of ${manifest.taken_at}.`)
      out.print(differing.length === 0 ? 'Every figure is as it was.' : `Not as it was:\n  ${differing.join('\n  ')}`)
      out.print(`The chain of the audit is ${chain.ok ? 'whole' : 'NOT whole'}, up to line ${chain.sealed}.`)
      out.result({ taken_at: manifest.taken_at, ...proof })
      return differing.length === 0 && chain.ok ? 0 : 1
    } catch (error) {
      throw inWords(error, path)
    } finally {
      await unpacked.end()
    }
  },
})

async function onDatabase<T>(config: Config, use: (connection: pg.PoolConfig) => Promise<T>): Promise<T> {
  const { connections, stop } = await reachDatabase(config, { log: openLog(config), join: true })
  return use(connections.owner).finally(stop)
}

async function note(
  connection: pg.PoolConfig,
  config: Config,
  command: string,
  action: string,
  details: AuditDetails,
): Promise<void> {
  const db = openPool(connection, openLog(config), 1)
  const actor = { kind: 'system', task: `command ${command}` } as const
  await audit({ actor, db }, action, undefined, details).finally(() => db.destroy())
}

// Never a new one: what is encrypted inside could not be opened with it.
async function givenSecret(settings: Config, dataFolder: string): Promise<string> {
  if (settings.HAMSAFAR_SECRET_KEY) return settings.HAMSAFAR_SECRET_KEY
  const kept = await readFile(join(dataFolder, 'secret-key'), 'utf8').catch(() => '')
  if (kept) return kept.trim()
  throw new CannotStart(
    'Set HAMSAFAR_SECRET_KEY, or HAMSAFAR_SECRET_KEY_FILE, to the secret key of the installation that the backup comes from.',
  )
}

async function unpack(path: string): Promise<{ folder: string; end(): Promise<void> }> {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) throw new CannotStart(`There is no backup at ${path}.`)
  if (found.isDirectory()) return { folder: path, end: async () => {} }
  const folder = await mkdtemp(join(tmpdir(), 'hamsafar-restore-'))
  const end = () => rm(folder, { recursive: true, force: true })
  await run('tar', ['-xf', path, '-C', folder]).catch(async () => {
    await end()
    throw new CannotStart(`${path} is not a backup: it cannot be unpacked.`)
  })
  return { folder, end }
}

// A folder that cannot be written is the operator's to put right, not a fault of ours.
function inWords(error: unknown, path: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException
  if (!syscall || !code || !/^E(ACCES|NOSPC|ROFS|NOENT|PERM|DQUOT)$/.test(code)) return error
  return new CannotStart(`${path} cannot be written or read (${code}).`)
}
