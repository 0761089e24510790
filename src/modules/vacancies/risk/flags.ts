import { readHolds } from '../reading/holds.ts'
import { sentencesOf, shorten } from '../reading/sentences.ts'
import { type Advert, TEXT_PARTS, type TextPart } from '../sources/advert.ts'
import { wordsOf } from './phrases.ts'
import { COUNTRIES_AT_WAR, type Flag, findOrdinary, findSigns } from './words.ts'

/** One thing that speaks for a flag: where it stands (a column's name), the words around it, how much it weighs, 1 to 3. */
export type Sign = { flag: Flag; part: string; quote: string; weight: number; rule: string }

/** A sign of this weight decides alone; so do several of one flag that come to it. */
const DECIDES = 3
/** Signs of different flags, none of which decides, hold an advert together from here. */
const TOGETHER = 4

/** What is looked at; both an advert of a source and a vacancy of ours can be given as this. */
export type Suspect = Pick<Advert, TextPart | 'employer' | 'country' | 'region_text' | 'workplace_text' | 'contacts'>

/**
 * Everything in the words of an advert that may be wrong, and the country it leads to. Signs are no verdict: what holds an
 * advert says `flagsOf`.
 */
export function readSigns(advert: Suspect): Sign[] {
  const parts: [string, string | null | undefined][] = [
    ...TEXT_PARTS.map((part): [string, string | null] => [part, advert[part]]),
    ['employer_name', advert.employer?.name],
    ['region', advert.region_text],
    ['workplace', advert.workplace_text],
  ]
  const found = parts.flatMap(([part, text]) => (text ? signsIn(part, text) : []))
  const military = readHolds(advert)
    .flatMap(({ evidence }) => evidence)
    .map(({ part, quote, weight }): Sign => {
      const column = part === 'employer' ? 'employer_name' : part
      return { flag: 'military', part: column, quote, weight, rule: quote }
    })
  const war = COUNTRIES_AT_WAR.get(advert.country)
  const country: Sign[] = war
    ? [{ flag: 'conflict', part: 'country', quote: advert.country, weight: war, rule: advert.country }]
    : []
  return strongestOnce([...military, ...found, ...country, ...onlyMessengers(advert)])
}

function signsIn(part: string, text: string): Sign[] {
  return sentencesOf(text).flatMap(({ quote }) => {
    const words = wordsOf(quote)
    const ordinary = findOrdinary(words)
    const flags = new Set(ordinary.map(({ entry }) => entry.flag))
    const found = findSigns(words).filter(({ entry }) => !flags.has(entry.flag))
    // Words that an ordinary phrase took speak for nothing: what is left of the sentence is read again.
    for (const flag of flags) {
      const left = [...words]
      for (const { entry, places } of ordinary)
        if (entry.flag === flag) for (const { from, to } of places) left.fill('', from, to)
      found.push(...findSigns(left).filter(({ entry }) => entry.flag === flag))
    }
    return found.map(
      ({ entry }): Sign => ({ flag: entry.flag, part, quote: shorten(quote), weight: entry.weight, rule: entry.text }),
    )
  })
}

// Addresses of chats, where nobody can be called or found.
const CHATS =
  /^https?:\/\/(?:www\.)?(?:t\.me|telegram\.me|wa\.me|api\.whatsapp\.com|chat\.whatsapp\.com|viber\.|invite\.viber\.com|imo\.im)/i

function onlyMessengers({ contacts }: Suspect): Sign[] {
  const ways = contacts.filter(({ kind }) => kind !== 'person')
  const only = ways.length > 0 && ways.every(({ kind, value }) => kind === 'url' && CHATS.test(value))
  return only ? [{ flag: 'messenger', part: 'website', quote: ways[0]!.value, weight: 2, rule: 'no other way' }] : []
}

// Ten lines of the list that fit the same sentence are one sign; the same words twice are too.
function strongestOnce(signs: readonly Sign[]): Sign[] {
  const once = new Map<string, Sign>()
  for (const sign of [...signs].sort((a, b) => b.weight - a.weight)) {
    const key = `${sign.flag} ${sign.weight === DECIDES ? sign.quote : sign.rule}`
    if (!once.has(key)) once.set(key, sign)
  }
  return [...once.values()]
}

/** A flag that holds an advert, with all that speaks for it. */
export type Raised = { flag: Flag; weight: number; signs: Sign[] }

/**
 * The flags that hold an advert, the heaviest first; none when what was found is weak. One weak sign alone never decides: the
 * weights of one flag must come to three, or those of two and more flags together to four.
 */
export function flagsOf(signs: readonly Sign[]): Raised[] {
  const flags = [...Map.groupBy(signs, ({ flag }) => flag)]
    .map(([flag, own]): Raised => ({ flag, weight: own.reduce((sum, { weight }) => sum + weight, 0), signs: own }))
    .sort((a, b) => b.weight - a.weight)
  const strong = flags.some(({ weight }) => weight >= DECIDES)
  const many = flags.length > 1 && flags.reduce((sum, { weight }) => sum + weight, 0) >= TOGETHER
  return strong || many ? flags : []
}
