import { fold } from '../search/fold.ts'
import { soundOf } from '../search/sound.ts'
import { headOf, type Name, type OccupationIndex } from './occupation-index.ts'
import { type JobName, jobsIn } from './titles.ts'
import { joins, stem } from './words.ts'

/** From here on a mapping is taken as it is; below, an officer decides. */
export const SURE = 0.75

/** Below this nothing is suggested at all. */
const WORTH_SUGGESTING = 0.2

/** How a title was understood: by a trade name, by ESCO, by a group's label, or by the advert's field for the profession. */
type MappedBy = 'term' | 'esco' | 'label' | 'profession'

/** The unit group a title means. `others`: what else it might mean, best first, for the officer to choose from. */
export type OccupationMapping = { isco: string; confidence: number; matched: string; by: MappedBy; others: string[] }

type Match = { name: Name; score: number }
type Role = 'head' | 'before' | 'qualifier' | 'rank' | 'aside'
type Word = { stem: string; role: Role }
type Reading = { isco: string; score: number; name: Name; others: string[] }

// Says how high somebody stands or how the job is offered, not what they do. Some names carry such a word (главный
// бухгалтер, сиделка с проживанием): then it counts.
const RANKS = new Set(
  (
    'старший ведущий главный младший начинающий опытный региональный штатный ученик стажер junior middle senior lead chief paid new ' +
    'требуется требуются нужен нужны ищем срочно вакансия вахта вахтовый смена проживание подработка ежедневный выплата лозим даркор wanted urgent'
  )
    .split(' ')
    .map(stem),
)
// In English these two may be the person: `Chief of Party`.
const MAY_BE_HEAD = new Set(['chief', 'lead'])

// What a kind of list is worth: a trade name says what people are called, a label what statisticians call them.
const TRUST = { term: 1, esco: 0.94, label: 0.92 }

/**
 * The ISCO-08 unit group an advert's title means, with how sure that is (0…1; compare with `SURE`).
 *
 * Every job the title names is compared with all names of all groups: how much of the name is in the title, how much of the
 * title the name explains, whether both are about the same kind of person; rare words count more. An unexplained qualifier
 * costs more where the head word is shared by many groups: `водитель асфальтоукладчика` may be anything, `сварщик ночной
 * смены` is a welder. Several jobs, or a contradicting profession field, lower the confidence; agreement raises it.
 * @param profession what the source calls the profession, when it has a field for it
 * @returns null when nothing resembles it enough to be worth suggesting
 */
export function mapOccupation(
  index: OccupationIndex,
  title: string,
  profession?: string | null,
): OccupationMapping | null {
  const fromTitle = readJobs(index, title)
  const fromProfession = profession ? readJobs(index, profession) : null
  const best = agree(fromTitle, fromProfession)
  if (!best || best.score < WORTH_SUGGESTING) return null
  const { reading, score, by } = best
  const others = new Set([...(fromTitle?.others ?? []), fromProfession?.isco, ...(fromProfession?.others ?? [])])
  others.delete(reading.isco)
  return {
    isco: reading.isco,
    confidence: Math.round(Math.min(0.98, score) * 100) / 100,
    matched: reading.name.text,
    by,
    others: [...others].filter((code) => code !== undefined).slice(0, 4),
  }
}

// Two witnesses: the title is heard first, the profession field confirms, contradicts or helps out.
function agree(
  title: Reading | null,
  profession: Reading | null,
): { reading: Reading; score: number; by: MappedBy } | null {
  if (!title || !profession) {
    const only = title ?? profession
    if (!only) return null
    return title
      ? { reading: title, score: title.score, by: title.name.kind }
      : { reading: only, score: only.score * 0.92, by: 'profession' }
  }
  if (title.isco === profession.isco) {
    return { reading: title, score: 1 - (1 - title.score) * (1 - profession.score), by: title.name.kind }
  }
  if (title.score >= profession.score) {
    // A contradiction weighs as much as the profession is sure of itself.
    const doubt =
      title.isco.slice(0, 3) === profession.isco.slice(0, 3) ? 0.05 : title.isco[0] === profession.isco[0] ? 0.15 : 0.28
    return { reading: title, score: title.score * (1 - doubt * profession.score ** 2), by: title.name.kind }
  }
  const related = title.isco[0] === profession.isco[0] || title.score < 0.35
  const trust = title.others.includes(profession.isco) ? 0.95 : (related ? 0.88 : 0.76) - 0.28 * title.score ** 2
  return { reading: profession, score: profession.score * trust, by: 'profession' }
}

