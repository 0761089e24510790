import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import type { Ctx } from '../context.ts'
import { newId } from '../ids.ts'
import type { StatedRecord } from './facts.ts'
import { type Registry, registryOf } from './fixtures/registry.ts'
import { KEYS_VERSION } from './matching/keys.ts'
import { searchPeople } from './search.ts'

let database: TestDatabase
let registry: Registry
beforeAll(async () => {
  database = await testDatabase()
  registry = await registryOf(database)
})
afterAll(() => database.drop())

const count = async (
  table: 'people.record' | 'people.person' | 'people.event' | 'people.finding' | 'people.document',
) =>
  Number(
    (
      await database.owner
        .selectFrom(table)
        .select((e) => e.fn.countAll().as('n'))
        .executeTakeFirstOrThrow()
    ).n,
  )

describe('receiving', () => {
  test('a record makes a person; the same person in another script and with another ending is the same', async () => {
    const [first] = await registry.receive(registry.national, {
      names: [{ family: 'Сафаров', given: 'Бахтиёр', patronymic: 'Каримович' }],
      birth: 19910412,
      sex: 'male',
      documents: [{ kind: 'passport', country: 'TJ', number: 'А 0123456' }],
    })
    expect(first!.outcome).toBe('created')
    const [second] = await registry.receive(registry.national, {
      names: [{ whole: 'Bakhtiyor Safarzoda Karim' }],
      birth: 19910412,
      sex: 'male',
      documents: [{ kind: 'passport', country: 'TJ', number: 'A0123456' }],
    })
    expect(second).toMatchObject({ outcome: 'linked', person_id: first!.person_id })
  })

  test('no key waits outside the index, where every search would read it', async () => {
    const waiting = async () =>
      (
        await sql<{ pages: string }>`select gin_clean_pending_list('people.finding_keys') as pages`.execute(
          database.owner,
        )
      ).rows[0]!.pages
    await registry.receive(registry.national, {
      names: [{ family: 'Шоев', given: 'Умед' }],
      birth: 19700401,
      documents: [],
    })
    expect(String(await waiting())).toBe('0')
    // Another version of a row stands in all indexes anew.
    for (const keys_version of [KEYS_VERSION - 1, KEYS_VERSION]) {
      await database.owner.updateTable('people.finding').set({ keys_version }).execute()
      expect(String(await waiting())).toBe('0')
    }
  })

  test('repeating rows changes nothing, in the same file and later', async () => {
    const source = { custodian: registry.national, kind: 'file', label: 'Twice', sha256: Buffer.alloc(32, 5) } as const
    const rows = [
      {
        names: [{ family: 'Назарова', given: 'Мадина' }],
        birth: 19850000,
        sex: 'female',
        documents: [],
        adverse: false,
      },
      {
        names: [{ family: 'Назарова', given: 'Мадина' }],
        birth: 19850000,
        sex: 'female',
        documents: [],
        adverse: false,
      },
    ] as const
    const { openSource, receiveRecords } = await import('./receive.ts')
    const once = () =>
      database.owner.transaction().execute(async (db) => {
        const ctx = { ...registry.system(), db }
        return receiveRecords(ctx, await openSource(ctx, source), rows)
      })
    const first = await once()
    const [records, persons, events] = [
      await count('people.record'),
      await count('people.person'),
      await count('people.event'),
    ]
    const again = await once()
    expect(first.map(({ outcome }) => outcome)).toEqual(['created', 'same'])
    expect(again.map(({ outcome }) => outcome)).toEqual(['same', 'same'])
    expect(again.map(({ person_id }) => person_id)).toEqual(first.map(({ person_id }) => person_id))
    expect([await count('people.record'), await count('people.person'), await count('people.event')]).toEqual([
      records,
      persons,
      events,
    ])
  })
})

