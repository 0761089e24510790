import { FALLBACKS, type Lang } from '../i18n/languages.ts'
import { fold } from '../search/fold.ts'
import { soundOf } from '../search/sound.ts'
import { isAdjective, isVerb, joins, stem } from './words.ts'

export type Occupation = { code: string; level: number; parent_code: string | null; withdrawn: boolean }
export type OccupationLabel = { code: string; lang: string; label: string }
export type Term = { isco: string; lang: string; term: string; source: string }

/** Where a name of an occupation comes from: our list of trade names, ESCO, or the classification's own labels. */
type NameKind = 'term' | 'esco' | 'label'

/** One name of a unit group, cut into stems. */
export type Name = {
  isco: string
  lang: string
  text: string
  folded: string
  kind: NameKind
  stems: readonly string[]
  /** The name by sound, for Russian and Tajik typed in Latin letters; empty for English. */
  sound: string
  /** The stem of the word that says what the person is: `водитель` of `водитель погрузчика`. */
  head: string
}

/** The classification with its own labels. */
export type OccupationList = {
  occupations: ReadonlyMap<string, Occupation>
  /** `code lang` → label. */
  labels: ReadonlyMap<string, string>
}

/** All names of all occupations of one version of the lists, in memory. Never changed once made. */
export type OccupationIndex = OccupationList & {
  names: readonly Name[]
  byStem: ReadonlyMap<string, readonly Name[]>
  /** In how many unit groups a head word occurs: 1 for a welder, many for a driver. */
  spread: ReadonlyMap<string, number>
  /** How much a shared word tells: rare words count more. */
  weight(stem: string): number
  /** Spelling by sound → stem of a Russian or Tajik word, for titles in Latin letters. */
  bySound: ReadonlyMap<string, string>
}

/** The list from the rows of its two tables. */
export function buildList(occupations: readonly Occupation[], labels: readonly OccupationLabel[]): OccupationList {
  return {
    occupations: new Map(occupations.map((occupation) => [occupation.code, occupation])),
    labels: new Map(labels.map(({ code, lang, label }) => [`${code} ${lang}`, label])),
  }
}

/** Builds the index from the rows of the three tables. Only unit groups (four digits) are names to be found. */
export function buildIndex(
  occupations: readonly Occupation[],
  labels: readonly OccupationLabel[],
  terms: readonly Term[],
): OccupationIndex {
  const list = buildList(occupations, labels)
  const byCode = list.occupations
  const listed = (code: string) => byCode.get(code)?.level === 4 && !byCode.get(code)!.withdrawn
  const names = [
    ...terms
      .filter(({ isco }) => listed(isco))
      .map((t) => nameOf(t.isco, t.lang, t.term, t.source === 'esco' ? 'esco' : 'term')),
    ...labels.filter(({ code }) => listed(code)).map((l) => nameOf(l.code, l.lang, l.label, 'label')),
  ].filter(({ stems }) => stems.length > 0)
  const byStem = Map.groupBy(
    names.flatMap((name) => [...new Set(name.stems)].map((word) => ({ word, name }))),
    ({ word }) => word,
  )
  const groups = new Map([...byStem].map(([word, rows]) => [word, new Set(rows.map(({ name }) => name.isco)).size]))
  const byHead = Map.groupBy(
    names.filter(({ kind }) => kind === 'term'),
    ({ head }) => head,
  )
  return {
    ...list,
    names,
    byStem: new Map([...byStem].map(([word, rows]) => [word, rows.map(({ name }) => name)])),
    spread: new Map([...byHead].map(([head, rows]) => [head, new Set(rows.map(({ isco }) => isco)).size])),
    weight: (word) => Math.log(1 + byCode.size / (groups.get(word) ?? 1)),
    bySound: new Map([...byStem.keys()].filter((word) => /^[а-я]{4}/.test(word)).map((word) => [soundOf(word), word])),
  }
}

/** The label in the language, else in the next its readers read; the code itself when the list does not know it. */
export function labelIn({ labels }: OccupationList, lang: Lang, code: string): string {
  for (const candidate of [lang, ...FALLBACKS[lang]]) {
    const label = labels.get(`${code} ${candidate}`)
    if (label !== undefined) return label
  }
  return code
}

/**
 * All folded names of a unit group in all languages, each once: what a search for any of them should find. A Tajik name
 * that begins with an izofat (`ронандаи автобус`) brings its bare word along (`ронанда`).
 */
export function searchTermsIn(index: OccupationIndex, code: string): string[] {
  const names = index.names.filter(({ isco, kind }) => isco === code && kind !== 'esco')
  const bare = names
    .filter(({ lang }) => lang === 'tg')
    .flatMap(({ folded }) => /^(\S{3,}[аеоуяю])и /.exec(folded)?.[1] ?? [])
  return [...new Set([...names.map(({ folded }) => folded), ...bare])]
}

/**
 * Splits folded words into what stands before, at and after the word that says what the person is. In Russian and Tajik
 * that is the first noun, in English the last word before a preposition. Who is named after what they do (`мыть полы`,
 * `либос дӯхтан`, `washing cars`) is told by the verb.
 */
export function headOf(words: readonly string[]): number {
  const joint = words.findIndex((word, at) => at > 0 && joins(word))
  const phrase = joint < 0 ? words : words.slice(0, joint)
  const verb = phrase.findIndex(isVerb)
  if (verb >= 0) return verb
  if (/^[a-z]/.test(phrase[0] ?? '') && /^[a-z]/.test(phrase.at(-1) ?? '')) {
    if (phrase.length > 1 && /ing$/.test(phrase[0]!) && !ENGLISH_PERSON.test(phrase.at(-1)!)) return 0
    return Math.max(
      0,
      phrase.findLastIndex((word) => word.length > 2),
    )
  }
  const noun = phrase.findIndex((word) => !isAdjective(word) && /[а-я]{3}/.test(word))
  return noun < 0 ? Math.max(0, phrase.length - 1) : noun
}

// What is no person, nor called after one: cleaning ladies against cleaning houses.
const ENGLISH_PERSON =
  /(er|or|ist|ian|man|men|woman|ant|ent|hand|help|lady|girl|boy|maid|mate|staff|crew|jobs?|work|operative|guard|cook|chef|nurse|aide?|guide)$/

function nameOf(isco: string, lang: string, text: string, kind: NameKind): Name {
  const folded = fold(text)
  const words = folded.split(' ').filter(Boolean)
  const stems = words.filter((word) => !joins(word)).map(stem)
  return {
    isco,
    lang,
    text,
    folded,
    kind,
    stems,
    sound: lang === 'en' ? '' : soundOf(folded),
    head: words.length > 0 ? stem(words[headOf(words)]!) : '',
  }
}
