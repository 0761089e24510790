import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readOgrn, readPhone, readTin } from './numbers.ts'

// Of organisations that publish them: the Federal Tax Service of Russia, Sberbank, the National Bank of Kazakhstan.
const REAL = {
  inn: ['7707329152', '7707083893'],
  inn12: '500100732259',
  ogrn: ['1047707030513', '1027700132195'],
  ogrnip: '304500116000157',
  bin: '941240001151',
}

test('numbers of Russian and Kazakh registers are read by their check digits', () => {
  for (const inn of [...REAL.inn, REAL.inn12]) expect(readTin('RU', inn)).toEqual({ value: inn })
  expect(readTin('RU', '77 07-329152')).toEqual({ value: '7707329152' })
  expect(readTin('KZ', REAL.bin)).toEqual({ value: REAL.bin })
  for (const ogrn of [...REAL.ogrn, REAL.ogrnip]) expect(readOgrn(ogrn)).toEqual({ value: ogrn })
  expect(readTin('TJ', '020 004 567')).toEqual({ value: '020004567' })
  expect(readTin('TJ', '02000456')).toEqual({ error: 'employers.number.tin' })
  expect(readTin('PL', 'pl 525-22-48-481')).toEqual({ value: 'PL5252248481' })
  expect(readTin('RU', 'семь')).toEqual({ error: 'employers.number.inn' })
})

test('no single wrong digit passes', () => {
  const slip = (number: string, at: number, by: number) =>
    number.slice(0, at) + ((Number(number[at]) + by) % 10) + number.slice(at + 1)
  const digit = fc.integer({ min: 1, max: 9 })
  for (const ogrn of [...REAL.ogrn, REAL.ogrnip])
    fc.assert(
      fc.property(fc.nat(ogrn.length - 1), digit, (at, by) => {
        expect(readOgrn(slip(ogrn, at, by))).toHaveProperty('error')
      }),
    )
  // The INN's rest by 11 of which 10 becomes 0 lets one slip of ten through: at the digits themselves it does not.
  for (let by = 1; by < 10; by++) expect(readTin('RU', slip('7707083893', 9, by))).toHaveProperty('error')
})

test('a telephone is read with its country, or not at all', () => {
  expect(readPhone('+992 (44) 600-12-34', 'TJ')).toBe('+992446001234')
  expect(readPhone('446001234', 'TJ')).toBe('+992446001234')
  expect(readPhone('8 (495) 123-45-67', 'RU')).toBe('+74951234567')
  expect(readPhone('8~10 992 446001234', 'RU')).toBe('+992446001234')
  expect(readPhone('0049 30 1234567', 'TJ')).toBe('+49301234567')
  for (const wrong of ['12345', 'звоните', '+1', '123-45-67', '+000000000000'])
    expect(readPhone(wrong, 'TJ')).toBeNull()
})
