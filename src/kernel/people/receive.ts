import { type Kysely, sql } from 'kysely'
import type { Ctx } from '../context.ts'
import { arrayOf, recordset } from '../db/arrays.ts'
import type { DB } from '../db/types.ts'
import { newId } from '../ids.ts'
import { OutOfTurn } from '../out-of-turn.ts'
import type { StatedRecord } from './facts.ts'
import {
  candidatesFor,
  type Judgement,
  judgeRecords,
  NOBODY,
  type Outcome,
  writeFindings,
  writeLinks,
} from './match.ts'
import { type PreparedRecord, prepareRecords } from './prepare.ts'
import { registryKeys } from './registry-key.ts'
import { frequencies } from './scoring.ts'
import { takeTurn } from './turn.ts'

/** Where records come from: a received file, a form, another system, somebody at a desk. */
export type StatedSource = {
  /** The organisation that answers for it, and whose officers see it. */
  custodian: string
  kind: 'file' | 'form' | 'api' | 'desk'
  /** What officers call it: the number of a letter, the name of a list. */
  label: string
  /** Of the file as received; the same file again is the same source. */
  sha256?: Buffer | null
}

/** What became of a row: `same` when it had been received before. */
export type Receipt = { record_id: string; person_id: string; outcome: Outcome | 'same' }

