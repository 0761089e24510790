import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatMoney, formatMoneyRange } from '../money.ts'
import { parseAmount, parseCurrency, parseMoneyRange } from './parse.ts'

test.each([
  ['«руб.»', 'RUB'],
  ['RUR', 'RUB'],
  ['BYR', 'BYN'],
  ['сомонӣ', 'TJS'],
  ['₽', 'RUB'],
  ['2 060 740 вон', 'KRW'],
  ['usd', 'USD'],
  ['сом', null],
  ['100 $ или 90 €', null],
  ['договорная', null],
  ['', null],
])('the currency of %s is %s', (text, currency) => expect(parseCurrency(text)).toBe(currency))

test.each([
  ['40 000', 'RUB', 4_000_000n],
  ['40\u00a0000', 'RUB', 4_000_000n],
  ['40,000', 'RUB', 4_000_000n],
  ['1.234.567', 'KRW', 1_234_567n],
  ['1 234,50', 'TJS', 123_450n],
  ['1,234.5', 'TJS', 123_450n],
  ['12.50', 'KRW', null],
  ['12.00', 'KRW', 12n],
  ['1,2,3', 'TJS', null],
  ['много', 'TJS', null],
  ['9'.repeat(13), 'RUB', null],
])('%s in %s is %s', (text, currency, amount) => expect(parseAmount(text, currency)).toBe(amount))

test.each([
  ['40 000 - 69 000 руб.', { min: 4_000_000n, max: 6_900_000n, currency: 'RUB' }],
  ['от 23 000 руб.', { min: 2_300_000n, max: null, currency: 'RUB' }],
  ['до 50 тыс. рублей', { min: null, max: 5_000_000n, currency: 'RUB' }],
  ['2 060 740 вон', { min: 2_060_740n, max: 2_060_740n, currency: 'KRW' }],
  ['от 30000 до 0 руб', { min: 3_000_000n, max: null, currency: 'RUB' }],
  ['80–100 т.р.', { min: 8_000_000n, max: 10_000_000n, currency: 'RUB' }],
  ['0 руб.', null],
  ['от 60 000 до 50 000 руб.', null],
  ['договорная', null],
])('%s', (text, range) => expect(parseMoneyRange(text)).toEqual(range))

test('a currency given beside the text is used when the text names none', () => {
  expect(parseMoneyRange('80–100 тыс.', 'RUB')).toEqual({ min: 8_000_000n, max: 10_000_000n, currency: 'RUB' })
  expect(parseMoneyRange('80–100 тыс.')).toBeNull()
  expect(parseMoneyRange('3 500–5 000', 'TJS')).toEqual({ min: 350_000n, max: 500_000n, currency: 'TJS' })
})

test('what was formatted is read back, in every language', () => {
  const amounts = fc.bigInt({ min: 1n, max: 10n ** 10n })
  fc.assert(
    fc.property(
      amounts,
      amounts,
      fc.constantFrom('tg', 'ru', 'en'),
      fc.constantFrom('TJS', 'RUB', 'KRW'),
      (a, b, lang, currency) => {
        const [min, max] = a < b ? [a, b] : [b, a]
        expect(parseMoneyRange(formatMoneyRange(lang, { min, max, currency })!)).toEqual({ min, max, currency })
        expect(parseMoneyRange(formatMoney(lang, { amount: a, currency }))).toEqual({ min: a, max: a, currency })
      },
    ),
  )
})

test('any text is read or refused, never an error', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => void parseMoneyRange(text, 'RUB')))
})
