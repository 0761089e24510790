import { ENDINGS, ENDINGS_OF_SEX, type Ending, GIVEN, SHORT_FORMS } from './lists.ts'
import { leastSlips, lettersOf, slipsBetween } from './slips.ts'
import { isPlain, lettersIn, plainWord, soundOf, soundsOf } from './sounds.ts'

/** A word of a name, in the forms that comparison needs. */
export type Word = {
  /** As written, in lower case. */
  plain: string
  /** Its likeliest sound; see `soundOf`. */
  sound: string
  /** All its sounds. */
  sounds: readonly string[]
  /** The letters of each sound; see `lettersOf`. */
  letters: readonly number[]
  /** As written, letter by letter; see `lettersIn`. Whole, and without the endings of surnames and patronymics. */
  written: readonly { text: string; letters: number }[]
  /** Sounds without the endings of surnames and patronymics, each length. */
  stems: readonly string[]
  /** What is left before -он, -ён and -иён where that is too little to be a stem by itself: Боб and Бобо of Бобоён. */
  shortStems: readonly string[]
  /** The shortest stem of each sound, also where a letter of the ending is wrong. */
  roots: readonly { text: string; letters: number }[]
  /** Consonants of the shortest stems, for blocking: what survives vowels and endings. */
  skeletons: readonly string[]
  /** The groups of short forms it stands in. */
  groups: readonly number[]
  /** The number of the given name it is, where it is a known one; 0 where not. */
  given: number
  /** The number of the given name it was made of, such as Раҳим of Раҳимов. */
  base: number
  /** Whether it was made of it by a light ending, which a slip may make as well: Шарафон of Шараф, or Шарафҷон without a letter. */
  lightly: boolean
  /** Whether it was made of another by the ending of a surname or patronymic: Раҳимов, Раҳимзода, Раҳимович; no given name is. */
  derived: boolean
  /** Whether its ending is a man's or a woman's: Раҳимов, Раҳимова; null where it does not say. */
  sex: 'male' | 'female' | null
}

// A stem this short says little, and one of two sounds (Ёр of Ёрзода) no more; light endings (-ӣ, -он, -а) need a longer one.
const SHORTEST_STEM = 3
const SHORTEST_ROOT = 2
const SHORTEST_LIGHT_STEM = 4
const SHORTEST_VOWEL_STEM = 3

const GROUPS = new Map<string, number[]>()
SHORT_FORMS.forEach((group, number) => {
  for (const word of group) {
    const sound = soundOf(word)
    GROUPS.set(sound, [...(GROUPS.get(sound) ?? []), number])
  }
})

// Spellings that sound alike are one name, also across lines.
const GIVEN_NUMBERS = new Map<string, number>()
GIVEN.forEach(({ spellings }, line) => {
  const sounds = spellings.map(soundOf)
  const number = sounds.map((sound) => GIVEN_NUMBERS.get(sound)).find((known) => known !== undefined) ?? line + 1
  for (const sound of sounds) GIVEN_NUMBERS.set(sound, number)
})

const givenOf = (sounds: readonly string[]) =>
  sounds.map((sound) => GIVEN_NUMBERS.get(sound) ?? 0).find((number) => number > 0) ?? 0

// Of each given name the sound of its first spelling: Ибрагим is looked for as Иброҳим too.
const GIVEN_SOUNDS = new Map<number, string>()
for (const [sound, number] of GIVEN_NUMBERS) if (!GIVEN_SOUNDS.has(number)) GIVEN_SOUNDS.set(number, sound)

// People bear the same names: what was read once is kept, so that a search does not read them again. Bounded, begun anew when full.
const MOST_KEPT = 20_000
const kept = new Map<string, Word>()

/** Reads one word of a name. */
export function readWord(text: string): Word {
  let word = kept.get(text)
  if (!word) {
    word = read(text)
    if (kept.size >= MOST_KEPT) kept.clear()
    kept.set(text, word)
  }
  return word
}

function read(text: string): Word {
  const sounds = soundsOf(text)
  const stemsOfEach = sounds.map((sound) => stemsOf(sound))
  const stems = new Set(stemsOfEach.flat())
  const written = lettersIn(text)
  const given = givenOf(sounds)
  const base = givenOf([...stems])
  const shortStems = given > 0 ? [] : sounds.flatMap(shortStemsOf)
  const sex = given > 0 ? null : endingOf(sounds[0]!, ENDINGS_OF_SEX)?.sex
  return {
    plain: withoutAccents(plainWord(text)),
    sound: sounds[0]!,
    sounds,
    letters: sounds.map(lettersOf),
    written: withLetters([written, stemsOf(written, HEAVY_ENDINGS).at(-1)!]),
    stems: [...stems],
    shortStems,
    roots: withLetters(sounds.flatMap((sound, at) => [stemsOfEach[at]!.at(-1)!, withoutSlippedEnding(sound)])),
    skeletons: [
      ...new Set([
        ...[...sounds, ...(base > 0 ? [GIVEN_SOUNDS.get(base)!] : [])].map(skeletonOfStem),
        ...shortStems.map(skeletonOf),
      ]),
    ],
    groups: GROUPS.get(sounds[0]!) ?? [],
    given,
    base,
    lightly: base > 0 && givenOf(sounds.flatMap((sound) => stemsOf(sound, HEAVY_ENDINGS))) !== base,
    derived: given === 0 && endingOf(sounds[0]!, HEAVY_ENDINGS) !== undefined,
    sex: sex ? (sex === 'm' ? 'male' : 'female') : null,
  }
}

