import { sql } from 'kysely'
import { authorise } from '../access/authorise.ts'
import { audit } from '../audit/audit.ts'
import type { Ctx } from '../context.ts'
import { newId } from '../ids.ts'
import { alternativesOf, toJson } from './asking.ts'
import { beginLookup } from './looks.ts'
import { F } from './matching/compare.ts'
import { L, type Level } from './matching/likeness.ts'
import type { FieldScore, Score } from './matching/score.ts'
import { SIMULATED_WEIGHTS } from './matching/simulated-weights.ts'
import { numberIndex } from './numbers.ts'
import { findPerson, linesOf, type PersonLine } from './persons.ts'
import type { Purpose } from './purposes.ts'
import { keysForSearching } from './registry-key.ts'
import { type Comparable, type Frequencies, frequencies, scoreAgainst } from './scoring.ts'

/** What an officer knows: any part may be missing, names stand in any script and order. */
export type PersonQuestion = {
  name?: string
  birth?: number | null
  document?: string
  purpose: Purpose
  words: string | null
}

/** Somebody found. `fit`: how what was asked agrees with the record that fits best, in bits, of all people there are. */
export type FoundPerson = PersonLine & { fit: number }

/** So many records are scored: the strongest agreements come first, and of a name that more people bear a part is shown. */
export const MOST_CANDIDATES = 40
const MOST_SHOWN = 20
// Whoever fits so many bits worse than the best is left out: that is another name or another day.
const WORSE = 14

type Candidate = Comparable & { person_id: string }

// What no question states is not read of those who may be meant: it would not be compared.
const NOT_ASKED = { sex: null, citizenship: null, home_district: null, documents: [] }

/**
 * Looks for people the actor may see. The database keeps the purpose, and who was shown, in the same transaction; the audit
 * says that somebody searched, and never for whom.
 */
export async function searchPeople(
  ctx: Ctx,
  { name, birth = null, document, purpose, words }: PersonQuestion,
): Promise<{ lookup_id: string; found: FoundPerson[] }> {
  authorise(ctx, 'person.search')
  const keys = document ? await keysForSearching(ctx) : null
  const documents = document && keys ? [numberIndex(keys, document).toString('hex')] : []
  const question: Comparable = {
    ...NOT_ASKED,
    record_id: '',
    names: name ? [{ whole: name }] : [],
    birth,
    documents,
  }
  const asked = [name && 'name', birth && 'birth', document && 'document'].filter(Boolean)
  const lookup_id = newId()
  const { rows } = await sql<Omit<Candidate, keyof typeof NOT_ASKED> & Partial<Candidate>>`
    select record_id, person_id, names, birth ${documents.length > 0 ? sql`, documents, document_countries` : sql``}
    from people.search(${lookup_id}, ${ctx.now}, ${purpose}, ${words}, ${asked}, ${toJson(alternativesOf(question, true))}::jsonb, ${MOST_CANDIDATES})`.execute(
    ctx.db,
  )
  const candidates = rows.map((row) => ({ ...NOT_ASKED, ...row }))
  return { lookup_id, found: await show(ctx, lookup_id, rank(question, candidates, await frequencies(ctx))) }
}

/**
 * Who bears this reference, named and noted like everybody whom a search shows: in both logs, and for no stated purpose.
 * Empty where the actor sees nobody by it.
 */
export async function findByReference(ctx: Ctx, reference: string): Promise<PersonLine[]> {
  authorise(ctx, 'person.search')
  const person = await findPerson(ctx, reference)
  if (!person) return []
  const lookup_id = await beginLookup(ctx, 'find', null, ['reference'])
  await audit(ctx, 'person.search', { type: 'lookup', id: lookup_id }, { purpose: 'find', candidates: 1 })
  return show(ctx, lookup_id, [{ person_id: person.id, fit: null }])
}

type Fit<F extends number | null = number> = { person_id: string; fit: F }

/**
 * Each person by the record that fits best. Where only a name was asked, whoever bears more of its words stands first, in whatever script
 * and with whatever ending: among so few words the weights, made for records, would put a likelier slip before a rarer ending.
 */
function rank(question: Comparable, candidates: readonly Candidate[], known: Frequencies): Fit[] {
  const nameAlone = !question.birth && question.documents.length === 0
  const best = new Map<string, { words: number; fit: number }>()
  const scores = scoreAgainst(question, candidates, known)
  candidates.forEach(({ person_id }, at) => {
    const here = { words: nameAlone ? equalWords(scores[at]!).length : 0, fit: fitOf(scores[at]!) }
    const before = best.get(person_id)
    if (!before || better(here, before) < 0) best.set(person_id, here)
  })
  const found = [...best].sort(([, a], [, b]) => better(a, b))
  const [, first] = found[0] ?? []
  return found
    .filter(([, { words, fit }]) => (nameAlone && words > 0 && words === first!.words) || fit >= first!.fit - WORSE)
    .slice(0, MOST_SHOWN)
    .map(([person_id, { fit }]) => ({ person_id, fit }))
}

const better = (a: { words: number; fit: number }, b: { words: number; fit: number }) =>
  b.words - a.words || b.fit - a.fit

const EQUAL: ReadonlySet<string> = new Set<Level>(['exact', 'same', 'stem', 'variant'])
const isWord = ({ at }: FieldScore) => at <= F.third
const equalWords = ({ fields }: Score) => fields.filter((field) => isWord(field) && EQUAL.has(field.level))

// What a word with a slip in it can say at most, and one with another ending or a short form at least: records show slips more
// seldom, and rare words weigh more, but whoever asks for a name asks for that name.
const SLIP = Math.max(
  ...SIMULATED_WEIGHTS.fields.slice(0, F.third + 1).map(({ m, u }) => Math.log2(m[L.near]! / u[L.near]!)),
)
function fitOfField(field: FieldScore): number {
  const { at, level, weight } = field
  // Whoever asks for Каримов asks for Каримова too: nobody said which sex.
  if (at === F.sex) return 0
  if (!isWord(field)) return weight
  return EQUAL.has(level) ? Math.max(SLIP + 1, weight) : Math.min(SLIP, weight)
}

// Nothing is taken away for relatives: a question is nobody's brother.
const fitOf = ({ fields }: Score) => fields.reduce((fit, field) => fit + fitOfField(field), 0)

async function show<F extends number | null>(
  ctx: Ctx,
  lookup_id: string,
  found: readonly Fit<F>[],
): Promise<(PersonLine & { fit: F })[]> {
  if (found.length === 0) return []
  const noted = found.map((one) => ({ id: newId(), ...one }))
  const { rows } = await sql<PersonLine>`
    select person_id, reference, names, birth, home_district, citizenship
    from people.show_found(${lookup_id}, ${ctx.now}, ${JSON.stringify(noted)}::jsonb)`.execute(ctx.db)
  const fits = new Map(found.map(({ person_id, fit }) => [person_id, fit]))
  return linesOf([...fits.keys()], rows).map((line) => ({ ...line, fit: fits.get(line.person_id)! }))
}
