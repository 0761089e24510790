import { FALLBACKS, type Lang } from '../i18n/languages.ts'
import { coreOf } from './spelling.ts'

export type PlaceKind = 'country' | 'region' | 'district' | 'city' | 'city_district' | 'subdivision'
export type NameKind = 'current' | 'short' | 'alias' | 'former' | 'settlement'

export type Place = {
  code: string
  kind: PlaceKind
  parent_code: string | null
  time_zone: string | null
  withdrawn: boolean
}
export type PlaceName = { code: string; lang: string; name: string; kind: NameKind; folded: string; latin: string }

/** A name with the spellings without the words for kinds of places. */
export type Entry = PlaceName & { core: string; latinCore: string }

/** All places of one version of the list, in memory. Never changed once made. */
export type Atlas = {
  places: ReadonlyMap<string, Place>
  /** In the order of the list. */
  children: ReadonlyMap<string, readonly string[]>
  /** Names of places that are not withdrawn, for finding. */
  entries: readonly Entry[]
  /** `code lang kind` → name, for current and short names. */
  labels: ReadonlyMap<string, string>
  /** `scheme value` → code. */
  foreign: ReadonlyMap<string, string>
}

/** The country whose own places are shown without it. */
export const HOME = 'TJ'
// What is left of the country beside its regions: nobody says it to tell where a town lies.
const UNSAID = new Set([HOME, 'TJ-RA'])

/** Builds the atlas from the rows of the three tables. */
export function buildAtlas(
  places: readonly Place[],
  names: readonly PlaceName[],
  foreign: readonly { scheme: string; value: string; code: string }[],
): Atlas {
  const byCode = new Map(places.map((place) => [place.code, place]))
  const children = new Map<string, string[]>()
  for (const { code, parent_code, withdrawn } of places) {
    if (parent_code === null || withdrawn) continue
    children.set(parent_code, [...(children.get(parent_code) ?? []), code])
  }
  return {
    places: byCode,
    children,
    entries: names
      .filter(({ code }) => !byCode.get(code)!.withdrawn)
      .map((name) => ({ ...name, core: coreOf(name.folded), latinCore: coreOf(name.latin) })),
    labels: new Map(names.map(({ code, lang, kind, name }) => [`${code} ${lang} ${kind}`, name])),
    foreign: new Map(foreign.map(({ scheme, value, code }) => [`${scheme} ${value}`, code])),
  }
}

/** The name in the language, else in the next its readers read; the code itself when the list does not know it. */
export function nameIn(atlas: Atlas, lang: Lang, code: string): string {
  return label(atlas, lang, code, 'current') ?? code
}

/** The name as it stands inside a path: Хатлон for Вилояти Хатлон. */
function shortNameIn(atlas: Atlas, lang: Lang, code: string): string {
  return label(atlas, lang, code, 'short') ?? nameIn(atlas, lang, code)
}

/** The place and what it lies in, from small to large: `Бохтар, Хатлон`; `Вилояти Тула, Русия`; `Душанбе`. */
export function pathIn(atlas: Atlas, lang: Lang, code: string): string {
  const around = ancestorsIn(atlas, code).filter((above) => !UNSAID.has(above))
  return [nameIn(atlas, lang, code), ...around.map((above) => shortNameIn(atlas, lang, above))].join(', ')
}

/** What a place lies in, nearest first, its country last. */
export function ancestorsIn(atlas: Atlas, code: string): string[] {
  const parent = atlas.places.get(code)?.parent_code
  return parent ? [parent, ...ancestorsIn(atlas, parent)] : []
}

/** The place itself and all that lies in it; nothing when the list does not know it. */
export function descendantsIn(atlas: Atlas, code: string): string[] {
  if (!atlas.places.has(code)) return []
  return [code, ...(atlas.children.get(code) ?? []).flatMap((child) => descendantsIn(atlas, child))]
}

function label(atlas: Atlas, lang: Lang, code: string, kind: NameKind): string | undefined {
  for (const candidate of [lang, ...FALLBACKS[lang]]) {
    const name = atlas.labels.get(`${code} ${candidate} ${kind}`)
    if (name !== undefined) return name
  }
}
