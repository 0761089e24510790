import { stem } from '../occupations/words.ts'
import { type Atlas, ancestorsIn, type Entry, type NameKind } from './atlas.ts'
import { coreOf, foldPlace, latinPlace } from './spelling.ts'

/** The places that words of a search name. */
export type AskedPlaces = {
  /** Codes, any of which is meant. */
  codes: readonly string[]
  /** Which of the words name them, by their place in the question, with the small words before (`в`, `дар`, `in`). */
  used: ReadonlySet<number>
}

// Small words that announce a place: behind them also what else would be a trade or a common word.
const BEFORE_PLACES = new Set('в во на из г дар ба аз шахри in at to near'.split(' '))
const LONGEST_NAME = 4
const NAME_ORDER: Record<NameKind, number> = { current: 0, short: 0, alias: 0, former: 1, settlement: 2 }

type Named = { code: string; order: number }
const indexes = new WeakMap<Atlas, ReadonlyMap<string, readonly Named[]>>()

/**
 * Finds names of places among folded words: present and former, of towns too, in three scripts, in their Russian cases.
 * Where several share a name, the present bearer is meant. A country beside one of its towns only says which.
 * @param isTaken whether a lone word means something else (a trade) unless a preposition stands before it
 */
export function askedPlacesIn(
  atlas: Atlas,
  words: readonly string[],
  isTaken: (word: string) => boolean,
): AskedPlaces | null {
  const index = indexOf(atlas)
  const used = new Set<number>()
  const groups: string[][] = []
  for (let at = 0; at < words.length; at++) {
    const announced = at > 0 && BEFORE_PLACES.has(words[at - 1]!)
    for (let length = Math.min(LONGEST_NAME, words.length - at); length > 0; length--) {
      const part = words.slice(at, at + length)
      if (length === 1 && !announced && (part[0]!.length < 3 || isTaken(part[0]!))) continue
      const codes = namedBy(index, part)
      if (codes.length === 0) continue
      groups.push(codes)
      for (let i = announced ? at - 1 : at; i < at + length; i++) used.add(i)
      at += length - 1
      break
    }
  }
  return groups.length === 0 ? null : { codes: innermost(atlas, groups.flat()), used }
}

/** Places one of whose names begins like a lone word that is nothing else: `туль`. */
export function begunPlacesIn(atlas: Atlas, word: string): string[] {
  if (word.length < 4) return []
  const [folded, latin] = [foldPlace(word), latinPlace(word)]
  const begun = atlas.entries.filter(({ core, latinCore }) => core.startsWith(folded) || latinCore.startsWith(latin))
  const first = Math.min(...begun.map(({ kind }) => NAME_ORDER[kind]))
  return [...new Set(begun.filter(({ kind }) => NAME_ORDER[kind] === first).map(({ code }) => code))]
}

function namedBy(index: ReadonlyMap<string, readonly Named[]>, words: readonly string[]): string[] {
  const { folded, latin } = spell(words.join(' '))
  const keys = new Set([...keysOf(folded, coreOf(folded), latin, coreOf(latin))])
  const named = [...keys].flatMap((key) => index.get(key) ?? [])
  const first = Math.min(...named.map(({ order }) => order))
  return [...new Set(named.filter(({ order }) => order === first).map(({ code }) => code))]
}

const spell = (text: string) => ({ folded: foldPlace(text), latin: latinPlace(text) })

// From the surest likeness to the least: the name itself, in Latin letters, without `город`, in another case.
function keysOf(folded: string, core: string, latin: string, latinCore: string): string[] {
  const stems = (text: string) => text.split(' ').map(stem).join(' ')
  return [
    `0 ${folded}`,
    `1 ${latin}`,
    `2 ${core}`,
    `3 ${latinCore}`,
    ...(/^[а-я]/.test(core) ? [`4 ${stems(folded)}`, `5 ${stems(core)}`] : []),
  ].filter((key) => key.length > 3)
}

function indexOf(atlas: Atlas): ReadonlyMap<string, readonly Named[]> {
  const known = indexes.get(atlas)
  if (known) return known
  const index = new Map<string, Named[]>()
  for (const entry of atlas.entries) {
    for (const key of entryKeys(entry)) {
      const order = (isWhole(key) ? 0 : 100) + NAME_ORDER[entry.kind] * 10 + Number(key[0])
      index.set(key, [...(index.get(key) ?? []), { code: entry.code, order }])
    }
  }
  indexes.set(atlas, index)
  return index
}

// `Ленинград` is the town that had this name rather than a region called after it.
const isWhole = (key: string) => key[0] === '0' || key[0] === '1'

// A name is looked up by each way of writing it: so all of them stand under all of the question's keys.
const entryKeys = ({ folded, core, latin, latinCore }: Entry) => keysOf(folded, core, latin, latinCore)

// `Тула Россия` is Tula; `Москва Казань` is either.
function innermost(atlas: Atlas, codes: readonly string[]): string[] {
  const around = new Set(codes.flatMap((code) => ancestorsIn(atlas, code)))
  const inner = [...new Set(codes)].filter((code) => !around.has(code))
  return inner.length > 0 ? inner : [...new Set(codes)]
}
