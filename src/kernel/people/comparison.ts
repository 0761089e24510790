import type { Ctx } from '../context.ts'
import { nameText, type StatedName } from './facts.ts'
import { documentOwner, maskedNumber, openText } from './numbers.ts'
import { findRegistryKeys } from './registry-key.ts'
import type { Review } from './reviews.ts'
import type { Explanation } from './scoring.ts'

/** How two values agree, as an officer reads it. */
export type Agreement = 'equal' | 'alike' | 'differs' | 'nothing'

/** One line of a comparison: both sides as stated, and why they count as what they do (`people.code.level.VALUE`). */
export type Line = { field: string; left: string | null; right: string | null; agreement: Agreement; level: string }

/** One side of a pair: the record, where it comes from, whom it is counted with. */
export type Side = {
  record_id: string
  person_id: string
  names: StatedName[]
  birth: number | null
  sex: string | null
  citizenship: string | null
  home_district: string | null
  row_number: number | null
  adverse: boolean
  received_at: Temporal.Instant
  label: string
  kind: string
  reference: string
  since: Temporal.Instant
  sources: number
  /** What other records state that are counted with this one. */
  others: Pick<Side, 'names' | 'birth'>[]
  documents: { number: string; index: string; issued_on: Temporal.PlainDate | null }[]
}

/** Both sides of a pair, in its order; the database hides what the actor may not see. */
export async function sidesOf(
  ctx: Ctx,
  { record_id, other_record_id }: Pick<Review, 'record_id' | 'other_record_id'>,
): Promise<[Side, Side]> {
  const keys = await findRegistryKeys(ctx)
  const rows = await ctx.db
    .selectFrom('people.record as r')
    .innerJoin('people.source as s', 's.id', 'r.source_id')
    .innerJoin('people.finding as f', 'f.record_id', 'r.id')
    .innerJoin('people.person as p', 'p.id', 'f.person_id')
    .select([
      'r.id as record_id',
      'r.names',
      'r.birth',
      'r.sex',
      'r.citizenship',
      'r.home_district',
      'r.row_number',
      'r.adverse',
      'r.received_at',
      's.label',
      's.kind',
    ])
    .select(['p.id as person_id', 'p.reference', 'p.created_at as since'])
    .select((e) =>
      e
        .selectFrom('people.finding as o')
        .select((c) => c.fn.countAll<bigint>().as('n'))
        .whereRef('o.person_id', '=', 'f.person_id')
        .as('sources'),
    )
    .where('r.id', 'in', [record_id, other_record_id])
    .execute()
  const beside = await ctx.db
    .selectFrom('people.finding')
    .select(['record_id', 'person_id', 'names', 'birth'])
    .where(
      'person_id',
      'in',
      rows.map(({ person_id }) => person_id),
    )
    .orderBy('record_id')
    .execute()
  const documents = await ctx.db
    .selectFrom('people.document')
    .select(['id', 'record_id', 'country', 'number_sealed', 'number_index', 'issued_on'])
    .where('record_id', 'in', [record_id, other_record_id])
    .orderBy('id')
    .execute()
  const side = (id: string): Side => {
    const { names, sources, ...row } = rows.find((one) => one.record_id === id)!
    const own = documents
      .filter((document) => document.record_id === id)
      .map(({ id: document, country, number_sealed, number_index, issued_on }) => ({
        number: [country, maskedNumber(openText(keys!, number_sealed, documentOwner(document)))]
          .filter(Boolean)
          .join(' '),
        index: number_index.toString('hex'),
        issued_on,
      }))
    const others = beside
      .filter(({ record_id, person_id }) => person_id === row.person_id && record_id !== id)
      .map((other) => ({ names: other.names as unknown as StatedName[], birth: other.birth }))
    return { ...row, names: names as unknown as StatedName[], sources: Number(sources), others, documents: own }
  }
  return [side(record_id), side(other_record_id)]
}

const ALIKE = ['stem', 'variant', 'near', 'part', 'far', 'crossed']

function agreementOf(level: string, left: string | null, right: string | null): Agreement {
  if (left === null || right === null) return 'nothing'
  if (level === 'differs') return 'differs'
  return ALIKE.includes(level) ? 'alike' : 'equal'
}

/** The comparison field by field: what both sides state, and how the score took it. Values that are codes stay codes. */
export function linesOf([left, right]: readonly [Side, Side], explanation: Explanation): Line[] {
  const levelOf = (field: string, fallback: string) => explanation.find((one) => one.field === field)?.level ?? fallback
  const line = (field: string, a: string | null, b: string | null, fallback = a === b ? 'exact' : 'differs'): Line => {
    const level = levelOf(field, fallback)
    return { field, left: a, right: b, level, agreement: agreementOf(level, a, b) }
  }
  const parted = [left, right].every(({ names }) => names.some(({ family, given }) => family || given))
  const part = (side: Side, key: 'family' | 'given' | 'patronymic') => {
    const all = [...new Set(side.names.map((name) => name[key]).filter((text) => text !== undefined))]
    return all.length > 0 ? all.join(' / ') : null
  }
  const whole = ({ names }: Side) => names.map(nameText).join(' / ') || null
  // Of names that are not in parts each word was compared: the worst of them tells.
  const words = explanation
    .filter(({ field }) => ['first', 'second', 'third'].includes(field))
    .map(({ level }) => level)
  const worst =
    words.find((level) => level === 'differs') ?? words.find((level) => ALIKE.includes(level)) ?? words[0] ?? 'exact'
  const numbers = ({ documents }: Side) =>
    documents.length > 0 ? documents.map(({ number }) => number).join(' / ') : null
  const shared = left.documents.some(({ index }) => right.documents.some((other) => other.index === index))
  return [
    ...(parted
      ? (['family', 'given', 'patronymic'] as const).map((key) => line(key, part(left, key), part(right, key)))
      : [line('name', whole(left), whole(right), worst)]),
    line('birth', left.birth === null ? null : String(left.birth), right.birth === null ? null : String(right.birth)),
    line('sex', left.sex, right.sex),
    line('document', numbers(left), numbers(right), shared ? 'exact' : 'differs'),
    line('citizenship', left.citizenship, right.citizenship),
    line('district', left.home_district, right.home_district),
  ]
}

/**
 * Cuts two values into what they share at both ends and what differs between, for marking. Values without a letter in
 * common (two scripts) differ wholly. Joined again, the parts are the value.
 */
export function marked(left: string, right: string): [left: [string, string, string], right: [string, string, string]] {
  const [a, b] = [Array.from(left), Array.from(right)]
  const shortest = Math.min(a.length, b.length)
  let start = 0
  while (start < shortest && a[start] === b[start]) start++
  let end = 0
  while (end < shortest - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  // A single letter in common at an end says nothing: the ending is shown as a whole.
  if (end === 1) end = 0
  const cut = (text: string[]): [string, string, string] => [
    text.slice(0, start).join(''),
    text.slice(start, text.length - end).join(''),
    text.slice(text.length - end).join(''),
  ]
  return [cut(a), cut(b)]
}
