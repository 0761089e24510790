import { sql } from 'kysely'
import type { Ctx } from '../context.ts'
import { arrayOf, recordset } from '../db/arrays.ts'
import { newId, newReference } from '../ids.ts'
import { inSlices } from '../in-slices.ts'
import { OutOfTurn } from '../out-of-turn.ts'
import { KEYS_VERSION } from './matching/keys.ts'
import type { PreparedRecord } from './prepare.ts'
import { type Comparable, type Frequencies, weightsVersion } from './scoring.ts'
import { type Candidate, judge, type Verdict } from './verdict.ts'

/** `created`: a new person. `linked`: somebody who is here. `review`: a new person whom officers compare with others. */
export type Outcome = 'created' | 'linked' | 'review'

const MOST_CANDIDATES = 40
// PostgreSQL waits for all of them, so that this goes before what is reckoned ahead.
const SLICE = 50
/** How long two records may wait for an officer: what may harm somebody is looked at first. */
export const REVIEW_TERM_HOURS = { adverse: 24, other: 24 * 14 } as const

/** Who comes into question: of each record the persons, and of each of these all records. */
export type Candidates = { persons: Set<string>[]; records: Map<string, Candidate[]> }

/** Looks for those who are here already. Owner's connection, under the lock of matching. */
export async function candidatesFor(ctx: Ctx, work: readonly PreparedRecord[]): Promise<Candidates> {
  const persons = await storedPersons(ctx, work)
  return { persons, records: await recordsOfPersons(ctx, [...new Set(persons.flatMap((some) => [...some]))]) }
}

/** Whom a record is about, and the ids under which that is written. */
type Judged = { work: PreparedRecord; verdict: Verdict; person_id: string; event_id: string }

/** Records that were judged together, and what the next need to know of them as long as the database does not show them. */
export type Judgement = {
  judged: Judged[]
  /** Of the weights and frequencies; see `weightsVersion`. */
  version: string
  /** Those judged by their keys, and all records of everybody who came into question. */
  here: ReadonlyMap<bigint, readonly Candidate[]>
  records: ReadonlyMap<string, readonly Candidate[]>
}
export const NOBODY: Judgement = { judged: [], version: '', here: new Map(), records: new Map() }

/**
 * Decides whom records of one custodian are about, in their order; earlier ones of the same batch count, and those of the batch
 * before where the database does not show it yet.
 * @throws OutOfTurn when one is about a person whom only that batch made
 */
export async function judgeRecords(
  custodian: string,
  work: readonly PreparedRecord[],
  { persons, records: stored }: Candidates,
  known: Frequencies,
  before = NOBODY,
): Promise<Judgement> {
  const asked = new Map(work.map((one, at) => [one, persons[at]!]))
  const here = new Map<bigint, Candidate[]>()
  const records = together(stored, before.records)
  const unseen = new Set(
    before.judged.flatMap(({ verdict, person_id }) => (verdict.outcome === 'linked' ? [] : [person_id])),
  )
  const judgeOne = (one: PreparedRecord): Judged => {
    const around = [...candidatesHere(one, here), ...candidatesHere(one, before.here)]
    const persons = new Set([...asked.get(one)!, ...around.map(({ person_id }) => person_id)])
    const candidates = [...persons].flatMap((person) => records.get(person) ?? [])
    const verdict = judge(one, one.adverse, candidates, known)
    const person_id = verdict.outcome === 'linked' ? verdict.person_id : newId()
    if (unseen.has(person_id)) throw new OutOfTurn()
    const candidate: Candidate = { ...one, person_id, custodian }
    records.set(person_id, [...(records.get(person_id) ?? []), candidate])
    for (const key of one.keys) {
      const same = here.get(key)
      // Most stand alone, and a list that is made to grow takes six times the room of a list of one.
      if (same) same.push(candidate)
      else here.set(key, [candidate])
    }
    return { work: one, verdict, person_id, event_id: newId() }
  }
  const judged = await inSlices(work, SLICE, (some) => some.map(judgeOne))
  // What the rows before brought along the database shows by the time the next are judged.
  const mine = new Set([...stored.keys(), ...judged.map(({ person_id }) => person_id)])
  return {
    judged,
    version: weightsVersion(known),
    here,
    records: new Map([...records].filter(([person]) => mine.has(person))),
  }
}

// Of each person all records, each once.
function together(stored: Candidates['records'], before: Judgement['records']): Map<string, Candidate[]> {
  const all = new Map(stored)
  for (const [person, more] of before) {
    const some = all.get(person) ?? []
    const here = new Set(some.map(({ record_id }) => record_id))
    all.set(person, [...some, ...more.filter(({ record_id }) => !here.has(record_id))])
  }
  return all
}

