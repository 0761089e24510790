import type { Ctx } from '../context.ts'
import type { Platform } from '../module.ts'
import type { StatedName } from './facts.ts'
import { F } from './matching/compare.ts'
import { type PersonRecord, type Roll, rollOf } from './matching/roll.ts'
import { pairScorer, type Score } from './matching/score.ts'
import { SIMULATED_VALUES, SIMULATED_WEIGHTS, weightsFor } from './matching/simulated-weights.ts'
import { RARITY, type Rarity } from './matching/weights.ts'

/** A record as it is compared: names as stated, documents by their blind index. */
export type Comparable = {
  record_id: string
  names: readonly StatedName[]
  birth: number | null
  sex: string | null
  citizenship: string | null
  home_district: string | null
  documents: readonly string[]
  /** Of each document its country; null, or not there, where nobody stated it. */
  document_countries?: readonly (string | null)[] | null
}

/** What is kept of a score: levels and weights, never what was compared. */
export type Explanation = { field: string; level: string; weight: number }[]

export const explain = ({ fields }: Score): Explanation =>
  fields.map(({ field, level, weight }) => ({ field, level, weight }))

/** What the registry knows of how common names are; see `learnFrequencies`. */
export type Frequencies = {
  version: string
  persons: number
  share: ReadonlyMap<string, number>
  average: readonly number[]
}

const NONE: Frequencies = { version: 'none', persons: 0, share: new Map(), average: [] }
// Two records of one person are as rare among all pairs as the registry is large; a small one is a sample of a large people.
const LEAST_PERSONS = 1_000_000
const MOST_BITS = 10
/** A term that the sample never showed is at most this common. */
const UNSEEN = 5e-6

// They are learnt at night: whether anew is asked once a minute, not at every search.
const STANDS_MS = 60_000
const lately = new WeakMap<Platform, { known: Frequencies; until: number }>()

/** Makes this process ask at its next search whether frequencies were learnt anew. */
export function askFrequenciesAnew({ platform }: Pick<Ctx, 'platform'>): void {
  const last = lately.get(platform)
  if (last) last.until = 0
}

/** The frequencies of the moment, at most a minute late; read anew only when they were learnt anew. */
export async function frequencies({ db, platform }: Pick<Ctx, 'db' | 'platform'>): Promise<Frequencies> {
  const last = lately.get(platform)
  if (last && performance.now() < last.until) return last.known
  const state = await db.selectFrom('people.frequency_state').select(['version', 'persons']).executeTakeFirst()
  // Who may not search for people sees none: that says nothing to others.
  if (!state) return NONE
  const known = last?.known.version === state.version ? last.known : await readFrequencies(db, state)
  lately.set(platform, { known, until: performance.now() + STANDS_MS })
  return known
}

async function readFrequencies(db: Ctx['db'], state: { version: string; persons: bigint }): Promise<Frequencies> {
  const rows = await db.selectFrom('people.frequency').select(['field', 'term', 'share']).execute()
  const average: number[] = []
  for (const { field, share } of rows) average[field] = (average[field] ?? 0) + share * share
  return {
    version: state.version,
    persons: Number(state.persons),
    share: new Map(rows.map(({ field, term, share }) => [`${field} ${term}`, share])),
    average,
  }
}

/** The version that stands beside every decision: of the weights and of the frequencies. */
export const weightsVersion = ({ version }: Frequencies) => `${SIMULATED_WEIGHTS.version}.${version}`

/** Scores the first of these records against each of the others. */
export function scoreAgainst(one: Comparable, others: readonly Comparable[], known: Frequencies): Score[] {
  if (others.length === 0) return []
  const roll = rollOf(
    [one, ...others].map((record) => asPerson(record, one)),
    SIMULATED_VALUES,
  )
  const weights = weightsFor(Math.max(known.persons, LEAST_PERSONS))
  const score = pairScorer(roll, weights, rarityIn(roll, known))
  return others.map((_, at) => score(0, at + 1))
}

// What kind of place it is stands in the language of the paper (ноҳияи, р-н, district) and tells no place from another.
const PLACE_KINDS =
  /(?<!\p{L})(ноҳияи|ноҳия|шаҳри|шаҳраки|вилояти|ҷамоати|деҳаи|р-н|район|г\.|город|пос\.|посёлок|обл\.|область|district|city|region)(?!\p{L})/giu

/** A stated record as the matching takes it; beside another, without what that one does not state: it would say nothing. */
export const asPerson = (record: Comparable, beside = record): PersonRecord => ({
  id: record.record_id,
  names: record.names,
  birth: record.birth,
  sex: record.sex as PersonRecord['sex'],
  documents: beside.documents.length > 0 ? record.documents : [],
  countries: record.document_countries ?? [],
  values: [
    beside.citizenship && record.citizenship,
    beside.home_district && (record.home_district?.replace(PLACE_KINDS, ' ') ?? null),
  ],
})

// How much rarer, or commoner, than the average agreement this word or date is, in bits.
function rarityIn(roll: Roll, { share, average }: Frequencies): Rarity {
  if (share.size === 0) return () => 0
  return (field, term, level) => {
    const counts = RARITY[level]
    const kind = field <= F.third ? 0 : field === F.birth ? 1 : undefined
    if (!counts || kind === undefined || !average[kind]) return 0
    const text = kind === 0 ? roll.words[term]!.sound : String(roll.births[term]!)
    const bits = Math.log2(average[kind] / Math.max(share.get(`${kind} ${text}`) ?? UNSEEN, UNSEEN))
    return Math.max(-MOST_BITS, Math.min(MOST_BITS, bits)) * counts
  }
}
