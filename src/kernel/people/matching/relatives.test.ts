import { describe, expect, test } from 'vitest'
import { person, score } from '../fixtures/persons.ts'
import type { PersonName } from './names.ts'
import type { PersonRecord } from './roll.ts'

const boy = (given: string, other: Partial<PersonRecord> = {}) =>
  person({ names: [{ family: 'Раҳимов', given, patronymic: 'Саидович' }], ...other })
test.each([
  // No list of names has them all: what is one letter apart may be a twin, whose passport is the next.
  ['next passports', boy('Сайдамир'), boy('Сайдамин', { documents: ['A1234568'] })],
  ['other passports', boy('Моҳинабону'), boy('Шоҳинабону', { documents: ['A7234999'] })],
  ['further apart, next passports', boy('Зебиниссо'), boy('Зайниниссо', { documents: ['A1234568'] })],
  ['whole names', boy('Сайдамир'), person({ names: [{ whole: 'Rahimov Saidamin Saidovich' }], documents: [] })],
  ['a boy and a girl', boy('Ҷаҳоншер', { sex: null }), boy('Ҷаҳоншера', { sex: null, documents: [] })],
  [
    'a boy and a girl by their endings',
    person({ sex: null, names: [{ family: 'Раҳимов', given: 'Сайдо', patronymic: 'Саидович' }] }),
    person({ sex: null, names: [{ family: 'Раҳимова', given: 'Сайдо', patronymic: 'Саидовна' }] }),
  ],
])('twins with names alike are never linked by themselves: %s', (_what, one, other) => {
  expect(score(one, other).decision).not.toBe('link')
  expect(score(other, one).decision).not.toBe('link')
})

// Rhyming names, as twins are given: of most of them one at least has stood in no list of names.
const RHYMES = [
  ['Ҳалим', 'Салим'],
  ['Насим', 'Назим'],
  ['Алиакбар', 'Алиасғар'],
  ['Баҳодур', 'Баҳор'],
  ['Хайрулло', 'Файрулло'],
  ['Муҳаммадалӣ', 'Муҳаммадвалӣ'],
  ['Парвиз', 'Парвин'],
  ['Камила', 'Ҷамила'],
  ['Карим', 'Калим'],
  ['Ҳаким', 'Ҳалим'],
  ['Сайдамир', 'Сайдамин'],
  ['Салим', 'Талим'],
  // They end like surnames.
  ['Шерзод', 'Черзод'],
  ['Сафар', 'Кафар'],
] as const
const countries = ['TJ']
describe.each(RHYMES)('%s and %s, twins', (one, other) => {
  test.each([
    ['with other passports', { documents: ['A1234567'], countries }, { documents: ['B7654321'], countries }],
    ['with passports that follow each other', { documents: ['A1234567'] }, { documents: ['A1234568'] }],
    ['one without a passport', {}, { documents: [] }],
    ['both without', { documents: [] }, { documents: [] }],
  ])('%s, are never linked by themselves', (_what, here, there) => {
    expect(score(boy(one, here), boy(other, there)).decision).not.toBe('link')
    const crossed = boy('', { ...there, names: [{ family: other, given: 'Раҳимов', patronymic: 'Саидович' }] })
    expect(score(boy(one, here), crossed).decision).not.toBe('link')
    const whole = boy('', { ...there, names: [{ whole: `${other} Саидович Раҳимов` }] })
    expect(score(boy(one, here), whole).decision).not.toBe('link')
  })

  test('get no ban of each other, though the one stands there with the number of the other', () => {
    for (const names of [
      [{ family: 'Раҳимов', given: other, patronymic: 'Саидович' }],
      [{ family: other, given: 'Раҳимов', patronymic: 'Саидович' }],
      [{ family: 'Раҳимов', given: `${other[0]}.`, patronymic: 'Саидович' }],
      [{ whole: `Раҳимов ${other}` }],
    ])
      expect([names, score(boy(one), boy('', { names })).adverse]).toEqual([names, 'two_officers'])
  })
})

