import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import type { StaffActor } from '../context.ts'
import { Problem } from '../problem.ts'
import { type Registry, registryOf } from './fixtures/registry.ts'
import { mergePersons, setApart, splitRecord, takeBack } from './identity.ts'

let database: TestDatabase
let registry: Registry
let officer: StaffActor
let persons: string[]
beforeAll(async () => {
  database = await testDatabase()
  registry = await registryOf(database)
  officer = await registry.officer(registry.national)
})
afterAll(() => database.drop())

// Six people whom nothing connects, anew for every test.
const NAMES = ['Ашуров Ҳотам', 'Бобоев Сино', 'Воҳидова Лола', 'Ғафуров Эраҷ', 'Додоҷонова Парвина', 'Ёров Умед']
let turn = 0
beforeEach(async () => {
  turn++
  const rows = NAMES.map((whole, at) => ({
    names: [{ whole: `${whole} ${String.fromCharCode(0x430 + turn).repeat(3)}` }],
    birth: (1950 + turn) * 10_000 + (at + 1) * 100 + 7,
  }))
  persons = (await registry.receive(registry.national, ...rows)).map(({ person_id }) => person_id)
})

const act = <T>(work: Parameters<Registry['as']>[1]) => registry.as(officer, work) as Promise<T>
const merge = (one: string, into: string) =>
  registry.as(officer, (ctx) => mergePersons(ctx, one, into, { reason: 'officer' }))

/** All that tells who is counted as whom. */
async function state() {
  const [people, findings, links, apart] = await Promise.all([
    database.owner.selectFrom('people.person').select(['id', 'root', 'merged_into']).orderBy('id').execute(),
    database.owner.selectFrom('people.finding').select(['record_id', 'person_id']).orderBy('record_id').execute(),
    database.owner.selectFrom('people.link').select(['record_id', 'person_id']).orderBy('record_id').execute(),
    database.owner
      .selectFrom('people.apart')
      .select(['left_id', 'right_id'])
      .orderBy('left_id')
      .orderBy('right_id')
      .execute(),
  ])
  return { people, findings, links, apart }
}

const refused = (promise: Promise<unknown>, kind: Problem['kind']) =>
  expect(promise.catch((error: unknown) => (error instanceof Problem ? error.kind : error))).resolves.toBe(kind)

describe('merging', () => {
  test('any merges, taken back in any order, leave everything as it was', async () => {
    const before = await state()
    const pair = fc.tuple(fc.nat(5), fc.nat(5))
    await fc.assert(
      fc.asyncProperty(
        fc.array(pair, { minLength: 1, maxLength: 8 }),
        fc.infiniteStream(fc.nat(100)),
        async (pairs, order) => {
          const events: string[] = []
          for (const [a, b] of pairs)
            await merge(persons[a]!, persons[b]!)
              .then((event) => events.push(event))
              .catch(() => {})
          while (events.length > 0) {
            const [event] = events.splice(order.next().value! % events.length, 1)
            await act((ctx) => takeBack(ctx, event!))
          }
          expect(await state()).toEqual(before)
        },
      ),
      { numRuns: 25 },
    )
  }, 120_000)

  test('a merge taken back restores what later merges had built upon it', async () => {
    const [a, b, c] = persons as [string, string, string]
    const first = await merge(a, b)
    const second = await merge(b, c)
    const root = async (id: string) =>
      (await database.owner.selectFrom('people.person').select('root').where('id', '=', id).executeTakeFirstOrThrow())
        .root
    expect(await Promise.all([a, b, c].map(root))).toEqual([c, c, c])
    await act((ctx) => takeBack(ctx, first))
    expect(await Promise.all([a, b, c].map(root))).toEqual([a, c, c])
    await act((ctx) => takeBack(ctx, second))
    expect(await Promise.all([a, b, c].map(root))).toEqual([a, b, c])
  })

  test('twice the same is a conflict, and so is taking back twice', async () => {
    const [a, b] = persons as [string, string]
    const event = await merge(a, b)
    await refused(merge(b, a), 'conflict')
    await act((ctx) => takeBack(ctx, event))
    await refused(
      act((ctx) => takeBack(ctx, event)),
      'conflict',
    )
  })
})

describe('different', () => {
  test('is remembered for all whom either is merged with, and only until it is taken back', async () => {
    const [a, b, c, d] = persons as [string, string, string, string]
    const apart = await act<string>((ctx) => setApart(ctx, a, b, 'officer'))
    await merge(a, c)
    await merge(b, d)
    await refused(merge(c, d), 'conflict')
    await refused(merge(d, a), 'conflict')
    await act((ctx) => takeBack(ctx, apart))
    await merge(c, d)
  })

  test('a record that was linked wrongly gets a person of its own, which is kept apart; back is exactly as before', async () => {
    const same = {
      names: [{ family: 'Қурбонов', given: 'Фирдавс', patronymic: 'Ализода' }],
      birth: 19880623,
      sex: 'male' as const,
      documents: [{ kind: 'passport' as const, number: 'A7654321' }],
    }
    await registry.receive(registry.national, same)
    const [second] = await registry.receive(registry.national, { ...same, citizenship: 'TJ' })
    expect(second!.outcome).toBe('linked')
    const before = await state()
    const { event_id, person_id } = await act<{ event_id: string; person_id: string }>((ctx) =>
      splitRecord(ctx, second!.record_id),
    )
    expect((await state()).findings.find(({ record_id }) => record_id === second!.record_id)).toMatchObject({
      person_id,
    })
    await refused(merge(person_id, second!.person_id), 'conflict')
    await act((ctx) => takeBack(ctx, event_id))
    const after = await state()
    expect({ ...after, people: after.people.filter(({ id }) => id !== person_id) }).toEqual(before)
  })
})

test('what a source stated, and what was decided, cannot be changed, not even by the owner', async () => {
  for (const table of ['source', 'record', 'document', 'event'])
    for (const statement of [
      `update people.${table} set id = id`,
      `delete from people.${table}`,
      `truncate people.${table} cascade`,
    ])
      await expect(
        database.owner.executeQuery({ sql: statement, parameters: [], query: { kind: 'RawNode' } } as never),
      ).rejects.toThrow(/never changed or removed/)
})
