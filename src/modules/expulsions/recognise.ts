import { sql } from 'kysely'
import { fingerprint } from '#kernel/access/secrets.ts'
import type { Ctx } from '#kernel/context.ts'
import { arrayOf } from '#kernel/db/arrays.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import type { ImportCtx } from '#kernel/imports/kind.ts'
import { nameText, type StatedRecord } from '#kernel/people/facts.ts'
import { oneSpelling } from '#kernel/people/numbers.ts'
import type { RegistryKeys } from '#kernel/people/registry-key.ts'
import { fold } from '#kernel/search/fold.ts'
import type { Measure } from './kinds.ts'
import type { Notice } from './notice.ts'

/** How a row is found again: keyed fingerprints of measure and document, and of measure, name and birth. */
export type RowKeys = { document: string | null; name: string }

/** The keys of a notice; the same for the same facts, however a list writes them. */
export const keysOf = (keys: RegistryKeys, notice: Notice): RowKeys =>
  keysFor(keys, notice.refusal ? 'border_refusal' : notice.facts.kind, { ...notice.person, document: notice.document })

/** The keys by which somebody is found again in notices of one kind. */
export function keysFor(
  { rows }: RegistryKeys,
  kind: Measure | 'border_refusal',
  { names, birth, document }: Pick<StatedRecord, 'names' | 'birth'> & { document: string | null },
): RowKeys {
  const key = (of: string, what: string) => asUuid(fingerprint(rows, JSON.stringify(['expulsions', of, kind, what])))
  return {
    document: document && key('document', oneSpelling(document)),
    name: key('name', `${fold(nameText(names[0]!))} ${birth ?? ''}`),
  }
}

