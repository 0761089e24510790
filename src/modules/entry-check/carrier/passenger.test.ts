import { expect, test } from 'vitest'
import { bucketOf, documentInput, INPUTS, inputsOf, mask, skeleton, tokenIn } from './passenger.ts'

test('a document is asked for in one spelling, alone', () => {
  const one = documentInput('A12345678')
  for (const other of ['а 1234 5678', 'A 12345678', 'А12345678']) expect(documentInput(other)).toBe(one)
  expect(documentInput('400 0123')).toBe(documentInput('4000123'))
  expect(documentInput('0012345')).toBe(documentInput('12345'))
  expect(documentInput('A12345679')).not.toBe(one)
})

test.each([
  ['Rahimov', 'Jamshed', 'Раҳимов', 'Ҷамшед'],
  ['Rakhimov', 'Dzhamshed', 'Рахимов', 'Джамшед'],
  ['Sharipova', 'Zarina', 'Шарипова', 'Зарина'],
  ['Qurbonov', 'Khurshed', 'Қурбонов', 'Хуршед'],
  ['Gafurov', 'Umed', 'Ғафуров', 'Умед'],
  ['Yusupov', 'Dalerjon', 'Юсупов', 'Далерҷон'],
  ['Jusupov', 'Dalerdzhon', 'Юсупзода', 'Далерчон'],
  ['Chalolov', 'Yatim', 'Ҷалолов', 'Ятим'],
  ['Чалолов', 'Ятим', 'Ҷалолов', 'Ятим'],
  ['Rahimiyon', 'Yodgor', 'Раҳимпур', 'Ёдгор'],
  ['Davlatshoh', 'Ahmadjon', 'Давлатшоҳ', 'Ахмадджон'],
])('a name of a passport is that of a list: %s %s', (family, given, ofList, asListed) => {
  expect([skeleton(family), skeleton(given)]).toEqual([skeleton(ofList), skeleton(asListed)])
})

test('other names are others', () => {
  const words = ['Раҳимов', 'Каримов', 'Ҷамшед', 'Анвар', 'Зарина', 'Юсуф', 'Далер']
  expect(new Set(words.map(skeleton)).size).toBe(words.length)
})

test('so many inputs are asked for everybody, in whichever order the names stand', () => {
  const passenger = { document: 'A12345678', family: 'Rahimov', given: 'Jamshed', birth: 19900214 }
  const inputs = inputsOf(passenger)
  expect(inputs).toHaveLength(INPUTS)
  expect(inputsOf({ ...passenger, family: 'Jamshed', given: 'Rahimov' }).toSorted()).toEqual(inputs.toSorted())
  for (const birth of [19900101, 19901231]) expect(inputsOf({ ...passenger, birth })).toHaveLength(INPUTS)
})

test('a token comes out of a bucket only with the output of its tag', () => {
  const output = Uint8Array.from({ length: 64 }, (_, at) => at + 1)
  const token = Uint8Array.from({ length: 16 }, () => 7)
  const bucket = [{ tag: output.slice(0, 16), hidden: mask(token, output.slice(16, 32)) }]
  expect(tokenIn(bucket, [output.with(3, 99), output])).toEqual(token)
  expect(tokenIn(bucket, [output.with(3, 99)])).toBeNull()
  expect(bucketOf(output, 0)).toBe(0)
  expect(bucketOf(output, 16)).toBe(258)
  expect(bucketOf(output, 9)).toBe(2)
})
