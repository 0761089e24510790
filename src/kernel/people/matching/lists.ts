import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../root.ts'

const read = (file: string) =>
  readFileSync(join(ROOT, 'data/names', file), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))

/** The sound of each letter that has one of its own; see `data/names/SOURCES.md`. */
export const SOUNDS: ReadonlyMap<string, string> = new Map(
  read('letters.tsv').map(([letter, sound]) => [letter!, sound ?? '']),
)

export type Ending = { ending: string; kind: 'patronymic' | 'surname' | 'light' | 'case'; sex: 'm' | 'f' | null }

const ALL_ENDINGS: readonly Ending[] = read('endings.tsv')
  .map(([ending, kind, , sex]) => ({ ending: ending!, kind: kind as Ending['kind'], sex: (sex as 'm' | 'f') || null }))
  .sort((a, b) => b.ending.length - a.ending.length)

/** Endings of surnames and patronymics in sounds, the longest first. */
export const ENDINGS: readonly Ending[] = ALL_ENDINGS.filter(({ kind }) => kind !== 'case')

/** Endings that say whether a man or a woman bears them, the longest first; also those that letters put a name into. */
export const ENDINGS_OF_SEX: readonly Ending[] = ALL_ENDINGS.filter(({ sex }) => sex)

/** Words of a name that tell nobody apart. */
export const PARTICLES: ReadonlySet<string> = new Set(read('particles.tsv').flatMap(([, words]) => words!.split(' ')))

/** Groups of given names and their short forms. */
export const SHORT_FORMS: readonly (readonly string[])[] = read('short-forms.tsv')

/** Headings by which a list's columns are recognised, by field. */
export const HEADINGS: readonly (readonly [field: string, headings: readonly string[]])[] = read('headings.tsv').map(
  ([field, ...headings]) => [field!, headings],
)

/** Given names in use, each with its spellings: different ones are never slips of each other. */
export const GIVEN: readonly { sex: 'm' | 'f'; spellings: readonly string[] }[] = read('given.tsv').map(
  ([sex, spellings]) => ({ sex: sex as 'm' | 'f', spellings: spellings!.split(' ') }),
)
