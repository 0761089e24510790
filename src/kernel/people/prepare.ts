import { fingerprint } from '../access/secrets.ts'
import { newId } from '../ids.ts'
import { type Alternative, alternativesOf } from './asking.ts'
import type { StatedRecord } from './facts.ts'
import { storedKeys } from './matching/keys.ts'
import { isTelling, rollOf } from './matching/roll.ts'
import { SIMULATED_VALUES } from './matching/simulated-weights.ts'
import { contactOwner, documentOwner, numberIndex, phoneIndex, sealText } from './numbers.ts'
import type { RegistryKeys } from './registry-key.ts'
import { asPerson, type Comparable } from './scoring.ts'

/** A record that is ready to be kept and matched: its numbers sealed, its keys made. */
export type PreparedRecord = Comparable & {
  row_number: number | null
  adverse: boolean
  /** Of all that the row states; another row that states the same is the same record. */
  row_hash: Buffer
  /** The blocking keys under which it is found, and those by which others are looked for. */
  keys: bigint[]
  alternatives: Alternative[]
  sealed: { documents: SealedDocument[]; contact: SealedContact | null }
}

type SealedDocument = Omit<StatedRecord['documents'][number], 'number'> & {
  id: string
  number_sealed: Buffer
  number_index: Buffer
}
type SealedContact = {
  id: string
  phone_sealed: Buffer
  phone_index: Buffer
  only_theirs: boolean | null
  reach_sealed: Buffer | null
}

/** Does for records all that takes nothing of the database, which is most of what this process does for them. */
export function prepareRecords(keys: RegistryKeys, rows: readonly StatedRecord[]): PreparedRecord[] {
  const records = rows.map((row) => {
    const { names, birth, sex, citizenship = null, home_district = null, row_number = null, adverse } = row
    const sealed = {
      documents: row.documents.map((document) => sealDocument(keys, document)),
      contact: row.contact ? sealContact(keys, row.contact) : null,
    }
    const telling = sealed.documents.filter((_, at) => isTelling(row.documents[at]!.number))
    const documents = telling.map(({ number_index }) => number_index.toString('hex'))
    const document_countries = telling.some(({ country }) => country)
      ? telling.map(({ country }) => country ?? null)
      : null
    const stated = { names, birth, sex, citizenship, home_district, documents, document_countries }
    const facts: Comparable = { record_id: newId(), ...stated }
    return { ...facts, row_number, adverse, row_hash: fingerprint(keys.rows, canonical(row)), sealed }
  })
  const blocking = keysOf(records)
  return records.map((record, at) => {
    const { strong, weak } = alternativesOf(record)
    return { ...record, keys: blocking[at]!, alternatives: [...strong, ...weak] }
  })
}

/** The blocking keys under which records are found, of each in its order. */
export function keysOf(records: readonly Comparable[]): bigint[][] {
  const keys = storedKeys(
    rollOf(
      records.map((record) => asPerson(record)),
      SIMULATED_VALUES,
    ),
  )
  return records.map((_, at) => keys(at))
}

function sealDocument(keys: RegistryKeys, { number, ...rest }: StatedRecord['documents'][number]): SealedDocument {
  const id = newId()
  const number_sealed = sealText(keys, number, documentOwner(id))
  // What tells nobody apart is found by nobody either.
  return { id, ...rest, number_sealed, number_index: numberIndex(keys, isTelling(number) ? number : id) }
}

function sealContact(keys: RegistryKeys, contact: NonNullable<StatedRecord['contact']>): SealedContact {
  const id = newId()
  const seal = (text: string) => sealText(keys, text, contactOwner(id))
  return {
    id,
    phone_sealed: seal(contact.phone),
    phone_index: phoneIndex(keys, contact.phone),
    only_theirs: contact.only_theirs,
    reach_sealed: contact.reach ? seal(contact.reach) : null,
  }
}

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
