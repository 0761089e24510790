import type { Ctx } from '#kernel/context.ts'
import type { AskedOccupations } from '#kernel/occupations/asked-occupations.ts'
import { askedOccupations, occupationIndex } from '#kernel/occupations/occupations.ts'
import { asTradeWords, isDoing } from '#kernel/occupations/verbs.ts'
import { beginningOf, joins, stem } from '#kernel/occupations/words.ts'
import { askedPlacesIn, begunPlacesIn } from '#kernel/places/asked-places.ts'
import { placesAtlas } from '#kernel/places/places.ts'
import type { Correction } from '#kernel/search/correct.ts'
import { fold, type WrittenWord, wordsIn } from '#kernel/search/fold.ts'
import { onOtherKeyboard } from '#kernel/search/keyboard.ts'
import { soundOf, soundsOf } from '#kernel/search/sound.ts'
import { type ReadWords, readWords } from '#kernel/search/vocabulary.ts'

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
  /** Words that exist, as they stand or in another form: they are not merely begun. */
  existing: ReadonlySet<string>
  /** Those others only say how somebody wants to work or live (вахта, с жильём): they may be given up. */
  onlyWishes: boolean
}

const MOST_WORDS = 12

// Said of every advert, or of none: they narrow nothing down.
const FILLERS = new Set(
  (
    'работа работу работой работы работ работать вакансия вакансии ищу ищем нужен нужна нужны нужно требуется требуются найти хочу срочно ' +
    'есть надо можно нужен человек люди помогите подскажите здравствуйте салом ассалому алейкум алайкум ' +
    'кор кори кору ба бо корҳо ҷойи ҷои ҷой лозим лозими даркор мехоҳам меҷӯям ҳаст ҳастам аст корхона ширкат ' +
    'job jobs work works vacancy vacancies wanted needed need find looking'
  )
    .split(' ')
    .map(fold),
)

// The same in Latin letters: rabota, ishchu, trebuetsya.
const FILLER_SOUNDS = new Set([...FILLERS].filter((word) => /^[а-я]{3}/.test(word)).map(soundOf))
const isFiller = (word: string) =>
  FILLERS.has(word) || (/^[a-z]{4}/.test(word) && soundsOf(word).some((sound) => FILLER_SOUNDS.has(sound)))

const asked = new WeakMap<Ctx, Map<string, Promise<Understood>>>()

/**
 * Reads what a person typed: slips put right, the trade in any language, places by any of their names, and what remains.
 * Literally, or where nothing was typed: every word as it stands. Asked again in the same request, it remembers.
 */
export function understandWords(ctx: Ctx, text: string, literal = false): Promise<Understood> {
  const known = asked.get(ctx) ?? new Map<string, Promise<Understood>>()
  asked.set(ctx, known)
  const key = `${literal} ${text}`
  const understood = known.get(key) ?? (literal || !text.trim() ? Promise.resolve(asWritten(text)) : read(ctx, text))
  known.set(key, understood)
  return understood
}

const wordsOf = (text: string) => wordsIn(text).slice(0, MOST_WORDS)

function asWritten(text: string): Understood {
  const words = wordsOf(text).map(({ word }) => word)
  return {
    corrected: null,
    trades: null,
    tradeWords: [],
    places: [],
    words,
    existing: new Set(words),
    onlyWishes: false,
  }
}

// `авто слесарь` is written apart in haste: two words that together are one trade.
function joined(words: readonly WrittenWord[], isTrade: (word: string) => boolean): WrittenWord[] {
  const mayJoin = (one: WrittenWord | undefined) => one !== undefined && one.word.length > 1 && !joins(one.word)
  const at = words.findIndex(
    (one, i) => mayJoin(one) && mayJoin(words[i + 1]) && isTrade(one.word + words[i + 1]!.word),
  )
  if (at < 0) return [...words]
  const [first, second] = words.slice(at) as [WrittenWord, WrittenWord]
  return words.toSpliced(at, 2, { word: first.word + second.word, written: first.written + second.written })
}