// The strongest that are here already of each record: whom they are counted as. Where there are more than are compared, whoever of
// them is protected is compared all the same.
async function storedPersons(ctx: Ctx, work: readonly PreparedRecord[]): Promise<Set<string>[]> {
  const found = await personsByKeys(ctx, work, 'candidates_of_each')
  const crowded = [...found.keys()].filter((at) => found[at]!.records.size >= MOST_CANDIDATES)
  const more = await personsByKeys(
    ctx,
    crowded.map((at) => work[at]!),
    'protected_of_each',
  )
  crowded.forEach((at, of) => {
    for (const person of more[of]!.persons) found[at]!.persons.add(person)
  })
  return found.map(({ persons }) => persons)
}

type Found = { records: Set<string>; persons: Set<string> }

async function personsByKeys(
  ctx: Ctx,
  work: readonly PreparedRecord[],
  by: 'candidates_of_each' | 'protected_of_each',
): Promise<Found[]> {
  if (work.length === 0) return []
  const asked = work.flatMap(({ alternatives }, at) => alternatives.map((groups, rank) => ({ at, rank, groups })))
  let end = 0
  const ends = asked.map(({ groups: [one, two, three] }) => {
    const start = end
    const [first, second] = [start + one!.length, start + one!.length + (two?.length ?? 0)]
    end = second + (three?.length ?? 0)
    return { start, one: first, two: second, three: end }
  })
  const place = (of: keyof (typeof ends)[number]) =>
    arrayOf(
      'integer',
      ends.map((each) => each[of]),
    )
  const { rows } = await sql<{ at: number; record_id: string; person_id: string }>`
    select at_record as at, record_id, person_id
    from ${sql.ref(`people.${by}`)}(
      ${arrayOf(
        'integer',
        asked.map(({ at }) => at),
      )},
      ${arrayOf(
        'integer',
        asked.map(({ rank }) => rank),
      )},
      ${place('start')}, ${place('one')}, ${place('two')}, ${place('three')},
      ${arrayOf(
        'bigint',
        asked.flatMap(({ groups }) => groups.flat()),
      )}
      ${by === 'candidates_of_each' ? sql`, ${MOST_CANDIDATES}` : sql``}
    )
    order by at_record, strength`.execute(ctx.db)
  const found = work.map((): Found => ({ records: new Set(), persons: new Set() }))
  for (const { at, record_id, person_id } of rows) {
    const { records, persons } = found[at]!
    if (by === 'candidates_of_each' && records.size >= MOST_CANDIDATES) continue
    records.add(record_id)
    persons.add(person_id)
  }
  return found
}

function candidatesHere({ alternatives }: PreparedRecord, here: Judgement['here']): Candidate[] {
  const found = new Set<Candidate>()
  for (const [first, ...more] of alternatives)
    for (const key of first ?? [])
      for (const candidate of here.get(key) ?? []) {
        if (found.size >= MOST_CANDIDATES) return [...found]
        if (more.every((group) => group.some((other) => candidate.keys!.includes(other)))) found.add(candidate)
      }
  return [...found]
}

// All records of the persons who come into question: one of them may speak against what another suggests.
async function recordsOfPersons(ctx: Ctx, persons: readonly string[]): Promise<Map<string, Candidate[]>> {
  if (persons.length === 0) return new Map()
  const rows = await ctx.db
    .selectFrom('people.finding')
    .select([
      'record_id',
      'person_id',
      'custodian',
      'adverse',
      'names',
      'birth',
      'sex',
      'citizenship',
      'home_district',
      'documents',
      'document_countries',
    ])
    .where('person_id', 'in', persons)
    .execute()
  const records = Map.groupBy(rows as unknown as Candidate[], ({ person_id }) => person_id)
  const guarded = await ctx.db
    .selectFrom('people.protection as g')
    .innerJoin('people.person as p', 'p.id', 'g.person_id')
    .select('p.root')
    .distinct()
    .where('g.until', 'is', null)
    .where('p.root', '=', sql<string>`any (${arrayOf('uuid', persons)})`)
    .execute()
  for (const { root } of guarded) for (const one of records.get(root) ?? []) one.protected = true
  return records
}

