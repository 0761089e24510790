import type { Name, OccupationIndex } from './occupation-index.ts'
import { doingOf, isVerb, joins, rootsOf, stem } from './words.ts'

/** Unit groups whose names have the roots of words, and which of the words these are. */
export type Akin = { codes: readonly string[]; used: ReadonlySet<number> }

/** Roots that lead to more groups tell nothing. */
export const MOST_AKIN = 6

/**
 * The trades that words mean which are no trade's name, only of its root. First names of several words that have all the
 * roots (`поклейка обоев` is a поклейщик's); then a name of one word (`сварка`, `учительница`, `сохтмон`); then the matter
 * that a longer name tells of (`миксерист` drives a миксер); then what a Tajik does with anything (`себчинӣ`).
 * @param words folded
 * @param mayBeAkin whether a word may be taken by its root: none that only looks like a trade's
 * @param besidePerson whether the words stand beside one who may do anything (`устои велосипед`), so that they say what
 */
export function akinIn(
  index: OccupationIndex,
  words: readonly string[],
  mayBeAkin: (word: string) => boolean,
  besidePerson: boolean,
): Akin | null {
  const asked = words.map((word) => (joins(word) || !mayBeAkin(word) ? [] : keysOf(word)))
  const matter = (at: number) => (ACTIONS.has(words[at]!) ? [] : asked[at]!)
  const roots = rootsIn(index)
  const isMatter = besidePerson || words.some((word) => isVerb(word) || ACTIONS.has(word))
  return (
    byNames(roots.names, asked) ??
    byRoot(roots.trades, asked, MOST_AKIN) ??
    byRoot(
      roots.matters,
      asked.map((_, at) => (isMatter || isPerson(index, words[at]!) ? matter(at) : [])),
      MOST_OF_MATTER,
    ) ??
    byDoing(index, words, mayBeAkin)
  )
}

// What is done to a matter, without saying who does it: `монтаж кондеев`.
const ACTIONS = new Set(
  'монтаж ремонт установка сборка чистка мойка укладка уборка пошив изготовление обслуживание repair installation cleaning таъмир дуруст'.split(
    ' ',
  ),
)

// Only who is called after what they work with: a пицца alone is no courier. Heads of other names are persons of their own.
const isPerson = (index: OccupationIndex, word: string) =>
  /(ист|[щч]ик|[щч]иц|ник|чи|гар|er|or)$/.test(stem(word)) && !index.spread.has(stem(word))

// What several trades deal with says less than what they are called.
const MOST_OF_MATTER = 2

type Roots = {
  trades: ReadonlyMap<string, ReadonlySet<string>>
  matters: ReadonlyMap<string, ReadonlySet<string>>
  /** Names of several words under each of their roots. */
  names: ReadonlyMap<string, readonly { name: Name; keys: readonly string[][] }[]>
}
const known = new WeakMap<OccupationIndex, Roots>()

// A word too short for a root stands for itself.
function keysOf(word: string): string[] {
  const roots = rootsOf(word)
  return roots.length > 0 ? roots : word.length > 2 ? [stem(word)] : []
}

function rootsIn(index: OccupationIndex): Roots {
  const before = known.get(index)
  if (before) return before
  const trades = new Map<string, Set<string>>()
  const matters = new Map<string, Set<string>>()
  const names = new Map<string, { name: Name; keys: string[][] }[]>()
  const add = (map: Map<string, Set<string>>, root: string, isco: string) =>
    map.set(root, (map.get(root) ?? new Set()).add(isco))
  for (const name of index.names) {
    if (name.kind !== 'term') continue
    const words = name.folded.split(' ').filter((word) => !joins(word))
    if (words.length === 1) for (const root of rootsOf(words[0]!)) add(trades, root, name.isco)
    else {
      const one = { name, keys: words.map(keysOf) }
      for (const key of new Set(one.keys.flat())) if (names.get(key)?.push(one) === undefined) names.set(key, [one])
      for (const word of words)
        if (!index.spread.has(stem(word))) for (const root of rootsOf(word)) add(matters, root, name.isco)
    }
  }
  const roots = { trades, matters, names }
  known.set(index, roots)
  return roots
}

function byNames(names: Roots['names'], asked: readonly string[][]): Akin | null {
  const keys = new Set(asked.flat())
  const candidates = new Set([...keys].flatMap((key) => names.get(key) ?? []))
  const whole = [...candidates].filter((one) => one.keys.every((own) => own.some((key) => keys.has(key))))
  const most = Math.max(0, ...whole.map((one) => one.keys.length))
  const fullest = whole.filter((one) => one.keys.length === most)
  const codes = [...new Set(fullest.map(({ name }) => name.isco))]
  if (most < 2 || codes.length > MOST_AKIN) return null
  const meant = new Set(fullest.flatMap((one) => one.keys.flat()))
  return { codes, used: placesOf(asked, (key) => meant.has(key)) }
}

function byRoot(roots: Roots['trades'], asked: readonly string[][], most: number): Akin | null {
  const used = placesOf(asked, (key) => roots.has(key))
  const codes = new Set(asked.flat().flatMap((key) => [...(roots.get(key) ?? [])]))
  return codes.size === 0 || codes.size > most ? null : { codes: [...codes], used }
}

function byDoing(index: OccupationIndex, words: readonly string[], mayBeAkin: (word: string) => boolean): Akin | null {
  const at = words.findIndex((word) => mayBeAkin(word) && doingOf(word) !== null)
  const code = doingOf(words[at] ?? '')
  return code && index.occupations.has(code) ? { codes: [code], used: new Set([at]) } : null
}

const placesOf = (asked: readonly string[][], fits: (key: string) => boolean) =>
  new Set(asked.flatMap((keys, at) => (keys.some(fits) ? [at] : [])))
