/** A calendar day as the number of days since 1 January 1970: cheap phones' browsers have no Temporal. */
export type Day = number

const MS = 86_400_000

/** The day written as `2026-11-21`, as a date field has it; null when there is no such day. */
export function readDay(text: string): Day | null {
  const at = Date.parse(`${text}T00:00:00Z`)
  return Number.isNaN(at) || writeDay(at / MS) !== text ? null : at / MS
}

/** `2026-11-21`. */
export const writeDay = (day: Day): string => dateOf(day).toISOString().slice(0, 10)

/** The calendar year in which the day lies. */
export const yearOf = (day: Day): number => dateOf(day).getUTCFullYear()

/** 1 January of a year. */
export const newYear = (year: number): Day => Date.UTC(year, 0) / MS

/** The day by the clock and the calendar of the device. */
export const dayOnClock = (now: Date): Day => Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) / MS

/** The same day so many months later; the last day of that month where it has no such day (31 January → 28 February). */
export function addMonths(day: Day, months: number): Day {
  const month = dateOf(day).getUTCMonth() + months
  return Math.min(Date.UTC(yearOf(day), month, dateOf(day).getUTCDate()), Date.UTC(yearOf(day), month + 1, 0)) / MS
}

const dateOf = (day: Day) => new Date(day * MS)
