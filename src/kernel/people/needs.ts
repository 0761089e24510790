import { type RawBuilder, sql } from 'kysely'

/**
 * Why a part still needs somebody in the registry. A part declares it in its manifest; as long as one holds for any of their records,
 * nothing of the person is erased. `docs/privacy.md` lists all.
 */
export type PersonNeed = {
  /** To stand in the list: `measures that …`. */
  what: string
  /** Whether it holds now, as a condition on `t.person_id`, and `t.record_id`, which is null for a person without a record. */
  holds(now: Temporal.Instant): RawBuilder<unknown>
}

/** The registry's own. */
export const peopleNeeds: readonly PersonNeed[] = [
  {
    what: 'protection, and for five years after it was lifted',
    holds: () => sql`exists (select from people.protection g where g.person_id = t.person_id)`,
  },
  {
    what: 'pairs that officers have not decided about',
    holds: () => sql`
      exists (select from people.review v where v.person_id = t.person_id and v.settled_at is null)
      or exists (select from people.review v where v.other_id = t.person_id and v.settled_at is null)`,
  },
  {
    what: 'what somebody entered about them by hand, and the registry does not have yet',
    holds: () => sql`exists (select from people.entry e where e.same_as = t.person_id and e.record_id is null)`,
  },
  {
    what: 'telephones that the registry keeps',
    holds: () => sql`exists (select from people.contact c where c.record_id = t.record_id)`,
  },
]
