import { type Kysely, sql } from 'kysely'
import type { DB } from '../db/types.ts'
import { distanceBetween, neighbourKeys, slipsIn } from './distance.ts'
import { areNeighbours } from './keyboard.ts'
import { soundOf, soundsOf } from './sound.ts'

/**
 * A folded word as it was typed and as it was understood, which may be two words. `shown` is how that is written; `slip`:
 * it was a mistake, not only another alphabet.
 */
export type Correction = { typed: string; meant: string; shown: string; slip: boolean }

type Candidate = { word: string; spelling: string; sound: string; frequency: number; curated: boolean; place: boolean }

// What guards itself is no answer: common words, the statisticians' words, names of employers.
const ANSWERS = ['occupations', 'places', 'vacancies']

/**
 * The known word that an unknown one was most likely meant to be; null when none is near.
 * @param word folded
 * @param begins whether a known word begins so: then it may be unfinished, and only nearly the same sound, or the same letters
 * in another order, are a slip
 */
export async function correct(db: Kysely<DB>, word: string, begins: boolean): Promise<Correction | null> {
  const sounds = soundsOf(word)
  const slips = slipsIn(word)
  // Vowels are misheard twice in a word as easily as once: `вадитил`.
  const heardSlips = word.length < 6 ? slips : 2
  const keys = [...new Set([...sounds.flatMap((sound) => neighbourKeys(sound, heardSlips)), ...swappedKeys(word)])]
  const { rows } = await sql<Candidate>`
    select
      word, sound, sum(frequency)::int as frequency, bool_or(source = 'occupations') as curated,
      bool_and(source = 'places') as place,
      (array_agg(spelling order by source = 'vacancies', source))[1] as spelling
    from (
      -- Key by key, as the index finds them: comparing whole lists would read every word.
      select distinct w.source, w.word, w.spelling, w.sound, w.frequency
      from unnest(${keys}::text[]) key
      cross join lateral (select * from search.word where neighbours @> array[key]) w
      where w.source = any (${ANSWERS}::text[])
    ) near
    group by word, sound`.execute(db)
  const [best] = rows
    .map((candidate) => ({ ...candidate, far: farness(word, sounds, candidate, slips, heardSlips) }))
    .filter(({ far, word: other }) => far <= (begins && !isSwapped(word, other) ? MISHEARD : heardSlips + 0.9))
    .toSorted((a, b) => a.far - b.far || Number(b.curated) - Number(a.curated) || b.frequency - a.frequency)
  if (!best) return begins ? null : runTogether(db, word)
  const otherAlphabet = isLatin(word) !== isLatin(best.word)
  return { typed: word, meant: best.word, shown: best.spelling, slip: !otherAlphabet || best.far >= MISHEARD }
}

// In a shorter word two wrong consonants leave another word (кассация, кассачӣ).
const LONG = 9
// Who types English slips in English.
const OTHER_ALPHABET = 0.2
// One vowel taken for its neighbour, as unstressed ones sound: повор.
const MISHEARD = 0.6
const ALIKE = ['оа', 'еиэяы', 'ую', 'eiy', 'oa']

// Four letters are soon like others: мыть is no МРТ, барс and барак no барқ, есть no Усть.
function isTooShort(typed: string, word: string, sameConsonants: boolean): boolean {
  if (word.length > 4) return false
  if (word.length < 4) return true
  if (typed.length > 4) return !/(.)\1/.test(typed)
  return typed[0] !== word[0] || !(sameConsonants || unvowelled(typed) === unvowelled(word) || isMishit(typed, word))
}

// Whether one letter is only a neighbour of the right one on the keyboard.
function isMishit(typed: string, word: string): boolean {
  const wrong = Array.from(typed).flatMap((letter, at) => (letter === word[at] ? [] : [[letter, word[at]] as const]))
  return typed.length === word.length && wrong.length === 1 && areNeighbours(wrong[0]![0], wrong[0]![1]!)
}

