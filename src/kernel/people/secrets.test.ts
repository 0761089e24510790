import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { readConfig } from '../config.ts'
import type { Ctx } from '../context.ts'
import { type Registry, registryOf } from './fixtures/registry.ts'
import { maskedNumber, numberIndex, oneSpelling } from './numbers.ts'
import { documentsOf } from './persons.ts'
import { findRegistryKeys, moveRegistryKey } from './registry-key.ts'
import { searchPeople } from './search.ts'

let database: TestDatabase
let registry: Registry
beforeAll(async () => {
  database = await testDatabase()
  registry = await registryOf(database)
})
afterAll(() => database.drop())

const PRESENT = Buffer.alloc(32, 7).toString('base64')
const NEXT = Buffer.alloc(32, 9).toString('base64')
const under = (ctx: Ctx, secret: string, before?: string): Ctx => {
  const config = readConfig({
    HAMSAFAR_SECRET_KEY: secret,
    HAMSAFAR_SECRET_KEY_BEFORE: before,
    HAMSAFAR_ORIGIN: 'http://127.0.0.1:8080',
  })
  return { ...ctx, platform: { ...ctx.platform, config } }
}

describe('one number, however it is written', () => {
  test.each([
    ['А 0123456', 'A123456'],
    ['№ 400-123-987', '4OO 123 987'],
    ['ＡＢ００１２', 'AB12'],
    ['0012345678', '12345678'],
  ])('%s is %s', (one, other) => {
    expect(oneSpelling(one)).toBe(oneSpelling(other))
  })

  test.each([
    ['AO123456', 'A123456'],
    ['АО 123456', 'А 123456'],
    ['AQ0123', 'A123'],
    ['AI123456', 'A1123456'],
    ['O1234567', '1234567'],
  ])('%s is not %s: letters of a series are no digits', (one, other) => {
    expect(oneSpelling(one)).not.toBe(oneSpelling(other))
  })

  test('different digits are different numbers, and folding twice changes nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999_999 }), fc.integer({ min: 1, max: 999_999_999 }), (a, b) => {
        expect(oneSpelling(`A${a}`) === oneSpelling(`A${b}`)).toBe(a === b)
        expect(oneSpelling(oneSpelling(`A 0${a}`))).toBe(oneSpelling(`A 0${a}`))
      }),
    )
  })

  test('a mask never shows more than half', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme-ascii' }), (number) => {
        expect(maskedNumber(number).length - '•••• '.length).toBeLessThanOrEqual(number.length / 2)
      }),
    )
  })
})

test('numbers, telephones and safe hours are in no column and no key as they are', async () => {
  const [number, phone, reach] = ['A77712345', '+992000055512', 'танҳо бегоҳ']
  const [{ record_id } = { record_id: '' }] = await registry.receive(registry.national, {
    names: [{ whole: 'Ҳакимов Ориф' }],
    documents: [{ kind: 'passport', number }],
    contact: { phone, only_theirs: true, reach },
  })
  for (const table of ['people.document', 'people.contact', 'people.record', 'people.finding'] as const) {
    const rows = await database.owner.selectFrom(table).selectAll().execute()
    const text =
      JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? String(value) : value)) +
      rows
        .flatMap((row) => Object.values(row).filter(Buffer.isBuffer))
        .map((bytes) => bytes.toString('latin1'))
        .join('')
    for (const secret of [number, '77712345', phone, '55512', reach])
      expect([table, text.includes(secret)]).toEqual([table, false])
  }
  // The stored key of a document is of its keyed index: without the key nobody can try numbers.
  const { keysOf } = await import('./prepare.ts')
  const facts = { record_id, names: [], birth: null, sex: null, citizenship: null, home_district: null }
  const index = numberIndex((await findRegistryKeys(registry.system()))!, number).toString('hex')
  const [[plain], [keyed]] = keysOf([number, index].map((document) => ({ ...facts, documents: [document] }))) as [
    bigint[],
    bigint[],
  ]
  const { keys } = await database.owner
    .selectFrom('people.finding')
    .select('keys')
    .where('record_id', '=', record_id)
    .executeTakeFirstOrThrow()
  expect(keys.map(String)).toContain(String(keyed))
  expect(keys.map(String)).not.toContain(String(plain))
})

test('the secret key moves: numbers open, are found and are known again under the next one, and no more under the former', async () => {
  const row = {
    names: [{ whole: 'Собирова Зулфия' }],
    birth: 19920909,
    documents: [{ kind: 'passport' as const, number: 'A31313131' }],
  }
  const [{ record_id, person_id } = { record_id: '', person_id: '' }] = await registry.receive(registry.national, row)
  const system = registry.system()
  expect(await moveRegistryKey(under(system, NEXT, PRESENT))).toBe(1)
  expect(await moveRegistryKey(under(system, NEXT, PRESENT))).toBe(0)
  await expect(documentsOf(under(system, PRESENT), [record_id], true)).rejects.toThrow(/does not have/)
  expect((await documentsOf(under(system, NEXT), [record_id], true)).map(({ number }) => number)).toEqual(['A31313131'])
  const officer = await registry.officer(registry.national)
  const { found } = await registry.as(officer, (ctx) =>
    searchPeople(under(ctx, NEXT), { document: 'А 31313131', purpose: 'request', words: null }),
  )
  expect(found.map((one) => one.person_id)).toEqual([person_id])
  expect(await moveRegistryKey(under(system, PRESENT, NEXT))).toBe(1)
})
