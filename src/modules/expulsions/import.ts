import { sql } from 'kysely'
import { audit } from '#kernel/audit/audit.ts'
import { arrayOf } from '#kernel/db/arrays.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { newId, newReference } from '#kernel/ids.ts'
import { defineImport, type ImportCtx, type ImportRow, type Note, type RowOutcome } from '#kernel/imports/kind.ts'
import { OutOfTurn } from '#kernel/out-of-turn.ts'
import { type PreparedRecord, prepareRecords } from '#kernel/people/prepare.ts'
import { beginReceiving, endReceiving, type Receipt, type Reception } from '#kernel/people/receive.ts'
import { type RegistryKeys, registryKeys } from '#kernel/people/registry-key.ts'
import { type Batch, batchOfImport, findBatch, noteRepeated } from './batch-of-import.ts'
import { HEADING_WORDS, LIST_COLUMNS, OTHER_HEADINGS } from './columns.ts'
import { proposeEnds } from './corrections.ts'
import { BY_HAND } from './kinds.ts'
import { type ListRow, type Notice, noticeOf, type Reading } from './notice.ts'
import { tellOfQuestion } from './notices.ts'
import { isInForce } from './public.ts'
import { askForMissing, endAnswered } from './questions.ts'
import {
  contentOf,
  dayOfRefusal,
  type Known,
  keysIn,
  keysOf,
  knownNotices,
  type Place,
  type Row,
  type RowKeys,
  recognise,
  unchangedRows,
} from './recognise.ts'
import { tellOfCopies } from './refusal-copies.ts'
import { passOn } from './relay.ts'
import { saveMeasures, saveRefusals } from './saving.ts'

const typedRows = (document: unknown): unknown[] => {
  const rows = (document as Record<string, unknown> | null)?.[BY_HAND]
  return Array.isArray(rows) ? rows : []
}

/** Lists of expelled, banned and controlled people, as authorities send them: XLSX or CSV. */
export const listImport = defineImport<ListRow, ReadNotice, Begun>({
  kind: 'expulsions',
  label: 'expulsions.import.label',
  hint: 'expulsions.import.hint',
  permission: 'expulsion.import',
  fields: LIST_COLUMNS,
  headingWords: HEADING_WORDS,
  otherHeadings: OTHER_HEADINGS,
  doubt: {
    note: 'expulsions.import.end_past',
    among: 'ends',
    said: 'expulsions.import.ends_past',
    refused: 'expulsions.import.ends_past_refused',
  },
  nativeFormats: [
    {
      name: BY_HAND,
      detect: (document) => typedRows(document).length > 0,
      rows: typedRows,
      cells: (row) => row as Record<string, string>,
    },
  ],

  async prepare(ctx, step) {
    const keys = await registryKeys(ctx)
    const today = plainDate(ctx.now)
    const doubled = step === 'apply' ? await doubledCells(ctx) : new Set<string>()
    return (rows) => {
      const read = rows.map((row) => readRow(keys, today, row))
      const sound = read.filter((one) => one.ok)
      const persons = sound.map(({ notice }) => notice.person)
      const records = step === 'apply' ? prepareRecords(keys, persons) : []
      sound.forEach((one, at) => {
        one.record = records[at]
      })
      if (doubled.size > 0)
        for (const [at, one] of read.entries())
          if (one.ok) one.doubled = TELLING.some((field) => doubled.has(`${field} ${rows[at]!.value[field]}`))
      return read
    }
  },

  async check(ctx, rows) {
    const { organisation_id } = ctx.import
    if (!organisation_id) return rows.map(() => refused({ '': { key: 'expulsions.import.no_office' } }))
    const judged = await judge(ctx, organisation_id, { batch_id: '', letter: ctx.import.source }, rows)
    if (judged.every(({ known }) => known)) await noteRepeated(ctx)
    return judged.map((row) => {
      if (row.errors) return refused(row.errors)
      const { read, known } = row
      const { repairs } = read
      if (!known) return { state: 'new', repairs }
      return { state: known.content.equals(read.content) ? 'same' : 'changed', subject_id: known.measure_id, repairs }
    })
  },

  async begin(ctx, rows, before) {
    const batch = before ? await batchAhead(ctx) : await batchOfImport(ctx)
    // The same list that comes twice at the same moment: the second has to see what the first made of it.
    if (!before) await lockList(ctx, batch.custodian)
    const keys = new Set(rows.flatMap(({ prepared }) => (prepared.ok ? keysIn([prepared]) : [])))
    const refusals = rows.some(({ prepared }) => prepared.ok && prepared.notice.refusal)
    // A refusal is read beside all that this list says of others.
    if (before && (refusals || !keys.isDisjointFrom(before.keys))) throw new OutOfTurn()
    const judged = await judge(ctx, batch.custodian, { batch_id: batch.id, letter: batch.letter }, rows)
    const fresh: Fresh[] = []
    const outcomes = judged.map((row): RowOutcome => {
      if (row.errors) return { outcome: 'refused', errors: row.errors }
      const { read, known, same, measure_id } = row
      if (same) return { outcome: 'same', subject_id: measure_id }
      if (before?.measures.has(measure_id)) throw new OutOfTurn()
      const { notice, keys, content, record } = read
      fresh.push({ notice, keys, content, record: record!, measure_id, known })
      return { outcome: known ? 'updated' : 'created', subject_id: measure_id }
    })
    const records = fresh.map(({ record }) => record)
    const reception = await beginReceiving(ctx, batch.source_id, records, before?.reception)
    const measures = new Set(fresh.map(({ measure_id }) => measure_id))
    return { batch, before: before?.reception, reception, fresh, outcomes, keys, measures }
  },

  async apply(ctx, rows, { batch, before, reception, fresh, outcomes }) {
    if (before) await lockList(ctx, batch.custodian)
    await endReceiving(ctx, reception, before)
    await save(ctx, batch, fresh, reception.receipts)
    await countAnew(ctx, rows)
    await audit(
      ctx,
      'expulsion.import',
      { type: 'batch', id: batch.id },
      { rows: rows.length, created: outcomes.filter(({ outcome }) => outcome === 'created').length },
    )
    return outcomes
  },
})

