import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { person, score } from '../fixtures/persons.ts'
import { compareBirths, readBirth } from './birth.ts'
import { joinLinks } from './clusters.ts'
import { type Comparison, compareDocuments, compareValues, emptyComparison, F } from './compare.ts'
import { decide, decideAdverse } from './decide.ts'
import { storedKeys } from './keys.ts'
import { L, LEVELS, type Level } from './likeness.ts'
import { foldDocument, type PersonRecord, rollOf } from './roll.ts'
import { pairScorer } from './score.ts'
import { SIMULATED_VALUES, SIMULATED_WEIGHTS, weightsFor } from './simulated-weights.ts'

describe('birth dates', () => {
  test.each([
    ['19900312', 19900312],
    ['1990-03-12', 19900312],
    ['12.03.1990', 19900312],
    ['2/3/1990', 19900302],
    ['1990-03-12T00:00:00Z', 19900312],
    ['1990', 19900000],
    ['03.1990', 19900300],
    ['12.03.90', null],
    ['0000-00-00', null],
    ['unknown', null],
  ])('%s is %s', (text, birth) => expect(readBirth(text)).toBe(birth))

  test.each([
    [19900312, 19900312, 'exact'],
    [19900101, 19900101, 'stem'],
    [19780500, 19780500, 'stem'],
    [19780500, 19780512, 'part'],
    [19780500, 19780101, 'part'],
    [19780500, 19780612, 'far'],
    [19901203, 19900312, 'crossed'],
    [19901203, 19800312, 'near'],
    [19900312, 19900812, 'near'],
    [19900312, 19900321, 'near'],
    [19900312, 19900101, 'part'],
    [19900312, 19900000, 'part'],
    [19900312, 19950412, 'far'],
    [19900312, 19780624, 'differs'],
    [19990000, 19670000, 'far'],
    [19990000, 20240000, 'differs'],
    [19770101, 19890101, 'far'],
    [19990000, 19980000, 'near'],
    [19990300, 19670300, 'far'],
    [0, 19900312, 'unknown'],
  ] as const)('%i and %i: %s', (a, b, level) => {
    expect([LEVELS[compareBirths(a, b)], LEVELS[compareBirths(b, a)]]).toEqual([level, level])
  })
})

test.each([
  ['А 1234567', 'A1234567', 'exact'],
  ['A1234567', 'A1234576', 'near'],
  ['A1234567', '1234567', 'near'],
  ['AB1234567', '1234567', 'part'],
  ['A1234567', 'A7654321', 'differs'],
])('documents %s and %s: %s', (a, b, level) => {
  expect(LEVELS[compareDocuments(foldDocument(a), foldDocument(b))]).toBe(level)
})

test('№ is no part of a number, in a list as in the registry', () => {
  expect(foldDocument('А №123-45 67')).toBe('A1234567')
})

test.each([
  ['drevsteignton', 'drevstegnton', 'near'],
  ['bristol', 'bristol siti of', 'variant'],
  ['dorset blandford', 'kent blandford', 'part'],
  ['kulob', 'vose', 'differs'],
])('values %s and %s: %s', (a, b, level) => expect(LEVELS[compareValues(a, b)]).toBe(level))

describe('keys', () => {
  const words = fc.constantFrom('Қурбонов', 'Ҷамшед', 'Раҳматович', 'Smith', 'Абдулло', 'Юсуфӣ')
  test('do not depend on the order of the words, nor on the script', () => {
    fc.assert(
      fc.property(fc.uniqueArray(words, { minLength: 1, maxLength: 5 }), (names) => {
        const keys = (whole: string) => storedKeys(rollOf([person({ names: [{ whole }] })], SIMULATED_VALUES))(0).sort()
        expect(keys(names.join(' '))).toEqual(keys(names.toReversed().join(' ')))
      }),
    )
    const latin = person({ names: [{ whole: 'Rakhmatovich Dzhamshed Kurbonov' }] })
    const keys = (record: PersonRecord) => new Set(storedKeys(rollOf([record], SIMULATED_VALUES))(0))
    expect(keys(latin)).toEqual(keys(person()))
  })

  test('fit a bigint column, and are the same in every process', () => {
    const keys = storedKeys(rollOf([person()], SIMULATED_VALUES))(0)
    for (const key of keys) expect(BigInt.asIntN(64, key)).toBe(key)
    expect(new Set(keys).size).toBe(keys.length)
    const [only] = storedKeys(
      rollOf([person({ names: [{ whole: 'Рустам' }], birth: null, documents: [], values: [] })]),
    )(0)
    expect(only).toBe(KEY_OF_RUSTAM)
  })

  test('survive any two of: a slip in one word, day and month exchanged, a new document, another district', () => {
    const keys = (record: PersonRecord) => storedKeys(rollOf([record], SIMULATED_VALUES))(0)
    const known = new Set(keys(person()))
    const wrong: Partial<PersonRecord>[] = [
      { names: [{ family: 'Турбанов', given: 'Ҷамшед', patronymic: 'Раҳматович' }] },
      { birth: 19901203 },
      { documents: ['B7654321'] },
      { values: ['RU', 'Рӯдакӣ'] },
    ]
    for (const one of wrong)
      for (const other of wrong) expect(keys(person({ ...one, ...other })).some((key) => known.has(key))).toBe(true)
  })
})
// Stored in registries: a change needs a new KEYS_VERSION.
const KEY_OF_RUSTAM = 8732067641977293789n

