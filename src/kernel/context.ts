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

/** A program of an organisation, at a call that has proved who it is: see `access/clients.ts`. */
export type ClientActor = {
  kind: 'client'
  client_id: string
  organisation_id: string
  permissions: ReadonlySet<string>
}

/** Who acts: somebody passing by, staff, a program of an organisation, or the system itself in a job or command. */
export type Actor = { kind: 'visitor' } | StaffActor | ClientActor | { kind: 'system'; task: string }

/**
 * Who acts, as the database knows them: a member of staff or a program, and for which organisation. Null for visitors and the
 * system, who act as nobody.
 */
export const actingAs = (actor: Actor): { id: string; organisation_id: string } | null =>
  actor.kind === 'staff'
    ? { id: actor.user_id, organisation_id: actor.organisation_id }
    : actor.kind === 'client'
      ? { id: actor.client_id, organisation_id: actor.organisation_id }
      : null

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
