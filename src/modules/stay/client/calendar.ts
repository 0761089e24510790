import { type Day, writeDay } from './day.ts'

/** One whole day in a calendar. `text` has at most 66 bytes in UTF-8: a line of the file holds 75. */
export type CalendarDay = { day: Day; text: string }

/** A calendar file (RFC 5545) of whole days, each with a reminder three days before. `now`: when it is made. */
export function calendarFile(days: readonly CalendarDay[], now: Date): string {
  const made = now.toISOString().replace(/[-:]|\.\d+/g, '')
  const events = days.flatMap(({ day, text }, index) => [
    'BEGIN:VEVENT',
    `UID:${made}-${index}@hamsafar`,
    `DTSTAMP:${made}`,
    `DTSTART;VALUE=DATE:${writeDay(day).replace(/-/g, '')}`,
    `SUMMARY:${text.replace(/[\\;,]/g, '\\$&')}`,
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    'DESCRIPTION:Hamsafar',
    'TRIGGER:-P3D',
    'END:VALARM',
    'END:VEVENT',
  ])
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:Hamsafar', ...events, 'END:VCALENDAR', ''].join('\r\n')
}
