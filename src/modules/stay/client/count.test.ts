import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Count, countStays, faultsOf, type Limits, type Stay } from './count.ts'
import { addMonths, type Day, dayOnClock, newYear, readDay, writeDay, yearOf } from './day.ts'
import { patentSpan } from './deadlines.ts'

const day = (text: string): Day => readDay(text)!
const stay = (entry: string, exit?: string): Stay => ({
  entry: day(entry),
  exit: exit === undefined ? null : day(exit),
})

/** As `data/law` has them; that the page hands over the same is proven in `pages.test.ts`. */
const LIMITS: Limits = {
  total: [
    [day('2014-01-01'), day('2024-12-31'), 90, 180],
    [day('2025-01-01'), null, 90, null],
  ],
  unbroken: [[day('2025-01-01'), null, 90, null]],
}
const count = (stays: Stay[], today: string) => countStays(stays, LIMITS, day(today))
const last = (stays: Stay[], today: string) => {
  const at = count(stays, today).last
  return at === null ? null : writeDay(at)
}

describe('a day', () => {
  test('is read and written; what is no day is none', () => {
    for (const text of ['', '2026-02-29', '2026-13-01', '2026-1-1', 'yesterday', '2026-11-21T00:00'])
      expect([text, readDay(text)]).toEqual([text, null])
    expect([day('1970-01-01'), day('2024-02-29') + 1]).toEqual([0, day('2024-03-01')])
  })

  test('agrees with the calendar, months and leap years included', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: 0, max: 60 }), (number, months) => {
        const date = Temporal.PlainDate.from('1970-01-01').add({ days: number })
        expect(writeDay(number)).toBe(date.toString())
        expect(readDay(date.toString())).toBe(number)
        expect([yearOf(number), newYear(date.year) <= number]).toEqual([date.year, true])
        expect(writeDay(addMonths(number, months))).toBe(date.add({ months }).toString())
      }),
    )
  })

  test('is the one on the clock of the phone, not the one in London', () => {
    expect(dayOnClock(new Date(2026, 10, 21, 0, 5))).toBe(day('2026-11-21'))
    expect(dayOnClock(new Date(2026, 10, 21, 23, 55))).toBe(day('2026-11-21'))
  })
})

describe('ninety days in a calendar year', () => {
  test('the days of entry and of exit both count', () => {
    expect(count([stay('2026-03-01', '2026-03-01')], '2026-06-01').total).toEqual({ used: 1, limit: 90 })
    expect(count([stay('2026-09-26')], '2026-09-26')).toMatchObject({
      entry: day('2026-09-26'),
      last: day('2026-12-24'),
    })
  })

  test('the last of them is lawful, the next is not', () => {
    const open = [stay('2026-01-10', '2026-02-28'), stay('2026-06-01')]
    expect(last(open, '2026-06-01')).toBe('2026-07-10')
    expect(count(open, '2026-07-10')).toMatchObject({
      total: { used: 90, limit: 90 },
      last: day('2026-07-10'),
      beyond: null,
    })
    expect(count(open, '2026-07-11')).toMatchObject({ last: null, beyond: { first: day('2026-07-11'), days: 1 } })
  })

  test('a leap year has one more day to use up', () => {
    expect(last([stay('2028-02-01')], '2028-02-01')).toBe('2028-04-30')
    expect(last([stay('2027-02-01')], '2027-02-01')).toBe('2027-05-01')
  })

  test('the new year counts anew, but an unbroken stay goes on', () => {
    const stays = [stay('2026-02-01', '2026-03-02'), stay('2026-12-01')]
    expect(count(stays, '2026-12-31')).toMatchObject({ total: { used: 61 }, unbroken: { used: 31, limit: 90 } })
    expect(count(stays, '2027-01-01')).toMatchObject({ total: { used: 1 }, unbroken: { used: 32, limit: 90 } })
    expect(last(stays, '2026-12-31')).toBe('2027-02-28')
    // Without the rule on unbroken stays, the new year's own ninety days would be all there is.
    expect(writeDay(countStays(stays, { ...LIMITS, unbroken: [] }, day('2026-12-31')).last!)).toBe('2027-03-31')
  })

  test('who is at home learns what an entry today would allow', () => {
    const stays = [stay('2026-01-01', '2026-03-11')]
    expect(count(stays, '2026-11-01')).toMatchObject({ entry: null, total: { used: 70 }, unbroken: null })
    expect(last(stays, '2026-11-01')).toBe('2026-11-20')
    expect(last([stay('2026-01-01', '2026-03-31')], '2026-12-30')).toBeNull()
    expect(count([], '2026-11-01')).toMatchObject({ entry: null, total: { used: 0 }, last: day('2027-01-29') })
  })

  test('an entry and an exit ahead are counted as planned', () => {
    const planned = count([stay('2026-01-01', '2026-03-11'), stay('2026-12-05')], '2026-11-21')
    expect(planned).toMatchObject({
      at: day('2026-12-05'),
      entry: day('2026-12-05'),
      total: { used: 71 },
      last: day('2026-12-24'),
    })
    expect(count([stay('2026-09-01', '2026-12-05')], '2026-11-21').beyond).toEqual({
      first: day('2026-11-30'),
      days: 6,
    })
  })

  test('leaving and coming back on one day counts that day once, and begins an unbroken stay', () => {
    const back = count([stay('2026-03-01', '2026-03-10'), stay('2026-03-10')], '2026-03-12')
    expect(back).toMatchObject({ total: { used: 12 }, unbroken: { used: 3 } })
  })
})

