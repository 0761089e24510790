import { describe, expect, test } from 'vitest'
import { makeBlocks } from './blocks.ts'
import { countTerms, emptyComparison, F, recordComparer } from './compare.ts'
import { assembleCrew } from './crew.ts'
import { L } from './likeness.ts'
import { linkRecords } from './link.ts'
import { GIVEN } from './lists.ts'
import { type PersonRecord, rollOf } from './roll.ts'
import type { Scored } from './tasks.ts'

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

test('several threads find what one finds', async () => {
  const people = Array.from({ length: 60 }, (_, at) => ({
    ...record(`${at}`, `${boy(at % 9)}ов ${boy((at % 9) + 60)}`, 19700211 + (at % 5)),
    documents: [`A${4711000 + (at % 20)}`],
  }))
  const roll = rollOf(people)
  const blocks = makeBlocks(roll)
  const { weights } = await linkRecords(roll)
  const half = Math.floor(blocks.memberAt.length / 2)
  const [early, late] = [
    { blocks, from: 0, to: half },
    { blocks, from: half, to: blocks.memberAt.length - 1 },
  ]
  const found = []
  for (const threads of [1, 3]) {
    const crew = assembleCrew({ roll, second: 0 }, threads)
    found.push([
      await crew.run([{ space: 1770 }]),
      await crew.run([early, late].map((range) => ({ ...range, sample: 1 }))),
      await crew.run([early, late].map((range) => ({ ...range, weights, atLeast: 0.1 }))),
    ])
    await crew.end()
  }
  expect(found[1]).toEqual(found[0])
  expect((found[0]!.at(-1) as Scored[]).every(({ a }) => a.length > 0)).toBe(true)
})

const doubled = (people: readonly PersonRecord[]) => people.flatMap((one) => [one, { ...one, id: `${one.id}'` }])
const eachWithCopy = (count: number) => Array.from({ length: count }, (_, at) => `${2 * at}-${2 * at + 1}`)

describe('names alone', () => {
  test.each([[2], [6], [40], [300]])('of two words, in one column: %i people, each twice', async (count) => {
    const people = Array.from({ length: count }, (_, at) => record(`${at}`, `${boy(at)}зода ${boy(at * 3 + 100)}`))
    expect(pairsOf(await linkRecords(rollOf(doubled(people))))).toEqual(eachWithCopy(count))
  })

  test('brothers, in parts, are not taken for what one person’s records look like', async () => {
    const people = Array.from({ length: 12 }, (_, family) =>
      [0, 1, 2].map((son) => ({
        ...record(`${family}-${son}`, ''),
        names: [
          {
            family: `${boy(family)}ов`,
            given: boy(family * 3 + son + 200),
            patronymic: `${boy(family + 50)}ович`,
          },
        ],
      })),
    ).flat()
    expect(pairsOf(await linkRecords(rollOf(doubled(people))))).toEqual(eachWithCopy(36))
  })
})

test.each([[10], [40], [120]])(
  'in a list of %i rows, most of them doublets, no better agreement weighs less',
  async (rows) => {
    const slip = (number: string, at: number) => (at % 3 === 1 ? number.replace(/.$/, String(at % 10)) : number)
    const people = Array.from({ length: rows }, (_, at) => ({
      ...record(
        `${at}`,
        `${boy(at >> 2)}ов ${boy((at >> 2) + 60)}`,
        19700211 + (at >> 2) * 10_000 + (at % 5 === 4 ? 1 : 0),
      ),
      documents: [slip(`A${4711000 + (at >> 2) * 7919}`, at)],
      values: [`${boy(at >> 2)} кӯчаи ${at % 4 === 3 ? 2 : 3}`],
    }))
    const { weights } = await linkRecords(rollOf(people, ['address']))
    const bits = weights.fields.map(({ m, u }) =>
      m.map((share, level) => (level === 0 ? 0 : Math.log2(share / u[level]!))),
    )
    for (const of of bits) {
      const falling = [L.exact, L.near, L.far, L.differs].map((level) => Math.round(of[level]! * 1e6))
      expect(falling).toEqual(falling.toSorted((a, b) => b - a))
      for (const level of [L.same, L.stem, L.variant, L.part]) {
        expect(of[level]).toBeLessThanOrEqual(of[L.exact]! + 1e-6)
        expect(of[level]).toBeGreaterThanOrEqual(of[L.differs]! - 1e-6)
      }
    }
  },
)
