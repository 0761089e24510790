/** Six measures, never merged. A closed list: `expulsions.code.measure.VALUE`. */
export const MEASURES = [
  'expulsion',
  'deportation',
  'readmission',
  'undesirability',
  'entry_ban',
  'controlled_persons',
] as const
export type Measure = (typeof MEASURES)[number]

/** Carried out, these keep somebody out for years more (law 114-FZ of the Russian Federation, article 27, part 1). */
export const OUTLIVE: readonly Measure[] = ['expulsion', 'deportation', 'readmission']

/** How long a measure lasts. `unknown` says that the source is silent, never that there is no ban. */
const TERMS = ['until', 'indefinite', 'unknown'] as const
export type Term = (typeof TERMS)[number]

/** What became of a measure: `expulsions.code.status.VALUE`. */
export const STATUSES = ['in_force', 'appealed', 'lifted', 'served', 'not_me'] as const
export type Status = (typeof STATUSES)[number]

/** What an officer proposes about a measure and another decides; `in_force`: that it was said to be another's, or lifted, wrongly. */
export const CORRECTIONS = ['not_me', 'lifted', 'in_force'] as const
/** `ended`: that a measure ends sooner, as a row or an answer states it. */
export type CorrectionKind = (typeof CORRECTIONS)[number] | 'ended'

/** What can be proposed about a measure that stands so; `over`: it keeps nobody out any more, by whatever. */
export const correctionsOf = (status: Status, over: boolean): readonly (typeof CORRECTIONS)[number][] =>
  status === 'not_me' || status === 'lifted'
    ? ['in_force']
    : ['not_me', 'lifted', ...(over ? ['in_force' as const] : [])]

/** What can be asked about a row. */
export const QUESTIONS = ['term', 'ground', 'identity', 'other'] as const
export type QuestionAbout = (typeof QUESTIONS)[number]

/** How long the second officer has, how long an answer takes, and when a decision must be confirmed by those who had the row. */
export const TERM_HOURS = { correction: 72, question: 120, decision: 24 } as const

/** The states of one row at one recipient. */
const ROW_STATES = ['sent', 'received', 'question', 'answered', 'acknowledged', 'passed_on'] as const
export type RowState = (typeof ROW_STATES)[number]

/** What an officer typed: one row, its cells by the names of their fields. See `by-hand.ts`. It says nothing about other rows of its letter. */
export const BY_HAND = 'by_hand'
