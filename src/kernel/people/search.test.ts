import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import type { StaffActor } from '../context.ts'
import { type Registry, registryOf } from './fixtures/registry.ts'
import { askFrequenciesAnew } from './scoring.ts'
import { searchPeople } from './search.ts'

let database: TestDatabase
let registry: Registry
let officer: StaffActor
beforeAll(async () => {
  database = await testDatabase()
  registry = await registryOf(database)
  officer = await registry.officer(registry.national)
})
afterAll(() => database.drop())

/** Who is shown, in their order, by the name each was received under. */
async function shown(question: { name?: string; birth?: number; document?: string }): Promise<string[]> {
  const { found } = await registry.as(officer, (ctx) =>
    searchPeople(ctx, { ...question, purpose: 'request', words: null }),
  )
  return found.map(({ names: [{ family, given } = {}] }) => `${family} ${given}`)
}

describe('one surname', () => {
  const equal = ['Раҳимов Далер', 'Раҳимова Зарина', 'Rahimov Firuz', 'Рахимзода Умед', 'Раҳим Толиб']
  const near = ['Раҳмон Далер', 'Rakhmon Ali', 'Раҳмонов Сино', 'Рахамов Икром']
  const others = [
    'Каримов Рустам',
    'Каримова Нигора',
    'Karimzoda Anvar',
    'Қаҳрамон Саид',
    'Қаҳрамонов Баҳром',
    'Каромов Баҳром',
  ]
  beforeAll(() =>
    registry.receive(
      registry.national,
      ...[...near, ...equal, ...others].map((name, at) => {
        const [family, given] = name.split(' ') as [string, string]
        return { names: [{ family, given }], birth: 19700312 + at * 10_000 }
      }),
    ),
  )

  test.each(['Раҳимов', 'Рахимов', 'Rahimov', 'РАҲИМОВА', 'Rakhimzoda'])(
    '%s: in any script and with any ending first, whatever is only near after them',
    async (name) => {
      const found = await shown({ name })
      expect(found.slice(0, equal.length).toSorted()).toEqual(equal.toSorted())
    },
  )

  test('Karimov does not bring Қаҳрамон before a Каримова', async () => {
    const found = await shown({ name: 'Karimov' })
    expect(found.slice(0, 3).toSorted()).toEqual(['Karimzoda Anvar', 'Каримов Рустам', 'Каримова Нигора'])
    expect(found).not.toContain('Қаҳрамон Саид')
  })
})

test.each(['as learnt of nobody', 'as learnt of many'])(
  'an ending before a slip, also beside a birth date and another word; names weigh %s',
  async (learnt) => {
    if (learnt === 'as learnt of many') await learnOf(['карим', 'рахим'])
    const birth = 19661130
    await registry.receive(
      registry.national,
      { names: [{ family: 'Сангинав', given: 'Ораз' }], birth },
      { names: [{ family: 'Сангинзода', given: 'Ораз' }], birth },
    )
    expect((await shown({ name: 'Сангинов', birth }))[0]).toBe('Сангинзода Ораз')
    expect((await shown({ name: 'Сангинов Ораз', birth }))[0]).toBe('Сангинзода Ораз')
    expect((await shown({ name: 'Сангинов Ораз' }))[0]).toBe('Сангинзода Ораз')
  },
)

/** As if one name in twenty were each of these, and no other had ever been seen. */
async function learnOf(sounds: readonly string[]): Promise<void> {
  await database.owner
    .insertInto('people.frequency')
    .values(sounds.map((term) => ({ field: 0, term, share: 0.05 })))
    .execute()
  await database.owner.insertInto('people.frequency_state').values({ version: 'test', persons: 5_000_000n }).execute()
  askFrequenciesAnew(database)
}

