import type { Match } from './phrases.ts'
import type { Words } from './spelling.ts'
import { FAMILIES } from './words.ts'

/** How many words a "no" or "without" reaches, and a bare "not". */
const NO_REACHES = 4
const NOT_REACHES = 2
/** How many words after something may say that it is not so. */
const AFTER_REACHES = 4
/** A piece of a list: "no fees, deposits or fines". */
const LISTED = 3

/** Where the sentence says no: each member of the families `no`, `not` and `denied`, and whether it warns of others. */
export type Denials = { no: Match[]; not: Match[]; denied: Match[]; warns: boolean }

/** Reads the words of a sentence that deny. */
export function readDenials({ words }: Words): Denials {
  const all = (name: string) => words.flatMap((_, place) => FAMILIES.get(name)!.at(words, place))
  return { no: all('no'), not: all('not'), denied: all('denied'), warns: all('warning').length > 0 }
}

/**
 * Whether what was found is denied: "no deposit", "the passport is not kept", "beware of those who ask for a fee".
 * A "no" that itself belongs to what was found denies nothing ("without pay").
 */
export function isDenied({ words, clauses }: Words, { no, not, denied, warns }: Denials, match: Match): boolean {
  if (warns) return true
  const outside = (found: Match) => !found.some((place) => match.includes(place))
  const before = (found: Match, reach: number) =>
    match.some((place) => place > found.at(-1)! && place - found.at(-1)! <= reach && joined(found.at(-1)!, place))
  const after = (found: Match) =>
    found.some((place) => !match.includes(place)) &&
    match.some(
      (place) => found[0]! > place && found[0]! - place <= AFTER_REACHES && clauses[place] === clauses[found[0]!],
    )
  // Each piece of a short list is under the "no" that stands before the first.
  const joined = (from: number, to: number) => {
    if (clauses[from] === clauses[to]) return true
    for (let clause = clauses[from]! + 1; clause <= clauses[to]!; clause++) {
      const own = words.filter((_, place) => clauses[place] === clause)
      if (own.length > LISTED - 1 || own.some((word) => /\d/.test(word))) return false
    }
    return true
  }
  return (
    no.some((found) => outside(found) && before(found, NO_REACHES)) ||
    not.some((found) => outside(found) && before(found, NOT_REACHES)) ||
    denied.some(after)
  )
}
