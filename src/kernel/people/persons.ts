import { sql } from 'kysely'
import type { Ctx } from '../context.ts'
import { parseReference } from '../ids.ts'
import { problem } from '../problem.ts'
import type { StatedName } from './facts.ts'
import { contactOwner, documentOwner, maskedNumber, openText } from './numbers.ts'
import { findRegistryKeys, type RegistryKeys } from './registry-key.ts'

export type Person = { id: string; reference: string; created_at: Temporal.Instant }

/** A person the actor may see, by the reference of it, of one that went into it or of an entry. @throws not_found for all others */
export async function getPerson(ctx: Ctx, reference: string): Promise<Person> {
  const found = await findPerson(ctx, reference)
  if (!found) throw problem('not_found')
  return found
}

/** The same; undefined for nobody whom the actor may see. */
export async function findPerson(ctx: Ctx, reference: string): Promise<Person | undefined> {
  const code = parseReference(reference) ?? ''
  return ctx.db
    .selectFrom('people.person as p')
    .innerJoin('people.person as r', 'r.id', 'p.root')
    .select(['r.id', 'r.reference', 'r.created_at'])
    .where((e) => e.or([e('p.reference', '=', code), e('p.id', '=', sql<string>`people.entered_as(${code})`)]))
    .executeTakeFirst()
}

/** How persons are named in lists: what the records that the actor may see state. */
export type PersonLine = {
  person_id: string
  reference: string
  names: StatedName[]
  birth: number | null
  home_district: string | null
  citizenship: string | null
}

/** Lines for these persons, in their order; those the actor does not see are left out. */
export async function personLines(ctx: Ctx, ids: readonly string[]): Promise<PersonLine[]> {
  if (ids.length === 0) return []
  const rows = await ctx.db
    .selectFrom('people.finding as f')
    .innerJoin('people.person as p', 'p.id', 'f.person_id')
    .select(['f.person_id', 'p.reference', 'f.names', 'f.birth', 'f.home_district', 'f.citizenship'])
    .where('f.person_id', 'in', [...ids])
    .orderBy('f.record_id')
    .execute()
  return linesOf(ids, rows as unknown as PersonLine[])
}

/** One line for each of these persons, in their order, from what each of their records states. */
export function linesOf(ids: readonly string[], rows: readonly PersonLine[]): PersonLine[] {
  return ids.flatMap((id) => {
    const lines = rows.filter(({ person_id }) => person_id === id)
    const [line] = lines
    if (!line) return []
    const first = <K extends 'birth' | 'home_district' | 'citizenship'>(key: K) =>
      lines.find((one) => one[key] !== null)?.[key] ?? null
    return [
      {
        ...{
          person_id: id,
          reference: line.reference,
          names: lines.flatMap(({ names }) => names),
        },
        ...{ birth: first('birth'), home_district: first('home_district'), citizenship: first('citizenship') },
      },
    ]
  })
}

export type RecordOfPerson = Awaited<ReturnType<typeof recordsOf>>[number]

/** The records about a person that the actor may see, with their source, oldest first. */
export async function recordsOf(ctx: Ctx, personId: string) {
  const rows = await ctx.db
    .selectFrom('people.finding as f')
    .innerJoin('people.record as r', 'r.id', 'f.record_id')
    .innerJoin('people.source as s', 's.id', 'r.source_id')
    .select([
      'r.id',
      'r.row_number',
      'r.adverse',
      'r.names',
      'r.birth',
      'r.sex',
      'r.citizenship',
      'r.home_district',
      'r.received_at',
    ])
    .select([
      's.label',
      's.kind',
      'r.custodian',
      sql<string>`organisations.name_of(r.custodian, ${ctx.lang})`.as('organisation'),
    ])
    .where('f.person_id', '=', personId)
    .orderBy('r.received_at')
    .orderBy('r.id')
    .execute()
  return rows.map((row) => ({ ...row, names: row.names as unknown as StatedName[] }))
}

