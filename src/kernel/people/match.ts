import { sql } from 'kysely'
import type { Ctx } from '../context.ts'
import { newId, newReference } from '../ids.ts'
import { type Alternative, alternativesOf } from './asking.ts'
import type { StatedRecord } from './facts.ts'
import { KEYS_VERSION, storedKeys } from './matching/keys.ts'
import { rollOf } from './matching/roll.ts'
import { SIMULATED_VALUES } from './matching/simulated-weights.ts'
import { asPerson, type Comparable, type Frequencies, frequencies, weightsVersion } from './scoring.ts'
import { type Candidate, judge, type Verdict } from './verdict.ts'

/** A row that was kept and waits to be told whom it is about. `documents`: blind indexes in hexadecimal. */
export type Received = { id: string; custodian: string; stated: StatedRecord; row_hash: Buffer; documents: string[] }

/** `created`: a new person. `linked`: somebody who is here. `review`: a new person whom officers compare with others. */
export type Outcome = 'created' | 'linked' | 'review'
export type Match = { record_id: string; person_id: string; outcome: Outcome }

const MOST_CANDIDATES = 40
/** How long two records may wait for an officer: what may harm somebody is looked at first. */
const REVIEW_TERM_HOURS = { adverse: 24, other: 24 * 14 } as const

type Work = Comparable & { keys: bigint[]; alternatives: Alternative[]; received: Received }

/** Finds out whom records are about, in their order; earlier ones of the same batch count. Owner's connection, under the lock of matching. */
export async function matchRecords(ctx: Ctx, batch: readonly Received[]): Promise<Match[]> {
  if (batch.length === 0) return []
  const known = await frequencies(ctx)
  const work = prepare(batch)
  const stored = await storedPersons(ctx, work)
  const byPerson = await recordsOfPersons(ctx, [...new Set(stored.flatMap((persons) => [...persons]))])
  const judged: { work: Work; verdict: Verdict; person_id: string; event_id: string }[] = []
  const here = new Map<bigint, Candidate[]>()
  for (const [at, one] of work.entries()) {
    const persons = new Set([...stored[at]!, ...candidatesHere(one, here).map(({ person_id }) => person_id)])
    const candidates = [...persons].flatMap((person) => byPerson.get(person) ?? [])
    const verdict = judge(one, one.received.stated.adverse, candidates, known)
    const person_id = verdict.outcome === 'linked' ? verdict.person_id : newId()
    const { custodian, stated } = one.received
    const candidate: Candidate = {
      ...comparable(one),
      person_id,
      custodian,
      adverse: stated.adverse,
      keys: new Set(one.keys),
    }
    byPerson.set(person_id, [...(byPerson.get(person_id) ?? []), candidate])
    for (const key of one.keys) here.set(key, [...(here.get(key) ?? []), candidate])
    judged.push({ work: one, verdict, person_id, event_id: newId() })
  }
  await write(ctx, judged, known)
  return judged.map(({ work: { record_id }, verdict: { outcome }, person_id }) => ({ record_id, person_id, outcome }))
}

function prepare(batch: readonly Received[]): Work[] {
  const records = batch.map(({ stated, id, documents }): Comparable => {
    const { names, birth, sex, citizenship = null, home_district = null } = stated
    return { record_id: id, names, birth, sex, citizenship, home_district, documents }
  })
  const keys = keysOf(records)
  return records.map((record, at) => {
    const { strong, weak } = alternativesOf(record)
    return { ...record, received: batch[at]!, keys: keys[at]!, alternatives: [...strong, ...weak] }
  })
}

/** The blocking keys under which records are found, of each in its order. */
export function keysOf(records: readonly Comparable[]): bigint[][] {
  const keys = storedKeys(rollOf(records.map(asPerson), SIMULATED_VALUES))
  return records.map((_, at) => keys(at))
}

const comparable = ({
  record_id,
  names,
  birth,
  sex,
  citizenship,
  home_district,
  documents,
}: Comparable): Comparable => ({
  ...{ record_id, names, birth, sex, citizenship, home_district, documents },
})

