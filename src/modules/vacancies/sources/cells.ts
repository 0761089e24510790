import type { Note, Reading } from '#kernel/imports/kind.ts'
import { parseCurrency, parseMoneyRange } from '#kernel/money/parse.ts'
import { decimalOf } from '#kernel/money.ts'
import { fold, repairAlphabet } from '#kernel/search/fold.ts'

const note = (name: string, values?: Note['values']): Note => ({
  key: `vacancies.row.${name}`,
  ...(values && { values }),
})
const refuse = (name: string, values?: Note['values']): Reading => ({ error: note(name, values) })

// How portals say that nothing was said.
const NOTHING =
  /^(не указан[оаы]?|ничего не выбрано|нет данных|not (specified|stated)|н\/д|n\/a|null|\[removed\]|-+|—)$/i

const ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  laquo: '«',
  raquo: '»',
  mdash: '—',
  ndash: '–',
  bull: '•',
}

/** Text as people read it: marks of HTML become lines or go, entities letters, spaces single. Empty for "not stated". */
export function plainText(text: string): string {
  const plain = text
    .replace(/<\s*(br|\/p|\/li|\/div|\/h\d)\s*\/?>/gi, '\n')
    .replace(/<\s*li[^>]*>/gi, '\n• ')
    .replace(/<\/?[a-z][^>]*>/gi, ' ')
    .replace(
      /&(?:#(\d{1,6})|#x([0-9a-f]{1,5})|([a-z]+));/gi,
      (whole, decimal?: string, hex?: string, name?: string) => {
        if (name) return ENTITIES[name.toLowerCase()] ?? whole
        const code = decimal ? Number(decimal) : Number.parseInt(hex!, 16)
        return code > 31 && code <= 0x10ffff ? String.fromCodePoint(code) : ' '
      },
    )
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n[\s\n]*/g, '\n')
    .trim()
  return NOTHING.test(plain) ? '' : plain
}

/** A text; letters of the wrong alphabet inside its words are put right, and that is said. */
export function readText(text: string): Reading {
  const plain = plainText(text)
  if (plain === '') return { value: null }
  const repaired = repairAlphabet(plain)
  return repaired === plain.normalize('NFKC')
    ? { value: plain }
    : { value: repaired, repaired: note('letters', { value: repaired.slice(0, 80) }) }
}

/** A day: 2026-11-21 (a time after it is let go), 21.11.2026, 21/11/2026, or a spreadsheet's day number. */
export function readDay(text: string): Reading {
  const cell = text.trim()
  const serial = /^\d{5}(\.\d+)?$/.test(cell) ? Number.parseInt(cell, 10) : null
  // Day 1 of a spreadsheet is 1 January 1900, which it follows by a 29 February that never was. 2000…2099 are likely.
  if (serial !== null && serial >= 36_526 && serial < 73_051) {
    const day = Temporal.PlainDate.from('1899-12-30').add({ days: serial }).toString()
    return { value: day, repaired: note('day_number', { value: day }) }
  }
  const [, day, month, year] = /^(\d{1,2})[./](\d{1,2})[./](\d{4})$/.exec(cell) ?? []
  const iso = day
    ? `${year}-${month!.padStart(2, '0')}-${day.padStart(2, '0')}`
    : (/^\d{4}-\d{2}-\d{2}(?=$|[T ])/.exec(cell)?.[0] ?? '')
  try {
    return { value: Temporal.PlainDate.from(iso, { overflow: 'reject' }).toString() }
  } catch {
    return refuse('bad_day', { value: cell.slice(0, 40) })
  }
}

/** A whole number from `least` on. */
export const readWhole =
  (least: number) =>
  (text: string): Reading => {
    const number = Number(text.trim().replace(/\.0+$/, ''))
    return Number.isSafeInteger(number) && number >= least && number < 1_000_000
      ? { value: number }
      : refuse('bad_number', { value: text.slice(0, 40) })
  }

