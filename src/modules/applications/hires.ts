import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'

type Hire = { vacancy_id: string; isco: string | null; country: string; hired_on: Temporal.PlainDate }

/** Who was hired after `from`, up to and on `to`: for statistics, nobody is named. Owner's connection. */
export async function hiresBetween(ctx: Ctx, from: Temporal.PlainDate, to: Temporal.PlainDate): Promise<Hire[]> {
  const { rows } = await sql<Hire>`
    select vacancy_id, isco, country, (hired_at at time zone 'Asia/Dushanbe')::date as hired_on
    from applications.placement
    where (hired_at at time zone 'Asia/Dushanbe')::date > ${from}::date
      and (hired_at at time zone 'Asia/Dushanbe')::date <= ${to}::date`.execute(ctx.db)
  return rows
}
