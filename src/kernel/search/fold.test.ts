import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fold } from './fold.ts'

test('Tajik, Russian and old-font spellings of a word fold to the same', () => {
  for (const spelling of [
    'Ҷӯраев Қодир',
    'Чураев Кодир',
    'ҶӮРАЕВ  ҚОДИР',
    'Љўраев Ќодир',
    'Ҷӯраев Қодир'.normalize('NFD'),
  ]) {
    expect(fold(spelling)).toBe('чураев кодир')
  }
  expect(fold('Водитель-экспедитор (кат. «Ё»)')).toBe('водитель экспедитор кат е')
  expect(fold('й')).toBe('й')
})

test('a letter of the wrong alphabet inside a word is put right, a truly mixed word is left', () => {
  expect(fold('Mocква')).toBe('москва')
  expect(fold('СNС')).toBe('cnc')
  expect(fold('Xиcoр')).toBe('хисор')
  expect(fold('QAинженер')).toBe('qaинженер')
})

test('folding twice changes nothing and never fails', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => fold(fold(text)) === fold(text)))
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'AАaа BbHнHПiİıқӯй-’́̆ў') }),
      (text) => fold(fold(text)) === fold(text),
    ),
  )
})
