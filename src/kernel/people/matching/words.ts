import { ENDINGS, SHORT_FORMS } from './lists.ts'
import { plainWord, soundOf, soundsOf } from './sounds.ts'

/** A word of a name, in the forms that comparison needs. */
export type Word = {
  /** As written, in lower case. */
  plain: string
  /** Its likeliest sound; see `soundOf`. */
  sound: string
  /** All its sounds. */
  sounds: readonly string[]
  /** Sounds without the endings of surnames and patronymics, each length. */
  stems: readonly string[]
  /** Consonants of the shortest stems, for blocking: what survives vowels and endings. */
  skeletons: readonly string[]
  /** The groups of short forms it stands in. */
  groups: readonly number[]
  /** Ends as a patronymic does: -ович, -овна. */
  patronymic: boolean
}

// A stem this short says nothing any more; light endings (-ӣ, -он, -а) need a longer one.
const SHORTEST_STEM = 3
const SHORTEST_LIGHT_STEM = 4

const GROUPS = new Map<string, number[]>()
SHORT_FORMS.forEach((group, number) => {
  for (const word of group) {
    const sound = soundOf(word)
    GROUPS.set(sound, [...(GROUPS.get(sound) ?? []), number])
  }
})

/** Reads one word of a name. */
export function readWord(text: string): Word {
  const sounds = soundsOf(text)
  const stems = new Set(sounds.flatMap(stemsOf))
  return {
    plain: plainWord(text)
      .normalize('NFD')
      .replace(/(?<=\p{Script=Latin})\p{M}+/gu, '')
      .normalize('NFC'),
    sound: sounds[0]!,
    sounds,
    stems: [...stems],
    skeletons: [...new Set(sounds.map((sound) => skeletonOf(stemsOf(sound).at(-1)!)))],
    groups: GROUPS.get(sounds[0]!) ?? [],
    patronymic: ENDINGS.some(
      ({ ending, kind }) =>
        kind === 'patronymic' && sounds[0]!.length > ending.length + 2 && sounds[0]!.endsWith(ending),
    ),
  }
}

/** The sound and what is left of it as endings go one by one: `rahmonov`, `rahmon`, `rahm`. */
export function stemsOf(sound: string): string[] {
  const stems = [sound]
  for (let stem: string | undefined = sound; stem; ) {
    const rest = withoutEnding(stem)
    if (rest) stems.push(rest)
    stem = rest
  }
  return stems
}

function withoutEnding(sound: string): string | undefined {
  for (const { ending, kind } of ENDINGS) {
    const rest = sound.length - ending.length
    if (rest >= (kind === 'light' ? SHORTEST_LIGHT_STEM : SHORTEST_STEM) && sound.endsWith(ending))
      return sound.slice(0, rest)
  }
}

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
