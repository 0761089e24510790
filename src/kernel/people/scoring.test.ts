import { expect, test } from 'vitest'
import { rollOf } from './matching/roll.ts'
import { pairScorer } from './matching/score.ts'
import { SIMULATED_VALUES, weightsFor } from './matching/simulated-weights.ts'
import { asPerson, type Comparable, scoreAgainst } from './scoring.ts'

const KNOWN = { version: 'test', persons: 2_000_000, share: new Map(), average: [] }
const [PASSPORT, OTHER] = ['a1'.repeat(32), 'b2'.repeat(32)] as [string, string]

const record = (more: Partial<Comparable>): Comparable => ({
  ...{ record_id: '', names: [{ whole: 'Раҳимов Фирдавс Ҷамшедович' }], birth: 19_870_314, sex: null },
  ...{ citizenship: null, home_district: null, documents: [] },
  ...more,
})

test('what a record does not state is left out beside it, and every score is as if it were not', () => {
  const stated = [
    record({}),
    record({ documents: [PASSPORT], document_countries: ['TJ'] }),
    record({ citizenship: 'TJ', home_district: 'ноҳияи Рӯдакӣ' }),
    record({ names: [{ whole: 'Rahimov Firdavs' }], birth: 19_870_000, home_district: 'Кӯлоб', documents: [OTHER] }),
    record({ sex: 'female', citizenship: 'UZ', documents: [OTHER, PASSPORT], document_countries: [null, 'RU'] }),
  ]
  const roll = rollOf(
    stated.map((one) => asPerson(one)),
    SIMULATED_VALUES,
  )
  const whole = pairScorer(roll, weightsFor(KNOWN.persons), () => 0)
  for (const [at, one] of stated.entries())
    expect(scoreAgainst(one, stated, KNOWN)).toEqual(stated.map((_, other) => whole(at, other)))
  const fields = (one: number, other: number) =>
    scoreAgainst(stated[one]!, stated, KNOWN)[other]!.fields.map(({ field }) => field)
  expect(fields(1, 4)).toContain('document')
  expect(fields(2, 3)).toContain(SIMULATED_VALUES[1])
  for (const nothing of ['document', ...SIMULATED_VALUES]) expect(fields(0, 4)).not.toContain(nothing)
})
