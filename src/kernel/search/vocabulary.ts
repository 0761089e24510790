import { type Kysely, sql } from 'kysely'
import type { Ctx } from '../context.ts'
import type { DB } from '../db/types.ts'
import { inBatches } from '../lists/lists.ts'
import { type Correction, correct } from './correct.ts'
import { distanceBetween, neighbourKeys, slipsIn } from './distance.ts'
import { wordsIn } from './fold.ts'
import { soundOf } from './sound.ts'

/** How often a word stands in the texts of a source, and how it is written there. */
export type WordCount = { frequency: number; spelling: string }

/** Counts the words of texts by their folded form. Numbers, and words too short to be corrected, are left out. */
export function countWords(texts: Iterable<string>): Map<string, WordCount> {
  const counts = new Map<string, WordCount>()
  for (const text of texts)
    for (const { word, written } of wordsIn(text)) {
      if (!isWord(word)) continue
      const before = counts.get(word)
      // Who wrote a letter that folding loses, meant it: дӯзанда rather than дузанда.
      const better = !before || (isPlain(before.spelling, word) && !isPlain(written, word))
      counts.set(word, { frequency: (before?.frequency ?? 0) + 1, spelling: better ? written : before.spelling })
    }
  return counts
}

const isPlain = (spelling: string, word: string) => spelling.toLowerCase() === word

// Of so few letters an ending cut off leaves too little (`бармалей` is no barman).
const CUT_SHORT = 8

const isWord = (word: string) => /^\p{L}{3,40}$/u.test(word)

/** Replaces the words that come from these sources (`source → its words`); those of others stay. Owner's connection. */
export async function replaceWords(
  db: Kysely<DB>,
  sources: Readonly<Record<string, ReadonlyMap<string, WordCount>>>,
): Promise<void> {
  await db.deleteFrom('search.word').where('source', 'in', Object.keys(sources)).execute()
  for (const [source, counts] of Object.entries(sources)) {
    const rows = [...counts]
      .filter(([word]) => isWord(word))
      .map(([word, count]) => {
        const sound = soundOf(word)
        return { source, word, ...count, sound, neighbours: neighbourKeys(sound, word.length < 6 ? 1 : 2) }
      })
    for (const batch of inBatches(rows)) await db.insertInto('search.word').values(batch).execute()
  }
  // At once, or the next searches would read the whole table.
  await sql`analyze search.word`.execute(db)
}

// Of a word and one that many times rarer and one slip away, the rarer is the slip.
const RARER = 20
const SLIP_FROM = 6

/**
 * Learnt words without those that are slips of a much more frequent one: many people make the same mistake, and it is none the
 * less to be put right.
 * @param isForm whether two words are forms of one
 */
export function withoutSlips(
  counts: ReadonlyMap<string, WordCount>,
  isForm: (a: string, b: string) => boolean,
): Map<string, WordCount> {
  const long = [...counts].filter(([word]) => word.length >= SLIP_FROM)
  const near = new Map<string, string[]>()
  for (const [word] of long) for (const key of neighbourKeys(word, 1)) near.set(key, [...(near.get(key) ?? []), word])
  const isSlip = (word: string, { frequency }: WordCount) =>
    neighbourKeys(word, 1)
      .flatMap((key) => near.get(key) ?? [])
      .some(
        (other) =>
          counts.get(other)!.frequency >= RARER * frequency &&
          distanceBetween(word, other, 1) === 1 &&
          !isForm(word, other),
      )
  const slips = new Set(long.filter(([word, count]) => isSlip(word, count)).map(([word]) => word))
  return new Map([...counts].filter(([word]) => !slips.has(word)))
}

/** What became of the words. */
export type ReadWords = {
  /** Those that exist. */
  known: ReadonlySet<string>
  /** Those that only look like a trade's. */
  lookalikes: ReadonlySet<string>
  /** Those that only say how somebody wants to work or live. */
  wishes: ReadonlySet<string>
  /** What others were meant to be. */
  corrections: ReadonlyMap<string, Correction>
}

/**
 * What folded words were meant to be, for those that no source knows: the same word in the other alphabet, else the nearest
 * known one, else two that were run together. A word that exists is never touched, one that begins another only into what
 * sounds nearly the same; what has no neighbour is left as it is.
 * @param mayBeSlips which of the words may be corrected, usually all
 * @param cut whether the words lack their endings: then so little is left that they must at least sound alike
 */
export async function readWords(
  ctx: Ctx,
  words: readonly string[],
  mayBeSlips: (word: string) => boolean = () => true,
  cut = false,
): Promise<ReadWords> {
  const asked = [...new Set(words.filter(isWord))]
  if (asked.length === 0) return { known: new Set(), lookalikes: new Set(), wishes: new Set(), corrections: new Map() }
  const { rows } = await sql<{ word: string; sources: string[]; begins: boolean }>`
    select
      asked as word,
      array(select source from search.word w where w.word = asked) as sources,
      exists (
        select from search.word w
        where w.word >= asked collate "C" and w.word < (asked || chr(1114111)) collate "C"
          and w.source in ('occupations', 'places', 'vacancies')
      ) as begins
    from unnest(${asked}::text[]) asked`.execute(ctx.db)
  const unknown = rows.filter(({ word, sources }) => sources.length === 0 && slipsIn(word) > 0 && mayBeSlips(word))
  const found = await Promise.all(
    unknown.map(({ word, begins }) => correct(ctx.db, word, begins || (cut && word.length < CUT_SHORT))),
  )
  const wordsOf = (fits: (sources: string[]) => boolean) =>
    new Set(rows.filter(({ sources }) => fits(sources)).map(({ word }) => word))
  return {
    known: wordsOf((sources) => sources.length > 0),
    // A word that is a trade's too is no lookalike.
    lookalikes: wordsOf((sources) => sources.includes('lookalikes') && !sources.includes('occupations')),
    wishes: wordsOf((sources) => sources.includes('wishes')),
    corrections: new Map(found.filter((one) => one !== null).map((one) => [one.typed, one])),
  }
}
