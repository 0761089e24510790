import { sql } from 'kysely'
import { fingerprint } from '#kernel/access/secrets.ts'
import type { Ctx } from '#kernel/context.ts'
import { nameText } from '#kernel/people/facts.ts'
import { oneSpelling } from '#kernel/people/numbers.ts'
import type { RegistryKeys } from '#kernel/people/registry-key.ts'
import { fold } from '#kernel/search/fold.ts'
import type { Notice } from './notice.ts'

/** How a row is found again: keyed fingerprints of measure and document, and of measure, name and birth. */
export type RowKeys = { document: string | null; name: string }

/** The keys of a notice; the same for the same facts, however a list writes them. */
export function keysOf({ rows }: RegistryKeys, notice: Notice): RowKeys {
  const kind = notice.refusal ? 'border_refusal' : notice.facts.kind
  const { names, birth } = notice.person
  const key = (of: string, what: string) => asUuid(fingerprint(rows, JSON.stringify(['expulsions', of, kind, what])))
  return {
    document: notice.document && key('document', oneSpelling(notice.document)),
    name: key('name', `${fold(nameText(names[0]!))} ${birth ?? ''}`),
  }
}

const asUuid = (hash: Buffer) =>
  hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

/** All that a row states, as one fingerprint: the number of the row is no part of it. */
export function contentOf({ rows }: RegistryKeys, { person, facts, refusal }: Notice): Buffer {
  const { row_number: _, ...who } = person
  return fingerprint(rows, JSON.stringify(['expulsions content', refusal, who, facts]))
}

/** A measure that is here, as far as recognising it takes. */
export type Known = {
  measure_id: string
  batch_id: string
  letter: string | null
  content: Buffer
  decision_no: string | null
  starts_on: string | null
  keys: readonly { of: 'document' | 'name'; key: string }[]
}

/** The measures of one custodian that have one of these keys. Owner's connection. */
export async function knownMeasures(ctx: Ctx, custodian: string, keys: readonly RowKeys[]): Promise<Known[]> {
  const wanted = keys.flatMap(({ document, name }) => (document ? [document, name] : [name]))
  const { rows } = await sql<Known>`
    select m.id as measure_id, s.batch_id, b.letter, m.content, s.decision_no, s.starts_on::text as starts_on, k.keys
    from (
      select distinct k.measure_id
      from expulsions.measure_key k
      where k.custodian = ${custodian}
        and k.key = any (${wanted}::uuid[])
    ) w
    join expulsions.measure m on m.id = w.measure_id
    cross join lateral (
      select s.batch_id, s.decision_no, s.starts_on
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

/** Where a row stands: of which batch, under which letter. */
export type Place = { batch_id: string | null; letter: string | null }

/**
 * The measure that a row states again or corrects; null for one that is not here; `ambiguous` when several fit.
 *
 * The same decision number, with document or with name and birth, is the same measure. Without a number on both sides it
 * takes the document and no other start; another start only under the same letter, in another file: that is a correction.
 * By name and birth alone nothing is taken for the same unless all is the same, or the letter is.
 */
export function recognise(row: Row, known: readonly Known[], place: Place): Known | null | 'ambiguous' {
  const { decision_no, starts_on } = row.notice.facts
  const fitting = known.filter((one) => {
    if (one.content.equals(row.content)) return true
    const byDocument = row.keys.document !== null && has(one, 'document', row.keys.document)
    const otherDocument = row.keys.document !== null && !byDocument && one.keys.some(({ of }) => of === 'document')
    const byName = has(one, 'name', row.keys.name)
    if (!byDocument && !byName) return false
    if (decision_no && one.decision_no) return fold(decision_no) === fold(one.decision_no)
    const corrects = place.letter !== null && place.letter === one.letter && place.batch_id !== one.batch_id
    if (corrects && byName) return true
    if (otherDocument || !byDocument) return false
    return corrects || !starts_on || !one.starts_on || starts_on === one.starts_on
  })
  const best =
    fitting.find((one) => one.content.equals(row.content)) ??
    only(fitting.filter((one) => decision_no && one.decision_no && fold(decision_no) === fold(one.decision_no))) ??
    only(fitting)
  return best ?? (fitting.length > 1 ? 'ambiguous' : null)
}

const has = ({ keys }: Known, of: 'document' | 'name', key: string) =>
  keys.some((one) => one.of === of && one.key === key)
const only = <T>(list: readonly T[]): T | undefined => (list.length === 1 ? list[0] : undefined)
