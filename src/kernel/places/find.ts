import type { Lang } from '../i18n/languages.ts'
import { type Atlas, ancestorsIn, type Entry, HOME, type NameKind, nameIn, type PlaceKind, pathIn } from './atlas.ts'
import { coreOf, foldPlace, latinPlace } from './spelling.ts'

/** A place that was found, and by which other name when it was not by one of its present names. */
export type FoundPlace = {
  code: string
  name: string
  path: string
  matched_by: { kind: 'former' | 'settlement'; name: string } | null
}

/**
 * How a text was understood: as a present name, a former name, a town in the place, or only in a part of the text. `exact`: all of it is
 * spelled as the list spells it, and not only sounds alike.
 */
export type ResolvedPlace = { code: string; matched: 'name' | 'former' | 'settlement' | 'part'; exact: boolean }

type Spelling = { folded: string; core: string; latin: string; latinCore: string }

// A present name before a former one before a town: Москва is the city, not the district that once bore the name.
const NAME_ORDER: Record<NameKind, number> = { current: 0, short: 0, alias: 0, former: 1, settlement: 2 }
const KIND_ORDER: Record<PlaceKind, number> = {
  country: 0,
  region: 1,
  city: 1,
  subdivision: 2,
  district: 3,
  city_district: 4,
}

/** Places whose names begin like the text, word by word, best first. Any of the three scripts' spellings, former names too. */
export function findIn(atlas: Atlas, lang: Lang, text: string, limit: number): FoundPlace[] {
  const query = spell(text)
  if (query.folded === '') return []
  const best = new Map<string, { entry: Entry; score: number }>()
  for (const entry of atlas.entries) {
    const closeness = closenessOf(entry, query)
    if (closeness === null) continue
    const score = closeness + 10 * NAME_ORDER[entry.kind]
    const before = best.get(entry.code)
    if (!before || score < before.score) best.set(entry.code, { entry, score })
  }
  const order = ({ entry, score }: { entry: Entry; score: number }) =>
    score * 100 + KIND_ORDER[atlas.places.get(entry.code)!.kind] * 10 + (isHome(entry.code) ? 0 : 1)
  return [...best.values()]
    .sort((a, b) => order(a) - order(b) || (a.entry.folded < b.entry.folded ? -1 : 1))
    .slice(0, limit)
    .map(({ entry: { code, kind, name } }) => ({
      code,
      name: nameIn(atlas, lang, code),
      path: pathIn(atlas, lang, code),
      matched_by: kind === 'former' || kind === 'settlement' ? { kind, name } : null,
    }))
}

/**
 * The one place a text of another system means: `г. Москва`, `Тульская обл.`, `Быково (Московская область)`,
 * `Yerevan, Armenia`. Null when none, or when two are equally meant: a wrong place is worse than none.
 */
export function resolveIn(atlas: Atlas, text: string, country?: string): ResolvedPlace | null {
  const whole = resolveName(atlas, text, country)
  if (whole) return whole
  const parts = text.split(/[,;()|/\n]| [-–—] /).filter((part) => part.trim() !== '')
  if (parts.length < 2) return null
  const found = parts.map((part) => resolveName(atlas, part, country))
  const codes = new Set(found.map((one) => one?.code).filter((code) => code !== undefined))
  const innermost = [...codes].filter((code) => {
    const around = new Set([code, ...ancestorsIn(atlas, code)])
    return [...codes].every((other) => around.has(other))
  })
  if (innermost.length !== 1) return null
  return { code: innermost[0]!, matched: 'part', exact: found.every((one) => one?.exact) }
}

function resolveName(atlas: Atlas, text: string, country?: string): ResolvedPlace | null {
  const within = ({ code }: { code: string }) =>
    country === undefined || code === country || code.startsWith(`${country}-`)
  const listed = atlas.places.get(text.trim().toUpperCase())
  if (listed && within(listed)) return { code: listed.code, matched: 'name', exact: true }
  const query = spell(text)
  if (query.folded === '') return null
  const same: { exact: boolean; test: (entry: Entry) => boolean }[] = [
    { exact: true, test: (entry) => entry.folded === query.folded },
    { exact: false, test: (entry) => entry.latin === query.latin },
    // `г. Москва` is Москва rather than Вилояти Москва.
    { exact: true, test: (entry) => entry.folded === query.core },
    { exact: true, test: (entry) => entry.core === query.core },
    { exact: false, test: (entry) => entry.latinCore === query.latinCore },
  ]
  for (const matched of ['name', 'former', 'settlement'] as const) {
    const order = NAME_ORDER[matched === 'name' ? 'current' : matched]
    const candidates = atlas.entries.filter((entry) => NAME_ORDER[entry.kind] === order && within(entry))
    for (const { exact, test } of same) {
      const codes = new Set(candidates.filter(test).map((entry) => entry.code))
      if (codes.size === 1) return { code: [...codes][0]!, matched, exact }
      if (codes.size > 1) return null
    }
  }
  return null
}

function spell(text: string): Spelling {
  const folded = foldPlace(text)
  const latin = latinPlace(text)
  return { folded, core: coreOf(folded), latin, latinCore: coreOf(latin) }
}

// 0 the same … 6 only begins alike; null not alike.
function closenessOf(entry: Entry, query: Spelling): number | null {
  if (entry.folded === query.folded) return 0
  if (entry.latin === query.latin) return 1
  if (entry.core === query.core) return 2
  if (entry.latinCore === query.latinCore) return 3
  if (entry.core.startsWith(query.core)) return 4
  if (entry.latinCore.startsWith(query.latinCore)) return 5
  return wordsBegin(entry.folded, query.core) || wordsBegin(entry.latin, query.latinCore) ? 6 : null
}

function wordsBegin(name: string, query: string): boolean {
  const words = name.split(' ')
  return query.split(' ').every((start) => words.some((word) => word.startsWith(start)))
}

const isHome = (code: string) => code === HOME || code.startsWith(`${HOME}-`)
