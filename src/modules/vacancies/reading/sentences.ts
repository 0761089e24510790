import { repairAlphabet } from '#kernel/search/fold.ts'

/** A sentence as it stands in the advert, and as patterns see it. */
export type Sentence = { quote: string; plain: string }

/** What an advert's words say, with the sentence that says so. */
export type Stated<T> = { value: T; quote: string }

const LONGEST_QUOTE = 240

/**
 * The sentences and list items of a text. Adverts run items together (`иногороднимОбязанности`), so a capital after a small
 * letter begins a new one; an abbreviation's full stop (`г. Москва`, `12 тыс. руб.`) ends none.
 */
export function sentencesOf(text: string): Sentence[] {
  return text
    .split(
      /(?<=[.!?…])(?<!(?<![\p{L}])(?:[гулдпсткч]|ул|тыс|руб|см|др|пр|обл|стр|корп)\.)\s*(?=[\p{L}\d«"(•*–—-])|[\n;•·*✅✔]+|(?<=[;:,.])\s*[-–—]\s+|^[-–—]\s*|(?<=\p{Ll}{3})(?<!Whats)(?=\p{Lu}\p{Ll}{2})/u,
    )
    .map((part) => part.replace(/\s+/g, ' ').trim())
    .filter((part) => /\p{L}{2}/u.test(part))
    .map((part) => ({ quote: part, plain: plain(part) }))
}

/** Small letters of one alphabet with ё as е; Tajik letters and all marks are kept. */
export const plain = (text: string): string => repairAlphabet(text).toLowerCase().replaceAll('ё', 'е')

/** A quote short enough to show: around the match when the sentence is long. */
export function shorten(quote: string, at = 0): string {
  if (quote.length <= LONGEST_QUOTE) return quote
  const start = Math.max(0, Math.min(at - LONGEST_QUOTE / 3, quote.length - LONGEST_QUOTE))
  const from = start === 0 ? 0 : quote.indexOf(' ', start) + 1
  const cut = quote.slice(from, from + LONGEST_QUOTE).replace(/\s+\S*$/, '')
  return `${from > 0 ? '… ' : ''}${cut}${from + cut.length < quote.length ? ' …' : ''}`
}

/** The first sentence one of the patterns fits, quoted; null when none does. */
export function quoteOf(sentences: readonly Sentence[], patterns: readonly RegExp[]): string | null {
  for (const { quote, plain } of sentences) {
    for (const pattern of patterns) {
      const match = pattern.exec(plain)
      if (match) return shorten(quote, match.index)
    }
  }
  return null
}
