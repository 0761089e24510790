import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { DB } from './db/types.ts'
import type { Format } from './i18n/format.ts'
import type { Lang } from './i18n/languages.ts'
import type { Translate } from './i18n/translate.ts'
import type { Platform } from './module.ts'

/** A member of staff who is signed in, acting for one organisation. */
export type StaffActor = {
  kind: 'staff'
  user_id: string
  name: string
  organisation_id: string
  organisation_name: string
  /** The main IANA time zone of the organisation's country, by whose clock its staff are told instants. */
  time_zone?: string | null
  permissions: ReadonlySet<string>
  session_id: string
}

/** Who acts: somebody passing by, staff, or the system itself in a job or command. */
export type Actor = { kind: 'visitor' } | StaffActor | { kind: 'system'; task: string }

/** All that a domain function may know of its surroundings. Passed on, never ambient. */
export type Ctx = {
  actor: Actor
  /** The request's transaction; for public reads the pool itself, on which protected tables have no rows. */
  db: Kysely<DB>
  now: Temporal.Instant
  lang: Lang
  t: Translate
  format: Format
  log: Logger
  platform: Platform
  /** Keyed pseudonym of the caller's network address, for limits only. Never logged; the address itself is kept nowhere. */
  caller: string
}
