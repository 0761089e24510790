import type { Ctx } from '#kernel/context.ts'
import type { Vacancy } from './vacancies.ts'

/** What an advert says of itself in words: for reading what it asks of people. */
export type AdvertWords = Pick<
  Vacancy,
  | 'id'
  | 'reference'
  | 'title'
  | 'lang'
  | 'isco'
  | 'country'
  | 'place_code'
  | 'employer_place_code'
  | 'profession'
  | 'duties'
  | 'requirements'
  | 'conditions'
  | 'documents'
  | 'medical_card'
  | 'employer_id'
>

const COLUMNS = [
  ...([
    'id',
    'reference',
    'title',
    'lang',
    'isco',
    'country',
    'place_code',
    'employer_place_code',
    'profession',
  ] as const),
  ...(['duties', 'requirements', 'conditions', 'documents', 'medical_card', 'employer_id'] as const),
] as const

/** The words of published adverts, in the order of the ids. What was withdrawn meanwhile is left out. */
export async function wordsOfAdverts(ctx: Pick<Ctx, 'db'>, ids: readonly string[]): Promise<AdvertWords[]> {
  if (ids.length === 0) return []
  const rows = await ctx.db.selectFrom('vacancies.vacancy').select(COLUMNS).where('id', 'in', ids).execute()
  const byId = new Map(rows.map((row) => [row.id, row as unknown as AdvertWords]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

/** The adverts of an employer that are published now, the newest first, at most a hundred. */
export async function advertsOfferedBy(ctx: Pick<Ctx, 'db'>, employer_id: string): Promise<AdvertWords[]> {
  const rows = await ctx.db
    .selectFrom('vacancies.vacancy')
    .select(COLUMNS)
    .where('employer_id', '=', employer_id)
    .where('state', '=', 'published')
    .orderBy('first_seen_at', 'desc')
    .orderBy('id')
    .limit(100)
    .execute()
  return rows as unknown as AdvertWords[]
}
