import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { searchTerms } from '#kernel/occupations/occupations.ts'
import { ancestorsIn } from '#kernel/places/atlas.ts'
import { placesAtlas } from '#kernel/places/places.ts'
import { fold } from '#kernel/search/fold.ts'
import { payInAMonth } from './pay.ts'
import { confirmedOn, type Vacancy } from './vacancies.ts'

// An advert that states no day stands behind all that do.
const UNDATED = Temporal.PlainDate.from('1970-01-01')

/** Puts a published advert into what the public search reads, or renews it there. */
export async function list(ctx: Ctx, vacancyId: string): Promise<void> {
  const vacancy = (await ctx.db
    .selectFrom('vacancies.vacancy')
    .selectAll()
    .where('id', '=', vacancyId)
    .executeTakeFirstOrThrow()) as unknown as Vacancy
  const places = await placesOf(ctx, vacancy)
  const row = {
    vacancy_id: vacancy.id,
    reference: vacancy.reference,
    lang: vacancy.lang,
    title: vacancy.title,
    isco: vacancy.isco,
    country: vacancy.country,
    place_code: vacancy.place_code,
    place_codes: places,
    pay_min: vacancy.pay_min,
    pay_max: vacancy.pay_max,
    pay_currency: vacancy.pay_currency,
    pay_period: vacancy.pay_period,
    pay_gross: vacancy.pay_gross,
    pay_month: payInAMonth(vacancy),
    accommodation: vacancy.accommodation,
    foreigners: vacancy.foreigners,
    contract: vacancy.contract,
    employer_name: vacancy.employer_name,
    source: vacancy.source,
    source_url: vacancy.source_url,
    sample: vacancy.sample,
    published_on: vacancy.published_on,
    confirmed_on: confirmedOn(vacancy),
    expires_on: vacancy.expires_on,
    sort_on: vacancy.published_on ?? UNDATED,
    first_seen_at: vacancy.first_seen_at,
    document: await searchDocument(ctx, vacancy, places),
  }
  const { vacancy_id: _, ...change } = row
  await ctx.db
    .insertInto('vacancies.listing')
    .values(row)
    .onConflict((conflict) => conflict.column('vacancy_id').doUpdateSet(change))
    .execute()
}

/** Takes an advert out of the public search. */
export async function unlist(ctx: Ctx, vacancyId: string): Promise<void> {
  await ctx.db.deleteFrom('vacancies.listing').where('vacancy_id', '=', vacancyId).execute()
}

/** Makes the advert's address answer "no longer offered". */
export async function close(ctx: Ctx, { id, reference }: Pick<Vacancy, 'id' | 'reference'>): Promise<void> {
  await ctx.db
    .insertInto('vacancies.closure')
    .values({ vacancy_id: id, reference, closed_on: plainDate(ctx.now) })
    .onConflict((conflict) => conflict.column('vacancy_id').doNothing())
    .execute()
}

/** Takes that back. */
export async function reopen(ctx: Ctx, vacancyId: string): Promise<void> {
  await ctx.db.deleteFrom('vacancies.closure').where('vacancy_id', '=', vacancyId).execute()
}

async function placesOf(ctx: Ctx, { place_code, country }: Vacancy): Promise<string[]> {
  if (!place_code) return [country]
  return [...new Set([place_code, ...ancestorsIn(await placesAtlas(ctx), place_code), country])]
}

// Title before occupation in all languages, these before employer and places, these before the long texts. So a
// Tajik trade name finds a Russian advert, and an advert that only mentions a welder stands behind the welders.
async function searchDocument(ctx: Ctx, vacancy: Vacancy, places: string[]) {
  const atlas = await placesAtlas(ctx)
  const names = atlas.entries
    .filter(({ code }) => places.includes(code))
    // As it is written, and as places are compared: without ь and ъ, and in one Latin spelling.
    .flatMap(({ name, folded, latin }) => [name, folded, latin])
  const terms = vacancy.isco ? await searchTerms(ctx, vacancy.isco) : []
  const parts = {
    A: [vacancy.title, vacancy.profession],
    B: terms,
    C: [vacancy.employer_name, vacancy.region_text, vacancy.workplace_text, ...names],
    D: [vacancy.duties, vacancy.requirements, vacancy.conditions],
  }
  const vectors = Object.entries(parts).map(
    ([weight, texts]) =>
      sql`setweight(to_tsvector('simple', ${fold(texts.filter(Boolean).join(' '))}), ${sql.lit(weight)})`,
  )
  return sql<string>`${sql.join(vectors, sql` || `)}`
}