describe('the rule of each day', () => {
  test('until 2024 any 180 days count', () => {
    const stays = [stay('2024-01-01', '2024-03-30'), stay('2024-07-01', '2024-07-05')]
    expect(count([stays[0]!], '2024-03-30')).toMatchObject({ total: { used: 90 }, beyond: null })
    // On 1 July the window begins on 4 January.
    expect(countStays([stays[0]!, stay('2024-07-01')], LIMITS, day('2024-07-01')).total).toEqual({
      used: 88,
      limit: 90,
    })
    expect(count(stays, '2024-08-01').beyond).toBeNull()
    expect(count([stay('2024-01-01', '2024-03-31')], '2024-08-01').beyond).toEqual({
      first: day('2024-03-31'),
      days: 1,
    })
  })

  test('days of 2024 do not count in 2025', () => {
    expect(count([stay('2024-10-01', '2024-12-29'), stay('2025-01-01')], '2025-01-01')).toMatchObject({
      total: { used: 1, limit: 90 },
      last: day('2025-03-31'),
    })
  })

  test('where no rule is known, nothing is claimed', () => {
    const until: Limits = { ...LIMITS, total: [[day('2025-01-01'), day('2026-12-31'), 90, null]] }
    expect(countStays([stay('2027-01-05')], until, day('2027-01-06'))).toMatchObject({
      total: null,
      last: null,
      beyond: null,
    })
    expect(countStays([stay('2026-12-20')], until, day('2026-12-21')).last).toBe(day('2026-12-31'))
  })
})

