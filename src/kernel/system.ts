import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Ctx } from './context.ts'
import type { DB } from './db/types.ts'
import { formatOf } from './i18n/format.ts'
import { LANGUAGES, type Lang } from './i18n/languages.ts'
import { translator } from './i18n/translate.ts'
import type { Platform } from './module.ts'

/** The context of what no person does: jobs, commands, demonstration data. `db` is the owner's, row policies do not bind. */
export function systemContext(
  platform: Platform,
  db: Kysely<DB>,
  log: Logger,
  task: string,
  lang: Lang = LANGUAGES[0],
): Ctx {
  return {
    actor: { kind: 'system', task },
    db,
    now: Temporal.Now.instant(),
    lang,
    t: translator(platform.catalogue, lang),
    format: formatOf(lang),
    log,
    platform,
    caller: 'system',
  }
}
