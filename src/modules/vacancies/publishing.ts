import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { listVersion } from '#kernel/lists/lists.ts'
import { namedOccupations } from '#kernel/occupations/asked-occupations.ts'
import { OCCUPATIONS } from '#kernel/occupations/load.ts'
import { occupationIndex } from '#kernel/occupations/occupations.ts'
import { ancestorsIn } from '#kernel/places/atlas.ts'
import { PLACES } from '#kernel/places/load.ts'
import { placesAtlas } from '#kernel/places/places.ts'
import { FOLD_VERSION, fold } from '#kernel/search/fold.ts'
import { soundOf } from '#kernel/search/sound.ts'
import { groupIdOf, groupOf, joinGroup, offeredBy } from './duplicates/groups.ts'
import { payInAMonth } from './pay.ts'
import { confirmedOn, type Vacancy } from './vacancies.ts'

// An advert that states no day stands behind all that do.
const UNDATED = Temporal.PlainDate.from('1970-01-01')

// Goes up when a listing is made otherwise from the same advert.
const DOCUMENT_VERSION = 8

// A title that may mean more than these is too vague to be found by any.
const MOST_TRADES = 4

/**
 * Puts a published advert into what the public search reads, or renews it there. Adverts that offer the same in nearly the same
 * words are listed once: the head of their group, found wherever one of them is.
 */
export async function list(ctx: Ctx, vacancyId: string): Promise<void> {
  const vacancy = (await ctx.db
    .selectFrom('vacancies.vacancy')
    .selectAll()
    .where('id', '=', vacancyId)
    .executeTakeFirstOrThrow()) as unknown as Vacancy
  const { group, left } = await joinGroup(ctx, vacancy)
  await showGroup(ctx, group)
  if (left) await showGroup(ctx, left)
}

/** Lists the head of a group, and nothing else of it. `before`: since when one that just went was listed. */
export async function showGroup(ctx: Ctx, groupId: string, before: readonly Temporal.Instant[] = []): Promise<void> {
  const [head] = await groupOf(ctx, groupId, 1)
  if (!head) return
  const { rows } = await sql<{ listed_at: Temporal.Instant }>`
    delete from vacancies.listing l
    using vacancies.fingerprint f
    where f.vacancy_id = l.vacancy_id and f.group_id = ${groupId} and l.vacancy_id <> ${head.id}
    returning l.listed_at`.execute(ctx.db)
  // Another head of the same offer is nothing new to those who were told of it.
  const [since = ctx.now] = [...before, ...rows.map(({ listed_at }) => listed_at)].sort(Temporal.Instant.compare)
  await listHead(ctx, head, await offeredBy(ctx, groupId), since)
}

type Offered = Awaited<ReturnType<typeof offeredBy>>

async function listHead(ctx: Ctx, vacancy: Vacancy, offered: Offered, listed_at: Temporal.Instant): Promise<void> {
  const places = await placesOf(ctx, vacancy, offered.places)
  const row = {
    vacancy_id: vacancy.id,
    reference: vacancy.reference,
    lang: vacancy.lang,
    title: vacancy.title,
    isco: vacancy.isco,
    country: vacancy.country,
    place_code: vacancy.place_code,
    employer_place_code: vacancy.employer_place_code,
    place_codes: places,
    pay_min: vacancy.pay_min,
    pay_max: vacancy.pay_max,
    pay_currency: vacancy.pay_currency,
    pay_period: vacancy.pay_period,
    pay_gross: vacancy.pay_gross,
    // Whoever asks for the pay that one of them offers must find them.
    pay_month: payInAMonth({ ...vacancy, pay_max: offered.best }),
    also_offered: offered.offers - 1,
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
    changed_at: ctx.now,
    // The random end of the id: the same lot whenever the row is made anew.
    lot: Number.parseInt(vacancy.id.slice(-4), 16),
    document_version: await documentVersion(ctx.db),
    other_trades: await otherTrades(ctx, vacancy),
    ...(await searchDocument(ctx, vacancy, places)),
  }
  const { vacancy_id: _, ...change } = row
  await ctx.db
    .insertInto('vacancies.listing')
    // When it came: made anew, it keeps that.
    .values({ ...row, listed_at })
    .onConflict((conflict) => conflict.column('vacancy_id').doUpdateSet(change))
    .execute()
}