describe('scores', () => {
  const records = fc.record({
    names: fc.constantFrom<PersonRecord['names']>(
      [{ family: 'Қурбонов', given: 'Ҷамшед' }],
      [{ family: 'Jamshed', given: 'Qurbonzoda' }],
      [{ whole: 'Курбонов Джамшед Рахматович' }, { family: 'Раҳимов', given: 'Ҷамшед' }],
      [{ family: 'Курбонова', given: 'Саида', patronymic: 'Рахматовна' }],
      [],
    ),
    birth: fc.constantFrom(null, 19900312, 19901203, 19900101, 19780000),
    sex: fc.constantFrom(null, 'male' as const, 'female' as const),
    documents: fc.constantFrom([], ['A1234567'], ['A1234568', 'B7654321']),
    values: fc.constantFrom([null, null], ['TJ', 'Восеъ'], ['RU', 'Восе']),
  })
  test('are the same either way', () => {
    fc.assert(
      fc.property(records, records, (a, b) => {
        const [one, other] = [score({ ...a, id: 'a' }, { ...b, id: 'b' }), score({ ...b, id: 'b' }, { ...a, id: 'a' })]
        expect(other.bits).toBeCloseTo(one.bits, 9)
        expect(other.fields.map(({ field, level, weight }) => [field, level, weight])).toEqual(
          one.fields.map(({ field, level, weight }) => [field, level, weight]),
        )
      }),
    )
  })

  test('are explained: fields, relatives and prior add up', () => {
    const { bits, fields, relatives } = score(person(), person({ names: [{ family: 'Kurbonov', given: 'Dzhamshed' }] }))
    const prior = Math.log2(1 / 5_000_000)
    expect(fields.reduce((sum, { weight }) => sum + weight, prior) + relatives).toBeCloseTo(bits, 1)
    expect(fields).toContainEqual(expect.objectContaining({ field: 'family', level: 'same' }))
  })

  test('the simulated weights fit the fields, and a better level weighs more than a conflict', () => {
    expect(SIMULATED_WEIGHTS.fields).toHaveLength(F.values + SIMULATED_VALUES.length)
    for (const field of [F.family, F.given, F.birth, F.document]) {
      const { m, u } = SIMULATED_WEIGHTS.fields[field]!
      expect(Math.log2(m[L.exact]! / u[L.exact]!)).toBeGreaterThan(5)
      expect(Math.log2(m[L.differs]! / u[L.differs]!)).toBeLessThan(-2)
      expect(m[L.near]! / u[L.near]!).toBeLessThanOrEqual((m[L.exact]! / u[L.exact]!) * 1.001)
    }
  })
})

describe('who is who', () => {
  const father = person({
    names: [{ family: 'Қурбонов', given: 'Раҳмат', patronymic: 'Сафарович' }],
    birth: 19620520,
    documents: ['A7654321'],
  })
  const brother = person({
    names: [{ family: 'Қурбонов', given: 'Рустам', patronymic: 'Раҳматович' }],
    birth: 19930704,
    documents: ['A2223334'],
  })
  const twin = person({
    names: [{ family: 'Қурбонов', given: 'Ҷаҳонгир', patronymic: 'Раҳматович' }],
    documents: ['A1234568'],
  })
  const abroad = person({ names: [{ whole: 'DZHAMSHED KURBONOV' }], values: ['TJ', null] })
  const newPassport = person({
    names: [{ family: 'Курбонов', given: 'Джамшед', patronymic: 'Рахматович' }],
    documents: ['B9990001'],
  })
  test.each([
    ['the same person in Russian papers', abroad, 'link'],
    ['a new passport', newPassport, 'link'],
    ['the father', father, 'apart'],
    ['the brother', brother, 'apart'],
    ['a twin with the next passport number', twin, 'apart'],
  ])('%s', (_who, other, decision) => {
    const found = score(person(), other)
    expect([found.decision, score(other, person()).decision]).toEqual([decision, decision])
  })
})

test('an equal number of another country is no equal document; of a country not stated it may be', () => {
  const of = (country: string | null) => person({ countries: [country] })
  const level = (one: string | null, other: string | null) =>
    score(of(one), of(other)).fields.find(({ field }) => field === 'document')!.level
  expect([level('TJ', 'UZ'), level('TJ', 'TJ'), level(null, 'UZ'), level('TJ', null)]).toEqual([
    'part',
    'exact',
    'exact',
    'exact',
  ])
})

