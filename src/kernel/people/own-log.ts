import { type RawBuilder, sql } from 'kysely'
import type { Ctx } from '../context.ts'

/**
 * What a part knows of who saw or was given data of a person. A part declares it in its manifest; the person's own log is made of
 * all. It is read under the actor's row policies: the query itself sees to it that nobody reads more than they may.
 */
export type OwnLogSource = {
  /** A query of `id`, `at`, `organisation_id` (null: a protected service), `what`, `why` (codes) and `words` (null, or as recorded). */
  lines(personId: string): RawBuilder<unknown>
  what(ctx: Ctx, code: string): string
  why(ctx: Ctx, code: string, words: string | null): string
}

/** Who looked, with the purpose that they stated. */
export const looks: OwnLogSource = {
  lines: (personId) => sql`
    select l.id, l.at, l.organisation_id, l.what, l.purpose as why, null as words from people.looks_at(${personId}) l`,
  what: ({ t }, code) => t(`people.code.look.${code}`),
  why: ({ t }, code) => t(`people.code.purpose.${code}`),
}

type OwnLogLine = {
  id: string
  at: Temporal.Instant
  /** Null: a protected service, of which neither name nor purpose is said. */
  organisation: string | null
  what: string
  why: string
}

export type OwnLog = {
  lines: OwnLogLine[]
  /** How many there are, and how many of them are older than these. */
  total: number
  older: number
  /** Whether the actor sees the whole registry: others see who looked, and only in part who was given something. */
  whole: boolean
}

/** Where a page of the log ends: the next one begins after it. */
export type LogPlace = Pick<OwnLogLine, 'at' | 'id'>

/** Who looked at a person's data, and who was given it, and why: for that person, the newest first, page by page. */
export async function ownLog(
  ctx: Ctx,
  personId: string,
  { after, limit }: { after?: LogPlace; limit: number },
): Promise<OwnLog> {
  const sources = ctx.platform.parts.flatMap(({ ownLog: sources = [] }) => sources)
  const union = sql.join(
    sources.map(
      ({ lines }, index) => sql`
        select ${sql.lit(index)}::integer as source, s.id, s.at, s.organisation_id, s.what, s.why, s.words
        from (${lines(personId)}) s`,
    ),
    sql` union all `,
  )
  type Row = Omit<OwnLogLine, 'why'> & { source: number; why: string | null; words: string | null }
  const { rows } = await sql<Row & { total: number; left: number }>`
    with line as (${union}), counted as (select l.*, (count(*) over ())::integer as total from line l)
    select c.*, organisations.name_of(c.organisation_id, ${ctx.lang}) as organisation, (count(*) over ())::integer as left
    from counted c
    where ${after ? sql`(c.at, c.id) < (${after.at}, ${after.id})` : sql`true`}
    order by c.at desc, c.id desc
    limit ${limit}`.execute(ctx.db)
  const { rows: seen } = await sql<{ whole: boolean }>`select people.sees_all() as whole`.execute(ctx.db)
  return {
    lines: rows.map(({ id, at, organisation, source, what, why, words }) => ({
      ...{ id, at, organisation, what: sources[source]!.what(ctx, what) },
      why: why === null ? ctx.t('people.log.by_law') : sources[source]!.why(ctx, why, words),
    })),
    total: rows[0]?.total ?? 0,
    older: rows[0] ? rows[0].left - rows.length : 0,
    whole: seen[0]!.whole,
  }
}
