import type { Lang } from '../i18n/languages.ts'
import { fold } from '../search/fold.ts'
import { soundOf } from '../search/sound.ts'
import { labelIn, type OccupationIndex } from './occupation-index.ts'
import { stem } from './words.ts'

/** A unit group that was found; `matched` is the name it was found by. */
export type FoundOccupation = { code: string; label: string; matched: string }

/**
 * Unit groups whose names in any language begin like the text, word by word; best first. A text of digits finds by code.
 * Russian and Tajik may be typed in Latin letters.
 */
export function findOccupationsIn(index: OccupationIndex, lang: Lang, text: string, limit: number): FoundOccupation[] {
  const query = fold(text)
  if (query === '') return []
  const found = new Map<string, { matched: string; distance: number }>()
  const keep = (code: string, matched: string, distance: number) => {
    const before = found.get(code)
    if (!before || distance < before.distance) found.set(code, { matched, distance })
  }
  if (/^\d+$/.test(query)) {
    for (const { code, level, withdrawn } of index.occupations.values()) {
      if (level === 4 && !withdrawn && code.startsWith(query)) keep(code, code, 0)
    }
  }
  const stems = query.split(' ').map(stem)
  const sound = /^[a-z ]{4,}$/.test(query) ? soundOf(query) : null
  for (const name of index.names) {
    const own = name.lang === lang ? 0 : 0.2
    const distance =
      distanceOf(name.folded, query, stems) ?? (sound && name.sound ? later(distanceOf(name.sound, sound, [])) : null)
    if (distance !== null) keep(name.isco, name.text, distance + own + (name.kind === 'term' ? 0 : 0.5))
  }
  return [...found]
    .toSorted(([a, x], [b, y]) => x.distance - y.distance || (a < b ? -1 : 1))
    .slice(0, limit)
    .map(([code, { matched }]) => ({ code, label: labelIn(index, lang, code), matched }))
}

// 0 the same … 4 its words merely begin so; null not alike. Long names stand behind short ones.
function distanceOf(name: string, query: string, stems: readonly string[]): number | null {
  if (name === query) return 0
  const long = Math.min(0.9, name.length / 100)
  if (name.startsWith(`${query} `)) return 1 + long
  if (name.startsWith(query)) return 2 + long
  const words = name.split(' ')
  if (query.split(' ').every((start) => words.some((word) => word.startsWith(start)))) return 3 + long
  return stems.length > 0 && stems.every((start) => start.length >= 4 && words.some((word) => word.startsWith(start)))
    ? 4 + long
    : null
}

const later = (distance: number | null) => (distance === null ? null : distance + 1)
