import { expect, test } from 'vitest'
import { LANGUAGES } from '#kernel/i18n/languages.ts'
import { testDatabase } from '../../../test/database.ts'
import { LIST_COLUMNS } from './columns.ts'

test('what was made of a cell is said in words, in each language, never as it is stored', async () => {
  const database = await testDatabase()
  const stored = {
    ends: [
      'unknown',
      'indefinite',
      '2029-02-01',
      'P5Y',
      '2024-02-01/P5Y',
      '2024-02-01/unknown',
      'removal/P5Y',
      'execution/P5Y',
      'decision/P3Y',
    ],
    starts_on: ['?', '2024-02-01'],
    status: ['lifted', 'lifted/2024-02-01', 'served/2024-02-01', 'appealed', 'in_force'],
    measure: ['entry_ban', 'border_refusal'],
  }
  for (const lang of LANGUAGES)
    for (const [name, values] of Object.entries(stored))
      for (const value of values) {
        const { said } = LIST_COLUMNS.find((field) => field.name === name)!
        const words = said!(database.ctx({ lang }), value)
        expect(words).not.toMatch(/unknown$|indefinite$|P5Y|P3Y|removal|execution|decision\/|\?|_|expulsions\./)
        expect(words).not.toContain('2024-02')
      }
  const { said } = LIST_COLUMNS.find(({ name }) => name === 'ends')!
  expect(said!(database.ctx({ lang: 'ru' }), 'unknown')).toBe('срок не указан')
  await database.drop()
})