/** Opens a source, or finds the one that the same file was before. In the caller's transaction, on the owner's connection. */
export async function openSource(ctx: Ctx, { custodian, kind, label, sha256 = null }: StatedSource): Promise<string> {
  const made = await ctx.db
    .insertInto('people.source')
    .values({ id: newId(), custodian, kind, label, sha256, received_at: ctx.now })
    .onConflict((conflict) => conflict.columns(['custodian', 'sha256']).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (made) return made.id
  const { id } = await ctx.db
    .selectFrom('people.source')
    .select('id')
    .where('custodian', '=', custodian)
    .where('sha256', '=', sha256)
    .executeTakeFirstOrThrow()
  return id
}

/**
 * Keeps rows of a source as received and finds out whom each is about. A row that is here already changes nothing, however
 * often it comes. In the caller's transaction, on the owner's connection; some hundreds of rows at once.
 */
export async function receiveRecords(ctx: Ctx, sourceId: string, rows: readonly StatedRecord[]): Promise<Receipt[]> {
  if (rows.length === 0) return []
  const reception = await beginReceiving(ctx, sourceId, prepareRecords(await registryKeys(ctx), rows))
  await endReceiving(ctx, reception)
  return reception.receipts
}

/** Rows that are being received, in a transaction that has not ended yet; the next can be begun beside it. */
export type Reception = {
  /** One a row, in order. */
  receipts: Receipt[]
  /** Nothing as long as it was only begun, before its turn. */
  turn: bigint | undefined
  custodian: string
  hashes: ReadonlySet<string>
  judgement: Judgement
}

/**
 * The first half of it, for rows that were made ready while the database was busy with others: keeps them and finds out whom they are
 * about. With `before`, the rows before, whose transaction has not ended yet: they count, though the database does not show them.
 * `endReceiving` follows in the same transaction.
 * @throws OutOfTurn when one of the rows is about somebody whom only the rows before made
 */
export async function beginReceiving(
  ctx: Ctx,
  sourceId: string,
  rows: readonly PreparedRecord[],
  before?: Reception,
): Promise<Reception> {
  const turn = before ? undefined : await takeTurn(ctx)
  const hashed = rows.map((row) => ({ row, hash: row.row_hash.toString('hex') }))
  if (hashed.some(({ hash }) => before?.hashes.has(hash))) throw new OutOfTurn()
  const { custodian } = await ctx.db
    .selectFrom('people.source')
    .select('custodian')
    .where('id', '=', sourceId)
    .executeTakeFirstOrThrow()
  const known = await knownRows(ctx.db, sourceId, rows)
  const first = new Map<string, PreparedRecord>()
  for (const { row, hash } of hashed) if (!known.has(hash) && !first.has(hash)) first.set(hash, row)
  const judgement = await keepAndMatch(ctx, sourceId, custodian, [...first.values()], before?.judgement)
  const matched = new Map(
    judgement.judged.map(({ work, verdict, person_id }): [PreparedRecord, Receipt] => [
      work,
      { record_id: work.record_id, person_id, outcome: verdict.outcome },
    ]),
  )
  const receipts = hashed.map(({ row, hash }): Receipt => {
    const before = known.get(hash)
    if (before) return { ...before, outcome: 'same' }
    const kept = first.get(hash)!
    const match = matched.get(kept)!
    // The same row twice in one file: the second is the first.
    return kept === row ? match : { ...match, outcome: 'same' }
  })
  return { receipts, turn, custodian, hashes: new Set(hashed.map(({ hash }) => hash)), judgement }
}

/**
 * The other half: from then on the rows are found. With `before` it takes the turn of rows that were begun before it, now that the
 * transaction of those before them has ended.
 * @throws OutOfTurn when somebody else made or erased persons in between
 */
export async function endReceiving(ctx: Ctx, reception: Reception, before?: Reception): Promise<void> {
  if (before) {
    reception.turn = await takeTurn(ctx)
    if (reception.turn - 1n !== before.turn) throw new OutOfTurn()
  }
  if (reception.judgement.judged.length > 0) await writeFindings(ctx, reception.custodian, reception.judgement)
}

async function keepAndMatch(
  ctx: Ctx,
  sourceId: string,
  custodian: string,
  fresh: readonly PreparedRecord[],
  before: Judgement | undefined,
): Promise<Judgement> {
  if (fresh.length === 0) return NOBODY
  const known = await frequencies(ctx)
  const candidates = await candidatesFor(ctx, fresh)
  // Side by side: PostgreSQL keeps the rows while this process reckons whom they are about. Whatever fails, nothing may still be on
  // its way when the transaction is taken back.
  const keeping = keepRows(ctx, sourceId, custodian, fresh)
  keeping.catch(() => {})
  const judgement = await judgeRecords(custodian, fresh, candidates, known, before).finally(() => keeping)
  await writeLinks(ctx, custodian, judgement)
  return judgement
}

async function knownRows(db: Kysely<DB>, sourceId: string, stated: readonly PreparedRecord[]) {
  const hashes = stated.map(({ row_hash }) => row_hash)
  const rows = await db
    .selectFrom('people.record as r')
    .innerJoin('people.finding as f', 'f.record_id', 'r.id')
    .select(['r.id as record_id', 'r.row_hash', 'f.person_id'])
    .where('r.source_id', '=', sourceId)
    .where('r.row_hash', '=', sql<Buffer>`any (${arrayOf('bytea', hashes)})`)
    .execute()
  return new Map(rows.map(({ row_hash, ...rest }) => [row_hash.toString('hex'), rest]))
}

async function keepRows(
  ctx: Ctx,
  source_id: string,
  custodian: string,
  fresh: readonly PreparedRecord[],
): Promise<void> {
  await sql`
    insert into people.record
      (id, source_id, custodian, row_hash, received_at, row_number, adverse, names, birth, sex, citizenship, home_district)
    select x.record_id, ${source_id}, ${custodian}, x.row_hash, ${ctx.now}, x.row_number, x.adverse, x.names, x.birth, x.sex,
      x.citizenship, x.home_district
    from ${recordset(fresh, {
      ...{ record_id: 'uuid', row_hash: 'bytea', row_number: 'integer', adverse: 'boolean', names: 'jsonb' },
      ...{ birth: 'integer', sex: 'text', citizenship: 'text', home_district: 'text' },
    })} x`.execute(ctx.db)
  const documents = fresh.flatMap(({ record_id, sealed }) =>
    sealed.documents.map((document) => ({ ...document, record_id })),
  )
  if (documents.length > 0)
    await sql`
      insert into people.document
        (id, record_id, custodian, kind, country, number_sealed, number_index, issued_on, expires_on)
      select x.id, x.record_id, ${custodian}, x.kind, x.country, x.number_sealed, x.number_index, x.issued_on, x.expires_on
      from ${recordset(documents, {
        ...{ id: 'uuid', record_id: 'uuid', kind: 'text', country: 'text', number_sealed: 'bytea' },
        ...{ number_index: 'bytea', issued_on: 'date', expires_on: 'date' },
      })} x`.execute(ctx.db)
  const contacts = fresh.flatMap(({ record_id, sealed: { contact } }) =>
    contact ? [{ ...contact, record_id, custodian, received_at: ctx.now }] : [],
  )
  if (contacts.length > 0) await ctx.db.insertInto('people.contact').values(contacts).execute()
}
