import type { Note } from '#kernel/imports/kind.ts'
import type { StatedDocument, StatedName, StatedRecord } from '#kernel/people/facts.ts'
import { maskedNumber, oneSpelling } from '#kernel/people/numbers.ts'
import type { ListField } from './columns.ts'
import { type Measure, OUTLIVE, type Status, type Term } from './kinds.ts'
import { COUNTED_FROM, type CountedFrom, decisionOf, numbersOf, UNREAD_CELL } from './reading.ts'

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

/** `repairs`: cells that are sound alone and cannot be true together, by field: they were left open. */
export type Reading =
  | { ok: true; notice: Notice; repairs?: Record<string, Note> }
  | { ok: false; errors: Record<string, Note> }

/**
 * A row as a notice, or what is missing in it: a name, or a measure (an empty cell is never "no ban"). Whatever else cannot be is left
 * open, and said: nobody is left out of a list for it. `today` is the last day on which somebody can have been born.
 */
export function noticeOf(row: ListRow, number: number | null, today: Temporal.PlainDate): Reading {
  const names = namesOf(row)
  const errors: Record<string, Note> = {}
  if (names.length === 0) errors[row.family ? 'family' : 'full_name'] = note('name_missing')
  if (!row.measure) errors.measure = note('measure_missing')
  if (Object.keys(errors).length > 0) return { ok: false, errors }
  const repairs: Record<string, Note> = {}
  const birth = birthOf(row, today, repairs)
  const facts = factsOf(row, today, repairs)
  const documents = documentsOf(row, repairs)
  const [document] = documents
  const refusal = row.measure === 'border_refusal'
  // Rare in a list of measures in force; a column of first days that is taken for the last ones makes it the rule.
  if (!refusal && facts.status === 'in_force' && facts.ends_on !== null && facts.ends_on < today.toString())
    repairs.ends ??= note('end_past')
  const person: StatedRecord = {
    row_number: number,
    names,
    birth,
    sex: row.sex === 'male' || row.sex === 'female' ? row.sex : null,
    citizenship: text(row.citizenship),
    home_district: text(row.home_district),
    documents,
    adverse: true,
  }
  const of = {
    ...{ person, document: document?.number ?? null },
    document_hint: document ? maskedNumber(document.number) : null,
  }
  return {
    ok: true,
    notice: refusal
      ? { ...of, refusal, facts }
      : { ...of, refusal: false, facts: { kind: row.measure as Measure, ...facts } },
    ...(Object.keys(repairs).length > 0 && { repairs }),
  }
}

const note = (key: string): Note => ({ key: `expulsions.import.${key}` })

