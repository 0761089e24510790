import { type Comparison, F } from './compare.ts'
import { L } from './likeness.ts'

/** At and above this probability two records may be linked without anybody looking; from the second on somebody looks. */
export const THRESHOLDS = { link: 0.999, review: 0.8 } as const

export type Decision = 'link' | 'review' | 'apart'

const NAME = [F.family, F.given, F.patronymic, F.first, F.second, F.third] as const
const EQUAL: ReadonlySet<number> = new Set([L.exact, L.same, L.stem, L.variant, L.crossed])
// What another field must weigh, in bits, to count as an agreement of its own: one in some hundreds by chance.
const TELLING = 8

/**
 * Names, sexes or dates of birth that speak against one person. A slip is no conflict, another word or date is. What may be a slip or
 * another given name is one too, unless the document tells twins apart: it is equal, or one sign off and yet not the next.
 */
export type Conflict = 'name' | 'sex' | 'birth'

export function conflictsOf(comparison: Comparison): Conflict[] {
  const { levels, doubtful } = comparison
  const found: Conflict[] = []
  // A word hard to make out is one more slip in a surname or where the document is the same; else it is another name.
  const sameDocument = tellsTwinsApart(comparison)
  const another = (field: number) =>
    levels[field] === L.differs ||
    (levels[field] === L.far && !sameDocument && field !== F.family && field !== F.patronymic)
  if ((doubtful && !sameDocument) || NAME.some(another)) found.push('name')
  if (levels[F.sex] === L.differs) found.push('sex')
  if ([L.differs, L.far, L.variant].includes(levels[F.birth]!)) found.push('birth')
  return found
}

const tellsTwinsApart = ({ levels, neighbours }: Comparison) =>
  levels[F.document] === L.exact || (levels[F.document] === L.near && !neighbours)

/**
 * The sources that agree, each independent of the others: the name (two words of it, one of them without a slip), the date of birth,
 * a document (a slip allowed), any other value that few share. `weight`: of a field, in bits.
 */
export function agreementsOf({ levels }: Comparison, weight: (field: number) => number): number {
  const words = NAME.filter((field) => EQUAL.has(levels[field]!) || levels[field] === L.near)
  const name = words.length >= 2 && words.some((field) => EQUAL.has(levels[field]!))
  const birth = levels[F.birth] === L.exact || levels[F.birth] === L.crossed
  const document = levels[F.document] === L.exact || levels[F.document] === L.near
  let agreements = Number(name) + Number(birth) + Number(document)
  for (let field: number = F.values; field < levels.length; field++)
    if ((levels[field] === L.exact || levels[field] === L.near) && weight(field) >= TELLING) agreements++
  return agreements
}

/**
 * What becomes of two records: linked only when it is next to certain, two independent sources agree and nothing conflicts, and
 * a given name agrees or the document tells twins apart; looked at by a person when it is likely; else left apart.
 */
export function decide(comparison: Comparison, probability: number, weight: (field: number) => number): Decision {
  if (probability < THRESHOLDS.review) return 'apart'
  if (probability < THRESHOLDS.link || conflictsOf(comparison).length > 0) return 'review'
  if (comparison.unnamed && !tellsTwinsApart(comparison)) return 'review'
  return agreementsOf(comparison, weight) >= 2 ? 'link' : 'review'
}

/**
 * What becomes of an adverse row (a ban, a notice) and a person: it never attaches by likelihood. Only an equal document and an equal,
 * whole date of birth without any conflict of name or sex attach it, nor with a slip or a part of a given name, which may be another
 * (brothers are Тоҷимурод and Тоҷимоҳ, and one's number is copied into the other's row); everything else takes two officers.
 */
export function decideAdverse(comparison: Comparison): 'attach' | 'two_officers' {
  const { levels, doubtful } = comparison
  const equal = levels[F.document] === L.exact && levels[F.birth] === L.exact
  const clear = conflictsOf(comparison).length === 0 && !doubtful && NAME.every((field) => levels[field] !== L.far)
  return equal && clear ? 'attach' : 'two_officers'
}
