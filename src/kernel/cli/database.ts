import { readConfig } from '../config.ts'
import type { Ctx } from '../context.ts'
import { localSecretKey, openDataFolder } from '../data-folder.ts'
import { openDatabase } from '../db/open.ts'
import { openPool } from '../db/pool.ts'
import { prepareDatabase } from '../db/prepare.ts'
import { openLog } from '../log.ts'
import type { ModuleManifest } from '../module.ts'
import { createPlatform } from '../platform.ts'
import { systemContext } from '../system.ts'

/**
 * Opens the database of the settings for one command, next to a running Hamsafar or without one, brings it to the
 * present schema, and closes it again. The context is the system's, on the owner's connection.
 */
export async function withDatabase<T>(
  parts: readonly ModuleManifest[],
  env: Record<string, string | undefined>,
  task: string,
  use: (ctx: Ctx, applied: string[]) => Promise<T>,
): Promise<T> {
  const settings = readConfig(env)
  const dataFolder = await openDataFolder(settings.HAMSAFAR_DATA)
  const config = {
    ...settings,
    HAMSAFAR_SECRET_KEY: settings.HAMSAFAR_SECRET_KEY || (await localSecretKey(dataFolder)),
  }
  const log = openLog(config)
  const database = await openDatabase(config, { log, join: true })
  const owner = openPool(database.owner, log, 4)
  try {
    if (database.applied.length > 0) await prepareDatabase(owner, parts)
    const platform = createPlatform(parts, config, database.demonstration)
    return await use(systemContext(platform, owner, log, task, 'en'), database.applied)
  } finally {
    await owner.destroy()
    await database.stop()
  }
}
