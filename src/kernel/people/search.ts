import { sql } from 'kysely'
import { authorise } from '../access/authorise.ts'
import type { Ctx } from '../context.ts'
import { newId } from '../ids.ts'
import { alternativesOf, toJson } from './asking.ts'
import type { StatedName } from './facts.ts'
import { numberIndex } from './numbers.ts'
import type { Purpose } from './purposes.ts'
import { findRegistryKeys } from './registry-key.ts'
import { type Comparable, frequencies, scoreAgainst } from './scoring.ts'
import type { Candidate } from './verdict.ts'

/** What an officer knows: any part may be missing, names stand in any script and order. */
export type PersonQuestion = {
  name?: string
  birth?: number | null
  document?: string
  purpose: Purpose
  words: string | null
}

/** Somebody found, with the record that fits best. `fit`: how what was asked agrees, in bits; only good for an order. */
export type FoundPerson = {
  person_id: string
  names: StatedName[]
  birth: number | null
  home_district: string | null
  citizenship: string | null
  fit: number
  /** All that was asked for agrees. */
  whole: boolean
}

/** So many records are scored: the strongest agreements come first, and of a name that more people bear a part is shown. */
export const MOST_CANDIDATES = 40
const MOST_SHOWN = 20
// Whoever fits so many bits worse than the best is left out: that is another name or another day.
const WORSE = 14

/**
 * Looks for people the actor may see. The database keeps the purpose, and who was shown, in the same transaction; the audit
 * says that somebody searched, and never for whom.
 */
export async function searchPeople(
  ctx: Ctx,
  { name, birth = null, document, purpose, words }: PersonQuestion,
): Promise<{ lookup_id: string; found: FoundPerson[] }> {
  authorise(ctx, 'person.search')
  const keys = document ? await findRegistryKeys(ctx) : null
  const documents = document && keys ? [numberIndex(keys, document).toString('hex')] : []
  const question: Comparable = {
    ...{
      record_id: '',
      names: name ? [{ whole: name }] : [],
      birth,
      sex: null,
      citizenship: null,
      home_district: null,
      documents,
    },
  }
  const asked = [name && 'name', birth && 'birth', document && 'document'].filter(Boolean)
  const lookup_id = newId()
  const { rows } = await sql<Candidate>`
    select record_id, person_id, custodian, adverse, names, birth, sex, citizenship, home_district, documents
    from people.search(${lookup_id}, ${ctx.now}, ${purpose}, ${words}, ${asked}, ${toJson(alternativesOf(question, true))}::jsonb, ${MOST_CANDIDATES})`.execute(
    ctx.db,
  )
  const found = rank(question, rows, await frequencies(ctx))
  await noteFound(ctx, lookup_id, found)
  return { lookup_id, found }
}

function rank(
  question: Comparable,
  candidates: readonly Candidate[],
  known: Awaited<ReturnType<typeof frequencies>>,
): FoundPerson[] {
  const best = new Map<string, FoundPerson>()
  const scores = scoreAgainst(question, candidates, known)
  candidates.forEach(({ person_id, names, birth, home_district, citizenship }, at) => {
    const { bits: fit, conflicts, fields } = scores[at]!
    if ((best.get(person_id)?.fit ?? Number.NEGATIVE_INFINITY) >= fit) return
    const whole = conflicts.length === 0 && fields.every(({ level }) => level !== 'differs')
    best.set(person_id, { person_id, names: [...names], birth, home_district, citizenship, fit, whole })
  })
  const found = [...best.values()].sort((a, b) => b.fit - a.fit)
  return found.filter(({ fit }) => fit >= found[0]!.fit - WORSE).slice(0, MOST_SHOWN)
}

// One statement: an officer waits for every way to the database.
async function noteFound(ctx: Ctx, lookup_id: string, found: readonly FoundPerson[]): Promise<void> {
  if (found.length === 0) return
  const rows = found.map(({ person_id, fit }) => ({ id: newId(), person_id, fit }))
  await sql`
    with looks as (
      insert into people.look (id, at, person_id, lookup_id, what, position, probability)
      select r.id, ${ctx.now}, r.person_id, ${lookup_id}, 'found', r.position, r.fit
      from rows from (jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as (id uuid, person_id uuid, fit double precision))
        with ordinality r (id, person_id, fit, position)
    )
    update people.lookup
    set shown = ${found.length}
    where id = ${lookup_id}`.execute(ctx.db)
}