// A title may name several jobs. The first one leads; the others confirm it or cast doubt.
function readJobs(index: OccupationIndex, title: string): Reading | null {
  const readings = jobsIn(title)
    .flatMap((job) => readJob(index, job))
    .filter((reading) => reading !== null)
  const sure = readings.filter(({ score }) => score >= 0.6)
  const first = sure[0] ?? readings.toSorted((a, b) => b.score - a.score)[0]
  if (!first) return null
  const contradicting = sure.filter(({ isco }) => isco !== first.isco)
  const others = new Set([...contradicting.map(({ isco }) => isco), ...first.others])
  const near = contradicting.every(({ isco }) => isco.slice(0, 3) === first.isco.slice(0, 3))
  const factor = contradicting.length === 0 ? 1 : near ? 0.92 : 0.76
  return { ...first, score: first.score * factor, others: [...others].filter((code) => code !== first.isco) }
}

// `слесарь-сантехник` is one trade, `бармен-официант` and `сварщик и слесарь` are two: the whole first, then its parts.
function readJob(index: OccupationIndex, job: JobName): (Reading | null)[] {
  const whole = readWords(index, wordsIn(index, job))
  const parts = partsOf(index, job.text)
  if (parts.length < 2 || (whole && whole.score >= 0.9)) return [whole]
  const split = parts.map((text) => readWords(index, wordsIn(index, { text, aside: job.aside })))
  return split.every((part) => !part || part.score <= (whole?.score ?? 0)) ? [whole] : split
}

// A part must name a person: `приборов и автоматики` is no second job.
function partsOf(index: OccupationIndex, text: string): string[] {
  const isHead = (part: string) => index.spread.has(stem(fold(part).split(' ')[0]!))
  const [, compound, rest = ''] = /^(\p{L}+(?:-\p{L}+)+)(.*)$/su.exec(text) ?? []
  const names = compound?.split('-') ?? []
  if (names.length > 1 && names.every(isHead)) return names.map((name) => name + rest)
  const joined = text.split(/\s+(?:и|или|ва|ё|and|or)\s+/u)
  return joined.every(isHead) ? joined : [text]
}

function readWords(index: OccupationIndex, words: readonly Word[]): Reading | null {
  const matches = candidatesFor(index, words)
    .map((name) => ({ name, score: scoreOf(index, words, name) }))
    .filter(({ score }) => score > 0.1)
    .toSorted((a, b) => b.score - a.score)
  const best = bestPerGroup(matches)
  const [first, second] = best
  if (!first) return null
  // Two groups that fit equally well: a name our list gives to several groups, or chance.
  const tie = second && first.score - second.score < 0.02 ? 0.7 : 1
  return {
    isco: first.name.isco,
    score: first.score * tie,
    name: first.name,
    others: best.slice(1, 5).map(({ name }) => name.isco),
  }
}

function candidatesFor(index: OccupationIndex, words: readonly Word[]): Name[] {
  return [...new Set(words.filter(({ role }) => role !== 'aside').flatMap((word) => index.byStem.get(word.stem) ?? []))]
}

function bestPerGroup(matches: readonly Match[]): Match[] {
  const seen = new Set<string>()
  return matches.filter(({ name }) => !seen.has(name.isco) && seen.add(name.isco))
}

