import { sql } from 'kysely'
import type { PersonNeed } from '#kernel/people/needs.ts'
import { passed, type RetentionClock } from '#kernel/retention/clock.ts'

/** How long the entry check keeps what. */
export const entryCheckRetention: readonly RetentionClock[] = [
  {
    table: 'entry_check.inquiry',
    what: 'answers of the entry check (that, when and by whom was asked stays)',
    after: { hours: 24 },
    from: 'the answer opens no more',
    reason: 'the person reads or prints it within seven days',
    due: (before) => sql`t.open_until < ${before} and t.answer_sealed is not null`,
    set: () => sql`answer_sealed = null`,
  },
  {
    table: 'entry_check.holder',
    what: 'document, birth date and name of who asked at a desk, and their PIN',
    after: { hours: 24 },
    from: 'the PIN ended after a year; seven days after it was ended by hand, or after a check without one',
    reason: 'asking again from a telephone; without a PIN only that the answer can be read',
    due: (before) => sql`t.ends_at < ${before} and t.facts_sealed is not null`,
    set: () => sql`facts_sealed = null, pin_sealed = null`,
  },
  {
    table: 'entry_check.holder',
    what: 'the document of who was asked about, as a keyed code (that, when and by whom was asked stays, and names nobody)',
    after: { days: 90 },
    from: 'the PIN ended; without one, seven days after the check',
    reason: 'every check of it stands in each answer; a new PIN ends earlier ones',
    due: (before) => sql`t.ends_at < ${before} and t.subject is not null`,
    set: () => sql`subject = null`,
  },
  {
    table: 'entry_check.about',
    what: 'with which records of the registry a check agreed',
    after: { days: 90 },
    from: 'the PIN ended; without one, seven days after the check',
    reason: 'checks of another document of the same person stand in each answer, too',
    due: (before) => sql`
      exists (
        select
        from entry_check.inquiry i
        join entry_check.holder h on h.id = i.holder_id
        where i.id = t.inquiry_id and h.ends_at < ${before}
      )`,
  },
  {
    table: 'entry_check.slip',
    what: 'slips for carriers: when, until when, whether revoked',
    after: { days: 90 },
    from: 'it ran out',
    reason: 'a complaint about a slip can be looked into',
    due: passed('until'),
  },
  {
    table: 'entry_check.code',
    what: 'codes by text message for the entry check, with document and birth date, sealed',
    after: { hours: 24 },
    from: 'it counted no more',
    reason: 'a code that was used is known as used',
    due: passed('until'),
  },
  {
    table: 'entry_check.carrier_query',
    what: 'questions of carriers: that and when, never about whom',
    after: { months: 24 },
    from: 'the question',
    reason: 'comparing how many were asked about with how many flew',
    due: passed('at'),
  },
]

/** Why people who were checked stay in the registry. */
export const entryCheckNeeds: readonly PersonNeed[] = [
  {
    what: 'checks with an answer, a PIN or a slip that may still open, and for 90 days after',
    holds: () => sql`exists (select from entry_check.about a where a.record_id = t.record_id)`,
  },
]
