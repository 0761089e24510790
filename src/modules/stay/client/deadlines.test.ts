import { expect, test } from 'vitest'
import { calendarFile } from './calendar.ts'
import { readDay, writeDay } from './day.ts'
import { deadlinesOf, type Terms, type Told } from './deadlines.ts'

const day = (text: string) => readDay(text)!
const TERMS: Terms = { registration: 15, work: 30, patent: true }
const NOTHING: Told = { entry: null, last: null, patent: null, registered: null, registered_until: null }
const dates = (told: Partial<Told>, terms = TERMS, today = '2026-11-21') =>
  deadlinesOf({ ...NOTHING, ...told }, terms, day(today)).map(
    (deadline) => `${deadline.kind} ${writeDay(deadline.day)}`,
  )

test('terms begin with the day of entry, and are told when they have passed too', () => {
  expect(dates({ entry: day('2026-11-01'), last: day('2027-01-29') })).toEqual([
    'last 2027-01-29',
    'registration 2026-11-15',
    'work 2026-11-30',
  ])
  expect(dates({ last: null })).toEqual([])
})

test('who is registered is told when that ends; a registration before the entry was another one', () => {
  const told = { entry: day('2026-11-01'), registered: day('2026-11-03'), registered_until: day('2027-01-20') }
  expect(dates(told)).toEqual(['registered_until 2027-01-20', 'work 2026-11-30'])
  expect(dates({ ...told, registered: day('2026-05-03') })).toContain('registration 2026-11-15')
})

test('a patent is paid before its day of each month, for twelve months; the examination is behind', () => {
  const told = { entry: day('2026-03-01'), patent: day('2026-03-10') }
  expect(dates(told, TERMS, '2026-03-20')).toEqual([
    'registration 2026-03-15',
    ...['04', '05', '06', '07', '08', '09', '10', '11', '12'].map((month) => `patent 2026-${month}-09`),
    'patent 2027-01-09',
    'patent 2027-02-09',
    'patent 2027-03-09',
  ])
  // Where a month has no such day, its last day stands for it.
  expect(dates({ patent: day('2026-01-31') }, TERMS, '2026-02-01').slice(0, 3)).toEqual([
    'patent 2026-02-27',
    'patent 2026-03-30',
    'patent 2026-04-29',
  ])
  expect(dates({ patent: day('2026-01-01') }, TERMS, '2026-02-01')[0]).toBe('patent 2026-02-28')
  expect(dates({ patent: day('2025-03-10') })).toEqual([])
})

test('a patent that ended before the entry binds nobody and spares nothing', () => {
  const told = { entry: day('2026-11-01'), last: day('2027-01-29'), patent: day('2025-10-31') }
  expect(dates(told)).toEqual(['last 2027-01-29', 'registration 2026-11-15', 'work 2026-11-30'])
  expect(dates({ ...told, patent: day('2025-11-02') })).toEqual(['last 2027-01-29', 'registration 2026-11-15'])
})

test('a term that no rule tells is not told', () => {
  const told = { entry: day('2026-11-01'), patent: null, registered: null }
  expect(dates(told, { registration: null, work: null, patent: false })).toEqual([])
  expect(dates({ patent: day('2026-11-01') }, { ...TERMS, patent: false })).toEqual([])
})

test('the calendar file holds whole days as RFC 5545 has them', () => {
  const days = [
    { day: day('2026-12-09'), text: 'Барои кор: ангушт, сурат' },
    { day: day('2027-01-29'), text: 'Last day' },
  ]
  const text = calendarFile(days, new Date('2026-11-21T09:08:07.123Z'))
  const lines = text.split('\r\n')
  expect([lines[0], lines.at(-2), lines.at(-1)]).toEqual(['BEGIN:VCALENDAR', 'END:VCALENDAR', ''])
  expect(text).not.toMatch(/[^\r]\n/)
  const of = (name: string) => lines.filter((line) => line.startsWith(name))
  expect(of('DTSTART')).toEqual(['DTSTART;VALUE=DATE:20261209', 'DTSTART;VALUE=DATE:20270129'])
  expect(of('SUMMARY')).toEqual(['SUMMARY:Барои кор: ангушт\\, сурат', 'SUMMARY:Last day'])
  expect(of('DTSTAMP')).toEqual(Array(2).fill('DTSTAMP:20261121T090807Z'))
  expect(new Set(of('UID')).size).toBe(2)
  expect([of('BEGIN:VEVENT').length, of('END:VEVENT').length, of('BEGIN:VALARM').length]).toEqual([2, 2, 2])
})
