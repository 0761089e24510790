import { akinIn, MOST_AKIN } from './akin.ts'
import { mapOccupation, SURE } from './map-occupation.ts'
import { nearOccupations } from './near.ts'
import type { Name, OccupationIndex } from './occupation-index.ts'
import { jobsIn } from './titles.ts'
import { isVerb, joins, stem } from './words.ts'

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

/** The unit groups that are the very trade asked. */
export const exactly = ({ groups }: AskedOccupations): string[] =>
  [...groups].filter(([, nearness]) => nearness === 3).map(([code]) => code)

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
    return sameKind(index, words, stems, mayBeAkin) ?? akin(index, words, mayBeAkin) ?? begun(index, words, mayBeBegun)
  // `устои шина`: the person may be of any trade, the matter says of which.
  const matter = found.length === 1 && isAnybody(found[0]!) ? new Set(found[0]!.at) : null
  const ofMatter = matter && akin(index, words, (word) => mayBeAkin(word) && !matter.has(words.indexOf(word)), true)
  if (ofMatter) return { ...ofMatter, used: new Set([...matter, ...ofMatter.used]) }
  const exact = new Set(foremost(index, words, found).flatMap(({ names }) => names.map(({ isco }) => isco)))
  const used = new Set(found.flatMap(({ at }) => at))
  const groups = new Map<string, Nearness>()
  const narrower = used.size < stems.filter(Boolean).length ? narrowed(index, words, used, exact) : []
  for (const code of narrower) groups.set(code, 3)
  for (const code of exact) if (!groups.has(code)) groups.set(code, narrower.length > 0 ? 2 : 3)
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
  const ofSubject = found.find((one) => found.some((other) => isSubjectOf(index, words, one, other)))
  if (ofSubject) return [ofSubject]
  const narrow = found.filter((one) => !isWide(index, one))
  const head = narrow.find(({ at, names }) => names.some(({ folded }) => `${folded}и` === words[at.at(-1)!]))
  if (head) return [head]
  const persons = found.filter((one) => !isMatter(index, one))
  if (persons.length > 0 && persons.length < found.length) return byMatter(index, persons, found)
  return narrow.length > 0 ? narrow : found
}

// `преподаватель физики`, `омӯзгори математика`: physics is what is taught, though its word is a form of who does it. Two trades of
// one person stand in one form, or are of one family: `врач хирург`.
function isSubjectOf(index: OccupationIndex, words: readonly string[], one: Found, other: Found): boolean {
  const at = one.at.at(-1)!
  const [own, next] = [words[at]!, words[at + 1]]
  if (next === undefined || other.at[0] !== at + 1 || !isWide(index, one)) return false
  const isTajik = one.names.some(({ folded }) => `${folded}и` === own)
  const isForm = isTajik ? /а$/.test(next) : /[иы]$/.test(next) && !/[иы]$/.test(own)
  const isAnother = (isco: string) => one.names.every((name) => sharedDigits(name.isco, isco) < 2)
  return isForm && other.names.every(({ folded, isco }) => folded !== next && isAnother(isco))
}

const isWide = (index: OccupationIndex, { names }: Found) =>
  names.every(({ stems }) => stems.length === 1) && (index.spread.get(names[0]!.head) ?? 1) >= 4

// What people call a trade by, though it is nobody: the фура of `водитель фуры`, the lorry of `lorry driver`.
function isMatter(index: OccupationIndex, { names }: Found): boolean {
  const [only, ...more] = new Set(names.flatMap(({ stems }) => stems))
  if (only === undefined || more.length > 0) return false
  const longer = (index.byStem.get(only) ?? []).filter(({ kind, stems }) => kind === 'term' && stems.length > 1)
  // `школьный автобус` is called so as well; most who have it in their name drive one.
  return longer.length > 0 && 2 * longer.filter(({ head }) => head !== only).length > longer.length
}

