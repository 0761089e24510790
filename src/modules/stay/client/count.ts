import { type Day, newYear, yearOf } from './day.ts'

// How days are counted. The rules come from `data/law` (stay_90_days, stay_unbroken, stay_days_counted), never from here:
// - a day counts under the rule that holds on that day;
// - the day of entry and the day of exit count whole: the safe reading, no calculator of the ministry was at hand;
// - who leaves and comes back on one day has been there that one day, and an unbroken stay begins anew.

/** One stay, from the stamp of entry to the stamp of exit; without one the person is still there. */
export type Stay = { entry: Day; exit: Day | null }

/** So many days, counted together in any `window` days or (null) in the calendar year, while the rule holds. */
export type Limit = readonly [from: Day, to: Day | null, days: number, window: number | null]

export type Limits = {
  /** All days together. */
  total: readonly Limit[]
  /** Days between one entry and the next exit. */
  unbroken: readonly Limit[]
}

/** Days, the first and the last included, on which no limit holds: what a patent can have covered. They are counted all the same. */
export type Span = readonly [from: Day, to: Day]

/** What is wrong with a stay, so that nothing is counted before it is put right. */
export type Fault = 'entry_missing' | 'exit_before_entry' | 'overlap' | 'open_not_last' | 'outside'

/** A stay as it was typed, part of it perhaps missing. */
export type Draft = { entry: Day | null; exit: Day | null }

export type Count = {
  /** The day that is counted for: today, or the day of an entry that lies ahead. */
  at: Day
  /** The entry of the stay in which that day lies; null: the person is not in Russia then. */
  entry: Day | null
  /** Days used that count on that day, itself included when in Russia, and how many are allowed; null: no rule is known. */
  total: { used: number; limit: number } | null
  /** The same for the stay under way; null without one. */
  unbroken: { used: number; limit: number } | null
  /** The last lawful day for whoever stays on, or would enter on that day; null: none is left, or no rule is known. */
  last: Day | null
  /** Days of all stays that are beyond a limit, exits ahead included: the first, and how many. */
  beyond: { first: Day; days: number } | null
}

/** How many days ahead is looked; stays further ahead are slips of the finger. */
const FURTHEST = 366

/** What is wrong with each stay, in the order given; null where nothing is. */
export function faultsOf(drafts: readonly Draft[], limits: Limits, today: Day): (Fault | null)[] {
  const first = Math.min(...limits.total.map(([from]) => from))
  const known = (day: Day) => day >= first && day <= today + FURTHEST
  const inOrder = drafts.filter((draft): draft is Stay => draft.entry !== null).sort(byTime)
  return drafts.map((draft) => {
    const { entry, exit } = draft
    if (entry === null) return 'entry_missing'
    if (!known(entry) || (exit !== null && !known(exit))) return 'outside'
    if (exit !== null && exit < entry) return 'exit_before_entry'
    const place = inOrder.indexOf(draft as Stay)
    if (exit === null && place < inOrder.length - 1) return 'open_not_last'
    // To leave and to come back on one day is no overlap.
    return inOrder.slice(0, place).some((earlier) => earlier.exit !== null && earlier.exit > entry) ? 'overlap' : null
  })
}

/**
 * Counts stays that `faultsOf` finds nothing wrong with. `today` is the day by the reader's clock. Outside of `free` everything is as
 * if there were none: what comes after is judged with all days before it, the safe reading.
 */
export function countStays(given: readonly Stay[], limits: Limits, today: Day, free: readonly Span[] = []): Count {
  const stays = [...given].sort(byTime)
  const at = Math.max(today, ...stays.map(({ entry }) => entry))
  const current = stays.filter(({ entry, exit }) => entry <= at && at <= (exit ?? at)).pop()
  const entry = current ? current.entry : at
  const others = stays.filter((stay) => stay !== current)
  const isBeyond = beyondBy(limits, free)
  let last: Day | null = null
  // Whoever stays on gives no heed to the exit that was planned.
  for (let day = at; day <= at + FURTHEST && isBeyond([...others, { entry, exit: day }], entry, day) === false; )
    last = day++
  return {
    at,
    entry: current ? entry : null,
    total: totalOn(stays, limits, at),
    unbroken: current ? unbrokenOn(entry, limits, at) : null,
    last,
    beyond: beyondOf(stays, isBeyond, at),
  }
}

// A stay that is still open ends after all others.
const byTime = (a: Stay, b: Stay) => a.entry - b.entry || endOf(a) - endOf(b)
const endOf = ({ exit }: Stay) => exit ?? Number.MAX_VALUE

const ruleOn = (rules: readonly Limit[], day: Day) =>
  rules.filter(([from, to]) => from <= day && (to === null || day <= to)).pop()

function totalOn(stays: readonly Stay[], { total }: Limits, day: Day) {
  const rule = ruleOn(total, day)
  if (!rule) return null
  const [, , limit, window] = rule
  return { used: daysWithin(stays, window === null ? newYear(yearOf(day)) : day - window + 1, day), limit }
}

function unbrokenOn(entry: Day, { unbroken }: Limits, day: Day) {
  const rule = ruleOn(unbroken, day)
  return rule ? { used: day - entry + 1, limit: rule[2] } : null
}

// Stays in their order: a day on which one ends and the next begins counts once.
function daysWithin(stays: readonly Stay[], first: Day, last: Day): number {
  let [days, counted] = [0, first - 1]
  for (const stay of stays) {
    const end = Math.min(endOf(stay), last)
    days += Math.max(0, end - Math.max(stay.entry - 1, counted))
    counted = Math.max(counted, end)
  }
  return days
}

/** Whether `day` lies in one of the spans. */
export const isWithin = (spans: readonly Span[], day: Day): boolean =>
  spans.some(([from, to]) => from <= day && day <= to)

/** Whether a day of the stay that began with `entry` is beyond a limit; null where no rule is known. */
type IsBeyond = (stays: readonly Stay[], entry: Day, day: Day) => boolean | null

const beyondBy =
  (limits: Limits, free: readonly Span[]): IsBeyond =>
  (stays, entry, day) => {
    const total = totalOn(stays, limits, day)
    const unbroken = unbrokenOn(entry, limits, day)
    const isOver = total && (total.used > total.limit || (unbroken !== null && unbroken.used > unbroken.limit))
    return isOver && !isWithin(free, day)
  }

function beyondOf(stays: readonly Stay[], isBeyond: IsBeyond, at: Day): Count['beyond'] {
  const days = new Set<Day>()
  for (const { entry, exit } of stays)
    for (let day = entry; day <= (exit ?? at); day++) if (isBeyond(stays, entry, day)) days.add(day)
  return days.size > 0 ? { first: Math.min(...days), days: days.size } : null
}
