import type { ImportField } from '#kernel/imports/kind.ts'
import { maskedNumber } from '#kernel/people/numbers.ts'
import { birthText } from '#kernel/people/pages/words.ts'
import type { Status } from './kinds.ts'
import {
  type CountedFrom,
  leftOpen,
  readBirthCell,
  readCitizenship,
  readDay,
  readDayOf,
  readDocuments,
  readEnd,
  readMeasure,
  readName,
  readNumber,
  readSeries,
  readSex,
  readStart,
  readStatus,
  readWords,
  UNREAD_CELL,
} from './reading.ts'
import { lengthText, statusText } from './term-text.ts'
import { headingsOf } from './words.ts'

type Reader = ImportField['read']

// Columns that lists have and nothing here can hold: they stay with the row of the list as it came, and are used for nothing. Named
// here so that nobody takes a patent for a passport, or the letter for the decision.
const KEPT = {
  patent_no: readWords,
  inn: readWords,
  birth_place: readWords,
  doc_issued_by: readWords,
  last_address: readWords,
  source_letter: readWords,
} satisfies Record<string, Reader>

// A row states somebody and a measure, or it is none; whatever else is not understood is left open. Without a name it is refused, too:
// one of several cells may hold it (notice.ts).
const READERS = {
  full_name: leftOpen(readName),
  family: leftOpen(readName),
  given: leftOpen(readName),
  patronymic: leftOpen(readName),
  latin_name: leftOpen(readName),
  former_names: leftOpen(readName),
  birth: leftOpen(readBirthCell),
  ...KEPT,
  document: leftOpen(readDocuments),
  doc_series: readSeries,
  doc_number: leftOpen(readNumber),
  measure: readMeasure,
  ends: readEnd,
  starts_on: readStart,
  ground: readWords,
  decision_no: readWords,
  decision_on: leftOpen(readDay),
  issuer: readWords,
  executed_on: leftOpen(readDay),
  border_point: readWords,
  status: readStatus,
  status_on: readDayOf,
  lifted_on: readDayOf,
  sex: leftOpen(readSex),
  citizenship: readCitizenship,
  doc_issued: leftOpen(readDay),
  doc_expires: leftOpen(readDay),
  home_district: readWords,
} satisfies Record<string, Reader>

export type ListField = keyof typeof READERS

// A date of birth as it was read is a number of eight digits; as it stands in a file, it is left as it is.
const shownBirth = (text: string) => (/^\d{8}$/.test(text) ? (birthText(Number(text)) ?? text) : text)

// Of each number that stands there.
const shownNumbers = (text: string) =>
  text
    .split(/[/;,\n]/)
    .map((part) => maskedNumber(part.trim()))
    .join(' / ')

const SHOWN: Partial<Record<string, (text: string) => string>> = {
  document: shownNumbers,
  doc_number: shownNumbers,
  patent_no: maskedNumber,
  inn: maskedNumber,
  birth: shownBirth,
}

type Words = NonNullable<ImportField['said']>

const FROM: Record<CountedFrom, string> = { removal: 'left', execution: 'executed', decision: 'decided' }

// See readEnd and readStart.
const sayTerm: Words = (ctx, value) =>
  value
    .split('/')
    .map((part) => {
      if (part === UNREAD_CELL) return ctx.t('expulsions.import.no_day')
      if (part in FROM) return ctx.t(`expulsions.term.from.${FROM[part as CountedFrom]}`)
      if (/^\d/.test(part)) return ctx.format.date(Temporal.PlainDate.from(part))
      return part.startsWith('P') ? lengthText(ctx, part) : ctx.t(`expulsions.code.term.${part}`)
    })
    .join(' – ')

const SAID: Partial<Record<string, Words>> = {
  ends: sayTerm,
  starts_on: sayTerm,
  status_on: sayTerm,
  lifted_on: sayTerm,
  status: (ctx, value) => {
    const [status, on] = value === UNREAD_CELL ? ['in_force'] : value.split('/')
    return statusText(ctx, status as Status, on ? Temporal.PlainDate.from(on) : null)
  },
  measure: ({ t }, value) =>
    t(value === 'border_refusal' ? 'expulsions.by_hand.refusal' : `expulsions.code.measure.${value}`),
}

// Only these may be guessed from a part of a heading: nothing that is read from them lets anybody pass, stops anybody, or says who it is.
const GUESSED: readonly string[] = [...Object.keys(KEPT), 'ground', 'issuer', 'border_point', 'home_district']

// «Патент | до»: the last day of that is none of a ban.
const LASTING: readonly string[] = [
  ...['document', 'doc_series', 'doc_number', 'doc_issued', 'doc_issued_by', 'doc_expires'],
  ...['patent_no', 'last_address'],
]

// «Срок запрета» with «с» is the first day, with «по» the last one.
const periodsWith = (words: string): string[] =>
  headingsOf('period').flatMap((period) => headingsOf(words).map((word) => `${period} ${word}`))

const MORE_HEADINGS: Partial<Record<string, readonly string[]>> = {
  starts_on: periodsWith('period_from'),
  ends: periodsWith('period_to'),
}

/** Words that add nothing to a heading. */
export const HEADING_WORDS: readonly string[] = headingsOf('beside')

/** Headings that contain a known one and are about something else. */
export const OTHER_HEADINGS: readonly string[] = headingsOf('none')

/** What a row of a list tells, with the headings that lists have for it. Numbers of documents are shown by their end. */
export const LIST_COLUMNS: readonly ImportField[] = Object.entries(READERS).map(([name, read]) => ({
  name,
  label: `expulsions.column.${name}`,
  headings: [...(MORE_HEADINGS[name] ?? []), ...headingsOf(name)],
  exact: !GUESSED.includes(name),
  lasts: LASTING.includes(name),
  ...(name === 'full_name' && { again: 'latin_name' }),
  read,
  show: SHOWN[name],
  said: SAID[name],
}))
