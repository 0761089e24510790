import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import type { StaffActor } from '../context.ts'
import { arrayOf } from '../db/arrays.ts'
import { Problem } from '../problem.ts'
import { type Registry, registryOf } from './fixtures/registry.ts'
import { mergePersons, setApart, splitRecord, takeBack } from './identity.ts'
import { eventsOf } from './persons.ts'
import { proposeReview } from './proposals.ts'
import { protect, withheldFrom } from './protection.ts'
import { openSource, receiveRecords } from './receive.ts'
import { decideReview, undoReview } from './reviews.ts'

let database: TestDatabase
let registry: Registry
let officer: StaffActor
let persons: string[]
let records: string[]
beforeAll(async () => {
  database = await testDatabase()
  registry = await registryOf(database)
  officer = await registry.officer(registry.national)
})
afterAll(() => database.drop())

// Six people of whom nothing is known but where they live, anew for every test: nothing connects them, and nothing speaks against any
// two of them.
let turn = 0
const bringPeople = async () => {
  turn++
  const rows = Array.from({ length: 6 }, (_, at) => ({ home_district: `${turn} ${at}` }))
  const received = await registry.receive(registry.national, ...rows)
  persons = received.map(({ person_id }) => person_id)
  records = received.map(({ record_id }) => record_id)
}
beforeEach(bringPeople)

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

/** What must hold at every moment: roots are the ends of the arrows, what is found follows, and each "different" that stands counts. */
async function contradictions(persons: readonly string[]) {
  const ids = arrayOf('uuid', persons)
  const { rows } = await sql<{ what: string }>`
    select 'the root is not the end of its arrow' as what
    from people.person p
    left join people.person o on o.id = p.merged_into
    where p.id = any (${ids})
      and p.root <> coalesce(o.root, p.id)
    union all
    select 'found of somebody else than linked'
    from people.link l
    join people.person p on p.id = l.person_id
    join people.finding f on f.record_id = l.record_id
    where p.id = any (${ids})
      and f.person_id <> p.root
    union all
    select 'apart and yet one'
    from people.apart a
    join people.person l on l.id = a.left_id
    join people.person r on r.id = a.right_id
    where l.id = any (${ids})
      and l.root = r.root
    union all
    select 'a "different" that stands does not count'
    from people.event e
    where e.person_id = any (${ids})
      and e.kind in ('apart', 'split')
      and not exists (select from people.event u where u.undoes = e.id)
      and not people.is_apart(e.person_id, e.other_id)`.execute(database.owner)
  return rows
}

const personOf = async (record: string) =>
  (
    await database.owner
      .selectFrom('people.finding')
      .select('person_id')
      .where('record_id', '=', record)
      .executeTakeFirstOrThrow()
  ).person_id

/** The records of these about whose persons nothing may go to a security body. */
async function heldBack(records: readonly string[]) {
  const of = await database.owner
    .selectFrom('people.finding')
    .select(['record_id', 'person_id'])
    .where('record_id', 'in', [...records])
    .execute()
  const held = await withheldFrom(
    registry.system(),
    of.map(({ person_id }) => person_id),
    'security',
  )
  return of.filter(({ person_id }) => held.has(person_id)).map(({ record_id }) => record_id)
}

const unlessRefused = <T>(promise: Promise<T>): Promise<T | undefined> =>
  promise.catch((error: unknown) => {
    if (error instanceof Problem && error.kind === 'conflict') return undefined
    throw error
  })

const refused = (promise: Promise<unknown>, kind: Problem['kind']) =>
  expect(promise.catch((error: unknown) => (error instanceof Problem ? error.kind : error))).resolves.toBe(kind)

