import type { Span } from './count.ts'
import { addMonths, type Day } from './day.ts'

/** What else the person told: each day may be missing. */
export type Told = {
  /** Entry of the stay that is counted for; null when outside. */
  entry: Day | null
  /** The last lawful day by the count; null when outside, or when a patent binds by its payments instead. */
  last: Day | null
  /** The day of issue, of the newest where there were several. */
  patent: Day | null
  registered: Day | null
  registered_until: Day | null
}

/** From the dated rules: days from entry, that day the first; null where no rule is known. `patent`: whether paying by the month is. */
export type Terms = { registration: number | null; work: number | null; patent: boolean }

export const DEADLINES = ['last', 'registration', 'registered_until', 'work', 'patent'] as const
export type Deadline = { kind: (typeof DEADLINES)[number]; day: Day }

/** A patent is issued for at most twelve months (klerk.ru, 15 August 2025); the next has a day of issue of its own. */
const MONTHS = 12

/** The days that a patent can have covered at most, when every month was paid. No rule that is known here prolongs it. */
export const patentSpan = (issued: Day): Span => [issued, addMonths(issued, MONTHS) - 1]

/**
 * The days by which something has to be done, also those that have passed: one of each kind, and the patent's payments
 * that lie ahead. Who had a patent during the stay has shown fingerprints and health.
 */
export function deadlinesOf(
  { entry, last, patent, registered, registered_until }: Told,
  terms: Terms,
  today: Day,
): Deadline[] {
  const hasShown = patent !== null && (entry === null || patentSpan(patent)[1] >= entry)
  const isRegistered = registered !== null && (entry === null || registered >= entry)
  const dates: Record<Deadline['kind'], readonly (Day | null)[]> = {
    last: [last],
    registration: [isRegistered ? null : within(entry, terms.registration)],
    registered_until: [registered_until],
    work: [hasShown ? null : within(entry, terms.work)],
    patent: terms.patent && patent !== null ? paymentsOf(patent, today) : [],
  }
  return DEADLINES.flatMap((kind) => dates[kind].flatMap((day) => (day === null ? [] : [{ kind, day }])))
}

// "Within 15 days of entry": the day of entry is the first, which is the safe reading.
const within = (entry: Day | null, days: number | null) => (entry === null || days === null ? null : entry + days - 1)

// Paid before the day of the month on which it was issued: issued on 10 March, paid by 9 April (patent_payment_deadline).
function paymentsOf(issued: Day, today: Day): Day[] {
  const months = Array.from({ length: MONTHS }, (_, index) => addMonths(issued, index + 1) - 1)
  return months.filter((day) => day >= today)
}
