import { expect, test } from 'vitest'
import { person, score } from '../fixtures/persons.ts'
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

test('a slip in a known name, or in any where the document is equal, is linked', () => {
  expect(score(boy('Фаридун'), boy('Фаридум', { documents: ['B7654321'] })).decision).toBe('link')
  expect(score(boy('Сайдамир'), boy('Сайдамин')).decision).toBe('link')
})

test('father and son in whole names, whatever the order', () => {
  const whole = (name: string) => person({ names: [{ whole: name }], documents: [] })
  const father = whole('Раҳимов Саид Каримович')
  expect(score(father, whole('Rahimov Karim Saidovich')).decision).toBe('apart')
  expect(score(father, whole('Карим Саидзода Раҳимов')).decision).toBe('apart')
})
