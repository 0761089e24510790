import { expect, test } from 'vitest'
import { bucketOf, documentInput, mask, nameInput, tokenIn } from './passenger.ts'

test('a document is asked for in one spelling', () => {
  const one = documentInput('A12345678', 19900214)
  for (const other of ['а 1234 5678', 'A 12345678', 'А12345678']) expect(documentInput(other, 19900214)).toBe(one)
  expect(documentInput('400 0123', 19900214)).toBe(documentInput('4000123', 19900214))
  expect(documentInput('0012345', 19900214)).toBe(documentInput('12345', 19900214))
  expect(documentInput('A12345678', 19900215)).not.toBe(one)
  expect(documentInput('A12345679', 19900214)).not.toBe(one)
})

test.each([
  ['Rahimov', 'Jamshed', 'Раҳимов', 'Ҷамшед'],
  ['Rakhimov', 'Dzhamshed', 'Рахимов', 'Джамшед'],
  ['Sharipova', 'Zarina', 'Шарипова', 'Зарина'],
  ['Qurbonov', 'Khurshed', 'Қурбонов', 'Хуршед'],
  ['Gafurov', 'Umed', 'Ғафуров', 'Умед'],
])('a name of a passport is that of a list: %s %s', (family, given, ofList, asListed) => {
  expect(nameInput(family, given, 19900214)).toBe(nameInput(ofList, asListed, 19900214))
  expect(nameInput(given, family, 19900214)).toBe(nameInput(ofList, asListed, 19900214))
  expect(nameInput(family, given, 19900215)).not.toBe(nameInput(ofList, asListed, 19900214))
})

test('other names are others', () => {
  expect(nameInput('Rahimov', 'Jamshed', 1)).not.toBe(nameInput('Karimov', 'Jamshed', 1))
  expect(nameInput('Rahimov', 'Jamshed', 1)).not.toBe(nameInput('Rahimov', 'Anvar', 1))
})

test('a token comes out of a bucket only with the output of its tag', () => {
  const output = Uint8Array.from({ length: 64 }, (_, at) => at + 1)
  const token = Uint8Array.from({ length: 16 }, () => 7)
  const bucket = [{ tag: output.slice(0, 16), hidden: mask(token, output.slice(16, 32)) }]
  expect(tokenIn(bucket, output)).toEqual(token)
  expect(tokenIn(bucket, output.with(3, 99))).toBeNull()
  expect(bucketOf(output, 0)).toBe(0)
  expect(bucketOf(output, 16)).toBe(258)
  expect(bucketOf(output, 9)).toBe(2)
})
