import { type Kysely, sql } from 'kysely'
import { fingerprint } from '../access/secrets.ts'
import type { Ctx } from '../context.ts'
import type { DB } from '../db/types.ts'
import { newId } from '../ids.ts'
import type { StatedRecord } from './facts.ts'
import { matchRecords, type Outcome, type Received } from './match.ts'
import { contactOwner, documentOwner, numberIndex, phoneIndex, sealText } from './numbers.ts'
import { type RegistryKeys, registryKeys } from './registry-key.ts'

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
  const keys = await registryKeys(ctx)
  // Two imports that run at once must not make two persons of one.
  await sql`select pg_advisory_xact_lock(hashtext('people.match'))`.execute(ctx.db)
  const { custodian } = await ctx.db
    .selectFrom('people.source')
    .select('custodian')
    .where('id', '=', sourceId)
    .executeTakeFirstOrThrow()
  const hashes = rows.map((row) => fingerprint(keys.rows, canonical(row)))
  const known = await knownRows(ctx.db, sourceId, hashes)
  const fresh: Received[] = []
  const first = new Map<string, string>()
  rows.forEach((stated, at) => {
    const hash = hashes[at]!.toString('hex')
    if (known.has(hash) || first.has(hash)) return
    const id = newId()
    first.set(hash, id)
    fresh.push({
      id,
      custodian,
      stated,
      row_hash: hashes[at]!,
      documents: stated.documents.map(({ number }) => numberIndex(keys, number).toString('hex')),
    })
  })
  await keepRows(ctx, keys, sourceId, fresh)
  const matched = new Map((await matchRecords(ctx, fresh)).map((match) => [match.record_id, match]))
  const told = new Set<string>()
  return hashes.map((hash): Receipt => {
    const text = hash.toString('hex')
    const before = known.get(text)
    if (before) return { ...before, outcome: 'same' }
    const match = matched.get(first.get(text)!)!
    // The same row twice in one file: the second is the first.
    if (told.has(text)) return { ...match, outcome: 'same' }
    told.add(text)
    return match
  })
}

async function knownRows(db: Kysely<DB>, sourceId: string, hashes: Buffer[]) {
  const rows = await db
    .selectFrom('people.record as r')
    .innerJoin('people.finding as f', 'f.record_id', 'r.id')
    .select(['r.id as record_id', 'r.row_hash', 'f.person_id'])
    .where('r.source_id', '=', sourceId)
    .where('r.row_hash', 'in', hashes)
    .execute()
  return new Map(rows.map(({ row_hash, ...rest }) => [row_hash.toString('hex'), rest]))
}

async function keepRows(ctx: Ctx, keys: RegistryKeys, source_id: string, fresh: readonly Received[]): Promise<void> {
  if (fresh.length === 0) return
  // As one text each: thousands of parameters take longer to send than to store.
  const records = fresh.map(({ id, custodian, row_hash, stated }) => ({
    ...{ id, custodian, row_hash: hex(row_hash), row_number: stated.row_number, adverse: stated.adverse },
    ...{ names: stated.names, birth: stated.birth, sex: stated.sex },
    ...{ citizenship: stated.citizenship, home_district: stated.home_district },
  }))
  await sql`
    insert into people.record
      (id, source_id, custodian, row_hash, received_at, row_number, adverse, names, birth, sex, citizenship, home_district)
    select x.id, ${source_id}, x.custodian, x.row_hash, ${ctx.now}, x.row_number, x.adverse, x.names, x.birth, x.sex,
      x.citizenship, x.home_district
    from jsonb_to_recordset(${JSON.stringify(records)}::jsonb) as x (
      id uuid, custodian uuid, row_hash bytea, row_number integer, adverse boolean, names jsonb, birth integer, sex text,
      citizenship text, home_district text)`.execute(ctx.db)
  const documents = fresh.flatMap(({ id: record_id, custodian, stated, documents: indexes }) =>
    stated.documents.map(({ kind, country, number, issued_on, expires_on }, at) => {
      const id = newId()
      const [number_sealed, number_index] = [hex(sealText(keys, number, documentOwner(id))), `\\x${indexes[at]}`]
      return { id, record_id, custodian, kind, country, number_sealed, number_index, issued_on, expires_on }
    }),
  )
  if (documents.length > 0)
    await sql`
      insert into people.document
        (id, record_id, custodian, kind, country, number_sealed, number_index, issued_on, expires_on)
      select x.id, x.record_id, x.custodian, x.kind, x.country, x.number_sealed, x.number_index, x.issued_on, x.expires_on
      from jsonb_to_recordset(${JSON.stringify(documents)}::jsonb) as x (
        id uuid, record_id uuid, custodian uuid, kind text, country text, number_sealed bytea, number_index bytea,
        issued_on date, expires_on date)`.execute(ctx.db)
  const contacts = fresh.flatMap(({ id: record_id, custodian, stated: { contact } }) => {
    if (!contact) return []
    const id = newId()
    const seal = (text: string) => sealText(keys, text, contactOwner(id))
    const phone = { phone_sealed: seal(contact.phone), phone_index: phoneIndex(keys, contact.phone) }
    const reach_sealed = contact.reach ? seal(contact.reach) : null
    return [
      { id, record_id, custodian, ...phone, only_theirs: contact.only_theirs, reach_sealed, received_at: ctx.now },
    ]
  })
  if (contacts.length > 0) await ctx.db.insertInto('people.contact').values(contacts).execute()
}

const hex = (bytes: Buffer) => `\\x${bytes.toString('hex')}`

// All that a row states, in one spelling; the number of the row is no part of it: a list that was sorted anew says the same.
function canonical({
  names,
  birth,
  sex,
  citizenship,
  home_district,
  documents,
  contact,
  adverse,
}: StatedRecord): string {
  const name = ({ family, given, patronymic, whole, since, until }: StatedRecord['names'][number]) =>
    [family, given, patronymic, whole, since, until].map((part) => part ?? null)
  return JSON.stringify([
    names.map(name),
    [birth, sex, citizenship ?? null, home_district ?? null, adverse],
    documents.map(({ kind, country, number, issued_on, expires_on }) =>
      [kind, country ?? null, number, issued_on ?? null, expires_on ?? null].map((part) => part && String(part)),
    ),
    contact ? [contact.phone, contact.only_theirs, contact.reach ?? null] : null,
  ])
}