describe('an adverse row', () => {
  let day = 0
  const attaches = async (here: Partial<StatedRecord>, ban: Partial<StatedRecord>) => {
    const birth = 19700101 + ++day
    const [person] = await registry.receive(registry.national, { birth, ...here })
    const [row] = await registry.receive(registry.national, { birth, ...ban, adverse: true })
    return row!.person_id === person!.person_id
  }
  const passport = (number: string) => [{ kind: 'passport', country: 'TJ', number } as const]
  const named = (given: string, number: string, family = 'Тошматов') => ({
    names: [{ family, given }],
    documents: passport(number),
  })

  test.each([
    ['Умед', 'Умед'],
    ['Раҳматулло', 'Рахматуло'],
    ['Иброҳим', 'Ибрагим'],
  ])('attaches by document and birth: %s and %s', async (one, other) => {
    const number = `A55500${++day}`
    expect(await attaches(named(one, number), named(other, number))).toBe(true)
  })

  test.each([
    ['Алиев', 'Ализода'],
    ['Ёров', 'Ёрзода'],
  ])('attaches under the other ending: %s and %s', async (one, other) => {
    const number = `A55600${++day}`
    expect(await attaches(named('Парвиз', number, one), named('Парвиз', number, other))).toBe(true)
  })

  // A brother's number copied into the row of another is a ban on the wrong man.
  test.each([
    ['Сафармоҳ', 'Сафармад'],
    ['Файзимоҳ', 'Файзирод'],
    ['Абдукосим', 'Абдукабир'],
    ['Шаҳриёр', 'Шаҳрам'],
    ['Тоҷимурод', 'Тоҷимоҳ'],
    ['Алимурод', 'Алимаҳмад'],
  ])('with the document and birth of another given name waits for two officers: %s and %s', async (one, other) => {
    const number = `A55700${++day}`
    const ban = named(other, number)
    expect(await attaches(named(one, number), ban)).toBe(false)
    const waiting = await database.owner
      .selectFrom('people.review as v')
      .innerJoin('people.finding as f', 'f.record_id', 'v.record_id')
      .select(['v.adverse', 'f.names'])
      .where('v.settled_at', 'is', null)
      .where(sql<boolean>`f.names = ${JSON.stringify(ban.names)}::jsonb`)
      .execute()
    expect(waiting).toMatchObject([{ adverse: true }])
  })

  test.each([
    ['TJ', 'UZ', false],
    ['TJ', 'TJ', true],
    ['TJ', null, true],
    [null, 'UZ', true],
  ])('a number of %s and one of %s: attached %s', async (one, other, expected) => {
    const number = `A55800${++day}`
    const of = (country: string | null) => ({
      ...named('Шодмон', number),
      documents: [{ kind: 'passport', country, number } as const],
    })
    expect(await attaches(of(one), of(other))).toBe(expected)
  })

  test.each(['б/н', 'нет', 'отсутствует', '0000000', '—'])('is not attached by %s for a number', async (number) => {
    const here = named('Алишер', number, 'Раҳимов')
    expect(await attaches(here, named('Алишер', number, 'Рахимов'))).toBe(false)
    const officer = await registry.officer(registry.national)
    const { found } = await registry.as(officer, (ctx) =>
      searchPeople(ctx, { document: number, purpose: 'request', words: null }),
    )
    expect(found).toEqual([])
  })
})

