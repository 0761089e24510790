import { sql } from 'kysely'
import type { OwnLogSource } from '#kernel/people/own-log.ts'

/** Which offices were given a notice about somebody or their contact, and by what mandate, for the person's own log. */
export const givenOver: OwnLogSource = {
  lines: (personId) => sql`
    select g.id, g.at, g.organisation_id, g.what, g.why, g.words from expulsions.given_of(${personId}) g`,
  what: ({ t }, code) => t(`expulsions.code.given.${code}`),
  // The mandate of a route stands as it was entered: it names an act.
  why: ({ t }, code, words) => (code === 'route' && words) || t(`expulsions.code.given_why.${code}`),
}
