import { repairAlphabet } from '../search/fold.ts'

/** A part of a title that names one job: the words that count, and what was said beside (in brackets, after a dash). */
export type JobName = { text: string; aside: string }

const BRACKETS = /[([{«]([^)\]}»]*)[)\]}»]?/gu

// A grade, class, share of a post, licence or pay code: nothing about the occupation.
const GRADE =
  /\b(fsn|fp)[-\d/ ]*\w*\*?|(?<!\p{L})(\d[\d\s.,/–-]*|[ivx]+[\s–-]*)(-?(ого|й|го|ая|я))?\s*(разряд|категори|класс|ставк|уровн|лини)\p{L}*|(?<!\p{L})\d+[.,]\d+\s*ставк\p{L}*/giu

// What follows is a place, not a job. A bare letter is an abbreviation only with its full stop: `с ЧПУ` is no village.
const PLACE =
  /(?<!\p{L})(?:(?:[гсдпш]|ул|пр|просп|обл|пос|дер|пер|ст\. ?м|м)\. ?(?=[\p{L}\p{N}])|(?:[Гг]ород|[Сс]ело|[Пп]рос?пект|улица|пр-т|б-р|шоссе|метро|пгт|рп|м|ТЦ|ТРЦ|ТК|пр)[. ]+(?=[\p{Lu}\p{N}])).*$/u

// A driving licence's classes in either alphabet, as adverts abbreviate them: `кат. С, Е`, `категорияи D`.
const LICENCE =
  /(?<!\p{L})(?:кат\.?|категор\p{L}*|дараҷаи)\s*[«"]?([A-EАБВДСЕ](?:[\s,+иё1]*[A-EАБВДСЕ])*)[»"]?(?!\p{L})/gu
const LICENCE_LETTERS: Record<string, string> = { А: 'A', Б: 'B', В: 'B', С: 'C', Д: 'D', Е: 'E' }

/**
 * Cuts a title as written into the jobs it names: `Бармен-официант / Бариста (ТЦ Ереван Плаза)` names bartender-waiter and
 * barista. Grades, places and quantities go; what stands in brackets is kept aside.
 */
export function jobsIn(title: string): JobName[] {
  const asides: string[] = []
  const bare = apart(repairAlphabet(title))
    .replace(LICENCE, (_, classes: string) => ` категории ${highestClass(classes)} `)
    .replace(BRACKETS, (_, inside: string) => {
      if (!PLACE.test(inside)) asides.push(inside.replace(GRADE, ' '))
      return ' '
    })
    .replace(GRADE, ' ')
  const parts = bare
    .replace(/^(\p{L}{3,})\s+[-–—]\s+(?=\p{L}{3})/u, '$1-')
    .split(/\s*[/\\|;,:]\s*|\s+[-–—+]\s+/u)
    .map((part) => part.replace(PLACE, ' ').trim())
    .filter((part) => /\p{L}{2}/u.test(part) && !/^\p{Lu}\.?$/u.test(part))
  const aside = asides.join(' ')
  if (parts.length === 0) return aside ? [{ text: aside, aside: '' }] : []
  return parts.map((text) => ({ text, aside }))
}

/** Parts words that were run together: `ПродавецКассир`, `сварщик5 разряда`. Names like `iOS` and `1С` stay whole. */
const apart = (text: string): string =>
  text.replace(/(?<=\p{Script=Cyrillic}{3,}\p{Ll})(?=\p{Lu}\p{Ll}{2})/gu, ' ').replace(/(?<=\p{Ll}{3})(?=\p{N})/gu, ' ')

// A driver with several classes drives the heaviest: buses, then trailers, then lorries.
function highestClass(classes: string): string {
  const letters = Array.from(classes, (letter) => LICENCE_LETTERS[letter] ?? letter)
  return ['D', 'E', 'C', 'B'].find((letter) => letters.includes(letter)) ?? letters[0]!
}
