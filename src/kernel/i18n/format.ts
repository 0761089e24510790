import { formatMoney, type Money } from '../money.ts'
import type { Lang } from './languages.ts'

/** The clock at home: by it the platform counts its days, and shows instants unless a place has its own. */
export const TIME_ZONE = 'Asia/Dushanbe'

const TAJIK_WEEKDAYS = 'душанбе сешанбе чоршанбе панҷшанбе ҷумъа шанбе якшанбе'.split(' ')
const TAJIK_ALPHABET = 'абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюя'
const NO_BREAK_SPACE = '\u00a0'

type Day = Temporal.PlainDate | Temporal.Instant

/** How one language writes numbers, dates and lists, and how it sorts. Instants are told by one clock. */
export type Format = Clock & {
  /** 1 284, 0,93; 1,284 in English. */
  number(value: number | bigint, options?: Intl.NumberFormatOptions): string
  /** 2 060 740 вон; 4,200 somoni in English. */
  money(money: Money): string
  /** Маскав, Тула ва Қазон. */
  list(items: readonly string[]): string
  /** For `sort`: the order of the language's alphabet. */
  compare(a: string, b: string): number
  /** The same by the clock of an IANA time zone. */
  in(time_zone: string): Format
}

type Clock = {
  /** The IANA time zone of the clock. */
  time_zone: string
  /** 20 ноябри 2026. */
  date(day: Day): string
  /** ноябри 2026: the month alone. */
  month(day: Day): string
  /** шанбе, 21 ноябри 2026. */
  longDate(day: Day): string
  /** 13:48. */
  time(instant: Temporal.Instant): string
  /** 20 ноябри 2026, 13:48. */
  dateTime(instant: Temporal.Instant): string
}

// ICU knows Tajik numbers as Russian ones; its Tajik months, lists and sorting are missing or poor, so they stand here.
const LOCALES: Record<Lang, string> = { tg: 'ru', ru: 'ru', en: 'en-GB' }
// As they stand in a date (20 ноября). Asked once: formatting a Temporal date takes Intl as long as all else in a list's row.
const MONTHS: Record<Lang, string[]> = {
  tg: 'январи феврали марти апрели майи июни июли августи сентябри октябри ноябри декабри'.split(' '),
  ru: monthsIn(LOCALES.ru),
  en: monthsIn(LOCALES.en),
}
// As they stand alone (ноябрь).
const MONTHS_ALONE: Record<Lang, string[]> = { ...MONTHS, ru: monthsIn(LOCALES.ru, {}) }
const AND: Record<Lang, string> = { tg: ' ва ', ru: ' и ', en: ' and ' }

function monthsIn(locale: string, beside: Intl.DateTimeFormatOptions = { day: 'numeric' }): string[] {
  const format = new Intl.DateTimeFormat(locale, { ...beside, month: 'long' })
  return Array.from({ length: 12 }, (_, month) => {
    const parts = format.formatToParts(new Temporal.PlainDate(2026, month + 1, 1))
    return parts.find(({ type }) => type === 'month')!.value
  })
}

// Making one costs more than using it a hundred times: each is made once.
function numbersIn(locale: string) {
  const known = new Map<string, Intl.NumberFormat>()
  return (options: Intl.NumberFormatOptions = {}) => {
    const key = JSON.stringify(options)
    const format = known.get(key) ?? new Intl.NumberFormat(locale, options)
    known.set(key, format)
    return format
  }
}

/** The formats of a language, by the clock at home. */
export function formatOf(lang: Lang): Format {
  const locale = LOCALES[lang]
  const numbers = numbersIn(locale)
  const collator = new Intl.Collator(locale, { numeric: true })
  const format: Format = {
    ...clockIn(lang, TIME_ZONE),
    number: (value, options) => numbers(options).format(value),
    money: (money) => formatMoney(lang, money),
    list: (items) => (items.length < 2 ? (items[0] ?? '') : items.slice(0, -1).join(', ') + AND[lang] + items.at(-1)),
    compare: lang === 'tg' ? compareTajik : collator.compare,
    in: (time_zone) => ({ ...format, ...clockIn(lang, time_zone) }),
  }
  return format
}

function clockIn(lang: Lang, time_zone: string): Clock {
  const locale = LOCALES[lang]
  const weekdays = new Intl.DateTimeFormat(locale, { weekday: 'long' })
  const date = (day: Day) => {
    const d = plainDate(day, time_zone)
    return [d.day, MONTHS[lang][d.month - 1], d.year].join(NO_BREAK_SPACE)
  }
  const weekday = (day: Day) => {
    const d = plainDate(day, time_zone)
    return lang === 'tg' ? TAJIK_WEEKDAYS[d.dayOfWeek - 1]! : weekdays.format(d)
  }
  const time = (instant: Temporal.Instant) =>
    instant.toZonedDateTimeISO(time_zone).toPlainTime().toString({ smallestUnit: 'minute' })
  return {
    time_zone,
    date,
    month: (day) => {
      const d = plainDate(day, time_zone)
      return MONTHS_ALONE[lang][d.month - 1]! + NO_BREAK_SPACE + d.year
    },
    longDate: (day) => `${weekday(day)}, ${date(day)}`,
    time,
    dateTime: (instant) => `${date(instant)}, ${time(instant)}`,
  }
}

/** The day on which an instant falls in a time zone, at home unless told otherwise. */
export const plainDate = (day: Day, time_zone: string = TIME_ZONE): Temporal.PlainDate =>
  day instanceof Temporal.PlainDate ? day : day.toZonedDateTimeISO(time_zone).toPlainDate()

function compareTajik(a: string, b: string): number {
  const x = a.toLowerCase()
  const y = b.toLowerCase()
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const difference = rank(x[i]!) - rank(y[i]!)
    if (difference !== 0) return difference
  }
  return x.length - y.length
}

// Letters of the alphabet after everything else that can stand in a text, in their order.
function rank(letter: string): number {
  const at = TAJIK_ALPHABET.indexOf(letter)
  return at < 0 ? letter.charCodeAt(0) - 0x20000 : at
}
