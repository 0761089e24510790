import { mapOccupation, SURE } from './map-occupation.ts'
import { nearOccupations } from './near.ts'
import type { Name, OccupationIndex } from './occupation-index.ts'
import { jobsIn } from './titles.ts'
import { joins, rootOf, stem } from './words.ts'

/** How near a group is to what was asked: 3 that very trade, 2 nearly, 1 the same family, 0 shares no more than a word. */
type Nearness = 0 | 1 | 2 | 3

/** What trades the words of a search name. */
export type AskedOccupations = {
  /** Unit groups and how near each is. */
  groups: ReadonlyMap<string, Nearness>
  /** Which of the words name the trade, by their place. */
  used: ReadonlySet<number>
  /** No name was there as it stands: a word of the same root, or one just begun. It may mean something else altogether. */
  guessed: boolean
}

/**
 * The trades that words of a search name, in any language and form; null when they name none. Names are taken whole, the
 * fullest first: `водитель погрузчика` is that, `водитель` every driver, a car's first. A single word may be just begun. The code
 * of a unit group names that group.
 * @param words folded
 * @param mayBeBegun whether a word is perhaps unfinished: none that exists is
 * @param mayBeAkin whether a word that is no trade's name may be of one's root
 */
export function askedOccupationsIn(
  index: OccupationIndex,
  words: readonly string[],
  mayBeBegun: (word: string) => boolean = () => true,
  mayBeAkin: (word: string) => boolean = () => true,
): AskedOccupations | null {
  const coded = words.findIndex((word) => index.occupations.get(word)?.level === 4)
  if (coded >= 0) return { groups: new Map([[words[coded]!, 3]]), used: new Set([coded]), guessed: false }
  const stems = words.map((word) => (joins(word) ? '' : stem(word)))
  const found = wholeNames(index, stems)
  if (found.length === 0)
    return sameKind(index, stems) ?? akin(index, words, mayBeAkin) ?? begun(index, words, mayBeBegun)
  const exact = new Set(foremost(index, words, found).flatMap(({ names }) => names.map(({ isco }) => isco)))
  const used = new Set(found.flatMap(({ at }) => at))
  const groups = new Map<string, Nearness>()
  const mapped = used.size < stems.filter(Boolean).length ? wholeTitle(index, words) : null
  if (mapped && !exact.has(mapped)) {
    groups.set(mapped, 3)
    for (const code of exact) groups.set(code, 2)
  } else for (const code of exact) groups.set(code, 3)
  const keep = (code: string, nearness: Nearness) => groups.has(code) || groups.set(code, nearness)
  for (const code of [...groups.keys()]) for (const near of nearOccupations(code)) keep(near.code, near.nearness)
  for (const [code, nearness] of relatives(
    index,
    found.flatMap(({ names }) => names),
    exact,
  ))
    keep(code, nearness)
  return { groups, used, guessed: false }
}

// `духтури ҷарроҳ` is a surgeon: beside a name that only one trade has, one that many share only says which kind of it. But
// `кафшергари электрикӣ` is a welder: what follows a Tajik trade's name with -и says which.
function foremost(index: OccupationIndex, words: readonly string[], found: readonly Found[]): readonly Found[] {
  const isWide = ({ names }: Found) =>
    names.every(({ stems }) => stems.length === 1) && (index.spread.get(names[0]!.head) ?? 1) >= 4
  const narrow = found.filter((one) => !isWide(one))
  const head = narrow.find(({ at, names }) => names.some(({ folded }) => `${folded}и` === words[at.at(-1)!]))
  if (head) return [head]
  return narrow.length > 0 ? narrow : found
}

/** Unit groups whose names stand whole among the folded words of a title; of each word the fullest names only. */
export function namedOccupations(index: OccupationIndex, words: readonly string[]): string[] {
  const stems = words.map((word) => (joins(word) ? '' : stem(word)))
  const names = wholeNames(index, stems).flatMap(({ names: own }) => own)
  return [...new Set(names.filter(({ kind }) => kind === 'term').map(({ isco }) => isco))]
}

type Found = { names: readonly Name[]; at: readonly number[] }

// The name that explains most of the words, then what explains the rest: `повар официант` names two trades.
function wholeNames(index: OccupationIndex, stems: readonly string[]): Found[] {
  const asked = new Set(stems.filter(Boolean))
  const candidates = [...new Set([...asked].flatMap((word) => index.byStem.get(word) ?? []))].filter((name) =>
    name.stems.every((word) => asked.has(word)),
  )
  const free = new Set(asked)
  const found: Found[] = []
  while (found.length < 3) {
    const fitting = candidates.filter((name) => name.stems.every((word) => free.has(word)))
    const most = Math.max(0, ...fitting.map((name) => worth(index, name)))
    if (most === 0) return found
    const names = fitting.filter((name) => worth(index, name) > most - 0.01)
    // A label's lone word ("прочие", "general") is no trade's name when people call none so.
    if (names.every(({ kind, stems: own }) => kind !== 'term' && own.length === 1) && found.length > 0) return found
    const taken = new Set(names[0]!.stems)
    const same = names.filter((name) => name.stems.every((word) => taken.has(word)))
    found.push({ names: same, at: stems.flatMap((word, at) => (taken.has(word) ? [at] : [])) })
    for (const word of taken) free.delete(word)
  }
  return found
}