const withLetters = (texts: readonly string[]) =>
  [...new Set(texts)].map((text) => ({ text, letters: lettersOf(text) }))

const withoutAccents = (word: string) =>
  isPlain(word)
    ? word
    : word
        .normalize('NFD')
        .replace(/(?<=\p{Script=Latin})\p{M}+/gu, '')
        .normalize('NFC')

const HEAVY_ENDINGS = ENDINGS.filter(({ kind }) => kind !== 'light')

const endingOf = (sound: string, endings: readonly Ending[]) =>
  endings.find((ending) => withoutEnding(sound, ending) !== undefined)

/** The sound and what is left of it as endings go one by one: `rahmonov`, `rahmon`, `rahm`. */
export function stemsOf(sound: string, endings = ENDINGS): string[] {
  const stems = [sound]
  for (let stem: string | undefined = sound; stem; ) {
    const rest = withoutEndings(stem, endings)
    if (rest) stems.push(rest)
    stem = rest
  }
  return stems
}

function withoutEndings(sound: string, endings: readonly Ending[]): string | undefined {
  for (const ending of endings) {
    const rest = withoutEnding(sound, ending)
    if (rest) return rest
  }
}

function withoutEnding(sound: string, { ending, kind }: Ending): string | undefined {
  if (!sound.endsWith(ending)) return undefined
  const rest = sound.slice(0, sound.length - ending.length)
  // The е of -ев may be the name's own too: Чоршанбе of Чоршанбеев.
  if (ending.startsWith('e') && GIVEN_NUMBERS.has(`${rest}e`)) return `${rest}e`
  const shortest = kind !== 'light' ? SHORTEST_STEM : ending.length > 1 ? SHORTEST_LIGHT_STEM : SHORTEST_VOWEL_STEM
  if (rest.length >= shortest) return rest
  if (ending.length === 1) return undefined
  // Little is left, but a name that people bear: Алӣ of Алиев and Алиён, which sound `alev` and `alon`.
  const name = [rest, `${rest}i`].find((name) => name.length < sound.length && GIVEN_NUMBERS.has(name))
  return name ?? (kind !== 'light' && rest.length >= SHORTEST_ROOT ? rest : undefined)
}

const SHORT_ENDING = new RegExp(`^(.{${SHORTEST_LIGHT_STEM - 1}})[oe]n$`)

function shortStemsOf(sound: string): string[] {
  const rest = SHORT_ENDING.exec(sound)?.[1]
  return rest ? [rest, `${rest}o`] : []
}

// Endings of one or two letters are too near to everything to be recognised with a slip.
const LONG_ENDINGS = ENDINGS.filter(({ ending }) => ending.length > 2).map(({ ending }) => ({
  ending,
  has: lettersOf(ending),
}))
const LONGEST_ENDING = LONG_ENDINGS[0]!.ending.length

function withoutSlippedEnding(sound: string): string {
  for (let cut = Math.max(SHORTEST_LIGHT_STEM, sound.length - LONGEST_ENDING - 1); cut <= sound.length - 2; cut++)
    if (isSlippedEnding(sound.slice(cut))) return sound.slice(0, cut)
  return sound
}

// Words end alike, far oftener than they are alike.
const slipped = new Map<string, boolean>()

function isSlippedEnding(rest: string): boolean {
  let is = slipped.get(rest)
  if (is === undefined) {
    const letters = lettersOf(rest)
    is = LONG_ENDINGS.some(({ ending, has }) => leastSlips(letters, has) <= 1 && slipsBetween(rest, ending, 1) <= 1)
    if (slipped.size >= MOST_KEPT) slipped.clear()
    slipped.set(rest, is)
  }
  return is
}

const skeletonOfStem = (sound: string) => skeletonOf(stemsOf(sound).at(-1)!)

/**
 * The consonants of a sound, with those made one that are mistaken for each other (ҷ and ч), without h, which Russian
 * ears lose. A sound with fewer than two consonants stays whole.
 */
export function skeletonOf(sound: string): string {
  const consonants = sound
    .slice(1)
    .replace(/[aeiouh]/g, '')
    .replace(/č/g, 'j')
    .replace(/(.)\1+/g, '$1')
  const first = sound.slice(0, 1)
  if (consonants.length < 1) return sound
  return (/[aeiou]/.test(first) ? 'a' : first === 'č' ? 'j' : first) + consonants
}
