import type { Note, Reading } from '#kernel/imports/kind.ts'
import { fold, repairAlphabet } from '#kernel/search/fold.ts'
import { inList, isDenied, valueIs, valueOfWord, valuesNamed, wordsOf } from './words.ts'

// What cells of lists mean. Every repair is a note beside the value: an officer sees what stood there and what was made of it. What is
// an error here takes the row only where the row cannot be without it: see columns.ts.

const error = (key: string): Reading => ({ error: { key: `expulsions.import.${key}` } })
const repaired = (value: string | number | null, key: string): Reading => ({
  value,
  repaired: { key: `expulsions.import.${key}` },
})

/** A name; letters of the other alphabet inside a word are put right. */
export function readName(text: string): Reading {
  const tidy = text.normalize('NFC').replace(/\s+/g, ' ').trim()
  if (!/\p{L}/u.test(tidy)) return error('no_name')
  const value = repairAlphabet(tidy)
  return value === tidy.normalize('NFKC') ? { value } : repaired(value, 'mixed_letters')
}

/** Words as they stand. */
export const readWords = (text: string): Reading => ({ value: text.replace(/\s+/g, ' ').slice(0, 1000) })

// Nothing that lists state was decided, ended or lifted before the Russian Federation was: databases write such a day for none.
const FIRST_DAY = '1991-12-25'

/** A day as `YYYY-MM-DD`. A number between 10,000 and 80,000 is a date as Excel counts it. */
export function readDay(text: string): Reading {
  const day = dayOf(text)
  return 'value' in day && String(day.value) < FIRST_DAY ? error('day_too_early') : day
}

function dayOf(text: string): Reading {
  const serial = excelDay(text)
  if (serial) return repaired(serial, 'excel_date')
  const parts = dayParts(text)
  if (!parts || Number(parts[2]) === 0) return error('no_date')
  const [year, month, day] = parts
  const full = year.length === 2 ? `20${year}` : year
  const value = isoDay(full, month, day)
  if (!value) return error('no_such_day')
  return year.length === 2 ? repaired(value, 'short_year') : { value }
}

/** Stands for a day, or a status, that a cell states and nobody can read: nothing is counted from another day, or lifted, then. */
export const UNREAD_CELL = '?'

/** A day from which something holds, as `readDay`; or `UNREAD_CELL`. */
export function readStart(text: string): Reading {
  const day = readDay(text)
  return 'error' in day ? { value: UNREAD_CELL, repaired: openNote(day.error) } : day
}

/** The day of a status or of a lift, as `readStart`; a cell without a figure states none. */
export const readDayOf = (text: string): Reading => (/\p{N}/u.test(text) ? readStart(text) : leftOpen(readDay)(text))

/** What a cell states, or that it is left open because it was not understood: a note that is seen, and never a row that is lost. */
export const leftOpen =
  (read: (text: string) => Reading) =>
  (text: string): Reading => {
    const reading = read(text)
    return 'error' in reading ? { value: null, repaired: openNote(reading.error) } : reading
  }

// What is wrong, and that the cell therefore counts as empty; without its ending it is what a form says.
const openNote = ({ key }: Note): Note => ({ key: `${key}${OPEN}` })
export const OPEN = '_open'

/** A date of birth as year·10000 + month·100 + day; what is not stated is 0 there. */
export function readBirthCell(text: string): Reading {
  const serial = excelDay(text)
  if (serial) return repaired(Number(serial.replaceAll('-', '')), 'excel_date')
  const year = /^((?:19|20)\d\d)(?:\s*г\.?р?\.?)?$/.exec(text)?.[1]
  if (year) return repaired(Number(year) * 10_000, 'year_only')
  const parts = dayParts(text)
  if (!parts) return error('no_date')
  if (parts[0].length === 2) return error('birth_short_year')
  const [, month, day] = parts
  // «00.00.1991»: nobody knows more, and a registry that wants a date was given one.
  const known = isoDay(parts[0], Number(month) ? month : '1', Number(month) && Number(day) ? day : '1')
  if (!known) return error('no_such_day')
  const value = Number(known.replaceAll('-', ''))
  if (Number(month) === 0) return repaired(value - 101, 'year_only')
  return Number(day) === 0 ? repaired(value - 1, 'month_only') : { value }
}