describe('a patent lifts the limit on the days that it can cover, and on no other', () => {
  const under = (patent: string | null, ...stays: Stay[]) =>
    countStays(stays, LIMITS, day('2026-11-22'), patent === null ? [] : [patentSpan(day(patent))])
  const over = { first: day('2026-05-30'), days: 177 }

  test.each([
    ['none', null, over],
    ['one that ended long before', '2024-05-01', over],
    ['one that ended during the stay', '2025-10-01', { first: day('2026-10-01'), days: 53 }],
    ['one that ended before the limit was reached', '2025-05-01', over],
    ['one in time', '2026-05-30', null],
    ['one in time, of before the entry', '2026-02-01', null],
    ['one a day too late', '2026-05-31', { first: day('2026-05-30'), days: 1 }],
    ['one of today', '2026-11-22', { ...over, days: 176 }],
  ] as const)('%s', (_, patent, beyond) => expect(under(patent, stay('2026-03-01')).beyond).toEqual(beyond))

  test('it holds from its issue to the eve of the same day a year later, if every month is paid', () => {
    expect(patentSpan(day('2026-03-10')).map(writeDay)).toEqual(['2026-03-10', '2027-03-09'])
    expect(writeDay(under('2026-03-10', stay('2026-03-01')).last!)).toBe('2027-03-09')
  })

  test('a planned exit after its end is beyond; the days that it covered are counted all the same', () => {
    expect(under('2026-03-10', stay('2026-03-01', '2027-03-12')).beyond).toEqual({
      first: day('2027-03-10'),
      days: 3,
    })
    expect(under('2026-03-10', stay('2026-03-01')).total).toEqual({ used: 267, limit: 90 })
  })

  test('the next one counts beside the one before it', () => {
    const spans = ['2025-03-01', '2026-03-01'].map((issued) => patentSpan(day(issued)))
    const at = (given: typeof spans) => countStays([stay('2025-02-15')], LIMITS, day('2026-11-22'), given).beyond
    expect(at(spans)).toBeNull()
    expect(at(spans.slice(1))).toEqual({ first: day('2025-05-16'), days: 289 })
  })
})

describe('what must be put right first', () => {
  const faults = (...stays: { entry: Day | null; exit: Day | null }[]) => faultsOf(stays, LIMITS, day('2026-11-21'))
  test.each([
    ['a missing entry', [{ entry: null, exit: day('2026-03-01') }], ['entry_missing']],
    ['an exit before the entry', [stay('2026-03-02', '2026-03-01')], ['exit_before_entry']],
    ['trips in one another', [stay('2026-03-01', '2026-04-01'), stay('2026-03-10', '2026-03-12')], [null, 'overlap']],
    ['trips in any order', [stay('2026-03-10', '2026-03-12'), stay('2026-03-01', '2026-04-01')], ['overlap', null]],
    [
      'a trip into two',
      [stay('2026-01-01', '2026-09-01'), stay('2026-03-01', '2026-03-02'), stay('2026-05-01')],
      [null, 'overlap', 'overlap'],
    ],
    ['two still open', [stay('2026-03-01'), stay('2026-05-01')], ['open_not_last', null]],
    ['the same trip twice', [stay('2026-03-01', '2026-03-05'), stay('2026-03-01', '2026-03-05')], [null, 'overlap']],
    ['before any known rule', [stay('2013-12-31', '2014-01-02')], ['outside']],
    ['a slip in the year', [stay('2206-03-01')], ['outside']],
  ] as const)('%s', (_, stays, expected) => expect(faults(...stays)).toEqual(expected))

  test('nothing, where trips only meet on a day', () => {
    expect(faults(stay('2026-03-10'), stay('2026-03-01', '2026-03-10'))).toEqual([null, null])
    expect(faults(stay('2026-03-10', '2026-03-10'), stay('2026-03-10'))).toEqual([null, null])
  })
})

// Which year each day lies in, as the calendar has it.
const YEARS = new Map<Day, number>()
for (let date = Temporal.PlainDate.from('2022-01-01'); date.year < 2031; date = date.add({ days: 1 }))
  YEARS.set(day(date.toString()), date.year)