// "No currency" of ISO 4217, with two digits: amounts are read before the row's currency is known.
const UNKNOWN = 'XXX'

/** An amount without its currency, as a decimal in text: `40 000`, `30000.0`. Zero is "not stated". */
export function readAmount(text: string): Reading {
  const range = parseMoneyRange(text.replace(/[.,]0+$/, ''), UNKNOWN)
  const [figure] = text.match(/\d[\d\s\u00a0\u2009\u202f.,']*/) ?? []
  if (figure !== undefined && Number(figure.replace(/[\s\u00a0\u2009\u202f',]/g, '')) === 0) return { value: null }
  const amount = range?.min ?? range?.max
  if (
    !range ||
    amount === null ||
    amount === undefined ||
    (range.min !== null && range.max !== null && range.min !== range.max)
  ) {
    return refuse('bad_amount', { value: text.slice(0, 40) })
  }
  const value = decimalOf({ amount, currency: range.currency })
  return /^\d+([.,]\d+)?$/.test(text.trim()) ? { value } : { value, repaired: note('amount', { value }) }
}

/** Pay in one cell: `от 30 000 руб.`, `40 000 - 69 000 ₽`. As `{ min, max, currency }`, decimals in text. */
export function readPay(text: string): Reading {
  if (plainText(text) === '' || /^\D*0\D*$/.test(text) || /договор[её]нност|negotiable|мувофиқа/i.test(text))
    return { value: null }
  const range = parseMoneyRange(text, UNKNOWN)
  if (!range) return refuse('bad_amount', { value: text.slice(0, 40) })
  const end = (amount: bigint | null) => (amount === null ? null : decimalOf({ amount, currency: range.currency }))
  const value = { min: end(range.min), max: end(range.max), currency: parseCurrency(text) }
  const ends = value.min === value.max ? value.min : `${value.min ?? '…'}–${value.max ?? '…'}`
  return { value, repaired: note('pay', { value: `${ends} ${value.currency ?? ''}`.trim() }) }
}

/** A currency's code from its code, sign or word: each names it surely, so that nothing was repaired. */
export function readCurrency(text: string): Reading {
  const currency = parseCurrency(text)
  return currency === null ? refuse('bad_currency', { value: text.slice(0, 40) }) : { value: currency }
}

const YES = new Set('yes true 1 да есть ха бале аре предоставляется'.split(' '))
const NO = new Set('no false 0 нет не нест'.split(' '))

/** Yes or no in three languages. */
export function readYesNo(text: string): Reading {
  const word = fold(text).split(' ')[0]!
  if (YES.has(word)) return { value: true }
  return NO.has(word) ? { value: false } : refuse('bad_yes_no', { value: text.slice(0, 40) })
}

/** One of a closed list, by its code or by how it is said; the first pattern that fits. */
export const readOneOf =
  (patterns: Readonly<Record<string, RegExp>>) =>
  (text: string): Reading => {
    const cell = text.trim()
    if (plainText(cell) === '') return { value: null }
    if (cell in patterns) return { value: cell }
    const found = Object.keys(patterns).find((code) => patterns[code]!.test(fold(cell)))
    return found ? { value: found } : refuse('not_in_list', { value: cell.slice(0, 40) })
  }

/** A web address. */
export function readUrl(text: string): Reading {
  const address = text.trim()
  const whole = /^https?:\/\//i.test(address)
    ? address
    : /^[\w-]+(\.[\w-]+)+(\/|$)/.test(address)
      ? `https://${address}`
      : ''
  if (!URL.canParse(whole)) return refuse('bad_url', { value: address.slice(0, 80) })
  return whole === address ? { value: address } : { value: whole, repaired: note('url', { value: whole }) }
}

/** Several things in one cell, parted by semicolons or lines. */
export function readList(text: string): Reading {
  const items = plainText(text)
    .split(/[;\n]/)
    .map((item) => item.trim())
    .filter(Boolean)
  return { value: items.length > 0 ? items : null }
}