// 1 is 1 January 1900 there, and 29 February 1900 is counted though it never was.
function excelDay(text: string): string | null {
  const serial = /^(\d{5})(?:\.\d+)?$/.exec(text)?.[1]
  return serial && Number(serial) >= 10_000 && Number(serial) <= 80_000
    ? Temporal.PlainDate.from('1899-12-30')
        .add({ days: Number(serial) })
        .toString()
    : null
}

// A month may be a word. What a date leaves out, or writes as zeros, is 0: «12.2029», «00.00.1991».
function dayParts(text: string): [year: string, month: string, day: string] | null {
  const clean = daysInFigures(text)
    .replace(/[«»“”„"]/g, '')
    .replace(/\s*(г\.?|года|с\.)$/u, '')
    .replace(/[T ]\d\d:\d\d.*$/, '')
    // «марти соли 2025», «12. 03. 2025.»
    .replace(/\s+соли\s+/iu, ' ')
    .replace(/(?<=\d\.)\s+(?=\d)/g, '')
    .replace(/(?<=\d)\.$/, '')
  const written =
    /^(?:(\d{1,2})[./-])?(\d{1,2})[./-](\d{4})$/.exec(clean) ?? /^(\d{1,2})[./-](\d{1,2})[./-](\d\d)$/.exec(clean)
  if (written) return [written[3]!, written[2]!, written[1] ?? '0']
  const iso = /^(\d{4})-(\d\d)(?:-(\d\d))?$/.exec(clean) ?? /^(\d{4})[./](\d\d)[./](\d\d)$/.exec(clean)
  if (iso) return [iso[1]!, iso[2]!, iso[3] ?? '0']
  const [, word, year] = /^(\p{L}+)\.?\s+(\d{4})$/u.exec(clean) ?? []
  const month = word && monthNamed(word)
  return month ? [year!, month, '0'] : null
}

const monthNamed = (word: string) => valueOfWord('month', wordsOf(word)[0]!)
const DAY_IN_WORDS = /[«“„"]?(?<!\d)(\d{1,2})[»”"]?\s+(\p{L}+)\.?\s+(?:соли\s+)?(\d{4})(?!\d)/giu

// «12» марта 2025, 12 марти соли 2025: as 12.03.2025, also where something else stands beside it.
const daysInFigures = (text: string): string =>
  text.replace(DAY_IN_WORDS, (stated, day, word, year) => {
    const month = monthNamed(word)
    return month ? [day, month, year].map((part) => part.padStart(2, '0')).join('.') : stated
  })

function isoDay(year: string, month: string, day: string): string | null {
  try {
    const date = new Temporal.PlainDate(Number(year), Number(month), Number(day))
    return date.year >= 1900 && date.year <= 2200 ? date.toString() : null
  } catch {
    return null
  }
}

const LATIN: Record<string, string> = {
  ...{ А: 'A', В: 'B', Е: 'E', К: 'K', М: 'M', Н: 'H', О: 'O', Р: 'P', С: 'C', Т: 'T', У: 'Y', Х: 'X', І: 'I' },
}

/** Between the numbers of several documents. */
const BESIDE_NUMBER = ' / '

/** The numbers that a cell of documents states, as `readDocuments` read it. */
export const numbersOf = (documents: string): string[] => documents.split(BESIDE_NUMBER)

const ISSUED =
  /(?:[\s,;]+(?:ОТ|ВЫДАН[АО]?|ДАТА ВЫДАЧИ|АЗ|САНАИ ДОДА ШУДАН|OF|DATED|ISSUED(?: ON)?)[.:]?)?[\s,]+(?:\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d\d)|\d{4}-\d\d-\d\d)(?!\d)(?:\s*(?:Г\.?|ГОДА)(?!\p{L}))?/gu
const NUMBER_WORDS =
  /(?<!\p{L})(?:ЗАГРАН)?ПАСПОРТА?(?!\p{L})|(?<!\p{L})(?:СЕР|НОМ|ЗАГРАН|(?:ЗАГРАН)?ПАСП)[.:,/\s]|СЕРИЯ|НОМЕР|(?<!\p{L})(?:ШИНОСНОМАИ?|СИЛСИЛАИ?|РАҚАМИ?|PASSPORT|SERIES|NUMBER)(?!\p{L})/gu
// Letters of a series, then figures: whatever else stands there is no part of a number.
const WHOLE_NUMBER = /^\p{L}{0,6}\d{5,}$/u
const SEVERAL = /[/;,\n|]|(?<!\p{L})(?:И|ВА|AND)(?!\p{L})/u

/** Series and number of one document, together or the number alone, in capital letters without blanks. */
export function readDocument(text: string): Reading {
  const reading = readDocuments(text)
  return 'value' in reading && numbersOf(String(reading.value)).length > 1 ? error('document_more') : reading
}

/** The same, or of several documents: see `numbersOf`. A day of issue is left out; what is still more than numbers is an error. */
export function readDocuments(text: string): Reading {
  // Before it becomes the letters «No».
  const upper = text.replaceAll('№', ' ').normalize('NFKC').toUpperCase().trim()
  const short = /^(\d(?:[.,](\d+))?)\s*[EЕ]\s*\+?(\d{1,2})$/.exec(upper)
  if (short) {
    const [, shown, after = '', zeros] = short
    const exact = Number(`${shown!.replace(',', '.')}e${zeros}`)
    // A spreadsheet shows few figures of a long number: the others are lost, and what is left is another's number.
    return after.length >= Number(zeros) && Number.isSafeInteger(exact)
      ? repaired(String(exact), 'spreadsheet_number')
      : error('document_rounded')
  }
  if (/^\d{5,}\.0+$/.test(upper)) return repaired(upper.replace(/\.0+$/, ''), 'spreadsheet_number')
  const bare = upper.replace(ISSUED, ' ')
  const numbers = numbersIn(bare.replace(NUMBER_WORDS, ' ').trim())
  if (bare.replace(/\D/g, '').length < 5) return error('document_short')
  if (!numbers) return error('document_more')
  if (numbers.some(({ length }) => length > 20)) return error('document_long')
  const value = numbers.map(inLatin).join(BESIDE_NUMBER)
  if (numbers.length > 1) return repaired(value, 'documents')
  if (bare !== upper) return repaired(value, 'document_date')
  if (value !== numbers[0]) return repaired(value, 'document_letters')
  return value === text.trim().toUpperCase() ? { value } : repaired(value, 'document_joined')
}

const inLatin = (text: string) => Array.from(text, (letter) => LATIN[letter] ?? letter).join('')

// Null where something stands there that belongs to no number.
function numbersIn(text: string): string[] | null {
  const parts = text.split(SEVERAL).map(wholeNumber)
  if (parts.every((part) => part !== null)) return [...new Set(parts)]
  const words = text.split(/\s+/)
  if (words.length > 1 && words.every((word) => /^(?:\p{L}{1,6}\d{5,}|\d{7,})$/u.test(word))) return [...new Set(words)]
  const whole = wholeNumber(text)
  return whole === null ? null : [whole]
}

// Figures after those that make a number already belong to something else.
function wholeNumber(text: string): string | null {
  if (/\d{5,}[^\p{L}\p{N}]+\d/u.test(text)) return null
  const whole = text.replace(/[^\p{L}\p{N}]+/gu, '').replace(/^N(?=\d)/, '')
  return WHOLE_NUMBER.test(whole) ? whole : null
}

// Numbers of passports that have a series of their own: seven digits, of which a spreadsheet drops the first zeros.
const NUMBER_DIGITS = 7

/** A number that stands in a column of its own, beside its series. */
export function readNumber(text: string): Reading {
  const short = /^(\d{5,6})(?:\.0+)?$/.exec(text)?.[1]
  return short ? repaired(short.padStart(NUMBER_DIGITS, '0'), 'lost_zeros') : readDocument(text)
}

/** A series: letters or digits. */
export const readSeries = (text: string): Reading => {
  const upper = text
    .replaceAll('№', ' ')
    .normalize('NFKC')
    .toUpperCase()
    .replace(/^(\d+)\.0+$/, '$1')
    .replace(NUMBER_WORDS, ' ')
    .replace(/[^\p{L}\p{N}]+/gu, '')
  const value = inLatin(upper)
  if (/^\s*\d+\.0+\s*$/.test(text)) return repaired(value, 'spreadsheet_number')
  return value === upper ? { value } : repaired(value, 'document_letters')
}

/**
 * Which of the six measures, or a refusal at the border. A cell that names two is nobody's to guess; one that says that a measure is not,
 * or is no more, names none. Other words that nobody knows are pointed at.
 */
export function readMeasure(text: string): Reading {
  const { rest: words } = valuesNamed('measure_where', wordsOf(text))
  const { values, rest } = valuesNamed('measure', words)
  if (values.length === 0) return error('no_measure')
  if (isDenied(rest)) return error('measure_denied')
  if (values.length > 1) return error('two_measures')
  const known = rest.every((word) => /\d/.test(word) || inList('measure_beside', word))
  return known ? { value: values[0]! } : repaired(values[0]!, 'measure_beside')
}

const LEAD = '(?:(?:на|for|ба|в\\s+течение|дар\\s+давоми)\\s+)?(?:сроком?\\s+(?:на\\s+)?|м[уӯ]ҳлати\\s+)?'
const AND = '(?:[\\s,]+(?:и|ва|and)\\s+|[\\s,]*)'
const UNITS = [
  ['Y', 'годов|года|году|год|лет|г|л|сол[уаи]?|years?|yrs?'],
  ['M', 'месяц(?:а|ев)?|мес|м|моҳ[уаи]?|мох[уаи]?|months?'],
  ['D', 'дней|дня|день|дн|сут(?:ок|ки)|рӯз[уаи]?|руз[уаи]?|days?'],
] as const
const NUMBER = '(\\d{1,4})'
const SPAN = new RegExp(
  `^${LEAD}${UNITS.map(([, words]) => `(?:${NUMBER}\\s*(?:${words})(?!\\p{L})\\.?)?`).join(AND)}$`,
  'iu',
)
const DAY = '\\d{1,2}[./]\\d{1,2}[./]\\d{2,4}|\\d{4}-\\d\\d-\\d\\d'
// Most cells state one thing: what has no day beside something else is not looked at twice.
const A_DAY = /\d[./]\d{1,2}[./]\d|\d{4}-\d\d-\d\d/
const DAY_LENGTH = 10
const hasMore = (text: string) => text.length > DAY_LENGTH && A_DAY.test(text)
const FROM_TO = new RegExp(
  `^(?:(?:с|c|со|аз|from)\\s+)?(${DAY})(?:\\s*(?:г\\.?|года|сол)(?!\\p{L}))?,?\\s*(?:(?:по|до|то|to|until|till)\\s+|[-–—]\\s*)(.+)$`,
  'iu',
)
const FROM_FOR = new RegExp(`^(?:с|c|со|аз|from)\\s+(${DAY})(?:\\s*(?:г\\.?|года)(?!\\p{L}))?,?(?:\\s+(.+))?$`, 'iu')
const FOR_FROM = new RegExp(`^(.+?)\\s+(?:с|c|со|аз|from)\\s+(${DAY})(?:\\s*(?:г\\.?|года)(?!\\p{L}))?$`, 'iu')

const SINCE = '(?:с|c|со|от|после|аз|баъди|пас|from|since|after)\\s+\\D+?'
const LENGTH_SINCE = new RegExp(`^(?<length>.+?)[\\s,(]+(?<since>${SINCE})\\)?$`, 'iu')
const SINCE_LENGTH = new RegExp(`^(?<since>${SINCE}),?\\s+(?<length>(?:сроком\\s+)?(?:(?:на|ба|for)\\s+)?\\d.*)$`, 'iu')

/** What a length may say that it counts from: the day somebody left, the day it was carried out, the day of the decision. */
export const COUNTED_FROM = ['removal', 'execution', 'decision'] as const
export type CountedFrom = (typeof COUNTED_FROM)[number]

/**
 * Until when: a day, `indefinite`, `unknown`, or how long, as `P3Y6M`; before it the first day, or from what it counts (`COUNTED_FROM`),
 * and a slash where the cell states it too. Years, months and days are read whole or not at all: half of a term is a shorter ban. What is
 * not understood counts as not stated, which keeps somebody out and is asked about; what stands in the cell stays with the row.
 */
export function readEnd(stated: string): Reading {
  const text = daysInFigures(stated).replace(INCLUSIVE, '')
  if (!hasMore(text)) {
    const until = readUntil(text)
    return until === UNREAD ? (lengthSince(text) ?? UNREAD) : until
  }
  const [from, rest] =
    FROM_TO.exec(text)?.slice(1) ?? FROM_FOR.exec(text)?.slice(1) ?? FOR_FROM.exec(text)?.slice(1).reverse() ?? []
  if (!from) return readUntil(text)
  const [start, end] = [readDay(from), rest ? readUntil(rest) : { value: 'unknown' }]
  if ('error' in start) return UNREAD
  const note = start.repaired ?? end.repaired
  return { value: `${start.value}/${end.value}`, ...(note && { repaired: note }) }
}

// A last day always is.
const INCLUSIVE = /[\s,]*\(?(?<!\p{L})(?:включительно|inclusive)\)?$/iu

// More is a story, and takes long to try.
const MOST_SINCE = 200

// «5 лет со дня выдворения». Word for word: any other word may make another day of it.
function lengthSince(text: string): Read | null {
  if (text.length > MOST_SINCE) return null
  const figures = inFigures(text.normalize('NFC').trim())
  const { length, since } = (LENGTH_SINCE.exec(figures) ?? SINCE_LENGTH.exec(figures))?.groups ?? {}
  const span = length && spanOf(length)
  if (!span) return null
  const { values, rest } = valuesNamed('counted_from', wordsOf(since!))
  return values.length === 1 && rest.every((word) => inList('counted_beside', word))
    ? { value: `${values[0]}/${span}` }
    : null
}

/** A length alone, as `P3Y6M`; null for anything else. */
export const readLength = (text: string): string | null => spanOf(text.trim())

type Read = Exclude<Reading, { error: unknown }>

const UNREAD = repaired('unknown', 'term_unread') as Read

function readUntil(text: string): Read {
  const bare = text.replace(UNTIL, '')
  const day = /^\d/.test(bare) ? readDay(bare) : null
  if (day && 'value' in day) return day
  const span = spanOf(text)
  if (span) return { value: span }
  return termNamed(text) ?? lastDayOf(bare) ?? UNREAD
}

const UNTIL = /^(?:по|до|то|until|till)\s+(?:конца\s+|охири\s+)?(?:соли\s+)?/iu

// Word for word: whatever else stands there may turn it round, or belong to another term.
function termNamed(text: string): Read | null {
  if (/^[-–—?]+$/.test(text)) return { value: 'unknown' }
  const { values, rest } = valuesNamed('term', wordsOf(text))
  if (values.length !== 1 || !rest.every((word) => inList('term_beside', word))) return null
  return TERMS[values[0]!] ?? { value: values[0]! }
}

// The day that databases write for «no end»; and an end that hangs on what somebody will say, which is none that anybody knows.
const TERMS: Record<string, Read> = {
  endless: repaired('indefinite', 'term_endless') as Read,
  open: repaired('unknown', 'term_open') as Read,
}

// Of a month or a year: its last day. An earlier one would end a ban too soon.
function lastDayOf(text: string): Read | null {
  const year = /^(\d{4})(?:\s*(?:г\.?|года?))?$/u.exec(text)?.[1]
  const parts = year ? [year, '0', '0'] : dayParts(text)
  if (parts?.[0]!.length !== 4 || Number(parts[2]) > 0) return null
  const month = Number(parts[1])
  const first = isoDay(parts[0]!, String(month || 12), '1')
  if (!first) return null
  if (first < FIRST_DAY) return null
  const date = Temporal.PlainDate.from(first)
  return repaired(date.with({ day: date.daysInMonth }).toString(), month ? 'last_of_month' : 'last_of_year') as Read
}

function spanOf(text: string): string | null {
  const found = SPAN.exec(inFigures(text.normalize('NFC').trim()))
  const parts = UNITS.flatMap(([unit], at) => (found?.[at + 1] ? [`${Number(found[at + 1])}${unit}`] : []))
  // A year of four digits is a date; no length at all is none.
  return parts.every((part) => Number.parseInt(part, 10) === 0) || (found![1]?.length ?? 0) > 2
    ? null
    : `P${parts.join('')}`
}

// «пять лет», «5 (пять) лет»; where figure and word differ, both stay, and nothing is read.
const inFigures = (text: string): string =>
  text
    .replace(/\p{L}+/gu, (word) => valueOfWord('number', fold(word)) ?? word)
    .replace(/(\d+)\s*\((\d+)\)/g, (both, one, other) => (Number(one) === Number(other) ? one : both))

const DECISION = [
  new RegExp(`^(?<no>.*\\d.*?),?\\s+(?:от|аз|of|dated)\\s+(?<on>${DAY})(?:\\s*(?:г\\.?|года|сол)(?!\\p{L}))?$`, 'iu'),
  new RegExp(`^(?:от|аз|of|dated)\\s+(?<on>${DAY})(?:\\s*(?:г\\.?|года|сол)(?!\\p{L}))?,?\\s+(?<no>.*\\d.*)$`, 'iu'),
]

/** The number of a decision and its day, where both stand in one cell; a cell that holds anything else is the number as it stands. */
export function decisionOf(text: string): { no: string; on: string | null } {
  const figures = daysInFigures(text)
  const { no, on } = (hasMore(figures) && DECISION.map((form) => form.exec(figures)?.groups).find((one) => one)) || {}
  const day = on && readDay(on)
  return day && 'value' in day && !day.repaired
    ? { no: no!.replace(/^№\s*/, '').trim(), on: String(day.value) }
    : { no: text, on: null }
}

/**
 * What became of it, and after a slash on which day where the cell states it: `lifted/2025-03-12`. Nothing is guessed from a denial: «not
 * lifted», «not executed»; nor from a question, or from a day that nobody can read: then `UNREAD_CELL`.
 */
export function readStatus(stated: string): Reading {
  const text = daysInFigures(stated)
  const [on, ...others] = text.match(STATUS_DAY) ?? []
  const day = on ? readDay(on) : null
  const value = text.includes('?') ? undefined : valueIs('status', text.replace(BESIDE_STATUS, ' '))
  if (!value || others.length > 0 || (day && 'error' in day)) return repaired(UNREAD_CELL, 'no_status')
  return { value: day ? `${value}/${day.value}` : value }
}

const STATUS_DAY = /\d{1,4}[.\-/]\d{1,2}[.\-/]\d{1,4}/g
// When, and by whom. Whatever else stands there may turn the word round: «в отмене отказано», «снят с учёта», «исполняется».
const BESIDE_STATUS = new RegExp(
  `(?<!\\p{L})(?:от|с|аз)?\\s*${STATUS_DAY.source}(?:\\s*(?:г\\.?|с\\.|года))?(?!\\p{L})|(?<!\\p{L})(?:судом|решением суда|по решению суда|суд)(?!\\p{L})`,
  'giu',
)

/** Male or female. */
export function readSex(text: string): Reading {
  const value = valueIs('sex', text)
  return value ? { value } : error('no_sex')
}

/** A country's code. One that is not understood is left open, and shown. */
export function readCitizenship(text: string): Reading {
  const value = valueIs('citizenship', text) ?? /^[A-Z]{2}$/.exec(text)?.[0]
  return value ? { value } : { value: null, repaired: { key: 'expulsions.import.no_country' } }
}
