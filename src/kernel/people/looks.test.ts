import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import type { StaffActor } from '../context.ts'
import { type Registry, registryOf } from './fixtures/registry.ts'
import { mergePersons, splitRecord, takeBack } from './identity.ts'
import { beginLookup, noteLook } from './looks.ts'

let database: TestDatabase
let registry: Registry
let officer: StaffActor
beforeAll(async () => {
  database = await testDatabase()
  registry = await registryOf(database)
  officer = await registry.officer(registry.national)
})
afterAll(() => database.drop())

const opened = (person: string) =>
  registry.as(officer, async (ctx) =>
    noteLook(ctx, person, { id: await beginLookup(ctx, 'request', null), purpose: 'request' }, 'opened'),
  )
const linesOf = async (person: string) =>
  registry.as(officer, async (ctx) =>
    (await sql<{ id: string; what: string }>`select id, what from people.looks_at(${person})`.execute(ctx.db)).rows.map(
      ({ what }) => what,
    ),
  )
const merge = (one: string, into: string) => mergePersons(registry.system(), one, into, { reason: 'officer' })

test('a look at several who are counted as one is in the log of each of them after they are parted, and once while they are one', async () => {
  const rows = ['one', 'two', 'three'].map((home_district) => ({ home_district }))
  const [a, b, c] = (await registry.receive(registry.national, ...rows)).map(({ person_id }) => person_id)
  await opened(a!)
  const first = await merge(a!, b!)
  await opened(b!)
  const second = await merge(c!, b!)
  await opened(b!)
  expect(await linesOf(a!)).toHaveLength(3)
  await registry.as(officer, (ctx) => takeBack(ctx, first))
  expect([await linesOf(a!), await linesOf(b!), await linesOf(c!)].map(({ length }) => length)).toEqual([3, 2, 2])
  await registry.as(officer, (ctx) => takeBack(ctx, second))
  expect([await linesOf(a!), await linesOf(b!), await linesOf(c!)].map(({ length }) => length)).toEqual([3, 2, 1])
  // One again: each look once.
  await merge(a!, b!)
  expect(await linesOf(a!)).toEqual(['opened', 'opened', 'opened'])
})

test('a record that is parted takes with it the looks at whom it was counted with, and brings them back', async () => {
  const row = {
    names: [{ family: 'Мардонов', given: 'Зафар', patronymic: 'Ҳакимович' }],
    birth: 19820718,
    documents: [{ kind: 'passport' as const, number: 'A6262620' }],
  }
  const [one] = await registry.receive(registry.national, row)
  const [two] = await registry.receive(registry.national, { ...row, citizenship: 'TJ' })
  expect(two!.person_id).toBe(one!.person_id)
  await opened(one!.person_id)
  const parted = await registry.as(officer, (ctx) => splitRecord(ctx, two!.record_id))
  expect(await linesOf(parted.person_id)).toEqual(['opened'])
  await opened(parted.person_id)
  expect(await linesOf(one!.person_id)).toEqual(['opened'])
  await registry.as(officer, (ctx) => takeBack(ctx, parted.event_id))
  expect(await linesOf(one!.person_id)).toEqual(['opened', 'opened'])
})
