import type { Kysely } from 'kysely'
import pino from 'pino'
import { readConfig } from '#kernel/config.ts'
import type { Actor, Ctx } from '#kernel/context.ts'
import { openPool } from '#kernel/db/pool.ts'
import type { DB } from '#kernel/db/types.ts'
import { formatOf } from '#kernel/i18n/format.ts'
import type { Lang } from '#kernel/i18n/languages.ts'
import { translator } from '#kernel/i18n/translate.ts'
import type { Platform } from '#kernel/module.ts'
import { createPlatform } from '#kernel/platform.ts'
import { PARTS } from '../src/modules.ts'
import { onServer } from './clones.ts'
import { newDatabase, servers } from './servers.ts'

/** The moment at which tests run, so that dates in them mean something. */
export const NOW = Temporal.Instant.from('2026-11-21T09:00:00Z')

export const silentLog = pino({ level: 'silent' })

export type TestDatabase = {
  /** The app role's connections: row policies bind. */
  db: Kysely<DB>
  /** The owner's: they do not. */
  owner: Kysely<DB>
  ownerUrl: string
  appUrl: string
  platform: Platform
  /** A context as a page, job or command would have it, on the app's pool unless told otherwise. */
  ctx(options?: { actor?: Actor; lang?: Lang; db?: Kysely<DB>; now?: Temporal.Instant }): Ctx
  drop(): Promise<void>
}

/** A database of its own for one test file: a clone of the migrated template with its reference data. */
export async function testDatabase(): Promise<TestDatabase> {
  const [urls, name] = await Promise.all([servers(), newDatabase()])
  const inDatabase = (url: string) => url.replace('/hamsafar?', `/${name}?`)
  const ownerUrl = inDatabase(urls.ownerUrl)
  const appUrl = inDatabase(urls.appUrl)
  const owner = openPool({ connectionString: ownerUrl }, silentLog, 4)
  const db = openPool({ connectionString: appUrl }, silentLog, 8)
  const config = readConfig({
    HAMSAFAR_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    HAMSAFAR_ORIGIN: 'http://127.0.0.1:8080',
  })
  const platform = createPlatform(PARTS, config, true)
  return {
    db,
    owner,
    ownerUrl,
    appUrl,
    platform,
    ctx: ({ actor, lang = 'en', db: connection = db, now = NOW } = {}) => ({
      actor: actor ?? { kind: 'visitor' },
      db: connection,
      now,
      lang,
      t: translator(platform.catalogue, lang),
      format: formatOf(lang),
      log: silentLog,
      platform,
      caller: 'test',
    }),
    drop: async () => {
      await Promise.all([db.destroy(), owner.destroy()])
      // The app's connections take a moment to end on the server, and the owner may not end them.
      for (let tries = 20; ; tries--) {
        const failed = await onServer(urls.ownerUrl, `drop database if exists ${name}`).then(
          () => null,
          (error) => error,
        )
        if (!failed) return
        if (tries === 0) throw failed
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    },
  }
}
