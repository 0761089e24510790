import { demoSignIns } from '#kernel/access/demo.ts'
import { CannotStart } from '#kernel/cannot-start.ts'
import { readConfig } from '#kernel/config.ts'
import { localSecretKey, openDataFolder } from '#kernel/data-folder.ts'
import { openDatabase } from '#kernel/db/open.ts'
import { openPool } from '#kernel/db/pool.ts'
import { prepareDatabase } from '#kernel/db/prepare.ts'
import { loadDemonstration } from '#kernel/demonstration.ts'
import { checkAddress, listen } from '#kernel/http/listen.ts'
import { startWorker } from '#kernel/jobs/worker.ts'
import { openLive } from '#kernel/live/listener.ts'
import { openLog } from '#kernel/log.ts'
import type { Platform } from '#kernel/module.ts'
import { createPlatform } from '#kernel/platform.ts'
import { systemContext } from '#kernel/system.ts'
import { createApp } from './app.ts'
import { PARTS } from './modules.ts'

const STOP_WITHIN_MS = 20_000

/** What has been started, to be stopped in the opposite order. */
const started: (() => Promise<unknown>)[] = []
let stopping: Promise<void> | undefined

const stop = (): Promise<void> => {
  stopping ??= (async () => {
    for (const end of started.reverse()) await end().catch((error) => console.error(error))
  })()
  return stopping
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => leave(0))
followParent()

try {
  await start()
} catch (error) {
  if (!stopping) await fail(error)
}

async function start(): Promise<void> {
  const settings = readConfig(process.env)
  await checkAddress(settings)
  const dataFolder = await openDataFolder(settings.HAMSAFAR_DATA)
  const config = {
    ...settings,
    HAMSAFAR_SECRET_KEY: settings.HAMSAFAR_SECRET_KEY || (await localSecretKey(dataFolder)),
  }
  const log = openLog(config)

  const database = await openDatabase(config, { log, onLost: fail })
  await begun(database.stop)
  const owner = openPool(database.owner, log, 4)
  await begun(() => owner.destroy())
  const db = openPool(database.app, log)
  await begun(() => db.destroy())
  const reader = database.reader && openPool(database.reader, log)
  if (reader) await begun(() => reader.destroy())

  const platform = createPlatform(PARTS, config, database.demonstration)
  await prepareDatabase(owner, PARTS)
  await loadDemonstration(platform, owner, log)

  const worker = await startWorker({
    connection: database.owner,
    tasks: Object.assign({}, ...PARTS.map((part) => part.jobs)),
    cron: PARTS.flatMap((part) => part.cron ?? []),
    context: (task) => systemContext(platform, owner, log, task),
    app: db,
    log,
  })
  await begun(() => worker.stop())

  const live = openLive(database.app, log)
  const server = await listen(createApp({ platform, db, reader, live, log }).fetch, config)
  await begun(() => server.stop())
  // Stopped first: streams that stay open would hold the server up.
  await begun(() => live.stop())
  announce(platform)
}

/** Notes how to stop what was started; when we are leaving meanwhile, stops it at once and goes no further. */
async function begun(end: () => Promise<unknown>): Promise<void> {
  if (!stopping) {
    started.push(end)
    return
  }
  await stopping
  await end()
  throw new Error('stopped while starting')
}

function announce(platform: Platform): void {
  console.log(`Hamsafar runs at ${platform.config.origin}`)
  const signIns = platform.config.demo ? demoSignIns({ platform }) : []
  if (signIns.length === 0) return
  console.log(`\nA demonstration with invented people. Sign in at ${platform.config.origin}/en/sign-in as:\n`)
  const width = (column: 'role' | 'email') => Math.max(...signIns.map((signIn) => signIn[column].length))
  for (const { role, email, password } of signIns)
    console.log(`  ${role.padEnd(width('role'))} ${email.padEnd(width('email'))} ${password}`)
  console.log('\nand with the six-digit code of:  npm run --silent hamsafar -- users code EMAIL\n')
}

async function fail(error: unknown): Promise<void> {
  console.error(error instanceof CannotStart ? `Hamsafar cannot run: ${error.message}` : error)
  await leave(1)
}

/** Stops everything and leaves. Ctrl-C comes twice, from the terminal and from npm: once is enough. */
async function leave(code: number): Promise<void> {
  if (stopping) return
  setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref()
  await stop()
  process.exit(code)
}

/** Under npm: leave when npm is gone, even by SIGKILL, so that nothing stays on the port. */
function followParent(): void {
  if (!process.env.npm_lifecycle_event) return
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent && !stopping) leave(0)
  }, 500).unref()
}
