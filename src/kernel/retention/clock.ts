import { type RawBuilder, sql } from 'kysely'
import type { Ctx } from '../context.ts'

/** How long one class of records is kept. A part declares it in its manifest; `docs/privacy.md` lists all. */
export type RetentionClock = Told & (ByRow | ByStep)

type Told = {
  /** `schema.table`, whose rows are called `t` in `due`. */
  table: string
  /** What is erased, to stand in the list: `sessions`. */
  what: string
  after: { hours: number } | { days: number } | { months: number }
  /** From when that counts: `the session ended`. */
  from: string
  /** Why it is kept that long, and no longer: the law, or the need. */
  reason: string
}

type ByRow = {
  /** Which rows have their moment before this one, as a condition. Of one that blanks: and are not blank yet. */
  due(before: Temporal.Instant): RawBuilder<unknown>
  /** Blanks columns instead of erasing the row: what stands after `set`. */
  set?(now: Temporal.Instant): RawBuilder<unknown>
  erase?: undefined
}

/** What was done in one transaction: how many were erased, and whether there may be more tonight. */
export type Step = { rows: number; more: boolean }

/** Where one is more than a row: erases some of what is due before a moment, in a transaction that is open. Owner's connection. */
type ByStep = { erase(ctx: Ctx, before: Temporal.Instant): Promise<Step> }

/** The condition of a clock that counts from one column of the row; a row without that moment stays. */
export const passed =
  (column: string) =>
  (before: Temporal.Instant): RawBuilder<unknown> =>
    sql`${sql.ref(`t.${column}`)} < ${before}`

/** The moment from which on a record is still kept. Months are those of the calendar, in UTC. */
export const keptSince = (now: Temporal.Instant, after: RetentionClock['after']): Temporal.Instant =>
  now.toZonedDateTimeISO('UTC').subtract(after).toInstant()
