import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { keysFor } from '#kernel/access/secret-key.ts'
import { fingerprint } from '#kernel/access/secrets.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Column, Mapping } from '#kernel/imports/columns.ts'
import { defineImport, type ImportCtx, type ImportRow, type Note, type RowOutcome } from '#kernel/imports/kind.ts'
import { fold } from '#kernel/search/fold.ts'
import { lockClaims } from './claim-lock.ts'
import { SHEET_COLUMNS, type SheetRow } from './columns.ts'
import { keepCost, keepRemoval, type Stated } from './entering.ts'
import { note } from './history.ts'
import { receivePassengers, sealPassenger } from './passengers.ts'
import { listCarriers } from './removals.ts'
import { type Carriers, type SheetReading, statedBy } from './sheet.ts'
import { unreadNote } from './sum-cell.ts'

/** Sheets of carriers: one departure of one category a line, counted or by name. XLSX or CSV. */
export const sheetImport = defineImport<SheetRow>({
  kind: 'removals',
  label: 'removals.import.label',
  hint: 'removals.import.hint',
  permission: 'removal.import',
  fields: SHEET_COLUMNS,

  async check(ctx, rows) {
    return (await judge(ctx, rows)).map(({ reading, known, same }) => {
      if (!reading.ok) return { state: 'new', errors: reading.errors }
      if (known && !same && known.claimed) return { state: 'changed', errors: CLAIMED }
      const state = same ? 'same' : known ? 'changed' : 'new'
      return { state, ...(reading.unread && { repairs: { cost: unreadNote(reading.unread) } }) }
    })
  },

  async apply(ctx, rows) {
    const by = {
      organisation_id: ctx.import.organisation_id!,
      user_id: ctx.import.created_by!,
      import_id: ctx.import.id,
    }
    // Before it is looked which costs stand in a claim: what is corrected may be claimed at this moment.
    await lockClaims(ctx)
    const received: string[] = []
    const outcomes: RowOutcome[] = []
    for (const { reading, known, same, row_key, content } of await judge(ctx, rows)) {
      // The check went before: what became wrong since then is a fault of that row alone.
      if (!reading.ok || (known?.claimed && !same)) throw new Error('A row of the sheet can no longer be written')
      if (known) {
        if (!same) await correct(ctx, { ...by, content }, known.id, reading)
        if (!same && reading.stated.passenger) received.push(known.id)
        outcomes.push({ outcome: same ? 'same' : 'updated', subject_id: known.id })
      } else {
        const { id } = await keepRemoval(ctx, { ...by, row_key, content }, reading.stated)
        if (reading.stated.passenger) received.push(id)
        outcomes.push({ outcome: 'created', subject_id: id })
      }
    }
    const { id, source, file_name } = ctx.import
    const sha256 = createHash('sha256').update(`removals ${id}`).digest()
    await receivePassengers(ctx, received, { label: source ?? file_name, kind: 'file', sha256 })
    await audit(ctx, 'removal.import', { type: 'import', id }, { rows: rows.length })
    return outcomes
  },
})

const CLAIMED: Record<string, Note> = { '': { key: 'removals.import.claimed' } }

type Known = { id: string; content: Buffer; claimed: boolean }
type Judged = { reading: SheetReading; known: Known | undefined; same: boolean; row_key: Buffer; content: Buffer }

/**
 * What rows state, and what is here of them already. A row is recognised by carrier, day, number of the flight, category and
 * passenger; of rows that are alike in all of that, the second of a sheet is the second here.
 */
async function judge(ctx: ImportCtx, rows: readonly ImportRow<SheetRow>[]): Promise<Judged[]> {
  const custodian = ctx.import.organisation_id
  const carriers = await carriersFor(ctx)
  const heading = await headingOfCosts(ctx)
  const before = await earlierRows(ctx, rows[0]?.number ?? 0, rows)
  const [key] = keysFor(ctx.platform.config, 'removals')
  const read = rows.map((row) => {
    const { cost, people } = row.value
    const value =
      heading && isNotWhole(heading, people ?? 1) ? { ...row.value, cost: unreadBy(heading, cost) } : row.value
    const reading = custodian
      ? statedBy(ctx, carriers, value)
      : { ok: false as const, errors: { '': { key: 'removals.import.no_office' } } }
    const alike = alikeBy(value)
    const nth = before.get(alike) ?? 0
    before.set(alike, nth + 1)
    const stated = JSON.stringify(reading.ok ? { ...reading.stated, unread: reading.unread } : value, (_, one) =>
      typeof one === 'bigint' ? String(one) : one,
    )
    return {
      reading,
      row_key: fingerprint(key!, `row ${reading.ok ? reading.stated.carrier : ''} ${alike} ${nth}`),
      content: fingerprint(key!, `content ${stated}`),
    }
  })
  const { rows: here } = await sql<Known & { row_key: Buffer }>`
    select r.id, r.row_key, r.content,
      exists (
        select from removals.cost c
        join removals.claim_cost x on x.cost_id = c.id and x.released_at is null
        where c.removal_id = r.id) as claimed
    from removals.removal r
    where r.custodian = ${custodian}
      and r.withdrawn_at is null
      and r.row_key = any (${read.map(({ row_key }) => row_key)})`.execute(ctx.db)
  const known = new Map(here.map((one) => [one.row_key.toString('hex'), one]))
  return read.map((one) => {
    const found = known.get(one.row_key.toString('hex'))
    return { ...one, known: found, same: found?.content.equals(one.content) ?? false }
  })
}

