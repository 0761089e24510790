import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decimalOf, formatMoney, formatMoneyRange, isCurrency, minorDigits, wholeUnits } from './money.ts'

const plain = (text: string | null) => text?.replaceAll('\u00a0', ' ')
const money = (amount: number, currency: string) => ({ amount: BigInt(amount), currency })

test('minor units follow ISO 4217', () => {
  expect(['TJS', 'RUB', 'KRW', 'JPY', 'KWD', 'UZS', 'IDR', 'AFN'].map(minorDigits)).toEqual([2, 2, 0, 0, 3, 2, 2, 2])
  expect(isCurrency('TJS') && !isCurrency('RUR') && !isCurrency('')).toBe(true)
  expect(wholeUnits(2500, 'TJS')).toBe(250_000n)
  expect(wholeUnits(2500, 'KRW')).toBe(2_500n)
  expect(() => wholeUnits(2.5, 'TJS')).toThrow(RangeError)
})

test('a decimal text loses nothing', () => {
  expect(decimalOf(money(5, 'TJS'))).toBe('0.05')
  expect(decimalOf(money(-123450, 'TJS'))).toBe('-1234.50')
  expect(decimalOf(money(7000, 'KWD'))).toBe('7')
  fc.assert(
    fc.property(fc.bigInt(), fc.constantFrom('TJS', 'KRW', 'KWD'), (amount, currency) => {
      const [whole, fraction = ''] = decimalOf({ amount, currency }).split('.')
      return BigInt(whole + fraction.padEnd(minorDigits(currency), '0')) === amount
    }),
  )
})

describe('amounts as people read them', () => {
  test('figures, no-break spaces and plural forms of each language', () => {
    expect(formatMoney('tg', money(2060740, 'KRW'))).toBe('2\u00a0060\u00a0740\u00a0вон')
    expect(plain(formatMoney('ru', money(420000, 'TJS')))).toBe('4 200 сомони')
    expect(plain(formatMoney('tg', money(420000, 'TJS')))).toBe('4 200 сомонӣ')
    expect(plain(formatMoney('en', money(420000, 'TJS')))).toBe('4,200 somoni')
    expect(['100', '200', '500', '2100', '150'].map((n) => plain(formatMoney('ru', money(Number(n), 'RUB'))))).toEqual([
      '1 рубль',
      '2 рубля',
      '5 рублей',
      '21 рубль',
      '1,50 рубля',
    ])
    expect(plain(formatMoney('en', money(100, 'USD')))).toBe('1 US dollar')
    expect(plain(formatMoney('en', money(123450, 'RUB')))).toBe('1,234.50 roubles')
    expect(plain(formatMoney('tg', money(500, 'RUB')))).toBe('5 рубл')
  })

  test('amounts beyond what a float holds', () => {
    expect(formatMoney('en', { amount: 900719925474099312345n, currency: 'KRW' })).toBe(
      '900,719,925,474,099,312,345\u00a0won',
    )
  })

  test('a currency without a name keeps its code', () => {
    expect(plain(formatMoney('ru', money(100000, 'BWP')))).toBe('1 000 BWP')
  })

  test('ranges', () => {
    const range = (min: number | null, max: number | null) => ({
      min: min === null ? null : BigInt(min) * 100n,
      max: max === null ? null : BigInt(max) * 100n,
      currency: 'RUB',
    })
    expect(plain(formatMoneyRange('ru', range(70000, 95000)))).toBe('70 000–95 000 рублей')
    expect(plain(formatMoneyRange('tg', range(70000, 95000)))).toBe('70 000–95 000 рубл')
    expect(plain(formatMoneyRange('en', range(70000, 95000)))).toBe('70,000–95,000 roubles')
    expect(plain(formatMoneyRange('ru', range(21, null)))).toBe('от 21 рубля')
    expect(plain(formatMoneyRange('ru', range(null, 22)))).toBe('до 22 рублей')
    expect(plain(formatMoneyRange('tg', range(110000, null)))).toBe('аз 110 000 рубл')
    expect(plain(formatMoneyRange('en', range(5, 5)))).toBe('5 roubles')
    expect(formatMoneyRange('en', range(null, null))).toBeNull()
  })
})
