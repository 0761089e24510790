import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normalisePhone, PHONE_COUNTRIES, type PhoneCountry } from './phone.ts'

test.each([
  ['+992 90 123-45-67', '+992901234567'],
  ['(+992) 90 123 45 67', null],
  ['00992901234567', '+992901234567'],
  ['8~10 992 90 1234567', '+992901234567'],
  ['992901234567', '+992901234567'],
  ['+992 00 123 45 67', '+992001234567'],
  ['+7 (912) 345-67-89', '+79123456789'],
  ['8 912 345 67 89', '+79123456789'],
  ['912 345 67 89', '+79123456789'],
  ['79123456789', '+79123456789'],
  ['+7 701 234 56 78', '+77012345678'],
  ['8 (701) 234 56 78', '+77012345678'],
  ['+998 90 123 45 67', '+998901234567'],
  ['+996 555 123 456', '+996555123456'],
  ['＋９９２９０１２３４５６７', '+992901234567'],
  ['+992\u00a090\u2013123\u201345\u201367', '+992901234567'],
])('%s is %s', (text, number) => expect(normalisePhone(text)).toBe(number))

test.each([
  ['901234567', 'TJ', '+992901234567'],
  ['90 123 45 67', 'UZ', '+998901234567'],
  ['0555 123 456', 'KG', '+996555123456'],
  ['8 90 123 45 67', 'TJ', '+992901234567'],
  // With a country code of its own, home makes no difference.
  ['+7 912 345 67 89', 'TJ', '+79123456789'],
  ['992901234567', 'RU', '+992901234567'],
] as const)('%s at home in %s is %s', (text, home, number) => expect(normalisePhone(text, home)).toBe(number))

test.each([
  ...['', '+', '901234567', '+992 90 123 45 6', '+992 90 123 45 678', '+90 532 123 45 67', '+1 202 555 0143'],
  // A desk telephone in Moscow, an extension, a short number, letters, two numbers, a name.
  ...['+7 495 123 45 67', '+992901234567 #2', '112', '+992 90 CALL NOW', '+992901234567, +992901234568', 'Рахимов'],
])('%s is no number of these countries', (text) => expect(normalisePhone(text)).toBeNull())

test('what was made is read as itself, whatever home is', () => {
  const national: Record<PhoneCountry, fc.Arbitrary<string>> = {
    TJ: fc.stringMatching(/^992[0-9]\d{8}$/),
    RU: fc.stringMatching(/^79\d{9}$/),
    KZ: fc.stringMatching(/^77[04-7]\d{8}$/),
    UZ: fc.stringMatching(/^998[2-9]\d{8}$/),
    KG: fc.stringMatching(/^996[2-9]\d{8}$/),
  }
  const home = fc.constantFrom(undefined, ...PHONE_COUNTRIES)
  for (const country of PHONE_COUNTRIES)
    fc.assert(
      fc.property(national[country], home, (digits, at) => {
        expect(normalisePhone(`+${digits}`, at)).toBe(`+${digits}`)
        expect(normalisePhone(`00${digits}`, at)).toBe(`+${digits}`)
      }),
    )
})