// «Стоимость, тыс. руб.»: in thousands, or millions. Whoever fills such a column may still write the whole sum into a cell.
const TIMES = /(?<!\p{L})(?:тыс|т\.\s*р|ҳазор|хазор|млн|миллион|thousand|million|k(?!\p{L}))|000/iu

// «Стоимость на 1 чел.», «EUR/чел.», «стоимость билета»: of several it is not the cost of all.
const EACH = new RegExp(
  [
    '(?<!\\p{L})(?:на|за)\\s+(?:1(?!\\d)|чел|пасс|душу|билет(?!\\p{L})|место)',
    '(?<!\\p{L})(?:с|со|на|за)\\s+(?:одного|каждого|человека|пассажира)',
    '(?:/\\s*|(?<!\\d)1\\s*)(?:чел|пасс|билет|место|нафар|person|passenger|pax|head|seat|ticket)',
    'билета(?!\\p{L})|(?<!\\p{L})(?:чиптаи?|per|each|unit|як|ҳар|хар)(?!\\p{L})',
    '(?<!\\p{L})(?:ба|барои)\\s+1(?!\\d)',
  ].join('|'),
  'iu',
)

const isNotWhole = (heading: string, people: number) => TIMES.test(heading) || (people > 1 && EACH.test(heading))

async function headingOfCosts(ctx: ImportCtx): Promise<string | undefined> {
  const found = await ctx.db
    .selectFrom('imports.import')
    .select(['headings', 'mapping'])
    .where('id', '=', ctx.import.id)
    .executeTakeFirst()
  const at = (found?.mapping as Mapping | undefined)?.cost
  return (found?.headings as Column[] | undefined)?.find(({ column }) => column === at)?.heading
}

// Nothing is taken a thousandfold too small, or too large, nor for one instead of all: its row says so.
const unreadBy = (heading: string, cost: SheetRow['cost']): SheetRow['cost'] =>
  cost && 'figure' in cost ? { unread: [cost.figure, cost.currency, `(${heading})`].filter(Boolean).join(' ') } : cost

const PARTS = ['left_on', 'carrier', 'mode', 'service', 'category', 'name', 'document'] as const
const alikeBy = (row: Partial<SheetRow>) => JSON.stringify(PARTS.map((part) => fold(row[part] ?? '')))

// How many rows of the same sheet before these are alike, so that a long sheet counts as one.
async function earlierRows(ctx: ImportCtx, first: number, rows: readonly ImportRow<SheetRow>[]) {
  const days = [...new Set(rows.map(({ value }) => value.left_on))]
  const { rows: found } = await sql<{ value: Partial<SheetRow> }>`
    select r.value
    from imports.row r
    where r.import_id = ${ctx.import.id}
      and r.number < ${first}
      and r.value ->> 'left_on' = any (${days})`.execute(ctx.db)
  const counts = new Map<string, number>()
  for (const { value } of found) counts.set(alikeBy(value), (counts.get(alikeBy(value)) ?? 0) + 1)
  return counts
}

async function carriersFor(ctx: ImportCtx): Promise<Carriers> {
  const carriers = await listCarriers(ctx)
  const own = carriers.find(({ id }) => id === ctx.import.organisation_id)?.id ?? null
  const names = carriers.flatMap(({ id, names }) =>
    [...new Set(Object.values(names).map(fold))].map((name) => [name, id] as const),
  )
  const named = Map.groupBy(names, ([name]) => name)
  return { own, named: new Map([...named].map(([name, found]) => [name, found.map(([, id]) => id)])) }
}

type By = { organisation_id: string; user_id: string; content: Buffer }

/**
 * The same departure stated otherwise: its facts are the new ones, its cost is another; the old cost stays, withdrawn. What nobody can
 * take for a sum withdraws none.
 */
async function correct(ctx: ImportCtx, by: By, id: string, { stated, unread }: { stated: Stated; unread?: string }) {
  const { people, origin, destination, country, escort, ground, passenger, costs } = stated
  await ctx.db
    .updateTable('removals.removal')
    .set({ people, origin, destination, country, escort, content: by.content })
    .where('id', '=', id)
    .execute()
  const about = { ground, ...(passenger && { stated_sealed: sealPassenger(ctx, id, passenger) }) }
  await ctx.db
    .insertInto('removals.about')
    .values({ removal_id: id, custodian: by.organisation_id, ...about })
    .onConflict((conflict) => conflict.column('removal_id').doUpdateSet(about))
    .execute()
  await note(ctx, by, id, { kind: 'corrected' })
  if (unread) return
  const replaced = await ctx.db
    .updateTable('removals.cost')
    .set({ withdrawn_at: ctx.now, withdrawn_by: by.user_id })
    .where('removal_id', '=', id)
    .where('kind', '=', 'whole')
    .where('organisation_id', '=', by.organisation_id)
    .where('withdrawn_at', 'is', null)
    .returning('id')
    .execute()
  for (const cost of replaced) await note(ctx, by, id, { kind: 'cost_withdrawn', cost_id: cost.id })
  for (const cost of costs) await keepCost(ctx, by, id, cost)
}