function asUuid(hash: Buffer): string {
  const hex = hash.toString('hex', 0, 16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** The day of a refusal at the border, as an ISO date; null where a row states none. */
export const dayOfRefusal = ({ executed_on, decision_on, starts_on }: Notice['facts']): string | null =>
  executed_on ?? decision_on ?? starts_on

/** All that a row states, as one fingerprint: the number of the row is no part of it. */
export function contentOf({ rows }: RegistryKeys, { person, facts, refusal }: Notice): Buffer {
  const { row_number: _, ...who } = person
  return fingerprint(rows, JSON.stringify(['expulsions content', refusal, who, facts]))
}

/** A measure, or refusal at the border, that is here, as far as recognising it takes. */
export type Known = {
  measure_id: string
  batch_id: string
  letter: string | null
  readonly content: Buffer
  decision_no: string | null
  starts_on: string | null
  /** The row that states it, and whether it says that the measure is over. */
  row_number: number | null
  over: boolean
  /** Of a refusal: its day, and whether the list that is read states it again, so that no other row of it corrects it. */
  refused_on: string | null
  restated: boolean
  keys: readonly { of: 'document' | 'name'; key: string }[]
}

/** The measures and refusals of one custodian that have one of the keys of these rows of an import. Owner's connection. */
export async function knownNotices(ctx: ImportCtx, custodian: string, rows: readonly Row[]): Promise<Known[]> {
  const [refusals, measures] = [
    rows.filter(({ notice }) => notice.refusal),
    rows.filter(({ notice }) => !notice.refusal),
  ]
  return [
    ...(measures.length > 0 ? await knownMeasures(ctx, custodian, keysIn(measures)) : []),
    ...(refusals.length > 0 ? await knownRefusals(ctx, custodian, refusals) : []),
  ]
}

/** The keys of all these rows. */
export const keysIn = (rows: readonly Pick<Row, 'keys'>[]): string[] =>
  rows.flatMap(({ keys: { document, name } }) => (document ? [document, name] : [name]))

async function knownRefusals(ctx: ImportCtx, custodian: string, refusals: readonly Row[]): Promise<Known[]> {
  const { rows } = await sql<Known>`
    select r.id as measure_id, r.batch_id, b.letter, coalesce(r.content, '') as content, null as decision_no, null as starts_on,
      null as row_number, false as over, r.refused_on::text as refused_on, false as restated, k.keys
    from (
      select distinct k.refusal_id
      from expulsions.refusal_key k
      where k.custodian = ${custodian}
        and k.key = any (${keysIn(refusals)}::uuid[])
    ) w
    join expulsions.border_refusal r on r.id = w.refusal_id
    join expulsions.batch b on b.id = r.batch_id
    cross join lateral (
      select jsonb_agg(jsonb_build_object('of', k.of, 'key', k.key)) as keys
      from expulsions.refusal_key k
      where k.refusal_id = r.id
    ) k`.execute(ctx.db)
  const stated = new Set(
    refusals.flatMap((row) => keysIn([row]).map((key) => `${key} ${dayOfRefusal(row.notice.facts)}`)),
  )
  const here = ({ keys, refused_on }: Known) => keys.some(({ key }) => stated.has(`${key} ${refused_on}`))
  const inDoubt = rows.filter((one) => one.letter !== null && one.letter === ctx.import.source && !here(one))
  const elsewhere = await unchangedRows(
    ctx,
    inDoubt.map(({ measure_id }) => measure_id),
  )
  return rows.map((one) => ({ ...one, restated: here(one) || elsewhere.has(one.measure_id) }))
}

/** Which of these the file of an import states again without a change, by the number of the row that does. */
export async function unchangedRows(ctx: ImportCtx, subjects: readonly string[]): Promise<Map<string, number>> {
  if (subjects.length === 0) return new Map()
  const { rows } = await sql<{ subject_id: string; number: number }>`
    select r.subject_id, min(r.number) as number
    from imports.row r
    where r.import_id = ${ctx.import.id}
      and r.subject_id = any (${arrayOf('uuid', subjects)})
      and (r.state = 'same' or r.outcome = 'same')
    group by r.subject_id`.execute(ctx.db)
  return new Map(rows.map(({ subject_id, number }) => [subject_id, number]))
}

async function knownMeasures(ctx: Ctx, custodian: string, wanted: readonly string[]): Promise<Known[]> {
  const { rows } = await sql<Known>`
    select m.id as measure_id, s.batch_id, b.letter, m.content, s.decision_no, s.starts_on::text as starts_on,
      s.row_number, expulsions.is_over(s.kind, s.status, s.ends_on, ${plainDate(ctx.now)}) as over, null as refused_on,
      false as restated, k.keys
    from (
      select distinct k.measure_id
      from expulsions.measure_key k
      where k.custodian = ${custodian}
        and k.key = any (${wanted}::uuid[])
    ) w
    join expulsions.measure m on m.id = w.measure_id
    cross join lateral (
      select s.batch_id, s.decision_no, s.starts_on, s.row_number, s.kind, s.status, s.ends_on
      from expulsions.statement s
      where s.measure_id = m.id
        and s.row_number is not null
      order by s.version desc
      limit 1
    ) s
    join expulsions.batch b on b.id = s.batch_id
    cross join lateral (
      select jsonb_agg(jsonb_build_object('of', k.of, 'key', k.key)) as keys
      from expulsions.measure_key k
      where k.measure_id = m.id
    ) k`.execute(ctx.db)
  return rows
}

export type Row = { keys: RowKeys; content: Buffer; notice: Notice }

/** Where a row stands: of which batch (empty as long as the list has none), under which letter. */
export type Place = { batch_id: string; letter: string | null }

/**
 * The measure that a row states again or corrects; null for one that is not here; `ambiguous` when several fit.
 *
 * The same decision number, with document or with name and birth, is the same measure. Without a number on both sides it
 * takes the document and no other start; another start only under the same letter, in another file: that is a correction. Of several
 * with the number and the document, kept before one list could not state a decision twice, the first: what is decided of it is opened for the others.
 * By name and birth alone nothing is taken for the same unless all is the same, or the letter is. Of several that fit, the one with
 * the document is meant: others are namesakes. A refusal at the border is the same by document, or by name and birth, on the same day;
 * under the same letter, in another file, on another day too, unless that file states the earlier day again: that is a correction.
 */
export function recognise(row: Row, known: readonly Known[], place: Place): Known | null | 'ambiguous' {
  const { decision_no, starts_on } = row.notice.facts
  const day = dayOfRefusal(row.notice.facts)
  const isCorrection = ({ letter, batch_id }: Known) =>
    place.letter !== null && place.letter === letter && place.batch_id !== batch_id
  const hasDocument = (one: Known) => row.keys.document !== null && has(one, 'document', row.keys.document)
  const fitting = known.filter((one) => {
    if (one.content.equals(row.content)) return true
    const byDocument = hasDocument(one)
    const otherDocument = row.keys.document !== null && !byDocument && one.keys.some(({ of }) => of === 'document')
    const byName = has(one, 'name', row.keys.name)
    if (!byDocument && !byName) return false
    if (row.notice.refusal) {
      if (place.batch_id === one.batch_id) return false
      if (one.refused_on !== day) return isCorrection(one) && !one.restated && !otherDocument
      return isCorrection(one) || (day !== null && !otherDocument)
    }
    if (decision_no && one.decision_no) return fold(decision_no) === fold(one.decision_no)
    const corrects = isCorrection(one)
    if (corrects && byName) return true
    if (otherDocument || !byDocument) return false
    return corrects || !starts_on || !one.starts_on || starts_on === one.starts_on
  })
  const numbered = fitting.filter(
    (one) => decision_no && one.decision_no && fold(decision_no) === fold(one.decision_no),
  )
  const onTheDay = fitting.filter(({ refused_on }) => row.notice.refusal && refused_on === day)
  const likely = [numbered, onTheDay].find(({ length }) => length > 0) ?? fitting
  const best =
    fitting.find((one) => one.content.equals(row.content)) ??
    only(likely) ??
    only(likely.filter(hasDocument)) ??
    numbered.filter(hasDocument).sort((a, b) => (a.measure_id < b.measure_id ? -1 : 1))[0]
  return best ?? (fitting.length > 1 ? 'ambiguous' : null)
}

const has = ({ keys }: Known, of: 'document' | 'name', key: string) =>
  keys.some((one) => one.of === of && one.key === key)
const only = <T>(list: readonly T[]): T | undefined => (list.length === 1 ? list[0] : undefined)
