import { createHash } from 'node:crypto'
import type { Ctx } from '#kernel/context.ts'
import { newId, newReference } from '#kernel/ids.ts'
import { placeOfRussianCode, resolvePlace } from '#kernel/places/places.ts'
import { askOfficers } from './holding.ts'
import { readOccupation } from './mapping.ts'
import { showAs } from './publishing.ts'
import { READING_VERSION, readStatedFacts } from './reading/read-text.ts'
import { forgetReview, mustBeLookedAt, openReview } from './reviews.ts'
import type { Sign } from './risk/flags.ts'
import { readRisks } from './risk/risks.ts'
import type { Advert } from './sources/advert.ts'
import { factsOf } from './sources/facts.ts'
import type { Vacancy } from './vacancies.ts'

/** What became of an advert that came in. */
export type Saved = { id: string; outcome: 'created' | 'updated' | 'same' }

/** What an advert brings along that an employer posted here itself; `signs`: what else speaks for looking at it first. */
export type Posted = { reference: string; employer_id: string; signs: readonly Sign[] }

/** The wording of an advert: equal as long as nothing that the source states has changed. */
export function contentHash({ raw: _raw, ...stated }: Advert): string {
  return createHash('sha256')
    .update(JSON.stringify(stated, (_key, value) => (typeof value === 'bigint' ? value.toString() : value)))
    .digest('hex')
}

/** The wordings that are known for these keys of sources: `source source_id` → content hash. */
export async function knownAdverts(ctx: Ctx, adverts: readonly Advert[]): Promise<Map<string, string>> {
  if (adverts.length === 0) return new Map()
  const rows = await ctx.db
    .selectFrom('vacancies.vacancy')
    .select(['source', 'source_id', 'content_hash'])
    .where((e) =>
      e.or(adverts.map(({ source, source_id }) => e.and([e('source', '=', source), e('source_id', '=', source_id)]))),
    )
    .execute()
  return new Map(rows.map((row) => [`${row.source} ${row.source_id}`, row.content_hash]))
}

/**
 * Takes an advert in: what it says is read, its occupation and place are found, and it is published, unless it must be
 * looked at first. The same wording again changes nothing; another wording renews it. What an officer decided stands:
 * a rejected advert stays away, a mapped occupation stays mapped.
 */
export async function saveAdvert(ctx: Ctx, advert: Advert, importId: string | null, posted?: Posted): Promise<Saved> {
  const hash = contentHash(advert)
  const known = await ctx.db
    .selectFrom('vacancies.vacancy')
    .select(['id', 'reference', 'content_hash', 'state', 'isco', 'isco_by', 'modified_on'])
    .where('source', '=', advert.source)
    .where('source_id', '=', advert.source_id)
    .forUpdate()
    .executeTakeFirst()
  // An older file after a newer one says nothing new.
  if (known && (known.content_hash === hash || isOlder(advert, known))) {
    await ctx.db.updateTable('vacancies.vacancy').set({ last_seen_at: ctx.now }).where('id', '=', known.id).execute()
    return { id: known.id, outcome: 'same' }
  }
  const occupation = await readOccupation(ctx, advert)
  const decided = known?.isco_by === 'officer'
  const refused = known !== undefined && (await wasRejected(ctx, known.id))
  // Whoever posts here may put right what an officer refused; the officer sees it again before anybody else.
  const corrected = refused && posted !== undefined && !advert.withdrawn
  const away = refused && !corrected
  const signs = [...(posted?.signs ?? []), ...(corrected ? [CORRECTED] : [])]
  const holds = await readRisks(
    ctx,
    advert,
    { isco: decided ? known.isco : occupation.columns.isco, pay: payColumns(advert) },
    signs,
  )
  // Other words do not let an advert out that an officer has yet to look at.
  const waits = known !== undefined && (await mustBeLookedAt(ctx, known.id))
  const state: Vacancy['state'] = away
    ? (known.state as Vacancy['state'])
    : advert.withdrawn
      ? 'withdrawn'
      : holds.length > 0 || waits
        ? 'held'
        : 'published'
  const row = {
    ...(await stated(ctx, advert)),
    content_hash: hash,
    reading_version: READING_VERSION,
    source_withdrew: advert.withdrawn,
    ...occupation.columns,
    ...(decided && { isco: known.isco, isco_by: 'officer' as const }),
    state,
    last_seen_at: ctx.now,
  }
  const id = known?.id ?? newId()
  const reference = known?.reference ?? posted?.reference ?? newReference()
  if (known) await ctx.db.updateTable('vacancies.vacancy').set(row).where('id', '=', id).execute()
  else
    await ctx.db
      .insertInto('vacancies.vacancy')
      .values({
        ...{ id, reference, first_seen_at: ctx.now, source: advert.source, source_id: advert.source_id },
        ...{ employer_id: posted?.employer_id ?? null, ...row },
      })
      .execute()
  await keepRecord(ctx, advert, hash, importId)
  if (state === 'held') await askOfficers(ctx, id, holds)
  if (occupation.isSure && known) await forgetReview(ctx, id, 'occupation')
  if (!occupation.isSure && !decided && !away && !advert.withdrawn)
    await openReview(ctx, id, 'occupation', occupation.suggestion)
  await showAs(ctx, { id, reference, state })
  return { id, outcome: known ? 'updated' : 'created' }
}