test('the walking thread: received, found by an officer in another script, and audited without a name', async () => {
  const [{ person_id } = { person_id: '' }] = await registry.receive(registry.national, {
    names: [{ family: 'Ҷӯраев', given: 'Қосим', patronymic: 'Ғаниевич' }],
    birth: 19790228,
    sex: 'male',
    documents: [{ kind: 'passport', country: 'TJ', number: '400123987' }],
  })
  const officer = await registry.officer(registry.national)
  const { lookup_id, found } = await registry.as(officer, (ctx) =>
    searchPeople(ctx, { name: 'qosim juraev', purpose: 'request', words: 'asked at the desk' }),
  )
  expect(found.map((one) => one.person_id)).toEqual([person_id])
  const byDocument = await registry.as(officer, (ctx) =>
    searchPeople(ctx, { document: '4OO 123 987', purpose: 'request', words: null }),
  )
  expect(byDocument.found.map((one) => one.person_id)).toEqual([person_id])
  const byDate = await registry.as(officer, (ctx) =>
    searchPeople(ctx, { name: 'Касим', birth: 19790228, purpose: 'request', words: null }),
  )
  expect(byDate.found.map((one) => one.person_id)).toEqual([person_id])
  const looks = await database.owner
    .selectFrom('people.look')
    .select(['person_id', 'what'])
    .where('lookup_id', '=', lookup_id)
    .execute()
  expect(looks).toEqual([{ person_id, what: 'found' }])
  const lines = await database.owner.selectFrom('audit.entry').selectAll().where('subject_id', '=', lookup_id).execute()
  expect(lines).toMatchObject([
    { action: 'person.search', actor_id: officer.user_id, details: { purpose: 'request', candidates: 1 } },
  ])
  expect(JSON.stringify(lines, (_, value) => (typeof value === 'bigint' ? String(value) : value))).not.toMatch(
    /juraev|Ҷӯраев|400123987/i,
  )
})

test('beside one who fits surely, whoever shares one word and the year is not looked at; a name without a birth is', async () => {
  const name = { family: 'Шамсиддинов', given: 'Фирдавс', patronymic: 'Қаландарович' }
  const [surely, unknown, another] = await registry.receive(
    registry.national,
    { names: [name], birth: 19870619 },
    { names: [{ family: 'Шамсиддинов', given: 'Фирдавс' }], birth: null },
    { names: [{ family: 'Шамсиддинов', given: 'Абдулвоҳид' }], birth: 19870203 },
  )
  const officer = await registry.officer(registry.national)
  const candidates = async (birth: number) => {
    const { lookup_id } = await registry.as(officer, (ctx) =>
      searchPeople(ctx, { name: 'Шамсиддинов Фирдавс', birth, purpose: 'request', words: null }),
    )
    const { rows } = await sql<{ candidates: number }>`
      select candidates from people.lookup where id = ${lookup_id}`.execute(database.owner)
    return rows[0]!.candidates
  }
  expect(new Set([surely, unknown, another].map((one) => one?.person_id)).size).toBe(3)
  expect(await candidates(19870619)).toBe(2)
  expect(await candidates(19871224)).toBe(3)
})

test('what is shown is noted only under the own search, and only of people the actor sees', async () => {
  const [{ person_id } = { person_id: '' }] = await registry.receive(registry.national, {
    names: [{ family: 'Одинаева', given: 'Манзура' }],
    birth: 19930704,
  })
  const [mine, theirs] = [await registry.officer(registry.other), await registry.officer(registry.national)]
  const ask = (ctx: Ctx) => searchPeople(ctx, { name: 'Одинаева Манзура', purpose: 'request', words: null })
  const { lookup_id, found } = await registry.as(mine, ask)
  expect(found).toEqual([])
  const show = (lookup: string) =>
    registry.as(mine, (ctx) =>
      sql`select * from people.show_found(${lookup}, ${ctx.now}, ${JSON.stringify([{ id: newId(), person_id, fit: 1 }])}::jsonb)`.execute(
        ctx.db,
      ),
    )
  expect((await show(lookup_id)).rows).toEqual([])
  const looks = () => database.owner.selectFrom('people.look').select('id').where('lookup_id', '=', lookup_id).execute()
  expect(await looks()).toEqual([])
  const other = await registry.as(theirs, ask)
  expect(other.found.map((one) => one.person_id)).toEqual([person_id])
  await expect(show(other.lookup_id)).rejects.toThrow('not allowed to look at people')
})