function scoreOf(index: OccupationIndex, words: readonly Word[], name: Name): number {
  const inName = new Set(name.stems)
  const spread = index.spread.get(name.head) ?? 1
  const worth = (word: Word) => index.weight(word.stem) * importance(word.role, spread)
  const shared = words.filter((word) => inName.has(word.stem))
  const head = words.find((word) => word.stem === name.head)
  // The name's own person is not named in the title: at best a relative.
  const person = !head ? 0.25 : head.role === 'head' ? 1 : head.role === 'before' ? 0.85 : 0.45
  const had = new Set(shared.map((word) => word.stem))
  const ofName = sum([...had].map(index.weight)) / sum([...inName].map(index.weight))
  const ofTitle = sum(shared.map(worth)) / sum(words.map(worth))
  return ofName ** 2 * (0.55 + 0.45 * ofTitle) * person * TRUST[name.kind]
}

function importance(role: Role, spread: number): number {
  if (role === 'head') return 1
  if (role === 'rank') return 0.05
  if (role === 'aside') return 0.12
  // One group: a qualifier tells nothing new. Twenty: it tells everything.
  return Math.min(1.2, 0.2 + 0.3 * Math.log2(spread)) * (role === 'before' ? 0.6 : 1)
}

function wordsIn(index: OccupationIndex, job: JobName): Word[] {
  const words = fold(job.text)
    .split(' ')
    .filter(Boolean)
    .flatMap((word) => known(index, word))
  const isRank = (word: string, at: number) =>
    RANKS.has(stem(word)) && !(MAY_BE_HEAD.has(word) && (at === words.length - 1 || joins(words[at + 1]!)))
  const ranked = words.filter((word, at) => !isRank(word, at))
  const head = headOf(ranked)
  const headWord = ranked[head]
  const cyrillic = /\p{Script=Cyrillic}/u.test(job.text)
  let aside = false
  let seenHead = false
  const named = words.flatMap((word, at): Word[] => {
    const cut = stem(word)
    // "по" and the genitive say which; "в магазин", "на склад", "для ..." only where.
    if (joins(word)) {
      aside = seenHead && !/^(по|с|и|of|and|со|ба)$/.test(word)
      return []
    }
    if (isRank(word, at)) return [{ stem: cut, role: 'rank' }]
    if (!seenHead && word === headWord) {
      seenHead = true
      return [{ stem: cut, role: 'head' }]
    }
    const brand = (cyrillic || word.length < 3) && /^[a-z]/.test(word) && !index.byStem.has(cut)
    return [{ stem: cut, role: aside || brand ? 'aside' : seenHead ? 'qualifier' : 'before' }]
  })
  const beside = fold(job.aside)
    .split(' ')
    .filter((word) => word && !joins(word))
    .map((word): Word => ({ stem: stem(word), role: 'aside' }))
  return [...named, ...beside]
}

// A word no name has may be Russian in Latin letters, two words run together, or a slip of one letter.
function known(index: OccupationIndex, word: string): string[] {
  const cut = stem(word)
  if (index.byStem.has(cut) || joins(word) || word.length < 5) return [word]
  const bySound = /^[a-z]+$/.test(word)
    ? (index.bySound.get(soundOf(cut)) ?? index.bySound.get(soundOf(word)))
    : undefined
  if (bySound) return [bySound]
  for (let at = 5; at <= word.length - 5; at++) {
    const [left, right] = [word.slice(0, at), word.slice(at)]
    if (index.spread.has(stem(left)) && index.spread.has(stem(right))) return [left, right]
  }
  if (cut.length < 6) return [word]
  for (const candidate of index.byStem.keys()) if (oneSlip(cut, candidate)) return [candidate]
  return [word]
}

/** Whether two words differ by one letter changed, left out, added, or two neighbours swapped; the first letter is right. */
export function oneSlip(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || a[0] !== b[0] || a === b) return false
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)]
  if (left.length <= 1 && right.length <= 1) return true
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0]
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
