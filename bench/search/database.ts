import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import pino from 'pino'
import { readConfig } from '#kernel/config.ts'
import type { Ctx } from '#kernel/context.ts'
import { startEmbedded } from '#kernel/db/embedded.ts'
import { migrate } from '#kernel/db/migrate.ts'
import { openPool } from '#kernel/db/pool.ts'
import { prepareDatabase } from '#kernel/db/prepare.ts'
import type { DB } from '#kernel/db/types.ts'
import { migrateQueue } from '#kernel/jobs/worker.ts'
import type { Platform } from '#kernel/module.ts'
import { createPlatform } from '#kernel/platform.ts'
import { systemContext } from '#kernel/system.ts'
import { PARTS } from '../../src/modules.ts'

export const silentLog = pino({ level: 'silent' })

export type BenchDatabase = {
  owner: Kysely<DB>
  /** The app role's connections, as public pages have them. */
  app: Kysely<DB>
  platform: Platform
  /** The app role's address. */
  appUrl: string
  /** The owner's. */
  ownerUrl: string
  /** A new visitor's request. */
  visitor(): Ctx
  /** What jobs and imports have. */
  system(): Ctx
}

/** Runs `work` on a PostgreSQL of its own, migrated and with its reference data, which is gone afterwards. Nothing is fsynced. */
export async function withDatabase<T>(
  settings: Record<string, string>,
  work: (database: BenchDatabase) => Promise<T>,
): Promise<T> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'hamsafar-bench-'))
  const server = await startEmbedded({
    dataFolder,
    log: silentLog,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', ...settings },
  })
  const owner = openPool({ connectionString: server.ownerUrl }, silentLog, 4)
  const app = openPool({ connectionString: server.appUrl }, silentLog)
  try {
    await migrate({ connectionString: server.ownerUrl }, { demonstration: true })
    await migrateQueue({ connectionString: server.ownerUrl }, silentLog)
    await prepareDatabase(owner, PARTS)
    const config = readConfig({ HAMSAFAR_SECRET_KEY: Buffer.alloc(32, 7).toString('base64') })
    const platform = createPlatform(PARTS, config, true)
    const system = () => systemContext(platform, owner, silentLog, 'bench')
    const visitor = (): Ctx => ({ ...system(), actor: { kind: 'visitor' }, db: app })
    return await work({ owner, app, platform, appUrl: server.appUrl, ownerUrl: server.ownerUrl, visitor, system })
  } finally {
    await Promise.all([owner.destroy(), app.destroy()])
    await server.stop()
    rmSync(dataFolder, { recursive: true, force: true })
  }
}