describe('a new passport, and the patronymic where the given name stands', () => {
  beforeAll(() =>
    registry.receive(
      registry.national,
      {
        names: [{ family: 'Назаров', given: 'Фируз', patronymic: 'Комилович' }],
        birth: 19880417,
        sex: 'male',
        documents: [{ kind: 'passport', country: 'TJ', number: 'A5550001' }],
      },
      {
        names: [{ family: 'Ҷӯраева', given: 'Нилуфар', patronymic: 'Саидовна' }],
        birth: 19920908,
        sex: 'female',
        documents: [{ kind: 'passport', country: 'TJ', number: 'A5550002' }],
      },
      // Strangers who share the day.
      { names: [{ family: 'Комилов', given: 'Далер', patronymic: 'Саидович' }], birth: 19880417, sex: 'male' },
      { names: [{ family: 'Саидова', given: 'Манижа', patronymic: 'Фаррухзода' }], birth: 19920908, sex: 'female' },
    ),
  )

  test.each([
    ['Назаров Комил', 'B7770001'],
    ['Комилович Назаров', 'B7770001'],
    ['Nazarov Komil', undefined],
    ['Комил Назарзода', undefined],
    ['Комил Фируз', undefined],
    ['Комилов Фируз Назар', 'B7770001'],
  ])('%s, with the birth date', async (name, document) => {
    expect((await shown({ name, birth: 19880417, ...(document && { document }) }))[0]).toBe('Назаров Фируз')
  })

  test.each(['Саид Ҷураева', 'Jurayeva Saidovna', 'Саидзода Нилуфар'])('%s, with the birth date', async (name) => {
    expect((await shown({ name, birth: 19920908 }))[0]).toBe('Ҷӯраева Нилуфар')
  })
})

test('a number asked for before anybody was received is found as soon as somebody bears it; not by whoever may not search', async () => {
  const empty = await testDatabase()
  try {
    const fresh = await registryOf(empty)
    const asking = await fresh.officer(fresh.national)
    const ask = (as: StaffActor) =>
      fresh.as(as, async (ctx) => {
        const question = { document: 'A7654321', purpose: 'request' as const, words: null }
        return (await searchPeople(ctx, question)).found.length
      })
    expect(await ask(asking)).toBe(0)
    const documents = [{ kind: 'passport' as const, country: 'TJ', number: 'A 7654321' }]
    await fresh.receive(fresh.national, { names: [{ family: 'Назаров', given: 'Фируз' }], birth: 19880417, documents })
    // Asked twice: the second time the key is known already.
    expect([await ask(asking), await ask(asking)]).toEqual([1, 1])
    await expect(ask({ ...asking, permissions: new Set() })).rejects.toThrow()
    await expect(ask({ ...asking, user_id: fresh.national })).rejects.toThrow()
  } finally {
    await empty.drop()
  }
})

describe('an office that sees its own records only', () => {
  const namesake = (given: string, at: number) => ({
    names: [{ family: 'Ҳусейнов', given, patronymic: 'Бобоевич' }],
    birth: 19400101 + at * 10_000,
  })
  let clerk: StaffActor
  beforeAll(async () => {
    clerk = await registry.officer(registry.other)
    const others = Array.from({ length: 60 }, (_, at) => namesake(at % 2 ? 'Шералӣ' : 'Собир', at))
    await registry.receive(registry.national, ...others)
    await registry.receive(registry.other, namesake('Шералӣ', 61), namesake('Шералӣ', 62))
  })
  const asked = (question: { name: string; birth?: number }) =>
    registry.as(clerk, async (ctx) => {
      const read = await rowsRead(ctx.db)
      const { found } = await searchPeople(ctx, { ...question, purpose: 'request', words: null })
      return { births: found.map(({ birth }) => birth).toSorted(), read: (await rowsRead(ctx.db)) - read }
    })
  // Counted for the connection, not for the transaction alone.
  const rowsRead = async (db: typeof database.db) => {
    const { rows } = await sql<{ read: string }>`
      select pg_stat_get_xact_tuples_fetched('people.finding'::regclass)::text as read`.execute(db)
    return Number(rows[0]!.read)
  }

  test.each([
    { name: 'Ҳусейнов' },
    { name: 'Ҳусейнов Шералӣ' },
    { name: 'Huseynov Sherali Boboevich' },
    { name: 'Ҳусейнов Шералӣ', birth: 20010101 },
  ])('finds them among sixty of others: $name $birth', async (question) => {
    expect((await asked(question)).births).toEqual([20010101, 20020101])
  })

  test.each([{ name: 'Собир' }, { name: 'Собир Ҳусейнзода' }, { name: 'Собир Бобоевич', birth: 19400101 }])(
    'reads nobody of theirs: $name $birth',
    async (question) => {
      expect((await shown(question)).length).toBeGreaterThan(10)
      expect(await asked(question)).toEqual({ births: [], read: 0 })
    },
  )
})