/** Rows whose persons are found out, and whose measures are still to be kept. */
type Begun = {
  batch: Batch
  /** Of the rows before, where these were begun while those were still being written. */
  before: Reception | undefined
  reception: Reception
  fresh: Fresh[]
  outcomes: RowOutcome[]
  /** By what, and as what, the rows after them could be about the same. */
  keys: ReadonlySet<string>
  measures: ReadonlySet<string>
}

const lockList = ({ db }: ImportCtx, custodian: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`expulsions.list ${custodian}`}, 0))`.execute(db)

// Nobody but the first rows of a list opens its batch.
async function batchAhead(ctx: ImportCtx): Promise<Batch> {
  const batch = await findBatch(ctx)
  if (!batch) throw new OutOfTurn()
  return batch
}

// Plans made while the tables were empty would read a long list again for each of its rows: as it grows tenfold, the database
// is told to count anew.
async function countAnew({ db }: ImportCtx, rows: readonly ImportRow<ListRow>[]): Promise<void> {
  const scaleOf = (row: ImportRow<ListRow> | undefined) => Math.floor(Math.log10(row?.number ?? 1))
  if (rows[0]!.number > 1 && scaleOf(rows[0]) === scaleOf(rows.at(-1))) return
  await sql`analyze imports.row, people.person, people.record, people.link, people.finding, expulsions.measure,
    expulsions.measure_key, expulsions.statement, expulsions.delivery_row`.execute(db)
}

/** A row that is to be kept: as a new measure, or as a correction of one. */
export type Fresh = Row & { record: PreparedRecord; measure_id: string; known: Known | null }

async function save(
  ctx: ImportCtx,
  batch: Batch,
  fresh: readonly Fresh[],
  receipts: readonly Receipt[],
): Promise<void> {
  if (fresh.length === 0) return
  const kept = fresh.map((row, at) => ({ ...row, record_id: receipts[at]!.record_id, reference: newReference(10) }))
  await saveRefusals(ctx, batch, kept)
  await tellOfCopies(ctx, batch, kept)
  const measures = await saveMeasures(ctx, batch, kept)
  await endAnswered(ctx, batch, measures)
  await askForMissing(ctx, batch, measures)
  await passOn(
    ctx,
    batch,
    measures.map(({ measure_id }) => measure_id),
  )
  await proposeEnds(ctx, batch, ctx.import.created_by, measures)
  await tellOfMissing(ctx, batch)
}

// Whoever entered the list is told that something is missing in it.
async function tellOfMissing(ctx: ImportCtx, batch: Batch): Promise<void> {
  const asked = await ctx.db
    .selectFrom('expulsions.question')
    .select('id')
    .where('batch_id', '=', batch.id)
    .where('asked_at', '=', ctx.now)
    .limit(1)
    .executeTakeFirst()
  if (asked) await tellOfQuestion(ctx, batch.custodian, batch.reference, 'asked')
}

/** `known`: the measure that is here and that it states; null for a new one. `same`: it is kept already, or an earlier row states it. */
type Judged =
  | { read: SoundNotice; errors?: undefined; known: Known | null; same: boolean; measure_id: string }
  | { errors: Record<string, Note>; known: null; same: false }

/**
 * Which measures rows state, in their order. Of a decision that a list states twice, otherwise each time, the second row is refused,
 * with the number of the first: two measures would be corrected one by one. Where the first says that it is over and the second does
 * not, the first is refused.
 */
async function judge(
  ctx: ImportCtx,
  custodian: string,
  place: Place,
  rows: readonly (ImportRow<ListRow> & { prepared: ReadNotice })[],
): Promise<Judged[]> {
  const sound = rows.flatMap(({ prepared }) => (prepared.ok ? [prepared] : []))
  const stored = await knownNotices(ctx, custodian, sound)
  const unchanged = await unchangedRows(
    ctx,
    stored.map(({ measure_id }) => measure_id),
  )
  const byKey = Map.groupBy(
    stored.flatMap((one) => one.keys.map(({ key }) => ({ key, one }))),
    ({ key }) => key,
  )
  const today = plainDate(ctx.now)
  const below = await notOverBelow(ctx, place, rows, today)
  const judged: Judged[] = []
  const first = new Map<string, { at: number; number: number; read: SoundNotice; known: Known | null }>()
  const judgeRow = (at: number, number: number, read: ReadNotice): Judged => {
    if (!read.ok) return mistaken(read.errors)
    const fitting = new Set(keysIn([read]).flatMap((key) => (byKey.get(key) ?? []).map(({ one }) => one)))
    const found = recognise(read, [...fitting], place)
    if (found === 'ambiguous') return mistaken({ '': { key: 'expulsions.import.ambiguous' } })
    const measure_id = found?.measure_id ?? newId()
    const earlier = first.get(measure_id)
    const known = earlier ? earlier.known : found
    if (found && (earlier?.read ?? found).content.equals(read.content)) return { read, known, same: true, measure_id }
    const ofList = found?.batch_id === place.batch_id ? found?.row_number : unchanged.get(measure_id)
    const before = earlier?.number ?? ofList
    const over = earlier ? isOver(earlier.read, today) : found?.over && found.batch_id !== place.batch_id
    if (before && (!over || isOver(read, today))) return mistaken(restated(before))
    const outweighed =
      !found && isOver(read, today) && below.find(({ known }) => recognise(read, [known], place) === known)
    if (outweighed) return mistaken(restated(outweighed.number))
    if (earlier) judged[earlier.at] = mistaken(restated(number))
    first.set(measure_id, { at, number, read, known })
    if (!found) {
      const one = asKnown(read, measure_id, number, place)
      for (const { key } of one.keys) byKey.set(key, [...(byKey.get(key) ?? []), { key, one }])
    }
    return { read, known, same: false, measure_id }
  }
  for (const [at, { number, prepared }] of rows.entries()) judged.push(judgeRow(at, number, prepared))
  return judged
}

// By these cells two rows of a list may be about one decision.
const TELLING = ['document', 'doc_number', 'decision_no'] as const

// Such cells that stand in several rows of the list, as `field text`.
async function doubledCells(ctx: ImportCtx): Promise<Set<string>> {
  const { rows } = await sql<{ cell: string }>`
    select t.field || ' ' || (r.value ->> t.field) as cell
    from imports.row r
    cross join unnest(${[...TELLING]}::text[]) t (field)
    where r.import_id = ${ctx.import.id}
      and r.value ->> t.field <> ''
    group by t.field, r.value ->> t.field
    having count(*) > 1`.execute(ctx.db)
  return new Set(rows.map(({ cell }) => cell))
}

// Rows further down in the list that may say of a measure that it is not over, where one of these says that it is.
async function notOverBelow(
  ctx: ImportCtx,
  place: Place,
  rows: readonly (ImportRow<ListRow> & { prepared: ReadNotice })[],
  today: Temporal.PlainDate,
): Promise<{ number: number; known: Known }[]> {
  const over = rows.flatMap(({ prepared, value }) =>
    prepared.ok && prepared.doubled && isOver(prepared, today) ? [value] : [],
  )
  if (over.length === 0) return []
  const stands = (field: (typeof TELLING)[number]) =>
    sql`r.value ->> ${field} = any (${arrayOf(
      'text',
      over.flatMap((value) => (value[field] ? [String(value[field])] : [])),
    )})`
  const { rows: found } = await sql<{ number: number; value: ListRow }>`
    select r.number, r.value
    from imports.row r
    where r.import_id = ${ctx.import.id}
      and r.number > ${rows.at(-1)!.number}
      and r.state in ('ready', 'repaired')
      and (${sql.join(TELLING.map(stands), sql` or `)})`.execute(ctx.db)
  const keys = await registryKeys(ctx)
  return found.flatMap(({ number, value }) => {
    const read = readRow(keys, today, { number, value, raw: null })
    return read.ok && !isOver(read, today) ? [{ number, known: asKnown(read, '', number, place) }] : []
  })
}

const mistaken = (errors: Record<string, Note>): Judged => ({ errors, known: null, same: false })
const restated = (row: number) => ({ '': { key: 'expulsions.import.restated', values: { row } } })

const isOver = ({ notice }: SoundNotice, today: Temporal.PlainDate): boolean => {
  if (notice.refusal) return false
  const { ends_on, ...facts } = notice.facts
  return !isInForce({ ...facts, ends_on: ends_on ? Temporal.PlainDate.from(ends_on) : null }, today)
}

// A row that is not kept yet, to the rows after it.
const asKnown = (read: SoundNotice, measure_id: string, row_number: number, { batch_id, letter }: Place): Known => ({
  ...{ measure_id, batch_id, letter, row_number, over: false, restated: false },
  ...{ decision_no: read.notice.facts.decision_no, starts_on: read.notice.facts.starts_on },
  refused_on: read.notice.refusal ? dayOfRefusal(read.notice.facts) : null,
  keys: [
    { of: 'name', key: read.keys.name },
    ...(read.keys.document ? [{ of: 'document' as const, key: read.keys.document }] : []),
  ],
  get content() {
    return read.content
  },
})

/** A row as a notice, with what finds it again; to be imported also as a record for the registry. */
type ReadNotice = SoundNotice | Extract<Reading, { ok: false }>

class SoundNotice implements Row {
  readonly ok = true
  readonly notice: Notice
  readonly repairs: Record<string, Note> | undefined
  readonly keys: RowKeys
  record: PreparedRecord | undefined
  /** Whether another row of its list has the same document or decision number. */
  doubled = false
  readonly #registry: RegistryKeys
  #content: Buffer | undefined

  constructor(registry: RegistryKeys, { notice, repairs }: Extract<Reading, { ok: true }>) {
    this.#registry = registry
    this.notice = notice
    this.repairs = repairs
    this.keys = keysOf(registry, notice)
  }

  // As long as nothing like it is here, a check does without.
  get content(): Buffer {
    this.#content ??= contentOf(this.#registry, this.notice)
    return this.#content
  }
}

function readRow(keys: RegistryKeys, today: Temporal.PlainDate, { value, number }: ImportRow<ListRow>): ReadNotice {
  const reading = noticeOf(value, number, today)
  return reading.ok ? new SoundNotice(keys, reading) : reading
}

const refused = (errors: Record<string, Note>) => ({ state: 'new' as const, errors })