// The strongest that are here already of each record: whom they are counted as.
async function storedPersons(ctx: Ctx, work: readonly Work[]): Promise<Set<string>[]> {
  const asked = work.flatMap(({ alternatives }, at) =>
    alternatives.map(([one, two, three], rank) => ({
      ...{ at, rank, one: one!.map(String) },
      ...(two && { two: two.map(String) }),
      ...(three && { three: three.map(String) }),
    })),
  )
  const { rows } = await sql<{ at: number; record_id: string; person_id: string }>`
    select at, record_id, person_id
    from people.candidates_of_each(${JSON.stringify(asked)}::jsonb, ${MOST_CANDIDATES})
    order by at, rank`.execute(ctx.db)
  const records = work.map(() => new Set<string>())
  const persons = work.map(() => new Set<string>())
  for (const { at, record_id, person_id } of rows) {
    if (records[at]!.size >= MOST_CANDIDATES) continue
    records[at]!.add(record_id)
    persons[at]!.add(person_id)
  }
  return persons
}

function candidatesHere({ alternatives }: Work, here: ReadonlyMap<bigint, Candidate[]>): Candidate[] {
  const found = new Set<Candidate>()
  for (const [first, ...more] of alternatives)
    for (const key of first ?? [])
      for (const candidate of here.get(key) ?? [])
        if (more.every((group) => group.some((other) => candidate.keys!.has(other)))) found.add(candidate)
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
    ])
    .where('person_id', 'in', persons)
    .execute()
  return Map.groupBy(rows as unknown as Candidate[], ({ person_id }) => person_id)
}

type Judged = { work: Work; verdict: Verdict; person_id: string; event_id: string }

async function write(ctx: Ctx, judged: readonly Judged[], known: Frequencies): Promise<void> {
  const version = weightsVersion(known)
  const { db, now } = ctx
  const rows = judged.map(({ work: { received, keys, alternatives: _, ...facts }, verdict, person_id, event_id }) => ({
    ...{ ...facts, person_id, event_id, custodian: received.custodian, adverse: received.stated.adverse },
    ...{ keys: keys.map(String), reference: verdict.outcome === 'linked' ? null : newReference(12) },
    ...(verdict.outcome === 'linked'
      ? { reason: verdict.reason, probability: verdict.score.probability, explanation: verdict.explanation }
      : { explanation: [] }),
  }))
  // As one text: thousands of parameters take longer to send than to store.
  await sql`
    with row as materialized (
      select *
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x (
        record_id uuid, person_id uuid, reference text, event_id uuid, reason text, probability double precision,
        explanation jsonb, custodian uuid, adverse boolean, names jsonb, birth integer, sex text, citizenship text,
        home_district text, documents text[], keys bigint[])
    ), persons as (
      insert into people.person (id, reference, root, created_at)
      select r.person_id, r.reference, r.person_id, ${now}
      from row r
      where r.reference is not null
    ), events as (
      insert into people.event
        (id, at, kind, person_id, record_id, organisation_id, reason, probability, explanation, weights_version)
      select r.event_id, ${now}, case when r.reference is null then 'link' else 'create' end, r.person_id, r.record_id,
        r.custodian, coalesce(r.reason, 'new'), r.probability, r.explanation,
        case when r.reference is null then ${version} end
      from row r
    ), links as (
      insert into people.link (record_id, person_id, event_id)
      select r.record_id, r.person_id, r.event_id
      from row r
    )
    insert into people.finding
      (record_id, person_id, custodian, adverse, names, birth, sex, citizenship, home_district, documents, keys, keys_version)
    select r.record_id, r.person_id, r.custodian, r.adverse, r.names, r.birth, r.sex, r.citizenship, r.home_district,
      r.documents, r.keys, ${KEYS_VERSION}
    from row r`.execute(db)
  const reviews = judged.flatMap(({ work: { record_id, received }, verdict, person_id }) =>
    verdict.outcome !== 'review'
      ? []
      : verdict.against.map(({ candidate, score, explanation, adverse }) => ({
          ...{ id: newId(), record_id, person_id, other_id: candidate.person_id, other_record_id: candidate.record_id },
          ...{
            adverse,
            probability: score.probability,
            explanation: JSON.stringify(explanation),
            weights_version: version,
          },
          custodians: [...new Set([received.custodian, candidate.custodian])],
          opened_at: now,
          due_at: now.add({ hours: REVIEW_TERM_HOURS[adverse ? 'adverse' : 'other'] }),
        })),
  )
  if (reviews.length > 0)
    await db
      .insertInto('people.review')
      .values(reviews)
      .onConflict((c) => c.doNothing())
      .execute()
}
