import type { Ctx } from '#kernel/context.ts'
import type { AskedOccupations } from '#kernel/occupations/asked-occupations.ts'
import { askedOccupations, occupationIndex } from '#kernel/occupations/occupations.ts'
import { joins, stem } from '#kernel/occupations/words.ts'
import { askedPlacesIn, begunPlacesIn } from '#kernel/places/asked-places.ts'
import { placesAtlas } from '#kernel/places/places.ts'
import { fold } from '#kernel/search/fold.ts'
import { readWords } from '#kernel/search/vocabulary.ts'

/** What the words of a search ask for. */
export type Understood = {
  /** The whole question as understood, when a word of it was taken for a slip; else null. */
  corrected: string | null
  trades: AskedOccupations | null
  /** The words that name the trade. */
  tradeWords: readonly string[]
  /** Place codes, any of which is meant. */
  places: readonly string[]
  /** Whatever else was asked: to be found in the texts. */
  words: readonly string[]
}

const MOST_WORDS = 12

// Said of every advert, or of none: they narrow nothing down.
const FILLERS = new Set(
  (
    'работа работу работой работать вакансия вакансии ищу ищем нужен нужна нужны нужно требуется требуются найти хочу срочно ' +
    'кор кори кору ба бо корҳо ҷойи ҷои ҷой лозим лозими даркор мехоҳам ' +
    'job jobs work works vacancy vacancies wanted needed need find looking'
  )
    .split(' ')
    .map(fold),
)

const asked = new WeakMap<Ctx, Map<string, Promise<Understood>>>()

/**
 * Reads what a person typed: slips put right, the trade in any language, places by any of their names, and what remains.
 * Literally: every word as it stands. Asked again in the same request, it remembers.
 */
export function understandWords(ctx: Ctx, text: string, literal = false): Promise<Understood> {
  const known = asked.get(ctx) ?? new Map<string, Promise<Understood>>()
  asked.set(ctx, known)
  const key = `${literal} ${text}`
  const understood = known.get(key) ?? (literal ? Promise.resolve(asWritten(text)) : read(ctx, text))
  known.set(key, understood)
  return understood
}

const wordsOf = (text: string) => fold(text).split(' ').filter(Boolean).slice(0, MOST_WORDS)

const asWritten = (text: string): Understood => ({
  corrected: null,
  trades: null,
  tradeWords: [],
  places: [],
  words: wordsOf(text),
})

// `авто слесарь` is written apart in haste: two words that together are one trade.
function joined(words: readonly string[], isTrade: (word: string) => boolean): string[] {
  const at = words.findIndex((word, i) => word.length > 2 && isTrade(word + (words[i + 1] ?? '')))
  return at < 0 || at === words.length - 1 ? [...words] : words.toSpliced(at, 2, `${words[at]}${words[at + 1]}`)
}

async function read(ctx: Ctx, text: string): Promise<Understood> {
  const [index, atlas] = await Promise.all([occupationIndex(ctx), placesAtlas(ctx)])
  const isTrade = (word: string) => index.byStem.has(stem(word)) && !joins(word)
  const typed = joined(wordsOf(text), isTrade)
  // A name may have words of its own (Курган-Тюбе), so places are looked for before anything is called a slip.
  const first = askedPlacesIn(atlas, typed, isTrade)
  const unclear = typed.filter((word, at) => !first?.used.has(at) && !isTrade(word))
  const { known, corrections } = await readWords(ctx, unclear)
  const words = typed.map((word) => corrections.get(word)?.meant ?? word)
  const slipped = [...corrections.values()].some(({ slip }) => slip)

  const places = askedPlacesIn(atlas, words, isTrade)
  const rest = words.filter((_, at) => !places?.used.has(at))
  const content = rest.filter((word) => !FILLERS.has(word))
  // Who asks for nothing but "work" is shown what has that word.
  const looked = content.length > 0 || places ? content : rest
  const trades = await askedOccupations(ctx, looked, (word) => !known.has(word))
  const others = looked.filter((word, at) => !trades?.used.has(at) && !joins(word))
  const begun = places || others.length !== 1 || looked.length < 2 ? [] : begunPlacesIn(atlas, others[0]!)
  return {
    corrected: slipped ? words.join(' ') : null,
    trades,
    tradeWords: looked.filter((_, at) => trades?.used.has(at)),
    places: places?.codes ?? begun,
    words: begun.length > 0 ? [] : others,
  }
}
