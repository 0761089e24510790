import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { arrayOf } from '#kernel/db/arrays.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { alternativesOf, toJson } from '#kernel/people/asking.ts'
import { compareBirths } from '#kernel/people/matching/birth.ts'
import { THRESHOLDS } from '#kernel/people/matching/decide.ts'
import { L } from '#kernel/people/matching/likeness.ts'
import type { Score } from '#kernel/people/matching/score.ts'
import { numberIndex } from '#kernel/people/numbers.ts'
import { findRegistryKeys } from '#kernel/people/registry-key.ts'
import { type Comparable, frequencies, scoreAgainst } from '#kernel/people/scoring.ts'
import { isInForce, type MeasureOnRecord, measuresOnRecords } from '#modules/expulsions/public.ts'
import { isYearOnly } from './carrier/passenger.ts'
import type { Facts } from './facts.ts'

/** `identity`: a row may be about this person or another; an office must look. */
export type AnswerKind = 'listed' | 'controlled' | 'not_found' | 'identity'

export type Finding = {
  kind: AnswerKind
  /** In force, and against this very person. */
  measures: MeasureOnRecord[]
  /** The registry's records with which the question agreed: whoever they are of may know that it was asked. */
  agreeing: Agreement[]
  /** All that was known, ended measures too: another text means that something changed. */
  known: string
}

/**
 * How a record agreed. `wholly`: document and birth date, with nothing against it; `document`: its number only; `name`: name and birth
 * date, or nearly.
 */
export type Agreement = { record_id: string; person_id: string; agrees: 'wholly' | 'document' | 'name' }

type Candidate = Comparable & { person_id: string }
const MOST_CANDIDATES = 200
const AGREE: ReadonlySet<string> = new Set(['exact', 'same', 'stem', 'variant', 'near', 'crossed'])
const NAME_FIELDS: readonly string[] = ['family', 'given', 'patronymic', 'first', 'second', 'third']

/**
 * What the lists say about whoever has this document. A measure counts as theirs only when a record of the registry has exactly
 * this document, or an earlier one of the same person, and this birth date, and no name or sex speaks against it. A row that
 * agrees by half (birth date and name without the document; the document without the birth date or the name) is never an answer
 * but a question, about all that stands on the person it is counted with: a new passport or surname ends no ban. Owner's connection.
 */
export async function examine(ctx: Ctx, { document, birth, name }: Facts): Promise<Finding> {
  const keys = await findRegistryKeys(ctx)
  const index = keys ? numberIndex(keys, document).toString('hex') : ''
  const asked: Comparable = {
    ...{ record_id: 'asked', names: [name], birth, sex: null, citizenship: null, home_district: null },
    documents: [index],
  }
  const byNumber = await recordsWithNumber(ctx, index)
  const own = await judged(ctx, asked, byNumber)
  const isExact = ({ record, clear }: Judged) => record.birth === birth && clear
  const persons = new Set(own.filter(isExact).map(({ record }) => record.person_id))
  const similar = (await judged(ctx, asked, await alike(ctx, asked))).filter((one) => isAlike(one, birth))
  // Who agrees by half with a record may be all of the person it is counted with: the ban stands on another one, of another surname or
  // year. Not by a name without a birth date, or with the year alone where another record states the day, and none the one asked about:
  // it is of somebody born then.
  const named = similar.filter(({ record }) => record.birth !== null)
  const around = [...new Set([...own, ...named].map(({ record }) => record.person_id))]
  const theirs = await judged(ctx, asked, await recordsOfPersons(ctx, around))
  const statesDay = (one: Judged) => theirs.some((other) => isOfThatDay(one, other, birth))
  const statesAnother = (one: Judged) => theirs.some((other) => isOfAnotherDay(one, other, birth))
  const half = [...own, ...named.filter((one) => statesDay(one) || !statesAnother(one))]
  const asIf = new Set(half.map(({ record }) => record.person_id))
  const ofPersons = theirs.filter(({ record }) => asIf.has(record.person_id))
  const isOwn = new Set(own.map(({ record }) => record.record_id))
  const all = new Map([...own, ...similar, ...ofPersons].map((one) => [one.record.record_id, one]))
  const sure = new Set(
    ofPersons
      .filter(({ record, clear }) => clear && persons.has(record.person_id))
      .map(({ record }) => record.record_id),
  )
  const stated = await measuresOnRecords(ctx, [...all.keys()])
  const inForce = stated.filter((measure) => isInForce(measure, plainDate(ctx.now)))
  const measures = inForce.filter(({ record_id }) => sure.has(record_id))
  return {
    kind: kindOf(measures, inForce.length),
    measures,
    agreeing: [
      ...own.map((one) => agreement(one, isExact(one) ? 'wholly' : 'document')),
      ...similar.filter(({ record }) => !isOwn.has(record.record_id)).map((one) => agreement(one, 'name')),
    ],
    known: JSON.stringify(
      stated.map(({ measure_id, version, record_id }) => [measure_id, version, sure.has(record_id)]).sort(),
    ),
  }
}

