import { THRESHOLDS } from './matching/decide.ts'
import type { Score } from './matching/score.ts'
import { type Comparable, type Explanation, explain, type Frequencies, scoreAgainst } from './scoring.ts'

/** A record that may be about the same person. */
export type Candidate = Comparable & {
  person_id: string
  custodian: string
  adverse: boolean
  /** Nothing about the person may go to some kinds of offices. */
  protected?: boolean
  keys?: readonly bigint[]
}

type Scored = { candidate: Candidate; score: Score }

type Against = Scored & {
  explanation: Explanation
  /** Attaching it takes two officers. */
  adverse: boolean
}

export type Verdict =
  | { outcome: 'linked'; person_id: string; reason: 'automatic' | 'document'; like: Scored; explanation: Explanation }
  | { outcome: 'review'; against: Against[] }
  | { outcome: 'created' }

/**
 * So many possible persons are kept as pairs, and whoever of the others is protected: each month's list of people without documents adds
 * as many persons that are alike as it has rows.
 */
const MOST_PAIRS = 12

/** `like`: of their records the one by which a record comes to them, should it: with whose person it goes where they are parted. */
type Person = { person_id: string; best: Against; like: Scored; sure: boolean; likely: boolean; protected: boolean }

/**
 * Whom a record is about. It is linked by itself only where one person alone comes into question, all of whose records agree
 * with it: so father, son and brother are not chained. An adverse record, or one that would come to a person with adverse
 * records, is linked by document and birth only (rules: matching/decide.ts). Who is likely goes to officers, the likeliest first, and the protected in any case.
 */
export function judge(
  record: Comparable,
  adverse: boolean,
  candidates: readonly Candidate[],
  known: Frequencies,
): Verdict {
  if (candidates.length === 0) return { outcome: 'created' }
  const persons = personsOf(record, adverse, candidates, known)
  const likely = persons.filter((person) => person.likely)
  const [only] = likely
  if (only?.sure && likely.length === 1) {
    const { like, best } = only
    return {
      outcome: 'linked',
      person_id: only.person_id,
      reason: best.adverse ? 'document' : 'automatic',
      like,
      explanation: explain(like.score),
    }
  }
  if (likely.length === 0) return { outcome: 'created' }
  return {
    outcome: 'review',
    against: likely.filter((person, at) => at < MOST_PAIRS || person.protected).map(({ best }) => best),
  }
}

function personsOf(
  record: Comparable,
  adverse: boolean,
  candidates: readonly Candidate[],
  known: Frequencies,
): Person[] {
  const scores = scoreAgainst(record, candidates, known)
  const byPerson = Map.groupBy(
    candidates.map((candidate, at) => ({ candidate, score: scores[at]! })),
    ({ candidate }) => candidate.person_id,
  )
  return [...byPerson]
    .map(([person_id, records]): Person => {
      const harmful = adverse || records.some(({ candidate }) => candidate.adverse)
      const strongest = records.toSorted(byStrength)
      const { candidate, score } = strongest[0]!
      const agree = records.every((one) => one.score.conflicts.length === 0)
      const byDocument = strongest.find((one) => one.score.adverse === 'attach')
      return {
        person_id,
        best: { candidate, score, explanation: explain(score), adverse: harmful },
        like: (harmful && byDocument) || strongest[0]!,
        sure: agree && (harmful ? byDocument !== undefined : score.decision === 'link'),
        protected: records.some(({ candidate }) => candidate.protected === true),
        likely:
          score.probability >= THRESHOLDS.review || (harmful && records.some((one) => hasEqualDocument(one.score))),
      }
    })
    .sort((a, b) => byStrength(a.best, b.best))
}

// The strongest first; of equal ones the first that came, so that the same list always comes to the same.
const byStrength = (a: Scored, b: Scored) =>
  b.score.bits - a.score.bits || (a.candidate.record_id < b.candidate.record_id ? -1 : 1)

const hasEqualDocument = ({ fields }: Score) =>
  fields.some(({ field, level }) => field === 'document' && level === 'exact')