/** Shows an advert to the public as its state says: in the search, closed at its address, or not at all. */
export async function showAs(ctx: Ctx, vacancy: Pick<Vacancy, 'id' | 'reference' | 'state'>): Promise<void> {
  if (vacancy.state === 'published') await list(ctx, vacancy.id)
  else {
    const before = await unlist(ctx, vacancy.id)
    const group = await groupIdOf(ctx, vacancy.id)
    if (group) await showGroup(ctx, group, before)
  }
  if (vacancy.state === 'withdrawn') await close(ctx, vacancy)
  else await reopen(ctx, vacancy.id)
}

/** Takes an advert out of the public search; answers since when it stood there, if it did. */
async function unlist(ctx: Ctx, vacancyId: string): Promise<Temporal.Instant[]> {
  const rows = await ctx.db
    .deleteFrom('vacancies.listing')
    .where('vacancy_id', '=', vacancyId)
    .returning('listed_at')
    .execute()
  return rows.map(({ listed_at }) => listed_at)
}

/** Makes the advert's address answer "no longer offered". */
async function close(ctx: Ctx, { id, reference }: Pick<Vacancy, 'id' | 'reference'>): Promise<void> {
  await ctx.db
    .insertInto('vacancies.closure')
    .values({ vacancy_id: id, reference, closed_on: plainDate(ctx.now) })
    .onConflict((conflict) => conflict.column('vacancy_id').doNothing())
    .execute()
}

/** Takes that back. */
async function reopen(ctx: Ctx, vacancyId: string): Promise<void> {
  await ctx.db.deleteFrom('vacancies.closure').where('vacancy_id', '=', vacancyId).execute()
}

// An advert that does not say where the work is, is found where its employer is: the page says which of both it knows.
async function placesOf(ctx: Ctx, { country }: Vacancy, codes: readonly string[]): Promise<string[]> {
  const atlas = await placesAtlas(ctx)
  return [...new Set([...codes.flatMap((code) => [code, ...ancestorsIn(atlas, code)]), country])]
}

/** By what rules a listing is made now: a row of another version is made anew by the job `vacancies.reindex`. */
export async function documentVersion(db: Ctx['db']): Promise<string> {
  return `${DOCUMENT_VERSION}.${FOLD_VERSION} ${short(await listVersion(db, OCCUPATIONS))} ${short(await listVersion(db, PLACES))}`
}

const short = (version: string | null) => version?.slice(0, 8) ?? ''

// Titles apart: an advert that only mentions a welder stands behind the welders. Each word of them also by its sound, for
// those who type it in Latin letters. Occupations and places are found by their codes: only their names here are indexed,
// as somebody may ask for them literally.
async function searchDocument(ctx: Ctx, vacancy: Vacancy, places: string[]) {
  const atlas = await placesAtlas(ctx)
  const names = atlas.entries.filter(({ code, kind }) => places.includes(code) && kind === 'current')
  const title = folded([vacancy.title, vacancy.profession])
  const sounds = title
    .split(' ')
    .filter((word) => /^[а-я]{3}/.test(word))
    .map(soundOf)
  const texts = [
    vacancy.title,
    vacancy.profession,
    vacancy.employer_name,
    vacancy.region_text,
    vacancy.workplace_text,
    vacancy.employer_region,
    ...names.map(({ name }) => name),
    vacancy.duties,
    vacancy.requirements,
    vacancy.conditions,
  ]
  return {
    title_words: sql<string>`setweight(to_tsvector('simple', ${title}), 'A') || to_tsvector('simple', ${sounds.join(' ')})`,
    // Whether a word is there is all that is asked: its places in the text would only take room.
    document: sql<string>`strip(to_tsvector('simple', ${folded(texts)}))`,
  }
}

// `Бармен-официант` is found as either. A word that many groups share names none of them.
async function otherTrades(ctx: Ctx, { title, profession, isco }: Vacancy): Promise<string[]> {
  const named = await Promise.all(
    [title, profession ?? ''].map(async (text) => namedOccupations(await occupationIndex(ctx), fold(text).split(' '))),
  )
  const codes = [...new Set(named.flat())].filter((code) => code !== isco)
  return codes.length > MOST_TRADES ? [] : codes
}

const folded = (texts: readonly (string | null)[]) => fold(texts.filter(Boolean).join(' '))