const CORRECTED: Sign = { flag: 'corrected', part: 'title', quote: '', weight: 3, rule: 'refused before' }

const isOlder = ({ modified_on }: Advert, known: Pick<Vacancy, 'modified_on'>): boolean =>
  modified_on !== null && known.modified_on !== null && Temporal.PlainDate.compare(modified_on, known.modified_on) < 0

async function wasRejected(ctx: Ctx, id: string): Promise<boolean> {
  const last = await ctx.db
    .selectFrom('vacancies.review')
    .select('decision')
    .where('vacancy_id', '=', id)
    .where('decision', 'is not', null)
    .where('undone_at', 'is', null)
    .orderBy('decided_at', 'desc')
    .executeTakeFirst()
  return last?.decision === 'reject'
}

async function keepRecord(ctx: Ctx, advert: Advert, content_hash: string, import_id: string | null) {
  const { source, source_id } = advert
  await ctx.db
    .insertInto('vacancies.source_record')
    .values({
      id: newId(),
      source,
      source_id,
      content_hash,
      import_id,
      received_at: ctx.now,
      raw: JSON.stringify(withoutPerson(advert)),
    })
    .onConflict((conflict) => conflict.columns(['source', 'source_id', 'content_hash']).doNothing())
    .execute()
}

// Nothing is done with an employer's contact person, so the name is not kept: neither in a record nor in a sheet's row.
function withoutPerson({ raw, contacts }: Advert): unknown {
  const names = new Set(contacts.filter(({ kind }) => kind === 'person').map(({ value }) => value))
  const known = (value: unknown) => typeof value === 'string' && names.has(value.trim())
  if (Array.isArray(raw)) return raw.map((cell) => (known(cell) ? null : cell))
  if (typeof raw !== 'object' || raw === null) return raw ?? null
  return Object.fromEntries(Object.entries(raw).filter(([name, value]) => name !== 'contact_person' && !known(value)))
}

/** The advert's own words as columns, with what its long texts say where the source has no field for it. */
async function stated(ctx: Ctx, advert: Advert) {
  const { foreigners, foreigners_quote, accommodation } = readStatedFacts(advert)
  return {
    source_url: advert.source_url,
    lang: advert.lang,
    title: advert.title,
    profession: advert.profession,
    employer_name: advert.employer?.name ?? null,
    employer_inn: advert.employer?.inn ?? null,
    employer_ogrn: advert.employer?.ogrn ?? null,
    country: advert.country,
    place_code: await placeOf(ctx, advert),
    region_text: advert.region_text,
    workplace_text: advert.workplace_text,
    employer_region: advert.employer_region,
    employer_place_code: await employerPlaceOf(ctx, advert),
    ...payColumns(advert),
    pay_gross: advert.pay?.gross ?? null,
    published_on: advert.published_on,
    modified_on: advert.modified_on,
    expires_on: advert.expires_on,
    duties: advert.duties,
    requirements: advert.requirements,
    conditions: advert.conditions,
    schedule: advert.schedule,
    hours: advert.hours,
    contract: advert.contract,
    positions: advert.positions,
    ...factsOf(advert),
    accommodation,
    foreigners,
    foreigners_quote,
    contacts: JSON.stringify(advert.contacts.filter(({ kind }) => kind !== 'person')),
    costs: JSON.stringify(advert.costs),
    documents: JSON.stringify(advert.documents),
    sample: advert.source === 'sample',
  }
}

const payColumns = ({ pay }: Advert) => ({
  pay_min: pay?.min ?? null,
  pay_max: pay?.max ?? null,
  pay_currency: pay?.currency ?? null,
  pay_period: pay?.period ?? null,
})

async function employerPlaceOf(ctx: Ctx, { employer_region, country }: Advert): Promise<string | null> {
  const found = employer_region && (await resolvePlace(ctx, employer_region, { country }))
  return found && found.code !== country ? found.code : null
}

/** Where the work is, by the surest thing the source says of it; null when nothing says so surely. */
async function placeOf(
  ctx: Ctx,
  { place_code, region_code, region_text, workplace_text, country }: Advert,
): Promise<string | null> {
  if (place_code) return place_code
  const byCode = country === 'RU' && region_code ? await placeOfRussianCode(ctx, region_code) : null
  if (byCode) return byCode
  // An address begins with its region or town: "г Москва, проспект …".
  for (const text of [region_text, ...(workplace_text?.split(',').slice(0, 3) ?? [])]) {
    const found = text && (await resolvePlace(ctx, text, { country }))
    if (found && found.code !== country) return found.code
  }
  return null
}