// What people say counts more than what statisticians write, for as much of the question.
const worth = (index: OccupationIndex, name: Name) =>
  [...new Set(name.stems)].reduce((total, word) => total + index.weight(word), 0) + (name.kind === 'term' ? 0.5 : 0)

// Qualifiers that no name has word by word may still tell which: `водитель категории С`.
function wholeTitle(index: OccupationIndex, words: readonly string[]): string | null {
  // A licence's class is a capital letter.
  const title = words.map((word) => (word.length === 1 ? word.toUpperCase() : word)).join(' ')
  if (jobsIn(title).length !== 1) return null
  const mapping = mapOccupation(index, title)
  return mapping && mapping.confidence >= SURE ? mapping.isco : null
}

// Groups with a name about the same kind of person: every `водитель …` of who asked for `водитель`.
function relatives(index: OccupationIndex, names: readonly Name[], exact: ReadonlySet<string>): Map<string, Nearness> {
  const heads = new Set(names.filter(({ stems }) => stems.length === 1).map(({ stems }) => stems[0]!))
  const found = new Map<string, Nearness>()
  for (const head of heads) {
    for (const { isco, kind, head: own } of index.byStem.get(head) ?? []) {
      if (kind !== 'term' || own !== head) continue
      const shared = Math.max(...[...exact].map((code) => sharedDigits(code, isco)))
      const nearness = shared >= 3 ? 2 : shared === 2 ? 1 : 0
      found.set(isco, Math.max(found.get(isco) ?? 0, nearness) as Nearness)
    }
  }
  return new Map([...found].toSorted(([, a], [, b]) => b - a))
}

function sharedDigits(a: string, b: string): number {
  let at = 0
  while (at < 4 && a[at] === b[at]) at++
  return at
}

// Who is never called by that word alone, but by it and another: `мошинист`.
function sameKind(index: OccupationIndex, stems: readonly string[]): AskedOccupations | null {
  const at = stems.findIndex((word) => word !== '' && index.byStem.has(word))
  const names = (index.byStem.get(stems[at] ?? '') ?? []).filter(
    ({ kind, head }) => kind === 'term' && head === stems[at],
  )
  const codes = new Set(names.map(({ isco }) => isco))
  if (codes.size === 0 || codes.size > MOST_AKIN) return null
  return { groups: new Map([...codes].map((code) => [code, 3])), used: new Set([at]), guessed: true }
}

// A word of the same root as a trade's own name: `сварка`, `учительница`, `сохтмон`.
function akin(
  index: OccupationIndex,
  words: readonly string[],
  mayBeAkin: (word: string) => boolean,
): AskedOccupations | null {
  const roots = words.map((word) => (joins(word) || !mayBeAkin(word) ? null : rootOf(word)))
  const byRoot = rootsOf(index)
  const used = new Set(roots.flatMap((root, at) => (root && byRoot.has(root) ? [at] : [])))
  const codes = new Set([...used].flatMap((at) => byRoot.get(roots[at]!)!))
  if (codes.size === 0 || codes.size > MOST_AKIN) return null
  return {
    groups: new Map([...codes].map((code) => [code, 3])),
    used,
    guessed: true,
  }
}

// A root of more groups tells nothing.
const MOST_AKIN = 6
const roots = new WeakMap<OccupationIndex, ReadonlyMap<string, readonly string[]>>()

function rootsOf(index: OccupationIndex): ReadonlyMap<string, readonly string[]> {
  const known = roots.get(index)
  if (known) return known
  const found = new Map<string, Set<string>>()
  for (const { kind, stems, folded, isco } of index.names) {
    const root = kind === 'term' && stems.length === 1 && !folded.includes(' ') ? rootOf(folded) : null
    if (root) found.set(root, (found.get(root) ?? new Set()).add(isco))
  }
  const byRoot = new Map([...found].map(([root, codes]) => [root, [...codes]]))
  roots.set(index, byRoot)
  return byRoot
}

// The last word may be unfinished: `свар`.
function begun(
  index: OccupationIndex,
  words: readonly string[],
  mayBeBegun: (word: string) => boolean,
): AskedOccupations | null {
  const at = words.length - 1
  const start = words[at]
  if (start === undefined || start.length < 3 || !mayBeBegun(start)) return null
  const names = index.names.filter(({ kind, folded, stems }) => {
    return kind === 'term' && stems.length === 1 && folded.startsWith(start)
  })
  if (names.length === 0) return null
  const codes = new Set(names.map(({ isco }) => isco))
  return { groups: new Map([...codes].map((code) => [code, 3])), used: new Set([at]), guessed: true }
}
