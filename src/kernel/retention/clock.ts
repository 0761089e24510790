import { type RawBuilder, sql } from 'kysely'

/** How long one class of records is kept. A part declares it in its manifest; `docs/privacy.md` lists all. */
export type RetentionClock = {
  /** `schema.table`, whose rows are called `t` in `due`. */
  table: string
  /** What is erased, to stand in the list: `sessions`. */
  what: string
  after: { hours: number } | { days: number } | { months: number }
  /** From when that counts: `the session ended`. */
  from: string
  /** Why it is kept that long, and no longer: the law, or the need. */
  reason: string
  /** Which rows have their moment before this one, as a condition. Of one that blanks: and are not blank yet. */
  due(before: Temporal.Instant): RawBuilder<unknown>
  /** Blanks columns instead of erasing the row: what stands after `set`. */
  set?(now: Temporal.Instant): RawBuilder<unknown>
}

/** The condition of a clock that counts from one column of the row; a row without that moment stays. */
export const passed =
  (column: string): RetentionClock['due'] =>
  (before) =>
    sql`${sql.ref(`t.${column}`)} < ${before}`

/** The moment from which on a record is still kept. Months are those of the calendar, in UTC. */
export const keptSince = (now: Temporal.Instant, after: RetentionClock['after']): Temporal.Instant =>
  now.toZonedDateTimeISO('UTC').subtract(after).toInstant()
