import { sql } from 'kysely'
import { audit } from '../audit/audit.ts'
import type { Ctx } from '../context.ts'
import { defineJob } from '../jobs/job.ts'
import { keptSince, type RetentionClock } from './clock.ts'

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
      for (let rows = BATCH; rows === BATCH; await report()) {
        rows = await eraseSome(ctx, clock)
        if (rows === 0) break
        erased[clock.what] = (erased[clock.what] ?? 0) + rows
        await audit(ctx, 'retention.erase', undefined, { table: clock.table, rows })
      }
    } catch (error) {
      failures.push(error)
    }
    await report()
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} clocks could not erase`)
  return erased
}

async function eraseSome({ db, now }: Ctx, { table, due, after, set }: RetentionClock): Promise<number> {
  const some = sql`
    select t.ctid
    from ${sql.table(table)} as t
    where ${due(keptSince(now, after))}
    limit ${BATCH}
    for update skip locked`
  const { numAffectedRows } = await (set
    ? sql`update ${sql.table(table)} set ${set(now)} where ctid = any (array(${some}))`
    : sql`delete from ${sql.table(table)} where ctid = any (array(${some}))`
  ).execute(db)
  return Number(numAffectedRows)
}

/** Every night. */
export const eraseJob = defineJob({
  async run(ctx) {
    const erased = await eraseDue(ctx, () => ctx.report({}))
    if (Object.keys(erased).length > 0) ctx.log.info({ erased }, 'records were erased, as their clocks say')
  },
})
