import { sql } from 'kysely'
import { audit } from '../audit/audit.ts'
import type { Ctx } from '../context.ts'
import { inTransaction } from '../db/in-transaction.ts'
import { defineJob } from '../jobs/job.ts'
import { keptSince, type RetentionClock, type Step } from './clock.ts'

/** So many rows are one statement: locks are short, and a restart loses little. */
const BATCH = 5_000

/** The clocks of all parts, in their order. */
export const clocksOf = ({ platform }: Pick<Ctx, 'platform'>): RetentionClock[] =>
  platform.parts.flatMap((part) => part.retention ?? [])

/**
 * Erases or blanks all whose time has passed; the audit keeps how many of what. What one clock cannot erase does not
 * hold up the others. Owner's connection.
 */
export async function eraseDue(
  ctx: Ctx,
  report: () => Promise<void> = async () => {},
): Promise<Record<string, number>> {
  const erased: Record<string, number> = {}
  const failures: unknown[] = []
  for (const clock of clocksOf(ctx)) {
    try {
      for (let more = true; more; await report()) {
        const step = await inTransaction(ctx, (ctx) => eraseSome(ctx, clock))
        if (step.rows > 0) erased[clock.what] = (erased[clock.what] ?? 0) + step.rows
        more = step.more
      }
    } catch (error) {
      failures.push(error)
    }
    await report()
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} clocks could not erase`)
  return erased
}

async function eraseSome(ctx: Ctx, clock: RetentionClock): Promise<Step> {
  const before = keptSince(ctx.now, clock.after)
  const step = clock.erase ? await clock.erase(ctx, before) : await eraseRows(ctx, clock, before)
  if (step.rows > 0) await audit(ctx, 'retention.erase', undefined, { table: clock.table, rows: step.rows })
  return step
}

async function eraseRows(
  { db, now }: Ctx,
  { table, due, set }: Extract<RetentionClock, { erase?: undefined }>,
  before: Temporal.Instant,
): Promise<Step> {
  const some = sql`
    select t.ctid
    from ${sql.table(table)} as t
    where ${due(before)}
    limit ${BATCH}
    for update skip locked`
  const { numAffectedRows } = await (set
    ? sql`update ${sql.table(table)} set ${set(now)} where ctid = any (array(${some}))`
    : sql`delete from ${sql.table(table)} where ctid = any (array(${some}))`
  ).execute(db)
  return { rows: Number(numAffectedRows), more: Number(numAffectedRows) === BATCH }
}

/** Every night. */
export const eraseJob = defineJob({
  async run(ctx) {
    const erased = await eraseDue(ctx, () => ctx.report({}))
    if (Object.keys(erased).length > 0) ctx.log.info({ erased }, 'records were erased, as their clocks say')
  },
})
