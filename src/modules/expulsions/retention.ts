import { sql } from 'kysely'
import type { PersonNeed } from '#kernel/people/needs.ts'
import { keptSince, passed, type RetentionClock } from '#kernel/retention/clock.ts'

/** So long the details of a measure stay after its end, and its person in the registry. */
const AFTER_ITS_END = { months: 60 }

// Since when a measure is over by its newest statement `s`; null: it is not, or nobody stated an end.
const OVER_SINCE = sql`
  case
    when s.status in ('lifted', 'not_me') or (s.status = 'served' and s.kind = 'controlled_persons') then s.stated_at
    when s.ends_on is not null then greatest(s.stated_at, (s.ends_on + 1)::timestamp at time zone 'UTC')
  end`

const ALL_ERASED = {
  after: { hours: 24 },
  from: 'the last of its people was erased from the registry',
  reason: 'it may name somebody, and nobody needs it any more',
}

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
    after: AFTER_ITS_END,
    from: 'it ended, or was stated to have ended',
    reason: 'proof that somebody may come again; the rest, so that a stale list brings nothing back',
    due: (before) => sql`
      num_nonnulls(t.document_hint, t.issuer, t.ground, t.border_point) > 0
      and (
        select ${OVER_SINCE}
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
    from: 'the answer; without one, the end of the measure',
    reason: 'a complaint about a row can be looked into',
    due: (before) => sql`
      num_nonnulls(t.words, t.answer) > 0
      and coalesce(t.answered_at, (
        select ${OVER_SINCE}
        from expulsions.measure m
        join expulsions.statement s on s.measure_id = m.id and s.version = m.latest
        where m.id = t.measure_id
      )) < ${before}`,
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
  {
    table: 'expulsions.batch',
    what: 'letter and file name of a list (that it came, from whom and when stays)',
    ...ALL_ERASED,
    due: (before) => sql`
      num_nonnulls(t.letter, t.file_name, t.sha256) > 0
      and exists (select from people.source s where s.id = t.source_id and s.erased_at < ${before})`,
    set: () => sql`letter = null, file_name = null, sha256 = null`,
  },
  {
    table: 'imports.import',
    what: 'the same of the import by which a list came, and its headings',
    ...ALL_ERASED,
    due: (before) => sql`
      (t.source is not null or t.file_name <> '–' or t.headings <> '[]')
      and exists (
        select
        from expulsions.batch b
        join people.source s on s.id = b.source_id
        where b.import_id = t.id and s.erased_at < ${before}
      )`,
    set: () => sql`source = null, file_name = '–', headings = '[]'`,
  },
]

const ofRecord = sql`(select x.measure_id from expulsions.statement x where x.record_id = t.record_id)`

/** Why people in notices stay in the registry. */
export const expulsionsNeeds: readonly PersonNeed[] = [
  {
    what: 'measures in force, without a stated end, or over for less than five years',
    holds: (now) => sql`
      exists (
        select
        from expulsions.measure m
        join expulsions.statement s on s.measure_id = m.id and s.version = m.latest
        where m.id in ${ofRecord}
          and (${OVER_SINCE} >= ${keptSince(now, AFTER_ITS_END)}) is not false
      )`,
  },
  {
    what: 'corrections that are open; reasons of corrections, words of questions and answers, as long as those are kept',
    holds: () => sql`
      exists (
        select from expulsions.correction c where c.measure_id in ${ofRecord} and (c.outcome is null or c.reason is not null))
      or exists (
        select from expulsions.question q where q.measure_id in ${ofRecord} and num_nonnulls(q.words, q.answer) > 0)`,
  },
  {
    what: 'proceedings, refusals at the border, appeals, help at home, and that they were told, as long as those are kept',
    holds: () => sql`
      exists (select from expulsions.proceeding p where p.record_id = t.record_id)
      or exists (select from expulsions.border_refusal r where r.record_id = t.record_id)
      or exists (select from expulsions.refusal_before b where b.record_id = t.record_id)
      or exists (select from expulsions.home_help h where h.person_id = t.person_id)
      or exists (select from expulsions.appeal a where a.measure_id in ${ofRecord})
      or exists (select from expulsions.informing i where i.measure_id in ${ofRecord})`,
  },
  {
    what: 'letters about them, or about a list in which they stand, as long as those are kept',
    holds: () => sql`
      exists (
        select
        from expulsions.measure m
        join letters.letter l on l.subject_type = 'measure' and l.subject_id = m.reference
        where m.id in ${ofRecord}
      )
      or exists (
        select
        from expulsions.statement x
        join expulsions.batch b on b.id = x.batch_id
        join letters.letter l on l.subject_type = 'batch' and l.subject_id = b.reference
        where x.record_id = t.record_id
      )`,
  },
]