function birthOf({ birth }: ListRow, today: Temporal.PlainDate, repairs: Record<string, Note>): number | null {
  if (typeof birth !== 'number') return null
  if (birth <= today.year * 10_000 + today.month * 100 + today.day) return birth
  repairs.birth = note('birth_ahead_open')
  return null
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

function documentsOf(row: ListRow, repairs: Record<string, Note>): StatedDocument[] {
  const [whole, alone, series] = [text(row.document), text(row.doc_number), text(row.doc_series) ?? '']
  const numbers = whole ? numbersOf(whole) : alone ? [`${series}${alone}`] : []
  if (whole && alone && !numbers.some((number) => isSame(number, series, alone))) {
    repairs.document = note('two_documents_open')
    return []
  }
  const [issued_on, expires_on] = [day(row.doc_issued), day(row.doc_expires)]
  // Of several, nobody knows whose these days are.
  const days = numbers.length === 1 ? { issued_on, expires_on } : { issued_on: null, expires_on: null }
  return numbers.map((number) => ({ kind: 'passport', number, ...days }))
}

// A number whose series stands nowhere else is the same with the letters before it.
function isSame(whole: string, series: string, alone: string): boolean {
  const known = [whole, ...(series ? [] : [whole.replace(/^\p{L}+/u, '')])].map(oneSpelling)
  return known.includes(oneSpelling(`${series}${alone}`))
}

function factsOf(row: ListRow, today: Temporal.PlainDate, repairs: Record<string, Note>): Omit<MeasureFacts, 'kind'> {
  const { start, since, end } = periodOf(row)
  const decision = row.decision_no ? decisionOf(String(row.decision_no)) : null
  // Of two days that are stated for one thing nobody knows which it is.
  const twoStarts = differ(row.starts_on, start)
  const twoDecisions = differ(row.decision_on, decision?.on ?? null)
  if (twoStarts) repairs.ends = note('two_days_open')
  if (twoDecisions) repairs.decision_no = note('two_days_open')
  const unclear = twoStarts || row.starts_on === UNREAD_CELL
  const kind = text(row.measure) as Measure
  // Nothing is decided or carried out on a day that is still ahead: a length counted from there would end on no day that anybody stated.
  const past = (day: string | null, field: ListField) => {
    if (day === null || day <= today.toString()) return day
    repairs[field] = note('day_ahead_open')
    return null
  }
  const decisions = [text(row.decision_on), decision?.on ?? null].filter((day) => day !== null)
  const decided = past(text(row.decision_on), 'decision_on') ?? past(decision?.on ?? null, 'decision_no')
  const decision_on = twoDecisions ? null : decided
  const executed_on = past(text(row.executed_on), 'executed_on')
  const early = OUTLIVE.includes(kind) && executed_on !== null && decision_on !== null && executed_on < decision_on
  if (early) repairs.executed_on = note('executed_before_open')
  const stated = {
    decision_on,
    starts_on: unclear ? null : (text(row.starts_on) ?? start),
    executed_on: early ? null : executed_on,
  }
  const uncounted = since !== null && !countsFrom(kind, since, stated)
  if (uncounted) repairs.ends = note('term_unread')
  // Counted from another day than the stated one, which nobody could read, a length would end too soon.
  const from = unclear && (since === null || OUTLIVE.includes(kind)) ? null : startOf(kind, since, stated)
  const term = uncounted ? NO_TERM : termOf(end, from)
  const { ends_on } = term
  const begun = [...decisions, OUTLIVE.includes(kind) && !early ? text(row.executed_on) : null]
  // Beside such a day that is still ahead nothing is over: it may be the last one, written where the other belongs.
  const tomorrow = today.add({ days: 1 }).toString()
  const begins = [stated.starts_on, ...begun.map((day) => (day !== null && day > tomorrow ? tomorrow : day))]
  const turned = begins.some((day) => ends_on !== null && day !== null && ends_on < day)
  if (turned) repairs.ends = note('ends_before_start_open')
  return {
    issuer: text(row.issuer),
    ground: text(row.ground),
    decision_no: decision?.no ?? null,
    ...stated,
    ...(turned ? NO_TERM : term),
    border_point: text(row.border_point),
    ...statusOf(row, decisions.sort().at(-1) ?? null, today, repairs),
  }
}

// Before its day or its decision, on a day that nobody can read, or beside a status that says otherwise or cannot be read, nothing is
// lifted or served.
function statusOf(
  row: ListRow,
  decision_on: string | null,
  today: Temporal.PlainDate,
  repairs: Record<string, Note>,
): Pick<MeasureFacts, 'status' | 'status_on'> {
  const unread = row.status === UNREAD_CELL
  const [stated, beside] = (unread ? [] : (text(row.status)?.split('/') ?? [])) as [Status?, string?]
  const cannotBe = (day: string | null) =>
    day !== null && (day === UNREAD_CELL || day > today.toString() || (decision_on !== null && day < decision_on))
  const days = [text(row.status_on), beside ?? null]
  const lifted_on = text(row.lifted_on)
  const notYet = (stated === 'lifted' || stated === 'served') && [...days, lifted_on].some(cannotBe)
  if (notYet) repairs.status = note('lifted_open')
  // Of two days the later one, by which both are past.
  const known = days.filter((day) => day !== null && day !== UNREAD_CELL)
  const as = notYet ? IN_FORCE : ({ status: stated ?? 'in_force', status_on: known.sort().at(-1) ?? null } as const)
  if (!lifted_on) return as
  if (!notYet && !unread && !cannotBe(lifted_on) && stated !== 'in_force' && stated !== 'appealed')
    return { status: 'lifted', status_on: lifted_on }
  repairs.lifted_on = note('lifted_open')
  return as
}

const IN_FORCE = { status: 'in_force', status_on: null } as const
const NO_TERM = { term: 'unknown', ends_on: null } as const

// See readEnd.
function periodOf(row: ListRow): { start: string | null; since: CountedFrom | null; end: string | null } {
  const [before, end] = text(row.ends)?.split('/') ?? []
  if (!end) return { start: null, since: null, end: before ?? null }
  const since = COUNTED_FROM.find((one) => one === before) ?? null
  return { start: since ? null : before!, since, end }
}

const differ = (one: ListRow[ListField], other: string | null) =>
  Boolean(one && one !== UNREAD_CELL && other && one !== other)

type Days = Pick<MeasureFacts, 'decision_on' | 'starts_on' | 'executed_on'>

/**
 * The day from which the length of a measure counts; null where nobody knows. What keeps somebody out after they were made to leave
 * counts from the day on which they were (law 114-FZ of the Russian Federation, article 27, part 1, point 2: five years from the day
 * of the expulsion, deportation or transfer), never from the decision; other measures from what their length says, else from their start or the decision.
 */
function startOf(
  kind: Measure,
  since: CountedFrom | null,
  { decision_on, starts_on, executed_on }: Days,
): string | null {
  if (OUTLIVE.includes(kind)) return executed_on && starts_on && starts_on > executed_on ? starts_on : executed_on
  if (since) return since === 'removal' ? executed_on : decision_on
  return starts_on ?? decision_on
}

// Whether a measure of this kind can count from what its length says, and nothing beside it says otherwise. What is carried out never
// counts from its decision. Of a ban nobody knows what "carried out" means: it may be the decision that it follows.
function countsFrom(kind: Measure, since: CountedFrom, { decision_on, starts_on }: Days): boolean {
  if (OUTLIVE.includes(kind)) return since !== 'decision'
  if (kind === 'controlled_persons' || since === 'execution') return false
  return since === 'removal' || (decision_on !== null && (starts_on === null || starts_on === decision_on))
}

// Where it is not known from when a length counts, nobody knows until when.
function termOf(end: string | null, from: string | null): Pick<MeasureFacts, 'term' | 'ends_on' | 'lasts'> {
  if (end === 'indefinite') return { term: 'indefinite', ends_on: null }
  if (end?.startsWith('P'))
    return from
      ? { term: 'until', ends_on: Temporal.PlainDate.from(from).add(end).toString(), lasts: end }
      : { term: 'unknown', ends_on: null, lasts: end }
  return end && /^\d{4}-/.test(end) ? { term: 'until', ends_on: end } : NO_TERM
}

const text = (value: string | number | null | undefined): string | null =>
  value === null || value === undefined || value === '' ? null : String(value)

const day = (value: string | number | null | undefined) =>
  typeof value === 'string' ? Temporal.PlainDate.from(value) : null