/** The same by hand: every single day is looked up, one after the other. */
function byHand(stays: readonly Stay[], limits: Limits, today: Day, patents: readonly Day[]): Count {
  const at = Math.max(today, ...stays.map(({ entry }) => entry))
  const inForce = (rules: Limits['total'], on: Day) => rules.find(([from, to]) => on >= from && on <= (to ?? Infinity))
  const entriesOn = (on: Day) =>
    stays.filter(({ entry, exit }) => on >= entry && on <= (exit ?? Infinity)).map(({ entry }) => entry)
  const used = (days: Set<Day>, on: Day, window: number | null) => {
    let sum = 0
    for (let d = on; window === null ? YEARS.get(d) === YEARS.get(on) : d > on - window; d--) if (days.has(d)) sum++
    return sum
  }
  const isBeyond = (days: Set<Day>, on: Day, entry: Day) => {
    const [total, unbroken] = [inForce(limits.total, on), inForce(limits.unbroken, on)]
    return (total && used(days, on, total[3]) > total[2]) || (unbroken && on - entry + 1 > unbroken[2])
  }
  const isCovered = (on: Day) => patents.some((issued) => on >= issued && on < addMonths(issued, 12))
  const days = new Set<Day>()
  for (const { entry, exit } of stays) for (let d = entry; d <= (exit ?? at); d++) days.add(d)
  const inside = days.has(at)
  const entry = inside ? Math.max(...entriesOn(at)) : at
  // Whoever stays on gives no heed to the exit that was planned.
  const staying = new Set([...days].filter((d) => d <= at))
  let last: Day | null = null
  for (
    let d = at;
    d <= at + 366 && inForce(limits.total, d) && (!isBeyond(staying.add(d), d, entry) || isCovered(d));
    d++
  )
    last = d
  // Whatever a patent cannot have covered stays what it was without it.
  const over = [...days].filter((d) => isBeyond(days, d, Math.min(...entriesOn(d))) && !isCovered(d))
  const [total, unbroken] = [inForce(limits.total, at), inForce(limits.unbroken, at)]
  return {
    at,
    entry: inside ? entry : null,
    total: total ? { used: used(days, at, total[3]), limit: total[2] } : null,
    unbroken: inside && unbroken ? { used: at - entry + 1, limit: unbroken[2] } : null,
    last,
    beyond: over.length > 0 ? { first: Math.min(...over), days: over.length } : null,
  }
}

test('counts as one does by hand, whatever the trips and patents', () => {
  const trips = fc.array(fc.tuple(fc.integer({ min: 0, max: 120 }), fc.integer({ min: 0, max: 110 })), { maxLength: 6 })
  const limits = fc.record({
    turn: fc.constantFrom(day('2024-12-31'), day('2024-02-29'), day('2025-06-30')),
    days: fc.integer({ min: 1, max: 90 }),
    window: fc.integer({ min: 91, max: 200 }),
    unbroken: fc.option(fc.integer({ min: 1, max: 100 })),
  })
  const patents = fc.array(fc.integer({ min: day('2022-06-01'), max: day('2026-06-01') }), { maxLength: 2 })
  const offsets = fc.integer({ min: -30, max: 400 })
  const shapes = new Set<string>()
  fc.assert(
    fc.property(trips, limits, fc.boolean(), offsets, patents, (drawn, drawnLimits, open, offset, issued) => {
      const { turn, days, window, unbroken } = drawnLimits
      let free = day('2023-11-15')
      const stays = drawn.map(([gap, length], index): Stay => {
        const entry = free + gap
        free = entry + length
        return { entry, exit: open && index === drawn.length - 1 ? null : free }
      })
      const rules: Limits = {
        total: [
          [day('2014-01-01'), turn, days, window],
          [turn + 1, null, days, null],
        ],
        unbroken: unbroken === null ? [] : [[turn + 1, null, unbroken, null]],
      }
      const today = Math.max(free, day('2024-01-01')) + offset
      if (faultsOf(stays, rules, today).some((fault) => fault !== null)) return
      const counted = countStays([...stays].reverse(), rules, today, issued.map(patentSpan))
      shapes.add([counted.entry !== null, counted.last !== null, counted.beyond !== null].join())
      expect(counted).toEqual(byHand(stays, rules, today, issued))
    }),
    { numRuns: 1000 },
  )
  // Inside or not, days left or not, beyond or not: nearly all of that was met.
  expect(shapes.size).toBeGreaterThanOrEqual(6)
})