/** Writes down whom records are about: persons, and the events that made the links. Owner's connection; the records are kept already. */
export async function writeLinks({ db, now }: Ctx, custodian: string, { judged, version }: Judgement): Promise<void> {
  const rows = judged.map(({ work: { record_id }, verdict, person_id, event_id }) => ({
    ...{ record_id, person_id, event_id, reference: verdict.outcome === 'linked' ? null : newReference(12) },
    ...(verdict.outcome === 'linked'
      ? {
          ...{ reason: verdict.reason, like: verdict.like.candidate.record_id },
          ...{ probability: verdict.like.score.probability, explanation: verdict.explanation },
        }
      : { reason: 'new', like: null, probability: null, explanation: [] }),
  }))
  await sql`
    with row as materialized (
      -- Of those who are counted as one, to whom it is like: where they are parted, it goes along.
      select x.record_id, coalesce(l.person_id, x.person_id) as person_id, x.reference, x.event_id, x.reason, x.probability,
        x.explanation
      from ${recordset(rows, {
        ...{ record_id: 'uuid', person_id: 'uuid', reference: 'text', event_id: 'uuid', like: 'uuid' },
        ...{ reason: 'text', probability: 'double precision', explanation: 'jsonb' },
      })} x
      left join people.link l on l.record_id = x.like
    ), persons as (
      insert into people.person (id, reference, root, created_at)
      select r.person_id, r.reference, r.person_id, ${now}
      from row r
      where r.reference is not null
    ), events as (
      insert into people.event
        (id, at, kind, person_id, record_id, organisation_id, reason, probability, explanation, weights_version)
      select r.event_id, ${now}, case when r.reference is null then 'link' else 'create' end, r.person_id, r.record_id,
        ${custodian}::uuid, r.reason, r.probability, r.explanation,
        case when r.reference is null then ${version} end
      from row r
    )
    insert into people.link (record_id, person_id, event_id)
    select r.record_id, r.person_id, r.event_id
    from row r`.execute(db)
}

/** Writes down by what records are found, and what officers have to compare. Owner's connection; their links are kept already. */
export async function writeFindings(
  { db, now }: Ctx,
  custodian: string,
  { judged, version }: Judgement,
): Promise<void> {
  let last = 0
  const rows = judged.map(({ work, person_id }) => ({
    ...{ ...work, person_id, first_key: last + 1, last_key: (last += work.keys.length) },
  }))
  await sql`
    insert into people.finding
      (record_id, person_id, custodian, adverse, names, birth, sex, citizenship, home_district, documents,
        document_countries, keys, keys_version)
    select r.record_id, r.person_id, ${custodian}::uuid, r.adverse, r.names, r.birth, r.sex, r.citizenship, r.home_district,
      r.documents, r.document_countries, (${arrayOf(
        'bigint',
        judged.flatMap(({ work }) => work.keys),
      )})[r.first_key:r.last_key], ${KEYS_VERSION}
    from ${recordset(rows, {
      ...{ record_id: 'uuid', person_id: 'uuid', adverse: 'boolean', names: 'jsonb', birth: 'integer', sex: 'text' },
      ...{ citizenship: 'text', home_district: 'text', documents: 'text[]', document_countries: 'text[]' },
      ...{ first_key: 'integer', last_key: 'integer' },
    })} r`.execute(db)
  const reviews = judged.flatMap(({ work: { record_id }, verdict, person_id }) =>
    verdict.outcome !== 'review'
      ? []
      : verdict.against.map(({ candidate, score, explanation, adverse }, at) => ({
          ...{ id: newId(), record_id, person_id, other_id: candidate.person_id, other_record_id: candidate.record_id },
          ...{ place: at + 1, adverse, probability: score.probability, explanation },
          custodians: [...new Set([custodian, candidate.custodian])],
        })),
  )
  if (reviews.length === 0) return
  await sql`
    insert into people.review
      (id, record_id, person_id, other_id, other_record_id, place, adverse, probability, explanation, weights_version, custodians,
        opened_at, due_at)
    select x.id, x.record_id, x.person_id, x.other_id, x.other_record_id, x.place, x.adverse, x.probability, x.explanation,
      ${version}, x.custodians::uuid[], ${now},
      ${now}::timestamptz
        + make_interval(hours => case when x.adverse then ${REVIEW_TERM_HOURS.adverse} else ${REVIEW_TERM_HOURS.other} end::integer)
    from ${recordset(reviews, {
      ...{
        id: 'uuid',
        record_id: 'uuid',
        person_id: 'uuid',
        other_id: 'uuid',
        other_record_id: 'uuid',
        place: 'integer',
      },
      ...{ adverse: 'boolean', probability: 'double precision', explanation: 'jsonb', custodians: 'text[]' },
    })} x
    on conflict do nothing`.execute(db)
}
