import { type Kysely, sql, type Transaction } from 'kysely'
import type { Ctx } from '../context.ts'
import type { DB } from '../db/types.ts'
import { inBatches } from '../lists/lists.ts'
import { distanceBetween, neighbourKeys, slipsIn } from './distance.ts'
import { fold } from './fold.ts'
import { soundOf, soundsOf } from './sound.ts'

/** A word as it was typed and as it was understood. `slip`: it was a mistake, not only another alphabet. */
type Correction = { typed: string; meant: string; slip: boolean }

/** How often each word stands in the texts. Numbers, and words too short to be corrected, are left out. */
export function countWords(texts: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>()
  for (const text of texts)
    for (const word of fold(text).split(' ')) if (isWord(word)) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

const isWord = (word: string) => /^\p{L}{3,40}$/u.test(word)

/** Replaces the words that come from `source`; those of other sources stay. Owner's connection. */
export async function replaceWords(
  db: Transaction<DB>,
  source: string,
  counts: ReadonlyMap<string, number>,
): Promise<void> {
  await db.deleteFrom('search.word').where('source', '=', source).execute()
  const rows = [...counts]
    .filter(([word]) => isWord(word))
    .map(([word, frequency]) => {
      const sound = soundOf(word)
      return { source, word, frequency, sound, neighbours: neighbourKeys(sound, word.length < 7 ? 1 : 2) }
    })
  for (const batch of inBatches(rows)) await db.insertInto('search.word').values(batch).execute()
  // At once, or the next searches would read the whole table.
  await sql`analyze search.word`.execute(db)
}

type Candidate = { word: string; sound: string; frequency: number; curated: boolean }

/** What became of the words: which of them exist, and what the others were meant to be. */
export type ReadWords = { known: ReadonlySet<string>; corrections: ReadonlyMap<string, Correction> }

/**
 * What folded words were meant to be, for those that no source knows: the same word in the other alphabet or on the other
 * keyboard, else the nearest known one. A word that exists is never touched, one that begins another only into what sounds
 * the same; what has no neighbour is left as it is.
 */
export async function readWords(ctx: Ctx, words: readonly string[]): Promise<ReadWords> {
  const asked = [...new Set(words.filter(isWord))]
  if (asked.length === 0) return { known: new Set(), corrections: new Map() }
  const { rows } = await sql<{ word: string; exists: boolean; begins: boolean }>`
    select
      asked as word,
      exists (select from search.word w where w.word = asked) as "exists",
      exists (
        select from search.word w
        where w.word >= asked collate "C" and w.word < (asked || chr(1114111)) collate "C"
      ) as begins
    from unnest(${asked}::text[]) asked`.execute(ctx.db)
  const unknown = rows.filter(({ word, exists }) => !exists && slipsIn(word) > 0)
  const found = await Promise.all(unknown.map(({ word, begins }) => correct(ctx.db, word, begins)))
  return {
    known: new Set(rows.filter(({ exists }) => exists).map(({ word }) => word)),
    corrections: new Map(found.filter((one) => one !== null).map((one) => [one.typed, one])),
  }
}

async function correct(db: Kysely<DB>, typed: string, begins: boolean): Promise<Correction | null> {
  const layout = onOtherKeyboard(typed)
  const sounds = soundsOf(typed)
  const slips = slipsIn(typed)
  // Vowels are misheard twice in a word as easily as once: `вадитил`.
  const heardSlips = typed.length < 6 ? slips : 2
  const keys = [...new Set([...sounds, soundOf(layout)].flatMap((sound) => neighbourKeys(sound, heardSlips)))]
  const { rows } = await sql<Candidate>`
    select word, sound, sum(frequency)::int as frequency, bool_or(source = 'occupations') as curated
    from (
      -- Key by key, as the index finds them: comparing whole lists would read every word.
      select distinct w.source, w.word, w.sound, w.frequency
      from unnest(${keys}::text[]) key
      cross join lateral (select * from search.word where neighbours @> array[key]) w
      where w.source not in ('common', 'labels')
    ) near
    group by word, sound`.execute(db)
  const near = rows
    .map((candidate) => ({ ...candidate, far: farness(typed, layout, sounds, candidate, heardSlips) }))
    .filter(({ far, sound }) => {
      const sameConsonants = sounds.some((own) => consonants(own) === consonants(sound))
      return far <= (begins ? 0.5 : (sameConsonants ? heardSlips : slips) + 0.9)
    })
    .toSorted((a, b) => a.far - b.far || Number(b.curated) - Number(a.curated) || b.frequency - a.frequency)
  const [best] = near
  if (!best) return null
  const otherAlphabet = isLatin(typed) !== isLatin(best.word)
  return { typed, meant: best.word, slip: !otherAlphabet || best.far >= 1 }
}

// Slips by sound first: people write as they hear, and hear consonants better than vowels. Then letters, and the first
// letter, which is seldom wrong. A Cyrillic word means an English one only when it sounds the same (велдер).
function farness(typed: string, layout: string, sounds: readonly string[], { word, sound }: Candidate, slips: number) {
  if (word === layout) return 0
  const heard = Math.min(...sounds.map((own) => distanceBetween(own, sound, slips)))
  if (isLatin(word) && !isLatin(typed)) return heard === 0 ? 0.5 : Number.POSITIVE_INFINITY
  const vowels = sounds.some((own) => consonants(own) === consonants(sound)) ? 0 : 0.3
  if (isLatin(typed) !== isLatin(word)) return heard + (heard && vowels)
  const written = distanceBetween(typed, word, slips + 1)
  return Math.min(heard, written) + 0.1 * written + (typed[0] === word[0] ? 0 : 0.4) + vowels
}

const consonants = (sound: string) => sound.replace(/[aeiou]/g, '')
const isLatin = (word: string) => /^[a-z]/.test(word)

// The keys of the Russian keyboard that carry these letters, and back: `cdfhobr` is `сварщик` with the keyboard not changed.
const LATIN_KEYS = 'qwertyuiopasdfghjklzxcvbnm'
const RUSSIAN_KEYS = 'йцукенгшщзфывапролдячсмить'

function onOtherKeyboard(word: string): string {
  const [from, to] = isLatin(word) ? [LATIN_KEYS, RUSSIAN_KEYS] : [RUSSIAN_KEYS, LATIN_KEYS]
  return Array.from(word, (letter) => to[from.indexOf(letter)] ?? letter).join('')
}
