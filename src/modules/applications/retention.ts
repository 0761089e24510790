import { sql } from 'kysely'
import { passed, type RetentionClock } from '#kernel/retention/clock.ts'

/** How long is kept what people who look for work have told, and what was said about them. */
export const applicationsRetention: readonly RetentionClock[] = [
  {
    table: 'applications.seeker',
    what: 'name and telephone of people who look for work (what they withdraw is erased at once)',
    after: { months: 18 },
    from: 'they last changed anything',
    reason: 'an application, and the questions in the first three months of work',
    due: (before) => sql`t.changed_at < ${before} and t.facts_sealed is not null`,
    set: () => sql`facts_sealed = null`,
  },
  {
    table: 'applications.candidate',
    what: 'what employers may find of those who agreed',
    after: { months: 12 },
    from: 'they agreed',
    reason: 'people find work, and forget that they are found',
    due: (before) => sql`t.since < ${before}`,
  },
  {
    table: 'applications.event',
    what: 'what employers wrote and noted about applications (that and when something happened stays)',
    after: { months: 12 },
    from: 'it was written',
    reason: 'a complaint about a decision can be looked into',
    due: (before) => sql`t.at < ${before} and t.words is not null`,
    set: () => sql`words = null`,
  },
  {
    table: 'applications.application',
    what: 'what employers read of applicants (that and when somebody applied stays)',
    after: { months: 18 },
    from: 'the last change',
    reason: 'as long as it may still be decided, and the questions after it',
    due: (before) => sql`t.changed_at < ${before} and t.shared_sealed is not null`,
    set: () => sql`shared_sealed = null, state = 'withdrawn', phone_released_at = null`,
  },
  {
    table: 'applications.contract',
    what: 'what people read in their contracts (the photograph goes within a year)',
    after: { months: 18 },
    from: 'it was written',
    reason: 'a claim for what was promised',
    due: passed('made_at'),
  },
  {
    table: 'applications.help_request',
    what: 'whom to call, of requests for help that nobody closed (else it goes with the request)',
    after: { days: 90 },
    from: 'it was due',
    reason: 'an adviser calls',
    due: (before) => sql`t.due_at < ${before} and t.contact_sealed is not null`,
    set: (now) => sql`contact_sealed = null, closed_at = ${now}, outcome = 'not_reached'`,
  },
  {
    table: 'applications.saved_search',
    what: 'searches that wait for new adverts, and where to write (the address goes as soon as it is stopped)',
    after: { days: 7 },
    from: 'it was stopped, or was never confirmed; confirmed ones after a year',
    reason: 'a link that comes late is told from one that never was; people find work, and forget',
    due: (before) => sql`
      case t.state
        when 'ended' then t.ended_at
        when 'waiting' then t.created_at
        else t.confirmed_at + interval '1 year'
      end < ${before}`,
  },
  {
    table: 'applications.hit',
    what: 'adverts that were found for such a search',
    after: { days: 60 },
    from: 'it was found',
    reason: 'each is told once',
    due: passed('at'),
  },
  {
    table: 'applications.looked_at',
    what: 'which new adverts were put to such searches',
    after: { days: 2 },
    from: 'it was',
    reason: 'each is put to them once',
    due: passed('at'),
  },
]
