import type { Note, Reading } from '#kernel/imports/kind.ts'
import { parseAmount, parseCurrency } from '#kernel/money/parse.ts'

// What a carrier's sheet says of money. A claim rests on it: a cell that is not surely one sum is none, and its row says so.

/** A sum as it stands in a cell; its currency may stand in a column of its own. `unread`: what is not surely one. */
export type StatedSum = { figure: string; currency: string | null } | { unread: string }

/** That a cell states no sum that is sure, with what stands there. */
export const unreadNote = (cell: string): Note => ({
  key: 'removals.import.cost_unread',
  values: { cell: cell.slice(0, 80) },
})

// Thousands are parted by one sign and by threes, and never begin with a nought. A line break parts two things.
const FIGURE = [
  /\d+/,
  /[1-9]\d{0,2}(?:[ \u00a0\u2009\u202f']\d{3})+/,
  /[1-9]\d{0,2}(?:,\d{3})+(?!,)/,
  /[1-9]\d{0,2}(?:\.\d{3})+(?!\.)/,
]
  .map(({ source }) => source)
  .join('|')
const CELL = new RegExp(
  `^(?<about>[~≈∼]\\s*)?(?<before>(?:[^\\d()]|\\([^\\d()]*\\))*)(?<figure>(?:${FIGURE})(?:[.,](?:\\d{4}|\\d{1,2}))?)` +
    '(?:\\s*(?<times>тыс(?:яч[аи]?)?|ҳазор|хазор|млн|миллион(?:а|ов)?)(?!\\p{L}))?(?<after>(?:[^\\d()]|\\([^\\d()]*\\))*)$',
  'iu',
)
// A spreadsheet's own number may look like that as well as thousands that somebody parted with a point.
const THOUSANDTHS = /^\d{1,3}\.\d{3}$/

/**
 * Reads one figure with its currency, or without: `≈ 1 240,50 EUR`, `€410`, `45 тыс. руб.`. A nought says that there is no cost. A product,
 * a difference, a range, a sum of several, anything else beside the figure: unread, with a note that is seen.
 */
export function readSum(text: string): Reading {
  const unread: Reading = { value: { unread: text.slice(0, 80) }, repaired: unreadNote(text) }
  const { about, before, figure, times, after } = CELL.exec(text)?.groups ?? {}
  // A point before the figure is one of a word that was cut short, or the figure is less than one.
  if (!figure || /(?<!\p{L})\.\s*$/u.test(before!)) return unread
  const beside = `${before} ${after}`
  const currency = currencyIn(beside)
  if (!currency && /[^\s.]/.test(beside)) return unread
  if (times ? /[.,]\d{3}/.test(figure) : !currency && THOUSANDTHS.test(figure)) return unread
  const whole = times ? multiplied(figure, /^м/i.test(times) ? 6 : 3) : figure
  const amount = parseAmount(whole, currency ?? 'TJS')
  if (amount === null) return unread
  if (amount === 0n) return { value: null }
  const sum = [whole, currency].filter(Boolean).join(' ')
  return {
    value: { figure: whole, currency },
    ...((about || times) && { repaired: { key: 'removals.import.cost_read', values: { sum } } }),
  }
}

/** The currency that a text names, and it says nothing else; null otherwise. */
export function currencyIn(text: string): string | null {
  const currency = parseCurrency(text)
  const words = text.match(/\p{L}+|[^\s.()]/gu) ?? []
  return currency && words.every((word) => (WHOSE[word.toLowerCase()] ?? parseCurrency(word)) === currency)
    ? currency
    : null
}

// Whose dollar or rouble it is, as people write it.
const WHOSE: Record<string, string> = { сша: 'USD', us: 'USD', рф: 'RUB' }

const multiplied = (figure: string, noughts: number): string => {
  const [whole, fraction = ''] = figure.split(/[.,]/)
  return whole!.replace(/\D/g, '') + fraction.padEnd(noughts, '0')
}
