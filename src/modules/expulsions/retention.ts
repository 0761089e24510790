import { sql } from 'kysely'
import { passed, type RetentionClock } from '#kernel/retention/clock.ts'
import { OUTLIVE } from './kinds.ts'

/**
 * How long notices are kept. What is stated about a measure that keeps somebody out has no clock, nor has one whose end
 * nobody stated. Of one that is over the bare line stays, with its keyed fingerprints: without it a stale list would bring
 * back what was lifted, or what two officers said is about somebody else.
 */
export const expulsionsRetention: readonly RetentionClock[] = [
  {
    table: 'expulsions.home_help',
    what: 'that somebody agreed to help at home, with name and telephone as given for it',
    after: { months: 6 },
    from: 'the agreement',
    reason: 'by then they were rung or cannot be; they can agree anew',
    due: passed('agreed_at'),
  },
  {
    table: 'expulsions.appeal',
    what: 'when a decision reached somebody, and the last day to appeal',
    after: { months: 36 },
    from: 'the last day to appeal',
    reason: 'a court may restore a term, and higher courts have terms of their own',
    due: passed('appeal_until'),
  },
  {
    table: 'expulsions.informing',
    what: 'who told somebody of a measure or proceeding, when and how',
    after: { months: 60 },
    from: 'they were told',
    reason: 'a complaint that nobody told them can be looked into',
    due: passed('at'),
  },
  {
    table: 'expulsions.proceeding',
    what: 'proceedings: detention, hearing, deadlines, help, children, wages',
    after: { months: 60 },
    from: 'the last change, or the last time that the person was told of it',
    reason: 'an expulsion that follows keeps somebody out for five years; wages and belongings may be claimed',
    due: (before) => sql`
      t.changed_at < ${before}
      and not exists (select from expulsions.informing i where i.proceeding_id = t.id)`,
  },
  {
    table: 'expulsions.border_refusal',
    what: 'refusals at the border',
    after: { months: 60 },
    from: 'a list stated it',
    reason: 'who pays for the way back is settled; it is an event, and forbids nothing',
    due: passed('stated_at'),
  },
  {
    table: 'expulsions.statement',
    what: 'issuer, ground, border point and end of the document of measures that are over (kind, dates, decision number and how it ended stay)',
    after: { months: 60 },
    from: 'it ended, or was stated to have ended',
    reason: 'proof that somebody may come again; the rest, so that a stale list brings nothing back',
    due: (before) => sql`
      num_nonnulls(t.document_hint, t.issuer, t.ground, t.border_point) > 0
      and (
        select case
            when s.status in ('lifted', 'not_me') or (s.status = 'served' and s.kind <> all (${[...OUTLIVE]}::text[])) then s.stated_at
            when s.ends_on is not null then greatest(s.stated_at, (s.ends_on + 1)::timestamp at time zone 'UTC')
          end
        from expulsions.measure m
        join expulsions.statement s on s.measure_id = m.id and s.version = m.latest
        where m.id = t.measure_id
      ) < ${before}`,
    set: (now) => sql`document_hint = null, issuer = null, ground = null, border_point = null, erased_at = ${now}`,
  },
  {
    table: 'expulsions.question',
    what: 'words of questions about rows, and of answers to them (what was asked, and when, stays; so does what an answer put right)',
    after: { months: 36 },
    from: 'the answer',
    reason: 'a complaint about a row can be looked into',
    due: (before) => sql`t.answered_at < ${before} and num_nonnulls(t.words, t.answer) > 0`,
    set: () => sql`words = null, answer = null`,
  },
  {
    table: 'expulsions.correction',
    what: 'reasons that an officer gave for “not me” and “lifted” (that two decided, who and when stays)',
    after: { months: 60 },
    from: 'the decision',
    reason: 'whoever was stopped in spite of it can prove why it was decided',
    due: (before) => sql`t.decided_at < ${before} and t.reason is not null`,
    set: () => sql`reason = null`,
  },
]