describe('decisions', () => {
  const roll = rollOf([person(), person()], SIMULATED_VALUES)
  const comparison = (levels: Partial<Record<keyof typeof F, Level>>): Comparison => {
    const made = emptyComparison(roll)
    for (const [field, level] of Object.entries(levels)) made.levels[F[field as keyof typeof F]] = L[level]
    return made
  }
  const agrees = { family: 'exact', given: 'exact', birth: 'exact', sex: 'exact', document: 'exact' } as const
  const decision = (levels: Parameters<typeof comparison>[0], probability = 0.9995, weight = 0) =>
    decide(comparison(levels), probability, () => weight)

  test.each([
    [agrees, 0.9995, 'link'],
    [agrees, 0.998, 'review'],
    [agrees, 0.8, 'review'],
    [agrees, 0.79, 'apart'],
    [{ ...agrees, given: 'differs' }, 0.9999, 'review'],
    [{ ...agrees, family: 'differs' }, 0.9999, 'review'],
    [{ ...agrees, sex: 'differs' }, 0.9999, 'review'],
    [{ ...agrees, birth: 'differs' }, 0.9999, 'review'],
    [{ ...agrees, birth: 'far' }, 0.9999, 'review'],
    [{ ...agrees, birth: 'near' }, 0.9999, 'link'],
    [{ ...agrees, document: 'differs' }, 0.9999, 'link'],
    [{ ...agrees, document: 'differs', given: 'far' }, 0.9999, 'review'],
    [{ ...agrees, birth: 'part', document: 'differs' }, 0.9999, 'review'],
    [{ family: 'exact', given: 'exact' }, 0.9999, 'review'],
    [{ birth: 'exact', document: 'exact' }, 0.9999, 'link'],
    [{ family: 'near', given: 'near', birth: 'exact' }, 0.9999, 'review'],
  ] as const)('%o at %f: %s', (levels, probability, expected) => {
    expect(decision(levels, probability)).toBe(expected)
  })

  test('a further value counts as an agreement only where few share it', () => {
    const levels = { family: 'exact', given: 'exact', values: 'exact' } as const
    expect([decision(levels, 0.9999, 9), decision(levels, 0.9999, 6)]).toEqual(['link', 'review'])
  })

  test.each([
    [agrees, 'attach'],
    [{ birth: 'exact', document: 'exact' }, 'attach'],
    [{ ...agrees, family: 'stem' }, 'attach'],
    [{ ...agrees, document: 'near' }, 'two_officers'],
    [{ ...agrees, document: 'unknown' }, 'two_officers'],
    [{ ...agrees, birth: 'stem' }, 'two_officers'],
    [{ ...agrees, birth: 'crossed' }, 'two_officers'],
    [{ ...agrees, given: 'differs' }, 'two_officers'],
    [{ ...agrees, given: 'far' }, 'two_officers'],
    [{ ...agrees, sex: 'differs' }, 'two_officers'],
  ] as const)('an adverse row, %o: %s', (levels, expected) => {
    expect(decideAdverse(comparison(levels))).toBe(expected)
  })
})

test.each([19780500, 19780000, 19780101])('a ban by a birth known as %i takes two officers', (birth) => {
  expect(score(person({ birth }), person({ birth })).adverse).toBe('two_officers')
})

describe('groups', () => {
  test('father and son are not joined by way of a brother, whatever the order', () => {
    const apart = new Set(['0-2', '2-0'])
    const links = [
      { a: 0, b: 1, bits: 20 },
      { a: 1, b: 2, bits: 19 },
    ]
    for (const given of [links, links.toReversed()]) {
      const { kept, groups } = joinLinks(given, (a, b) => !apart.has(`${a}-${b}`))
      expect(given.filter((_, at) => kept[at])).toEqual([links[0]])
      expect(groups).toEqual([[0, 1]])
    }
  })

  test('no group ever holds two that may not stand together', () => {
    const pair = fc.record({ a: fc.nat(12), b: fc.nat(12), bits: fc.nat(30) }).filter(({ a, b }) => a !== b)
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 40 }), fc.array(pair, { maxLength: 20 }), (links, different) => {
        const apart = new Set(different.flatMap(({ a, b }) => [a * 100 + b, b * 100 + a]))
        const { kept, groups } = joinLinks(links, (a, b) => !apart.has(a * 100 + b))
        for (const group of groups)
          for (const a of group) for (const b of group) expect(a !== b && apart.has(a * 100 + b)).toBe(false)
        const groupOf = new Map(groups.flatMap((group) => group.map((record) => [record, group] as const)))
        links.forEach(({ a, b }, at) => expect(kept[at]).toBe(groupOf.has(a) && groupOf.get(a) === groupOf.get(b)))
      }),
    )
  })
})
