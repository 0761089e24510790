import { expect, test } from 'vitest'
import { countTerms, emptyComparison, F, recordComparer } from './compare.ts'
import { L } from './likeness.ts'
import { linkRecords } from './link.ts'
import { GIVEN } from './lists.ts'
import { type PersonRecord, rollOf } from './roll.ts'

const BOYS = GIVEN.filter(({ sex }) => sex === 'm').map(({ spellings }) => spellings[0]!)
// Scattered over the list, each time the same.
const boy = (number: number) => BOYS[(number * 7919) % BOYS.length]!
const SYSTEM =
  'а=a б=b в=v г=g ғ=gh д=d е=e ё=yo ж=zh з=z и=i ӣ=i й=y к=k қ=q л=l м=m н=n о=o п=p р=r с=s т=t у=u ӯ=u ф=f х=kh ҳ=h ч=ch ҷ=j ш=sh э=e ю=yu я=ya ъ='
const LATIN = new Map(SYSTEM.split(' ').map((pair) => pair.split('=') as [string, string]))
const latin = (name: string) => Array.from(name.toLowerCase(), (letter) => LATIN.get(letter) ?? letter).join('')

const record = (id: string, whole: string, birth: number | null = null): PersonRecord => ({
  ...{ id, names: [{ whole }], birth, sex: null, documents: [], values: [] },
})
const pairsOf = ({ links }: Awaited<ReturnType<typeof linkRecords>>) => links.map(({ a, b }) => `${a}-${b}`)

test('two short lists of the same people in two scripts, by their names alone', async () => {
  const names = Array.from({ length: 30 }, (_, at) => `${boy(at)}зода ${boy(at + 100)} ${boy(at + 200)}`)
  const lists = [
    ...names.map((name, at) => record(`a${at}`, name)),
    ...names.map((name, at) => record(`b${at}`, latin(name))),
  ]
  expect(pairsOf(await linkRecords(rollOf(lists), names.length))).toEqual(
    names.map((_, at) => `${at}-${names.length + at}`),
  )
})

test('of whole names, what follows a word that differs says nothing more', () => {
  const roll = rollOf([record('a', 'Каримов Рустам Саидович'), record('b', 'Каримов Далер Алиевич')])
  const comparison = emptyComparison(roll)
  recordComparer(roll, countTerms(roll))(0, 1, comparison)
  expect(Array.from(comparison.levels.subarray(F.first, F.third + 1))).toEqual([L.exact, L.differs, L.unknown])
})

test('a list of many doublets: what strangers agree in is not learnt from them', async () => {
  const people = Array.from({ length: 40 }, (_, at) =>
    record('', `${boy(at)}ов ${boy(at + 60)}`, 19700000 + at * 10_000 + 101 + (at % 11) * 100 + at),
  )
  const lists = people.flatMap((one, who) => [0, 1, 2, 3].map((copy) => ({ ...one, id: `${who}-${copy}` })))
  expect(pairsOf(await linkRecords(rollOf(lists)))).toHaveLength(40 * 6)
})

test.each([[0], [1], [2]])('a list of %i records', async (count) => {
  const lists = Array.from({ length: count }, (_, at) => record(String(at), 'Каримов Рустам', 19900312))
  expect((await linkRecords(rollOf(lists))).links.length).toBeLessThanOrEqual(1)
})
