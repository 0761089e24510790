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

/**
 * Whether a ban that came by the document of this record would be left with others who have no document of its: to these it was never
 * compared. A ban is theirs by a document of another record, or of one that has a document in common with that one, and so on; where all
 * that stay hang together so, they are as they were. A ban that two officers joined to this record would be left with who came since.
 */
export async function leavesBanBehind(ctx: Ctx, record: string): Promise<boolean> {
  const found = await ctx.db
    .selectFrom('people.finding')
    .select('person_id')
    .where('record_id', '=', record)
    .executeTakeFirst()
  // Whoever does not see it is told so by the act itself.
  if (!found) return false
  const all = await recordsOfAll(ctx, found.person_id)
  const rest = all.filter(({ record_id }) => record_id !== record)
  const left = rest.filter((one) => one.adverse && !isHeld(one, rest))
  if (left.length === 0) return false
  const joined = await lastJoinedByTwo(ctx, found.person_id)
  const saw = (ban: Stated) => rest.some((one) => one !== ban && one.record_id < joined!)
  return left.some((ban) => isHeld(ban, all) || (joined !== undefined && !saw(ban)))
}

// Ids grow with time: whatever has a smaller one was there, and both officers saw it.
async function lastJoinedByTwo({ db }: Ctx, person: string): Promise<string | undefined> {
  const joined = await db
    .selectFrom('people.person as p')
    .innerJoin('people.event as e', 'e.id', 'p.merged_by')
    .select('e.id')
    .where('p.root', '=', person)
    .where('e.second_id', 'is not', null)
    .orderBy('e.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return joined?.id
}

// By documents, by somebody's record that is no ban itself, or with all others.
function isHeld(ban: Stated, records: readonly Stated[]): boolean {
  const reached = new Set([ban])
  for (const one of reached)
    for (const other of records) if (!reached.has(other) && haveSameDocument(one, other)) reached.add(other)
  return reached.size === records.length || [...reached].some(({ adverse }) => !adverse)
}

const haveSameDocument = (a: Comparable, b: Comparable) =>
  a.documents.some((number, at) =>
    b.documents.some((other, to) => {
      const [here, there] = [a.document_countries?.[at], b.document_countries?.[to]]
      return number === other && (!here || !there || here === there)
    }),
  )
