import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fold, wordsIn } from './fold.ts'

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

test('plain letters fold the same by the short way as by the long', () => {
  const long = (text: string) => fold(`'${text}`)
  for (const letters of ['абёЁйЙғҒқҚҳҲҷҶӣӢӯӮъь 01', 'azAZiI 09', 'ᲀᲁᲂᲃᲄᲅᲆᲇкК ', 'ſKıİkK '])
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...letters), size: 'medium' }),
        (text) => fold(text) === long(text),
      ),
    )
})

test('the words of a text are those of its fold, each with its spelling', () => {
  expect(wordsIn('Дӯзандаи  Mосква-2!')).toEqual([
    { word: 'дузандаи', written: 'Дӯзандаи' },
    { word: 'москва', written: 'Mосква' },
    { word: '2', written: '2' },
  ])
  const joined = (text: string) =>
    wordsIn(text)
      .map(({ word }) => word)
      .join(' ')
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => joined(text) === fold(text)))
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'AАaа BbHнHПiİıқӯй-’́̆ў1,') }),
      (text) => joined(text) === fold(text),
    ),
  )
})
