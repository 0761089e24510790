import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import type { ImportCtx } from '../imports/kind.ts'
import { convertToSomoni, inSomoni, ratesInForce, saveRate } from './rates.ts'
import { type RateRow, ratesImport } from './rates-import.ts'

let base: TestDatabase
beforeAll(async () => {
  base = await testDatabase()
})
afterAll(() => base.drop())

// Invented, as is everything about this bank.
const SOURCE = 'Bank of the test'
const day = (text: string) => Temporal.PlainDate.from(text)
const rate = (currency: string, date: string, somoni: string, unit = 1) => ({
  currency,
  rate_date: day(date),
  somoni,
  unit,
  source: SOURCE,
  source_url: 'https://example.org/rates',
})

test('without an imported rate nothing is converted', async () => {
  expect((await ratesInForce(base.ctx())).size).toBe(0)
  expect(await convertToSomoni(base.ctx(), { amount: 100n, currency: 'RUB' })).toBeNull()
})

describe('with rates', () => {
  beforeAll(async () => {
    for (const one of [
      rate('RUB', '2026-11-20', '0.1375'),
      rate('RUB', '2026-11-18', '0.9'),
      rate('RUB', '2026-11-23', '0.8'),
      rate('KRW', '2026-11-14', '0.0065', 1),
      rate('JPY', '2026-11-20', '6.1234', 100),
      rate('KWD', '2026-11-13', '30'),
    ]) {
      expect(await saveRate(base.ctx(), one)).toBe('created')
    }
  })

  test('the newest one not after the day is used, and named', async () => {
    expect(await convertToSomoni(base.ctx(), { amount: 7_000_000n, currency: 'RUB' })).toEqual({
      money: { amount: 962_500n, currency: 'TJS' },
      rate_date: day('2026-11-20'),
      source: SOURCE,
      source_url: 'https://example.org/rates',
    })
  })

  test('whole somoni from a hundred on, dirams below; minor units and units respected', async () => {
    const rates = await ratesInForce(base.ctx())
    const somoni = (amount: bigint, currency: string) => inSomoni(rates, { amount, currency })?.money.amount
    expect(somoni(2_060_740n, 'KRW')).toBe(1_339_500n)
    expect(somoni(100n, 'JPY')).toBe(612n)
    expect(somoni(333_333n, 'RUB')).toBe(45_800n)
    expect(somoni(1n, 'GBP')).toBeUndefined()
  })

  test('seven days are recent, eight are not; somoni need no rate', async () => {
    const on = (text: string) => Temporal.Instant.from(text)
    expect(await convertToSomoni(base.ctx(), { amount: 1000n, currency: 'KWD' })).toBeNull()
    expect(
      await convertToSomoni(base.ctx(), { amount: 1000n, currency: 'KWD' }, on('2026-11-20T18:59:00Z')),
    ).not.toBeNull()
    // In Dushanbe it is the 21st already.
    expect(await convertToSomoni(base.ctx(), { amount: 1000n, currency: 'KWD' }, on('2026-11-20T19:01:00Z'))).toBeNull()
    expect(await convertToSomoni(base.ctx(), { amount: 1000n, currency: 'TJS' })).toBeNull()
  })

  test('saving again changes nothing, a correction is one', async () => {
    expect(await saveRate(base.ctx(), rate('JPY', '2026-11-20', '6.1234', 100))).toBe('same')
    expect(await saveRate(base.ctx(), rate('JPY', '2026-11-20', '6.2', 100))).toBe('updated')
  })
})

describe('files of rates', () => {
  const ctx = (source: string | null = SOURCE): ImportCtx => ({
    ...base.ctx({ actor: { kind: 'system', task: 'test' }, db: base.owner }),
    import: {
      id: '018f3a00-0000-7000-8000-000000000000',
      organisation_id: null,
      created_by: null,
      file_name: 'rates.csv',
      source,
    },
  })
  const read = (name: string, text: string) => ratesImport.fields.find((field) => field.name === name)!.read(text)
  const row = (value: RateRow, number = 1) => ({ number, value, raw: null })

  test('cells are understood or refused with a reason', () => {
    expect(read('date', '21.11.2026')).toEqual({ value: '2026-11-21' })
    expect(read('date', '2026-11-21T00:00:00')).toEqual({ value: '2026-11-21' })
    expect(read('date', '31.02.2026')).toEqual({ error: { key: 'money.rates.bad_date' } })
    expect(read('currency', 'руб.')).toEqual({ value: 'RUB' })
    for (const text of ['TJS', 'сом', 'XXX1'])
      expect(read('currency', text)).toEqual({ error: { key: 'money.rates.bad_currency' } })
    expect(read('somoni', '0,1375')).toEqual({ value: '0.1375' })
    for (const text of ['0', '-1', '1e5', 'NaN'])
      expect(read('somoni', text)).toEqual({ error: { key: 'money.rates.bad_rate' } })
    expect(read('unit', '100')).toEqual({ value: 100 })
    expect(read('unit', '0')).toEqual({ error: { key: 'money.rates.bad_unit' } })
    expect(read('source_url', 'javascript:alert(1)')).toEqual({ error: { key: 'money.rates.bad_url' } })
  })

  test('a row without a source, or of a day to come, is an error', async () => {
    const [first, second] = await ratesImport.check!(ctx(null), [
      row({ date: '2026-11-20', currency: 'USD', somoni: '10.5' }),
      row({ date: '2026-11-23', currency: 'USD', somoni: '10.5', source: SOURCE }),
    ])
    expect(first!.errors).toEqual({ source: { key: 'money.rates.source_missing' } })
    expect(second!.errors).toEqual({ date: { key: 'money.rates.ahead' } })
  })

  test('new, changed and same rows are told apart before and after; repeating changes nothing', async () => {
    const states = async (somoni: string) =>
      (await ratesImport.check!(ctx(), [row({ date: '2026-11-21', currency: 'USD', somoni })])).map(
        ({ state }) => state,
      )
    const apply = (somoni: string) =>
      ratesImport.apply(ctx(), [row({ date: '2026-11-21', currency: 'USD', somoni })], undefined)
    expect(await states('10.50')).toEqual(['new'])
    expect(await apply('10.50')).toEqual([{ outcome: 'created' }])
    expect(await states('10.5')).toEqual(['same'])
    expect(await apply('10.50')).toEqual([{ outcome: 'same' }])
    expect(await states('10.6')).toEqual(['changed'])
    expect(await apply('10.6')).toEqual([{ outcome: 'updated' }])
  })
})
