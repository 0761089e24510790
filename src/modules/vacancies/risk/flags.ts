import { readHolds } from '../reading/holds.ts'
import { sentencesOf, shorten } from '../reading/sentences.ts'
import { type Advert, TEXT_PARTS, type TextPart } from '../sources/advert.ts'
import { type Denials, isDenied, readDenials } from './denial.ts'
import { findPhrase, type Match, type Phrase } from './phrases.ts'
import { clausesOf, fromLatin, type Words } from './spelling.ts'
import { COUNTRIES_AT_WAR, type Flag, findOrdinary, findSigns } from './words.ts'

/**
 * One thing that speaks for a flag: where it stands (a column's name), the words around it, how much it weighs, 1 to 3. `words`:
 * those of the quote that a rule found, folded.
 */
export type Sign = { flag: Flag; part: string; quote: string; weight: number; rule: string; words?: string[] }

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
  const found = signsOf(parts.flatMap(([part, text]) => (text ? sentencesIn(part, text) : [])))
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

/** A sentence of an advert with what it denies. */
type Read = { part: string; quote: string; sentence: Words; denials: Denials }

function sentencesIn(part: string, text: string): Read[] {
  return sentencesOf(text).flatMap(({ quote }) => {
    const written = clausesOf(quote)
    const latin = fromLatin(written)
    return [written, ...(latin ? [latin] : [])].map((sentence) => ({
      ...{ part, quote: shorten(quote), sentence, denials: readDenials(sentence) },
    }))
  })
}

function signsOf(advert: readonly Read[]): Sign[] {
  const said = (phrase: Phrase) =>
    advert.some(({ sentence, denials }) =>
      findPhrase(phrase, sentence.words).some((match) => !isDenied(sentence, denials, match)),
    )
  return advert.flatMap((read) => {
    const own = found(read).filter(({ entry }) => entry.beside.every(said) && !entry.without.some(said))
    const { part, quote, sentence } = read
    return heaviest(
      own.map(({ entry: { flag, weight, text }, match }) => ({
        ...{ flag, part, quote, weight, rule: text, match, words: match.map((place) => sentence.words[place]!) },
      })),
    )
  })
}

// What stands in a sentence and is not denied. Words that an ordinary phrase took speak for nothing: the rest is read without them.
function found({ sentence, denials }: Read) {
  const ordinary = Map.groupBy(findOrdinary(sentence.words), ({ entry }) => entry.flag)
  const left = (flag: Flag) => {
    const words = [...sentence.words]
    for (const { matches } of ordinary.get(flag) ?? []) for (const place of matches.flat()) words[place] = ''
    return findSigns(words).filter(({ entry }) => entry.flag === flag)
  }
  return [
    ...findSigns(sentence.words).filter(({ entry }) => !ordinary.has(entry.flag)),
    ...[...ordinary.keys()].flatMap(left),
  ].flatMap(({ entry, matches }) => {
    const match = matches.find((each) => !isDenied(sentence, denials, each))
    return match ? [{ entry, match }] : []
  })
}

type SignWithPlace = Sign & { match: Match }

// A phrase whose words another one of the same flag and no less weight has all is the same sign.
function heaviest(signs: readonly SignWithPlace[]): Sign[] {
  const taken: SignWithPlace[] = []
  for (const sign of [...signs].sort((a, b) => b.weight - a.weight || b.match.length - a.match.length)) {
    const same = (other: SignWithPlace) =>
      other.flag === sign.flag && sign.match.every((place) => other.match.includes(place))
    if (!taken.some(same)) taken.push(sign)
  }
  return taken.map(({ match: _, ...sign }) => sign)
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