// Slips by sound first: people write as they hear, and hear consonants better than vowels. Then letters, and the first
// letter, which is seldom wrong. A Cyrillic word means an English one only when it sounds the same (велдер).
function farness(
  typed: string,
  sounds: readonly string[],
  { word, sound, place }: Candidate,
  slips: number,
  heardSlips: number,
): number {
  const heard = Math.min(...sounds.map((own) => distanceBetween(own, sound, heardSlips)))
  if (isLatin(word) && !isLatin(typed)) return heard === 0 ? 0.5 : Number.POSITIVE_INFINITY
  // Other vowels, or one left out: an ending more makes another word (маляр, малярия).
  const sameConsonants = sounds.some((own) => own.length <= sound.length && consonants(own) === consonants(sound))
  // What somebody does is no slip for who does it: полоть is no pilot.
  if (heard > 0 && /[аеиоуыя]ть$/.test(typed) && !/ть$/.test(word)) return Number.POSITIVE_INFINITY
  if (heard > 0 && isTooShort(typed, word, sameConsonants)) return Number.POSITIVE_INFINITY
  const unlike = sameConsonants ? 0 : 0.3
  if (isLatin(typed) !== isLatin(word))
    return heard > (sameConsonants ? heardSlips : slips)
      ? Number.POSITIVE_INFINITY
      : heard + (heard && unlike + OTHER_ALPHABET)
  const written = distanceBetween(withoutSigns(typed), withoutSigns(word), slips + 1)
  const swapped = isSwapped(typed, word)
  // Sounds are those of Russian and Tajik: in English `wiater` is no nearer to water for them.
  const close = Math.min(isLatin(word) ? Math.max(heard, Math.min(written, 1)) : heard, written)
  // A name is not guessed: курьреа is nearer to a courier's than to Корея.
  if (place && written > slips) return Number.POSITIVE_INFINITY
  if (Math.min(heard, written) > 1 && !sameConsonants && !swapped && typed.length < LONG)
    return Number.POSITIVE_INFINITY
  if (heard > 0 && !sameConsonants && written > slips) return Number.POSITIVE_INFINITY
  if (written === 1 && onlyMisheard(withoutSigns(typed), withoutSigns(word))) return MISHEARD
  // A letter is left out or typed twice more easily than a wrong one is taken.
  const wrong = typed.length === word.length && !sameConsonants && !swapped ? 0.1 : 0
  // Fingers are faster than thoughts: all letters are there, or one beside the right one was hit.
  const hasty = swapped ? 0.4 : isMishit(typed, word) ? 0.2 : 0
  return close + 0.1 * written + (typed[0] === word[0] ? 0 : 0.4) + unlike + wrong - hasty + (place ? 0.3 : 0)
}

// The soft sign is forgotten and invented as nothing else is; э is written as е (`елктрик`).
const withoutSigns = (word: string) => word.replace(/[ьъ]/g, '').replaceAll('э', 'е')

// Whether the only letter that differs is a vowel that sounds like the other.
function onlyMisheard(typed: string, word: string): boolean {
  if (typed.length !== word.length) return false
  const at = Array.from(typed).findIndex((letter, i) => letter !== word[i])
  return ALIKE.some((vowels) => vowels.includes(typed[at]!) && vowels.includes(word[at]!))
}

// `сварщикмонтажник`: two known words with no space between.
async function runTogether(db: Kysely<DB>, typed: string): Promise<Correction | null> {
  const cuts = Array.from({ length: Math.max(0, typed.length - 2 * SHORTEST + 1) }, (_, at) => at + SHORTEST)
  if (cuts.length === 0) return null
  const { rows } = await sql<{ meant: string; shown: string }>`
    select a.word || ' ' || b.word as meant, a.spelling || ' ' || b.spelling as shown
    from unnest(${cuts}::int[]) cut
    join search.word a on a.word = left(${typed}::text, cut) and a.source = any (${ANSWERS}::text[])
    join search.word b on b.word = substr(${typed}::text, cut + 1) and b.source = any (${ANSWERS}::text[])
    order by a.source, b.source, a.frequency + b.frequency desc
    limit 1`.execute(db)
  return rows[0] ? { typed, ...rows[0], slip: true } : null
}

const SHORTEST = 4

// Two letters swapped may tear a sound apart (`погрузичк`: зч is heard as щ), so that the sounds are no neighbours any more.
const swappedKeys = (word: string) =>
  Array.from({ length: word.length < 6 ? 0 : word.length - 1 }, (_, at) =>
    neighbourKeys(soundOf(word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2)), 0),
  ).flat()

const isSwapped = (a: string, b: string) =>
  a.length > 4 && a.length === b.length && Array.from(a).toSorted().join('') === Array.from(b).toSorted().join('')

// Voiced ones sound as voiceless at the end of a word and before others: кавшергар, аргонщег.
const VOICELESS: Record<string, string> = { b: 'p', v: 'f', g: 'k', d: 't', z: 's' }
const consonants = (sound: string) => sound.replace(/[aeiou]/g, '').replace(/[bvgdz]/g, (voiced) => VOICELESS[voiced]!)
const unvowelled = (word: string) => word.replace(/[аеиоуыэюяaeiouy]/g, '')
const isLatin = (word: string) => /^[a-z]/.test(word)
