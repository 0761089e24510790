import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { AsClient } from '../access/clients.ts'
import type { Ctx } from '../context.ts'
import type { DB } from '../db/types.ts'
import type { Lang } from '../i18n/languages.ts'
import type { Live } from '../live/listener.ts'
import type { Platform } from '../module.ts'

/** What a request carries besides itself. */
export type Env = {
  Variables: {
    /** Keyed pseudonym of the caller's address, for limits. */
    caller: string
    /** The language of the address, or the reader's first one where the address has none. */
    lang: Lang
    /** A visitor's context on the pool; pages for staff make their own inside a transaction. */
    ctx: Ctx
    /** The page is a steady one: see `Page`. */
    steady?: boolean
    /** The form that was sent wrote nothing: see `limits.ts`. */
    keptNothing?: boolean
    /** Where whoever asks is signed in: works in a transaction of theirs. A failure is then told inside their workspace. */
    asStaff?: <T>(work: (ctx: Ctx) => Promise<T>) => Promise<T>
    /** In the API: works as the program of an organisation that calls. */
    asClient: AsClient
  }
}

/** What the application needs from the process that runs it. */
export type Deps = {
  platform: Platform
  /** The app role's connections. */
  db: Kysely<DB>
  /** A read replica for what visitors read, where there is one. */
  reader?: Kysely<DB> | undefined
  /** What other processes tell; without it pages stay as they were loaded. */
  live?: Live
  log: Logger
  /** The clock; tests set it. */
  now?: () => Temporal.Instant
}