// What is no word at all may be one with the other keyboard switched on.
async function typedWords(ctx: Ctx, text: string): Promise<{ words: WrittenWord[]; switched: boolean }> {
  const words = wordsOf(text)
  const other = onOtherKeyboard(text)
  const switched = other === null ? [] : wordsOf(other)
  const { known } = await readWords(
    ctx,
    [...words, ...switched].map(({ word }) => word),
    () => false,
  )
  const isWord = ({ word }: WrittenWord) => known.has(word)
  // The other keyboard has letters where this one has signs: it makes one word of several (`ve[jcb,`), never the reverse.
  const fits = switched.length < words.length ? switched.every(isWord) : !words.some(isWord)
  return fits && switched.length <= words.length && switched.some(isWord)
    ? { words: switched, switched: true }
    : { words, switched: false }
}

async function read(ctx: Ctx, text: string): Promise<Understood> {
  const [index, atlas] = await Promise.all([occupationIndex(ctx), placesAtlas(ctx)])
  const isTrade = (word: string) => index.byStem.has(stem(word)) && !joins(word)
  const { words: whole, switched } = await typedWords(ctx, text)
  const typed = joined(whole, isTrade)
  const folded = asTradeWords(
    index,
    typed.map(({ word }) => word),
  )
  // A name may have words of its own (Курган-Тюбе), so places are looked for before anything is called a slip.
  const first = askedPlacesIn(atlas, folded, isTrade)
  const unclear = new Set(
    folded.filter((word, at) => !first?.used.has(at) && !isTrade(word) && !isFiller(word) && !isDoing(word)),
  )
  const { known, lookalikes, wishes, corrections } = await putRight(ctx, folded, (word) => unclear.has(word))
  const words = folded.flatMap((word) => corrections.get(word)?.meant.split(' ') ?? word)
  const slipped = switched || [...corrections.values()].some(({ slip }) => slip)

  const places = askedPlacesIn(atlas, words, isTrade)
  const rest = words.filter((_, at) => !places?.used.has(at))
  const content = rest.filter((word) => !isFiller(word))
  // Who asks for nothing but "work" is shown what has that word.
  const looked = content.length > 0 || places ? content : rest
  const trades = await askedOccupations(
    ctx,
    looked,
    (word) => !known.has(word),
    (word) => !lookalikes.has(word),
  )
  const others = looked.filter((word, at) => !trades?.used.has(at) && !joins(word))
  const begun = places || others.length !== 1 || looked.length < 2 ? [] : begunPlacesIn(atlas, others[0]!)
  return {
    corrected: slipped ? typed.map(({ word, written }) => corrections.get(word)?.shown ?? written).join(' ') : null,
    trades,
    tradeWords: looked.filter((_, at) => trades?.used.has(at)),
    places: places?.codes ?? begun,
    words: begun.length > 0 ? [] : others,
    existing: known,
    onlyWishes: others.length > 0 && others.every((word) => wishes.has(word) || isFiller(word)),
  }
}

// Who types Russian in Latin letters inflects it all the same: `kurerom`.
const barestOf = (word: string) =>
  /^[a-z]/.test(word) ? word.replace(/(?<=[a-z]{4})(ami|om|em|o[iy]|ov|ev|am|ah|[uaiye])$/, '') : beginningOf(word)

// Words are inflected: what is a form of a word that exists is no slip (`духтари`), and a slip in a form is found in its
// beginning (`поворами`, `афициантов`).
async function putRight(ctx: Ctx, words: readonly string[], mayBeSlips: (word: string) => boolean): Promise<ReadWords> {
  const formsOf = (word: string) => [beginningOf(word), stem(word)].filter((form) => form.length > 3 && form !== word)
  const { known } = await readWords(ctx, words.flatMap(formsOf), () => false)
  const baseOf = new Map(words.map((word) => [word, formsOf(word).find((form) => known.has(form))]))
  const mayBeWrong = (word: string) => mayBeSlips(word) && !baseOf.get(word)
  const whole = await readWords(ctx, words, mayBeWrong)
  const left = words.filter((word) => mayBeSlips(word) && !whole.known.has(word) && !whole.corrections.has(word))
  const { corrections } = await readWords(ctx, left.filter(mayBeWrong).map(barestOf), () => true, true)
  const more = left.flatMap((typed): [string, Correction][] => {
    const base = baseOf.get(typed)
    const found = base ? { typed, meant: base, shown: base, slip: false } : corrections.get(barestOf(typed))
    return found ? [[typed, found]] : []
  })
  return { ...whole, corrections: new Map([...whole.corrections, ...more]) }
}
