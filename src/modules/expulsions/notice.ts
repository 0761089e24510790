import type { Note } from '#kernel/imports/kind.ts'
import type { StatedDocument, StatedName, StatedRecord } from '#kernel/people/facts.ts'
import { maskedNumber } from '#kernel/people/numbers.ts'
import type { ListField } from './columns.ts'
import { type Measure, OUTLIVE, type Status, type Term } from './kinds.ts'
import { decisionOf } from './reading.ts'

/** The facts of one measure as a row states them. What it does not state is null. Days are ISO dates. */
export type MeasureFacts = {
  kind: Measure
  issuer: string | null
  ground: string | null
  decision_no: string | null
  decision_on: string | null
  starts_on: string | null
  term: Term
  ends_on: string | null
  /** How long it holds, as `P3Y6M`; left out where the source states a last day or no length. `ends_on` is then reckoned. */
  lasts?: string
  executed_on: string | null
  border_point: string | null
  status: Status
  status_on: string | null
}

/** A row of a list: who, and which measure, or that somebody was refused at the border. */
export type Notice = {
  person: StatedRecord
  document: string | null
  document_hint: string | null
} & ({ refusal: false; facts: MeasureFacts } | { refusal: true; facts: Omit<MeasureFacts, 'kind'> })

/** The cells of a row as they were read. */
export type ListRow = Partial<Record<ListField, string | number | null>>

export type Reading = { ok: true; notice: Notice } | { ok: false; errors: Record<string, Note> }

/**
 * A row as a notice, or what is missing in it: a name, a measure (an empty cell is never "no ban"), or dates that cannot be.
 * `today` is the last day on which somebody can have been born.
 */
export function noticeOf(row: ListRow, number: number | null, today: Temporal.PlainDate): Reading {
  const names = namesOf(row)
  const birth = typeof row.birth === 'number' ? row.birth : null
  const errors: Record<string, Note> = {}
  const wrong = (field: ListField, key: string) => {
    errors[field] = { key: `expulsions.import.${key}` }
  }
  if (names.length === 0) wrong(row.family ? 'family' : 'full_name', 'name_missing')
  if (!row.measure) wrong('measure', 'measure_missing')
  if (birth !== null && birth > today.year * 10_000 + today.month * 100 + today.day) wrong('birth', 'birth_ahead')
  const facts = factsOf(row)
  if (facts.ends_on && facts.starts_on && facts.ends_on < facts.starts_on) wrong('ends', 'ends_before_start')
  if (differ(row.starts_on, periodOf(row).start)) wrong('ends', 'two_days')
  if (differ(row.decision_on, decisionOf(text(row.decision_no) ?? '').on)) wrong('decision_no', 'two_days')
  if (Object.keys(errors).length > 0) return { ok: false, errors }
  const document = documentOf(row)
  const refusal = row.measure === 'border_refusal'
  const person: StatedRecord = {
    row_number: number,
    names,
    birth,
    sex: row.sex === 'male' || row.sex === 'female' ? row.sex : null,
    citizenship: text(row.citizenship),
    home_district: text(row.home_district),
    documents: document ? [document] : [],
    adverse: true,
  }
  const of = { person, document: document?.number ?? null, document_hint: document && maskedNumber(document.number) }
  return {
    ok: true,
    notice: refusal
      ? { ...of, refusal, facts }
      : { ...of, refusal: false, facts: { kind: row.measure as Measure, ...facts } },
  }
}

function namesOf(row: ListRow): StatedName[] {
  const { full_name, family, given, patronymic, latin_name, former_names } = row
  const parts = { family: text(family), given: text(given), patronymic: text(patronymic) }
  const stated = Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== null)) as StatedName
  const whole = (name: ListRow[ListField]): StatedName[] => (name ? [{ whole: String(name) }] : [])
  return [
    ...(Object.keys(stated).length > 0 ? [stated] : []),
    ...whole(full_name),
    ...whole(latin_name),
    ...whole(former_names),
  ]
}

function documentOf(row: ListRow): StatedDocument | null {
  const number = text(row.document) ?? (row.doc_number ? `${row.doc_series ?? ''}${row.doc_number}` : null)
  if (!number) return null
  return { kind: 'passport', number, issued_on: day(row.doc_issued), expires_on: day(row.doc_expires) }
}

function factsOf(row: ListRow): Omit<MeasureFacts, 'kind'> {
  const { start, end } = periodOf(row)
  const decision = row.decision_no ? decisionOf(String(row.decision_no)) : null
  const stated = {
    decision_on: text(row.decision_on) ?? decision?.on ?? null,
    starts_on: text(row.starts_on) ?? start,
    executed_on: text(row.executed_on),
  }
  return {
    issuer: text(row.issuer),
    ground: text(row.ground),
    decision_no: decision?.no ?? null,
    ...stated,
    ...termOf(end, startOf(text(row.measure), stated)),
    border_point: text(row.border_point),
    status: row.lifted_on ? 'lifted' : ((text(row.status) as Status | null) ?? 'in_force'),
    status_on: text(row.lifted_on) ?? text(row.status_on),
  }
}

// See readEnd.
function periodOf(row: ListRow): { start: string | null; end: string | null } {
  const ends = text(row.ends)
  return ends?.includes('/') ? { start: ends.slice(0, 10), end: ends.slice(11) } : { start: null, end: ends }
}

const differ = (one: ListRow[ListField], other: string | null) => Boolean(one && other && one !== other)

type Days = Pick<MeasureFacts, 'decision_on' | 'starts_on' | 'executed_on'>

/**
 * The day from which the length of a measure counts; null where nobody knows. What keeps somebody out after they were made to leave
 * counts from the day on which they were (law 114-FZ of the Russian Federation, article 27, part 1, point 2: five years from the day
 * of the expulsion, deportation or transfer), never from the decision; other measures from their start, else from the decision.
 */
function startOf(kind: string | null, { decision_on, starts_on, executed_on }: Days): string | null {
  if (!OUTLIVE.includes(kind as Measure)) return starts_on ?? decision_on
  return executed_on && starts_on && starts_on > executed_on ? starts_on : executed_on
}

// Where it is not known from when a length counts, nobody knows until when.
function termOf(end: string | null, from: string | null): Pick<MeasureFacts, 'term' | 'ends_on' | 'lasts'> {
  if (end === 'indefinite') return { term: 'indefinite', ends_on: null }
  if (end?.startsWith('P'))
    return from
      ? { term: 'until', ends_on: Temporal.PlainDate.from(from).add(end).toString(), lasts: end }
      : { term: 'unknown', ends_on: null, lasts: end }
  return end && /^\d{4}-/.test(end) ? { term: 'until', ends_on: end } : { term: 'unknown', ends_on: null }
}

const text = (value: string | number | null | undefined): string | null =>
  value === null || value === undefined || value === '' ? null : String(value)

const day = (value: string | number | null | undefined) =>
  typeof value === 'string' ? Temporal.PlainDate.from(value) : null