// `водила на фуру` drives that, as both are of one family; `lorry loader` is a loader all the same. Who is called by a word of many
// trades (`монтажник`) may be of a wider family: `монтажник сантехники`.
function byMatter(index: OccupationIndex, persons: readonly Found[], found: readonly Found[]): readonly Found[] {
  const codes = persons.flatMap(({ names }) => names.map(({ isco }) => isco))
  const matters = found.filter((one) => !persons.includes(one))
  const least = persons.every((one) => isWide(index, one)) ? 1 : 2
  const same = matters.filter(({ names }) =>
    names.some(({ isco }) => codes.some((code) => sharedDigits(code, isco) >= least)),
  )
  return same.length > 0 ? same : persons
}

// Who is called so may do anything.
const ANYBODY = new Set(
  'усто мастер коргар рабочий работник работница специалист worker specialist master usta'.split(' ').map(stem),
)
const isAnybody = ({ names }: Found) => names.every(({ stems }) => stems.length === 1 && ANYBODY.has(stems[0]!))

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

// Which of its kind a trade is, by what else was said: the title as a whole, from the trade on (`мужу водителем с категорией
// С`), or what others of the family deal with (`водила самосвала`, `primary teacher`).
function narrowed(
  index: OccupationIndex,
  words: readonly string[],
  used: ReadonlySet<number>,
  exact: ReadonlySet<string>,
): string[] {
  const mapped = wholeTitle(index, words) ?? wholeTitle(index, words.slice(Math.min(...used)))
  if (mapped && !exact.has(mapped)) return [mapped]
  const persons = new Set([...exact].flatMap((code) => callingsOf(index, code)))
  const dealing = words.flatMap((word, at) => (used.has(at) || joins(word) ? [] : (index.byStem.get(stem(word)) ?? [])))
  const names = dealing.filter(({ kind, stems, head }) => kind === 'term' && stems.length > 1 && persons.has(head))
  const family = [...new Set(names.map(({ isco }) => isco))].filter((code) =>
    [...exact].some((own) => sharedDigits(own, code) >= 2),
  )
  return family.length > MOST_NARROWED || family.some((code) => exact.has(code)) ? [] : family
}

// What whoever is of a unit group is called in a word: they drive, whether водитель, водила or ронанда.
const callingsOf = (index: OccupationIndex, code: string): string[] =>
  (callings(index).get(code) ?? []).map(({ head }) => head)

const knownCallings = new WeakMap<OccupationIndex, ReadonlyMap<string, readonly Name[]>>()

function callings(index: OccupationIndex): ReadonlyMap<string, readonly Name[]> {
  const known = knownCallings.get(index)
  if (known) return known
  const found = Map.groupBy(
    index.names.filter(({ kind, stems }) => kind === 'term' && stems.length === 1),
    ({ isco }) => isco,
  )
  knownCallings.set(index, found)
  return found
}

const MOST_NARROWED = 2

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

// Who is never called by that word alone, but by it and another: `мошинист`. What else was said may tell which: `резчик мяса`.
function sameKind(
  index: OccupationIndex,
  words: readonly string[],
  stems: readonly string[],
  mayBeAkin: (word: string) => boolean,
): AskedOccupations | null {
  const at = stems.findIndex((word, i) => word !== '' && index.byStem.has(word) && !isVerb(words[i]!))
  const names = (index.byStem.get(stems[at] ?? '') ?? []).filter(
    ({ kind, head }) => kind === 'term' && head === stems[at],
  )
  const codes = new Set(names.map(({ isco }) => isco))
  if (codes.size === 0 || codes.size > MOST_AKIN) return null
  const matter = akin(index, words, (word) => mayBeAkin(word) && word !== words[at], true)
  if (matter) return { ...matter, used: new Set([at, ...matter.used]) }
  return { groups: new Map([...codes].map((code) => [code, 3])), used: new Set([at]), guessed: true }
}

function akin(
  index: OccupationIndex,
  words: readonly string[],
  mayBeAkin: (word: string) => boolean,
  besidePerson = false,
): AskedOccupations | null {
  const found = akinIn(index, words, mayBeAkin, besidePerson)
  if (!found) return null
  return { groups: new Map(found.codes.map((code) => [code, 3])), used: found.used, guessed: true }
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
