import { sql } from 'kysely'
import type { RetentionClock } from '#kernel/retention/clock.ts'

/** How long is kept what readers told and what sources no longer say. The first is stated on the privacy page too. */
export const vacancyRetention: readonly RetentionClock[] = [
  {
    table: 'vacancies.report',
    what: 'words and code of whoever reported an advert (that and why it was reported stays)',
    after: { months: 12 },
    from: 'the report came',
    reason: 'an officer decides, and may have to look again',
    due: (before) => sql`t.reported_at < ${before} and (t.story is not null or t.code_hash is not null)`,
    set: () => sql`story = null, code_hash = null`,
  },
  {
    // The wording that holds stays as long as the advert: it is the proof of what was published.
    table: 'vacancies.source_record',
    what: 'earlier wordings of adverts as received (the present one stays)',
    after: { months: 12 },
    from: 'another wording took its place',
    reason: 'who went by the earlier wording can prove it',
    due: (before) => sql`
      coalesce(
        (select min(n.received_at)
         from vacancies.source_record n
         where n.source = t.source and n.source_id = t.source_id and n.received_at > t.received_at),
        -- The advert went back to a wording from before.
        (select v.last_seen_at from vacancies.vacancy v where v.source = t.source and v.source_id = t.source_id)
      ) < ${before}
      and not exists (
        select from vacancies.vacancy v
        where v.source = t.source and v.source_id = t.source_id and v.content_hash = t.content_hash
      )`,
  },
]
