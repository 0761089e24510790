import type { Ctx } from '#kernel/context.ts'
import { ancestorsIn } from '#kernel/places/atlas.ts'
import { placesAtlas } from '#kernel/places/places.ts'
import { type AdvertWords, searchListings, wordsOfAdverts } from '#modules/vacancies/public.ts'
import { type Needs, needsOf } from './needs.ts'
import { LEVELS, type Level, type Profile } from './profile.ts'

/** What speaks against a match, as far as somebody has said anything: each is told. Nothing: it fits. */
export type Lack =
  | { kind: 'licence'; licence: Needs['licences'][number] }
  | { kind: 'language'; lang: Needs['languages'][number]['lang']; level: Level }
  | { kind: 'place' }

/** What is known of somebody; null: they did not want it shown. */
type Known = { [K in 'languages' | 'licences' | 'place_codes']: Profile[K] | null }

/** What a person lacks for an advert. What was not shown counts as neither had nor lacking. */
export function lacksOf(needs: Needs, known: Known, placesOfAdvert: readonly string[]): Lack[] {
  const lacks: Lack[] = []
  const { licences, languages, place_codes } = known
  if (licences)
    for (const licence of needs.licences) if (!licences.includes(licence)) lacks.push({ kind: 'licence', licence })
  if (languages)
    for (const { lang, level } of needs.languages) {
      const own = languages.find((one) => one.lang === lang)?.level
      if (!own || LEVELS.indexOf(own) < LEVELS.indexOf(level)) lacks.push({ kind: 'language', lang, level })
    }
  if (place_codes && place_codes.length > 0 && !place_codes.some((code) => placesOfAdvert.includes(code)))
    lacks.push({ kind: 'place' })
  return lacks
}

/** A lack in words: "You lack: forklift licence". */
export const lackWords = ({ t }: Ctx, lack: Lack): string =>
  lack.kind === 'licence'
    ? t(`applications.code.licence.${lack.licence}`)
    : lack.kind === 'language'
      ? `${t(`applications.code.language.${lack.lang}`)} (${t(`applications.code.level.${lack.level}`)})`
      : t('applications.match.other_place')

export type Match = { advert: AdvertWords; lacks: Lack[] }

/** So many of the newest adverts of a trade are looked at. */
const LOOKED_AT = 60

/** Adverts of somebody's trades where they would work, those that they lack least for first; at most `most`. */
export async function matchesFor(ctx: Ctx, profile: Profile, most: number): Promise<Match[]> {
  const { items } = await searchListings(ctx, {
    ...(profile.isco.length > 0 ? { isco: profile.isco } : { q: profile.trade }),
    place: profile.place_codes,
    limit: LOOKED_AT,
  })
  const places = new Map(items.map(({ vacancy_id, place_codes }) => [vacancy_id, place_codes]))
  const adverts = await wordsOfAdverts(
    ctx,
    items.map(({ vacancy_id }) => vacancy_id),
  )
  return adverts
    .map((advert) => ({ advert, lacks: lacksOf(needsOf(advert), profile, places.get(advert.id) ?? []) }))
    .toSorted((a, b) => a.lacks.length - b.lacks.length)
    .slice(0, most)
}

/** Where an advert's work is, with all that contains it. */
export async function placesOf(ctx: Ctx, { place_code, employer_place_code, country }: AdvertWords): Promise<string[]> {
  const code = place_code ?? employer_place_code
  return code ? [code, ...ancestorsIn(await placesAtlas(ctx), code), country] : [country]
}