export type NumberOf = {
  id: string
  record_id: string
  kind: string
  country: string | null
  number: string
  issued_on: Temporal.PlainDate | null
  expires_on: Temporal.PlainDate | null
}
export type ContactOf = {
  id: string
  record_id: string
  phone: string
  only_theirs: boolean | null
  reach: string | null
}

/** Documents of records, each number opened and then masked unless `whole`: that look is noted by the caller. */
export async function documentsOf(ctx: Ctx, records: readonly string[], whole = false): Promise<NumberOf[]> {
  const keys = await openedKeys(ctx)
  if (!keys || records.length === 0) return []
  const rows = await ctx.db
    .selectFrom('people.document')
    .select(['id', 'record_id', 'kind', 'country', 'number_sealed', 'issued_on', 'expires_on'])
    .where('record_id', 'in', [...records])
    .orderBy('id')
    .execute()
  return rows.map(({ number_sealed, ...row }) => {
    const number = openText(keys, number_sealed, documentOwner(row.id))
    return { ...row, number: whole ? number : maskedNumber(number) }
  })
}

/** Telephones of records; masked, and without when they may be rung, unless `whole`. */
export async function contactsOf(ctx: Ctx, records: readonly string[], whole = false): Promise<ContactOf[]> {
  const keys = await openedKeys(ctx)
  if (!keys || records.length === 0) return []
  const rows = await ctx.db
    .selectFrom('people.contact')
    .select(['id', 'record_id', 'phone_sealed', 'reach_sealed', 'only_theirs'])
    .where('record_id', 'in', [...records])
    .orderBy('id')
    .execute()
  return rows.map(({ phone_sealed, reach_sealed, ...row }) => {
    const text = (sealed: Buffer) => openText(keys, sealed, contactOwner(row.id))
    const phone = text(phone_sealed)
    return {
      ...row,
      phone: whole ? phone : maskedNumber(phone),
      reach: reach_sealed && whole ? text(reach_sealed) : null,
    }
  })
}

const openedKeys = (ctx: Ctx): Promise<RegistryKeys | null> => findRegistryKeys(ctx)

export type EventOf = Awaited<ReturnType<typeof eventsOf>>[number]

/**
 * What happened to a person and to all that are counted as it, as far as the actor may see, the newest first. A merge that stands is
 * of the two whom its arrow joins: those they were counted as then may have been parted from them. `elsewhere`: these are others now.
 */
export async function eventsOf(ctx: Ctx, personId: string) {
  return ctx.db
    .selectFrom('people.event as e')
    .leftJoin('people.event as u', 'u.undoes', 'e.id')
    .leftJoin('access.user_account as a', 'a.id', 'e.actor_id')
    .leftJoin('access.user_account as b', 'b.id', 'e.second_id')
    .leftJoin('people.person as m', (on) => on.onRef('m.merged_by', '=', 'e.id').on('m.root', '=', personId))
    .leftJoin('people.person as o', (on) => on.on('o.id', '=', sql<string>`coalesce(m.merged_into, e.other_id)`))
    .leftJoin('people.person as p', (on) => on.on('p.id', '=', sql<string>`coalesce(m.id, e.person_id)`))
    .select([
      'e.id',
      'e.at',
      'e.kind',
      'e.reason',
      'e.probability',
      'e.person_id',
      'e.other_id',
      'e.record_id',
      'u.id as undone_by',
      sql<boolean>`e.kind = 'merge' and u.id is null and m.id is null`.as('elsewhere'),
    ])
    .select([
      'a.name as actor',
      'b.name as second',
      'o.reference as other_reference',
      'p.reference as person_reference',
    ])
    .where('e.id', 'in', (of) => {
      const members = of.selectFrom('people.person as g').where('g.root', '=', personId)
      return members
        .innerJoin('people.event as n', 'n.person_id', 'g.id')
        .select('n.id')
        .union(members.innerJoin('people.event as n', 'n.other_id', 'g.id').select('n.id'))
        .union(members.where('g.merged_by', 'is not', null).select('g.merged_by as id').$castTo<{ id: string }>())
    })
    .orderBy('e.at', 'desc')
    .orderBy('e.id', 'desc')
    .limit(200)
    .execute()
}
