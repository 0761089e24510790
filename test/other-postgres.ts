import { execFileSync, spawn } from 'node:child_process'
import { chownSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

const OLDEST = 15

/** Where Debian keeps the programs of its oldest PostgreSQL that Hamsafar can use; undefined when none is installed. */
export const OTHER_POSTGRES = globSync('/usr/lib/postgresql/*/bin/postgres')
  .map((path) => ({ folder: dirname(path), version: Number(path.split('/')[4]) }))
  .filter(({ version }) => version >= OLDEST)
  .sort((a, b) => a.version - b.version)[0]?.folder

export type OtherPostgres = {
  /** How somebody reaches a database of it. */
  url(login: string, database: string): string
  asSuperuser(...statements: string[]): Promise<void>
  /** Stops it and removes its files. */
  stop(): Promise<void>
}

/** A new, empty server of the programs in `folder`, on a socket in /tmp. As root it runs as `postgres`; it ends with this process. */
export async function startOtherPostgres(
  folder: string,
  settings: Record<string, string> = {},
): Promise<OtherPostgres> {
  const data = mkdtempSync('/tmp/hamsafar-other-')
  const cluster = `${data}/cluster`
  const endWithUs = ['setpriv', '--pdeathsig', 'INT']
  const user: { uid?: number; gid?: number } = {}
  if (process.getuid?.() === 0) {
    const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
    Object.assign(user, { uid: id('-u'), gid: id('-g') })
    endWithUs.push(`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups')
    chownSync(data, user.uid!, user.gid!)
  }
  const initdb = ['-D', cluster, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '-N']
  execFileSync(`${folder}/initdb`, initdb, { ...user, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] })
  const effective = { listen_addresses: '', unix_socket_directories: data, fsync: 'off', ...settings }
  const flags = Object.entries(effective).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const [file, ...args] = [...endWithUs, `${folder}/postgres`, '-D', cluster, ...flags] as [string, ...string[]]
  // Detached: Ctrl-C is for us, who then stop it.
  const server = spawn(file, args, { cwd: '/', stdio: 'ignore', detached: true })
  const ended = new Promise((done) => server.once('exit', done).once('error', done))
  const url = (login: string, database: string) => `postgresql://${login}@/${database}?host=${encodeURIComponent(data)}`
  const other: OtherPostgres = {
    url,
    async asSuperuser(...statements) {
      const client = new pg.Client({ connectionString: url('postgres', 'postgres') })
      await client.connect()
      for (const statement of statements) await client.query(statement)
      await client.end()
    },
    async stop() {
      server.kill('SIGINT')
      await ended
      rmSync(data, { recursive: true, force: true })
    },
  }
  for (let tries = 200; ; tries--) {
    const failed = await other.asSuperuser('select 1').then(
      () => null,
      (error) => error,
    )
    if (!failed) return other
    if (tries === 0) throw failed
    await sleep(50)
  }
}