// Of a rare surname one district has few.
const RARE = { family: 'Шоҳмансурзода', given: 'Ҷамшед', patronymic: 'Файзраҳмонович' }
test.each([
  ['no given name', { family: RARE.family, patronymic: RARE.patronymic }],
  ['whole, no given name', { whole: `${RARE.family} ${RARE.patronymic}` }],
  ['the surname where the given name stands', { given: RARE.family, patronymic: RARE.patronymic }],
])('of twins nobody knows which one is meant: %s', (_what, name) => {
  const [one, document] = [
    person({ names: [RARE] }),
    (number: string) => person({ names: [name], documents: [number] }),
  ]
  expect(score(one, document('A1234568')).decision).toBe('review')
  expect(score(one, document('B7654321')).decision).not.toBe('link')
  expect(score(one, document('A1234567')).decision).toBe('link')
})

test.each<[string, PersonName, PersonName?]>([
  ['a letter', { ...RARE, given: 'Ҷ.' }],
  ['letters, whole', { whole: `${RARE.family} Ҷ.Ф.` }],
  ['a letter, exchanged', { ...RARE, given: 'Ҷ.' }, { ...RARE, family: 'Ҷ.', given: RARE.family }],
  ['the patronymic', { family: RARE.family, given: RARE.patronymic }],
])('nor where both say no more of the given name than %s', (_what, name, again = name) => {
  const one = person({ names: [name] })
  const other = (...documents: string[]) => score(one, person({ names: [again], documents })).decision
  expect([other('B7654321'), other()]).toEqual(['review', 'review'])
  expect(other('A1234567')).toBe('link')
})

test('nor where both have the surname in its place: a slip in what stands for the surname may be another name', () => {
  const exchanged = (given: string, ...documents: string[]) =>
    person({ names: [{ ...RARE, family: given, given: RARE.family }], documents })
  const one = exchanged('Зокиуи', 'A1234567')
  expect(score(one, exchanged('Яокиуи', 'B7654321')).decision).toBe('review')
  expect(score(one, exchanged('Яокиуи')).decision).toBe('review')
  expect(score(one, exchanged('Яокиуи', 'A1234567')).decision).toBe('link')
})

test('two given names of one and another one are compared as others are', () => {
  const [both, other] = ['Ҷамшед Алишер', 'Рустам'].map((given) => person({ names: [{ ...RARE, given }] }))
  expect(score(both!, other!).conflicts).toContain('name')
})

test('two given names that end like surnames are given names all the same', () => {
  expect(score(boy('Черзод'), boy('Терзод', { documents: ['B7654321'] })).decision).not.toBe('link')
  expect(score(boy('Черзод'), boy('Терзод')).adverse).toBe('two_officers')
})

test('an initial is no given name: twins begin alike', () => {
  expect(score(boy('Ҳасан'), boy('Ҳ.', { documents: ['B7654321'] })).decision).not.toBe('link')
})

test('a slip in a given name is linked where the document is equal, or one sign off that is not its neighbour', () => {
  expect(score(boy('Фаридун'), boy('Фаридум')).decision).toBe('link')
  expect(score(boy('Сайдамир'), boy('Сайдамин')).decision).toBe('link')
  expect(score(boy('Фаридун'), boy('Фаридум', { documents: ['A7234567'] })).decision).toBe('link')
})

test('a ban attaches to the same name in another script or spelling', () => {
  expect(score(boy('Исҳоқ'), boy('Iskhok')).adverse).toBe('attach')
  expect(score(boy('Муҳаммад'), boy('Махмад')).adverse).toBe('attach')
})

test('father and son in whole names, whatever the order', () => {
  const whole = (name: string) => person({ names: [{ whole: name }], documents: [] })
  const father = whole('Раҳимов Саид Каримович')
  expect(score(father, whole('Rahimov Karim Saidovich')).decision).toBe('apart')
  expect(score(father, whole('Карим Саидзода Раҳимов')).decision).toBe('apart')
})