const agreement = ({ record: { record_id, person_id } }: Judged, agrees: Agreement['agrees']): Agreement => ({
  ...{ record_id, person_id, agrees },
})

function kindOf(measures: readonly MeasureOnRecord[], inForce: number): AnswerKind {
  if (measures.some(({ kind }) => kind !== 'controlled_persons')) return 'listed'
  // Something else that may be theirs weighs more than the register: an office looks at both.
  if (measures.length > 0 && inForce === measures.length) return 'controlled'
  return inForce > 0 ? 'identity' : 'not_found'
}

type Judged = { record: Candidate; score: Score; clear: boolean }

async function judged(ctx: Ctx, asked: Comparable, records: readonly Candidate[]): Promise<Judged[]> {
  if (records.length === 0) return []
  const scores = scoreAgainst(asked, records, await frequencies(ctx))
  return records.map((record, at) => ({ record, score: scores[at]!, clear: scores[at]!.conflicts.length === 0 }))
}

/**
 * Two parts of the name agree on the same birth date, or the registry itself would show both to an officer. Where one of the two knows
 * no day of birth, family and given name on what both know of it; where a row knows nothing of it, no other part may differ.
 */
export function isAlike({ record, score }: Judged, birth: number): boolean {
  const names = score.fields.filter(({ field }) => NAME_FIELDS.includes(field))
  const agreeing = names.filter(({ level }) => AGREE.has(level))
  if (score.probability >= THRESHOLDS.review || (record.birth === birth && agreeing.length >= 2)) return true
  if (agreeing.filter(({ field }) => field !== 'patronymic').length < 2) return false
  if (!record.birth) return names.every(({ level }) => level !== 'differs')
  return mayBeOneDay(record.birth, birth)
}

// What is known of two days, where of one only the year or the month is.
function mayBeOneDay(one: number, other: number): boolean {
  const same = (unit: number) => Math.floor(one / unit) === Math.floor(other / unit)
  const some = (is: (birth: number) => boolean) => is(one) || is(other)
  return (same(10_000) && some(isYearOnly)) || (same(100) && some((birth) => birth % 100 === 0))
}

// Whether the other record, of the same person, states the very day asked about, or has day and month exchanged.
function isOfThatDay({ record: one }: Judged, { record: other }: Judged, birth: number): boolean {
  return one.person_id === other.person_id && [L.exact, L.crossed].includes(compareBirths(other.birth ?? 0, birth))
}

// Whether the other record, of the same person, states the day that the one leaves open, and it is not the day asked about.
function isOfAnotherDay({ record: one }: Judged, { record: other }: Judged, birth: number): boolean {
  if (one.person_id !== other.person_id || !one.birth || !other.birth) return false
  if (isYearOnly(other.birth) || other.birth % 100 === 0 || !mayBeOneDay(one.birth, other.birth)) return false
  return other.birth !== birth && !mayBeOneDay(other.birth, birth)
}

const columns = sql`f.record_id, f.person_id, f.names, f.birth, f.sex, f.citizenship, f.home_district, f.documents`

async function recordsWithNumber(ctx: Ctx, index: string): Promise<Candidate[]> {
  const { rows } = await sql<Candidate>`
    select ${columns}
    from people.document d
    join people.finding f on f.record_id = d.record_id
    where d.number_index = decode(${index}, 'hex')`.execute(ctx.db)
  return rows
}

async function recordsOfPersons(ctx: Ctx, persons: readonly string[]): Promise<Candidate[]> {
  const { rows } = await sql<Candidate>`
    select ${columns} from people.finding f where f.person_id = any (${[...persons]}::uuid[])`.execute(ctx.db)
  return rows
}

async function alike(ctx: Ctx, asked: Comparable): Promise<Candidate[]> {
  // Nobody is left out because somebody else fits so well: whoever is like this person may be on a list. Nor because many others bear
  // the name, on no list: a row without a birth date, or with the year alone, agrees in nothing else, and each that can harm is looked at.
  const alternatives = { ...alternativesOf(asked, true), sure: [] }
  const names = arrayOf('bigint', alternatives.weak.flat(2))
  const { rows } = await sql<Candidate>`
    select ${columns}
    from people.finding f
    where f.record_id in (
      select c.record_id
      from people.candidates(${toJson(alternatives)}::jsonb, null, ${MOST_CANDIDATES}) c
      union all
      (
        select d.record_id
        from people.finding d
        where d.keys && ${names}
          and d.birth is null
        limit ${MOST_CANDIDATES}
      )
      union all
      select h.record_id
      from people.finding h
      where h.keys && ${names}
        and h.adverse
        and (h.birth is null or h.birth / 10000 = ${Math.floor(asked.birth! / 10_000)})
    )`.execute(ctx.db)
  return rows
}
