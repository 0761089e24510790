import { sql } from 'kysely'
import type { Ctx } from '../context.ts'
import { type Comparable, frequencies, scoreAgainst } from './scoring.ts'

type Stated = Comparable & { adverse: boolean }

/** The records of a person and of everybody who is counted as one with them, as far as the actor may see. */
export async function recordsOfAll(ctx: Ctx, person: string): Promise<Stated[]> {
  const rows = await ctx.db
    .selectFrom('people.finding')
    .select(['record_id', 'adverse'])
    .select(['names', 'birth', 'sex', 'citizenship', 'home_district', 'documents', 'document_countries'])
    .where('person_id', '=', sql<string>`(select root from people.person where id = ${person})`)
    .orderBy('record_id')
    .execute()
  return rows as unknown as Stated[]
}

/**
 * Whether any record of one speaks against any of the other, in name, sex or birth date, whichever two are compared: so a row that fits two
 * brothers does not make one of them. Joining such two takes two officers.
 */
export async function speakAgainst(ctx: Ctx, one: string, other: string): Promise<boolean> {
  const known = await frequencies(ctx)
  const [left, right] = [await recordsOfAll(ctx, one), await recordsOfAll(ctx, other)]
  return left.some((record) => scoreAgainst(record, right, known).some(({ conflicts }) => conflicts.length > 0))
}