describe('merging', () => {
  test('any merges, splits and "different", taken back in any order, leave everything as it was', async () => {
    const step = fc.record({
      kind: fc.constantFrom('merge', 'merge', 'apart', 'apart', 'split', 'take_back', 'take_back', 'protect'),
      one: fc.nat(100),
      other: fc.nat(100),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 16 }),
        fc.infiniteStream(fc.nat(100)),
        async (steps, order) => {
          await bringPeople()
          const before = await state()
          const known = new Set(before.people.map(({ id }) => id))
          // Few, so that the same happens to them again.
          const everybody = persons.slice(0, 4)
          const standing: string[] = []
          // Nobody lifts a protection here: whoever was counted as somebody protected stays held back.
          const held = new Set<string>()
          const staysHeld = async () => {
            const now = await heldBack(records)
            expect(now).toEqual(expect.arrayContaining([...held]))
            for (const record of now) held.add(record)
          }
          const takeOneBack = async (at: number) => {
            const [event] = standing.splice(at % standing.length, 1)
            if (!(await unlessRefused(act((ctx) => takeBack(ctx, event!).then(() => true))))) standing.push(event!)
          }
          for (const { kind, one, other } of steps) {
            const [a, b] = [everybody[one % everybody.length]!, everybody[other % everybody.length]!]
            if (kind === 'take_back') {
              if (standing.length > 0) await takeOneBack(one)
            } else if (kind === 'protect') {
              await act((ctx) => protect(ctx, a, 'victim'))
            } else if (kind === 'split') {
              const split = await unlessRefused(registry.as(officer, (ctx) => splitRecord(ctx, records[one % 4]!)))
              if (split) {
                standing.push(split.event_id)
                everybody.push(split.person_id)
              }
            } else {
              const event = await unlessRefused(
                kind === 'merge' ? merge(a, b) : act<string>((ctx) => setApart(ctx, a, b, 'officer')),
              )
              if (event) standing.push(event)
            }
            expect(await contradictions(everybody)).toEqual([])
            await staysHeld()
          }
          for (let left = 500; standing.length > 0 && left > 0; left--) {
            await takeOneBack(order.next().value!)
            await staysHeld()
          }
          expect(standing).toEqual([])
          const after = await state()
          expect({ ...after, people: after.people.filter(({ id }) => known.has(id)) }).toEqual(before)
        },
      ),
      { numRuns: 60 },
    )
  }, 240_000)

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

  test('stands on the page of whom it joins, and is taken back by who sees all of these, whoever they were counted as then', async () => {
    const local = await registry.officer(registry.other)
    const rows = Array.from({ length: 4 }, (_, at) => ({ home_district: `${turn} local ${at}` }))
    const [a, b, c, d] = (await registry.receive(registry.other, ...rows)).map(({ person_id }) => person_id)
    const joined = (one: string, into: string) =>
      registry.as(local, (ctx) => mergePersons(ctx, one, into, { reason: 'officer' }))
    const before = [await joined(a!, b!), await joined(c!, d!)]
    const event = await joined(a!, c!)
    for (const one of before) await registry.as(local, (ctx) => takeBack(ctx, one))
    const onPageOf = async (person: string) => {
      const { root } = await database.owner
        .selectFrom('people.person')
        .select('root')
        .where('id', '=', person)
        .executeTakeFirstOrThrow()
      const events = await registry.as(local, (ctx) => eventsOf(ctx, root))
      return events.filter(({ id }) => id === event).map(({ elsewhere }) => elsewhere)
    }
    expect(await Promise.all([a!, c!, b!, d!].map(onPageOf))).toEqual([[false], [false], [true], [true]])
    // Records of others come to one of them: who sees these only, and the two of then, parts nobody.
    await mergePersons(registry.system(), persons[0]!, a!, { reason: 'officer' })
    await refused(
      registry.as(local, (ctx) => takeBack(ctx, event)),
      'forbidden',
    )
    await act((ctx) => takeBack(ctx, event))
    await refused(
      act((ctx) => takeBack(ctx, event)),
      'conflict',
    )
  })

  test('a ban that came while two were one stays with whose document it names', async () => {
    const named = { names: [{ family: 'Мирзоев', given: 'Парвиз', patronymic: 'Саидович' }], birth: 19840612 }
    const documents = ['A8112233', 'A9445566'].map((number) => [{ kind: 'passport' as const, number }])
    const row = (at: number, more = {}) => ({ ...named, documents: documents[at]!, ...more })
    const [one] = await registry.receive(registry.national, row(0, { home_district: 'Хуҷанд' }))
    const [other] = await registry.receive(registry.national, row(1, { names: [{ whole: 'Мирзоев Парвиз' }] }))
    expect(one!.person_id).not.toBe(other!.person_id)
    const event = await mergePersons(registry.system(), one!.person_id, other!.person_id, { reason: 'officer' })
    const [ban] = await registry.receive(registry.other, row(0, { adverse: true }))
    expect(ban).toMatchObject({ person_id: other!.person_id, outcome: 'linked' })
    await takeBack(registry.system(), event)
    const { person_id } = await database.owner
      .selectFrom('people.finding')
      .select('person_id')
      .where('record_id', '=', ban!.record_id)
      .executeTakeFirstOrThrow()
    expect(person_id).toBe(one!.person_id)
  })

  test('what is received while two are joined or parted is found with whom it belongs to', async () => {
    const rows = ['A8223301', 'A8223302'].map((number, at) => ({
      names: [{ family: 'Тағоев', given: 'Нуриддин', patronymic: at === 0 ? 'Саидович' : 'Каримович' }],
      birth: 19710823 + at * 40_000,
      documents: [{ kind: 'passport' as const, number }],
    }))
    const [joined, parted] = await registry.receive(registry.national, ...rows)
    const [b, d] = persons as [string, string]
    const event = await merge(parted!.person_id, d)
    // The list that names both is received, not yet for others to see, while an officer acts.
    let acts: Promise<unknown> | undefined
    const bans = await database.owner.transaction().execute(async (db) => {
      const ctx = { ...registry.system(), db }
      const source = await openSource(ctx, { custodian: registry.national, kind: 'file', label: 'Bans' })
      const bans = await receiveRecords(
        ctx,
        source,
        rows.map((row) => ({ ...row, sex: null, adverse: true })),
      )
      acts = merge(joined!.person_id, b).then(
        () => 'joined',
        (error: Problem) => error.kind,
      )
      acts = Promise.all([acts, act((ctx) => takeBack(ctx, event))])
      await Promise.race([acts, new Promise((resolve) => setTimeout(resolve, 500))])
      return bans
    })
    // Joining waited, and saw the ban: that takes two officers.
    expect(await acts).toEqual(['forbidden', { compare: null }])
    expect(bans.map(({ outcome }) => outcome)).toEqual(['linked', 'linked'])
    const everybody = [joined!.person_id, parted!.person_id, b, d]
    expect(await contradictions(everybody)).toEqual([])
    const found = await database.owner
      .selectFrom('people.finding')
      .select('person_id')
      .where('record_id', '=', bans[1]!.record_id)
      .executeTakeFirstOrThrow()
    expect(found.person_id).toBe(parted!.person_id)
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

  test('of two officers stands while one of them has not taken it back', async () => {
    const [a, b] = persons as [string, string]
    const first = await act<string>((ctx) => setApart(ctx, a, b, 'officer'))
    const second = await registry.as(await registry.officer(registry.national), (ctx) => setApart(ctx, b, a, 'officer'))
    await act((ctx) => takeBack(ctx, first))
    await refused(merge(a, b), 'conflict')
    await act((ctx) => takeBack(ctx, second))
    await merge(a, b)
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

test('a record found to be somebody else stays different from them, parted again from whom it is counted with', async () => {
  const [mistaken, other] = [records[0]!, persons[2]!]
  await merge(persons[1]!, persons[0]!)
  const first = await act<Awaited<ReturnType<typeof splitRecord>>>((ctx) => splitRecord(ctx, mistaken))
  await merge(other, first.person_id)
  const second = await act<Awaited<ReturnType<typeof splitRecord>>>((ctx) => splitRecord(ctx, mistaken))
  await refused(merge(second.person_id, persons[0]!), 'conflict')
  await refused(merge(second.person_id, other), 'conflict')
  // A click repeated changes nothing.
  await refused(
    act((ctx) => splitRecord(ctx, mistaken)),
    'conflict',
  )
  for (const { event_id } of [second, first]) await act((ctx) => takeBack(ctx, event_id))
  expect(await personOf(mistaken)).toBe(await personOf(records[1]!))
  // Nothing is left of it with whom it was.
  await merge(second.person_id, persons[0]!)
})

describe('who was found different from a record by comparing the two', () => {
  type Split = Awaited<ReturnType<typeof splitRecord>>
  const different = async (one: string, other: string) => {
    const id = await act<string>((ctx) => proposeReview(ctx, one, other))
    await registry.as(officer, (ctx) => decideReview(ctx, id, 'different'))
    return id
  }

  test('while it was parted, stays so when it returns, and only as long as that stands', async () => {
    const [a, b, c] = persons as [string, string, string]
    await merge(b, a)
    const { event_id, person_id } = await act<Split>((ctx) => splitRecord(ctx, records[0]!))
    const review = await different(person_id, c)
    await act((ctx) => takeBack(ctx, event_id))
    await refused(merge(c, b), 'conflict')
    // Parted once more it takes that along, and leaves nothing of it with the others.
    const again = await act<Split>((ctx) => splitRecord(ctx, records[0]!))
    await refused(merge(c, again.person_id), 'conflict')
    const joined = await merge(c, b)
    await act((ctx) => takeBack(ctx, joined))
    await act((ctx) => takeBack(ctx, again.event_id))
    await refused(merge(c, b), 'conflict')
    await registry.as(officer, (ctx) => undoReview(ctx, review))
    await merge(c, b)
  })

  test('also stays so where its return waits for two officers', async () => {
    const [a, b, c] = persons as [string, string, string]
    await different(a, c)
    await merge(b, a)
    const { event_id } = await act<Split>((ctx) => splitRecord(ctx, records[0]!))
    const [ban] = await registry.receive(registry.national, { home_district: `${turn} ban`, adverse: true })
    await mergePersons(registry.system(), ban!.person_id, b, { reason: 'officer' })
    expect(await act((ctx) => takeBack(ctx, event_id))).toMatchObject({ compare: expect.any(Array) })
    await refused(merge(c, await personOf(records[0]!)), 'conflict')
  })

  test('refuses its return to them', async () => {
    const [a, b, c] = persons as [string, string, string]
    await merge(b, a)
    const { event_id, person_id } = await act<Split>((ctx) => splitRecord(ctx, records[0]!))
    const review = await different(person_id, c)
    await merge(c, b)
    await refused(
      act((ctx) => takeBack(ctx, event_id)),
      'conflict',
    )
    await registry.as(officer, (ctx) => undoReview(ctx, review))
    await act((ctx) => takeBack(ctx, event_id))
  })
})

test('a record that was parted once more is given back from there, not compared by those whom it left', async () => {
  const [a, b, c] = persons as [string, string, string]
  await merge(b, a)
  type Split = Awaited<ReturnType<typeof splitRecord>>
  const first = await act<Split>((ctx) => splitRecord(ctx, records[0]!))
  await merge(c, first.person_id)
  await act<Split>((ctx) => splitRecord(ctx, records[0]!))
  const [ban] = await registry.receive(registry.national, { home_district: `${turn} ban`, adverse: true })
  await mergePersons(registry.system(), ban!.person_id, c, { reason: 'officer' })
  await refused(
    act((ctx) => takeBack(ctx, first.event_id)),
    'conflict',
  )
})

describe('a ban that came by the document of one record', () => {
  const PEOPLE = [
    { family: 'Сангинов', given: 'Лутфулло', patronymic: 'Ҳикматович' },
    { family: 'Навҷувонов', given: 'Шоҳин', patronymic: 'Раҷабович' },
    { family: 'Толибов', given: 'Эраҷ', patronymic: 'Мадаминович' },
    { family: 'Убайдуллоев', given: 'Некрӯз', patronymic: 'Қосимович' },
    { family: 'Ғафуров', given: 'Меҳроб', patronymic: 'Ҷамшедович' },
  ]
  const numbered = (...numbers: string[]) => ({
    ...{ names: [PEOPLE[turn % PEOPLE.length]!], birth: 19770914, sex: 'male' as const },
    documents: numbers.map((number) => ({ kind: 'passport' as const, number: `${number}${turn}` })),
  })
  const receive = async (...rows: Parameters<Registry['receive']>[1][]) => {
    const received = await registry.receive(registry.national, ...rows)
    return received.map(({ record_id }) => record_id)
  }
  const part = (record: string | undefined) => registry.as(officer, (ctx) => splitRecord(ctx, record!))
  const together = async (...some: (string | undefined)[]) => {
    const rows = await database.owner
      .selectFrom('people.finding')
      .select('person_id')
      .where('record_id', 'in', some as string[])
      .execute()
    return new Set(rows.map(({ person_id }) => person_id)).size === 1
  }

  test('is parted before that one: it stays with nobody to whom it was never compared', async () => {
    const [owner] = await receive(numbered('A88011'))
    const other = records[0]
    await merge(await personOf(owner!), persons[0]!)
    const [ban] = await receive({ ...numbered('A88011'), adverse: true })
    expect(await together(owner, other, ban)).toBe(true)
    await refused(part(owner), 'conflict')
    expect(await together(owner, other, ban)).toBe(true)
    const first = await part(ban)
    const second = await part(owner)
    expect([await together(owner, other), await together(owner, ban), await together(other, ban)]).not.toContain(true)
    // Whoever was wrong takes both back.
    await act((ctx) => takeBack(ctx, second.event_id))
    await act((ctx) => takeBack(ctx, first.event_id))
    expect(await together(owner, other, ban)).toBe(true)
  })

  test('goes back by one officer only while that one is still there', async () => {
    const [owner, other] = await receive(numbered('A88015', 'A88016'), numbered('A88016'))
    const [ban] = await receive({ ...numbered('A88015'), adverse: true })
    expect(await together(owner, other, ban)).toBe(true)
    const parted = await part(ban)
    await part(owner)
    const { compare } = await act<Awaited<ReturnType<typeof takeBack>>>((ctx) => takeBack(ctx, parted.event_id))
    expect(compare).toEqual([parted.person_id, await personOf(other!)])
    expect(await together(other, ban)).toBe(false)
  })

  test('whom the registry itself linked to one person, too; and one that came by the document of a ban', async () => {
    const [owner, other] = await receive(numbered('A88021', 'A88022'), numbered('A88022'))
    const [ban] = await receive({ ...numbered('A88021', 'A88023'), adverse: true })
    const [more] = await receive({ ...numbered('A88023'), adverse: true })
    expect(await together(owner, other, ban, more)).toBe(true)
    await refused(part(owner), 'conflict')
    await refused(part(ban), 'conflict')
    for (const one of [more, ban, owner]) await part(one)
  })

  test('or by two officers: who came later by that document alone is not left with it', async () => {
    const [owner] = await receive(numbered('A88051'))
    const [ban] = await receive({ ...numbered('A88052'), birth: null, adverse: true })
    const second = await registry.officer(registry.national)
    const review = await registry.as(officer, async (ctx) =>
      proposeReview(ctx, await personOf(owner!), await personOf(ban!)),
    )
    for (const one of [officer, second]) await registry.as(one, (ctx) => decideReview(ctx, review, 'same'))
    const [later] = await receive({ ...numbered('A88051'), citizenship: 'TJ' })
    expect(await together(owner, ban, later)).toBe(true)
    await refused(part(owner), 'conflict')
    await part(later)
    await part(owner)
  })

  test('does not hold back a record beside which another has that document, nor those of others, nor itself', async () => {
    const [owner, same, other] = await receive(numbered('A88031'), numbered('A88031', 'A88032'), numbered('A88032'))
    const [ban, again] = await receive(
      { ...numbered('A88031'), adverse: true },
      { ...numbered('A88031'), adverse: true, citizenship: 'TJ' },
    )
    expect(await together(owner, same, other, ban, again)).toBe(true)
    await part(owner)
    await part(other)
    // Nobody but the bans is left.
    await part(same)
    await part(ban)
  })
})

test('what a source stated, and what was decided, cannot be changed, not even by the owner', async () => {
  await registry.receive(registry.national, {
    names: [{ whole: 'Қодирова Мавзуна' }],
    documents: [{ kind: 'passport', number: 'A1300013' }],
    contact: { phone: '+992 900 00 00 13', only_theirs: true, reach: null },
  })
  const run = (statement: string) => sql.raw(statement).execute(database.owner)
  // Telephones go, whole, by their clock and with their person. Of a document nothing changes but by what it is found.
  for (const table of ['source', 'record', 'document', 'event', 'contact'])
    for (const statement of [
      `update people.${table} set id = id`,
      `delete from people.${table}`,
      `truncate people.${table} cascade`,
    ])
      if (statement !== 'delete from people.contact')
        await expect(run(statement)).rejects.toThrow(/never changed or removed/)
})
