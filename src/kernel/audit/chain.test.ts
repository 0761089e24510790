import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { audit } from './audit.ts'
import { sealEntries } from './chain.ts'
import { verifyAudit } from './verify.ts'

let database: TestDatabase
let ids: bigint[]

const write = (action: string) => audit({ actor: { kind: 'visitor' }, db: database.db }, action)

// Five sealed lines and one in the tail, after whatever the template brought along.
beforeEach(async () => {
  database = await testDatabase()
  await sealEntries(database.owner)
  for (const name of ['one', 'two', 'three', 'four', 'five']) await write(`line.${name}`)
  await sealEntries(database.owner)
  await write('line.six')
  const rows = await database.owner.selectFrom('audit.entry').select('id').where('action', 'like', 'line.%').orderBy('id').execute()
  ids = rows.map(({ id }) => id)
})
afterEach(() => database.drop())

/** What only the owner can do, and only on purpose: switch the guard off. */
const tamper = async (...statements: ReturnType<typeof sql>[]) => {
  await sql`alter table audit.entry disable trigger user`.execute(database.owner)
  await sql`alter table audit.seal disable trigger user`.execute(database.owner)
  for (const statement of statements) await statement.execute(database.owner)
}
const lineOf = async (id: bigint) => (await database.owner.selectFrom('audit.seal').select('line').where('entry_id', '=', id).executeTakeFirstOrThrow()).line
const swap = (table: 'entry' | 'seal', column: string, a: bigint, b: bigint) => [
  sql`update ${sql.raw(`audit.${table}`)} set ${sql.raw(column)} = 1000000 where ${sql.raw(column)} = ${a}`,
  sql`update ${sql.raw(`audit.${table}`)} set ${sql.raw(column)} = ${a} where ${sql.raw(column)} = ${b}`,
  sql`update ${sql.raw(`audit.${table}`)} set ${sql.raw(column)} = ${b} where ${sql.raw(column)} = 1000000`,
]

test('an untouched chain is whole, and names its tail', async () => {
  const result = await verifyAudit(database.owner)
  expect(result).toMatchObject({ ok: true, fault: null, sealed: await lineOf(ids[4]!), tail: { lines: 1 } })
  expect(result.tail.oldest).not.toBeNull()
  expect(await sealEntries(database.owner)).toMatchObject({ sealed: 1 })
  expect(await verifyAudit(database.owner)).toMatchObject({ ok: true, tail: { lines: 0, oldest: null } })
  expect(await sealEntries(database.owner)).toMatchObject({ sealed: 0, head: { line: await lineOf(ids[5]!) } })
})

describe('altered', () => {
  test.each([
    ['the act', sql`action = 'line.other'`],
    ['its time', sql`at = at + interval '1 microsecond'`],
    ['its details', sql`details = '{"a": 1}'`],
    ['who acted', sql`actor_kind = 'staff', actor_id = gen_random_uuid()`],
    ['the organisation', sql`organisation_id = gen_random_uuid()`],
    ['the subject', sql`subject_type = 'x', subject_id = 'y'`],
  ])('%s', async (_, change) => {
    const line = await lineOf(ids[2]!)
    await tamper(sql`update audit.entry set ${change} where id = ${ids[2]!}`)
    expect(await verifyAudit(database.owner)).toMatchObject({ ok: false, sealed: line - 1n, fault: { kind: 'altered', line, entry_id: ids[2] } })
  })

  test('the seal', async () => {
    const line = await lineOf(ids[2]!)
    await tamper(sql`update audit.seal set hash = ${Buffer.alloc(32, 1)} where line = ${line}`)
    expect(await verifyAudit(database.owner)).toMatchObject({ fault: { kind: 'altered', line } })
  })
})

describe('missing', () => {
  test('a sealed line', async () => {
    const line = await lineOf(ids[1]!)
    await tamper(sql`delete from audit.entry where id = ${ids[1]!}`)
    expect(await verifyAudit(database.owner)).toMatchObject({ fault: { kind: 'missing', line, entry_id: ids[1] } })
  })

  test('a line with its seal', async () => {
    const line = await lineOf(ids[1]!)
    await tamper(sql`delete from audit.entry where id = ${ids[1]!}`, sql`delete from audit.seal where line = ${line}`)
    expect(await verifyAudit(database.owner)).toMatchObject({ fault: { kind: 'missing', line } })
  })

  test('a line of the tail', async () => {
    await tamper(sql`delete from audit.entry where id = ${ids[5]!}`)
    expect(await verifyAudit(database.owner)).toMatchObject({ fault: { kind: 'missing', line: null, entry_id: ids[5] } })
  })

  test('the end of the chain, for whoever noted its head', async () => {
    const { sealed: line, head: hash } = await verifyAudit(database.owner)
    await tamper(sql`delete from audit.entry where id >= ${ids[3]!}`, sql`delete from audit.seal where line >= ${await lineOf(ids[3]!)}`, sql`delete from audit.pending`)
    expect(await verifyAudit(database.owner)).toMatchObject({ ok: true })
    expect(await verifyAudit(database.owner, { line, hash })).toMatchObject({ ok: false, fault: { kind: 'missing', line: line - 1n } })
  })
})

describe('reordered', () => {
  test('two lines exchanged their ids', async () => {
    const line = await lineOf(ids[1]!)
    await tamper(...swap('entry', 'id', ids[1]!, ids[3]!).map((statement) => sql`${statement}`))
    expect(await verifyAudit(database.owner)).toMatchObject({ fault: { kind: 'reordered', line, entry_id: ids[3] } })
  })

  test('two seals exchanged their lines', async () => {
    const [a, b] = [await lineOf(ids[1]!), await lineOf(ids[3]!)]
    await tamper(...swap('seal', 'line', a, b))
    expect(await verifyAudit(database.owner)).toMatchObject({ fault: { kind: 'reordered', line: a, entry_id: ids[1] } })
  })
})

test('added: a line slipped in beside the queue', async () => {
  await tamper(sql`insert into audit.entry (actor_kind, action) values ('visitor', 'line.slipped')`)
  expect(await verifyAudit(database.owner)).toMatchObject({ ok: false, fault: { kind: 'added', line: null } })
})

test('a chain written anew is not the one that was noted', async () => {
  const { sealed: line, head: hash } = await verifyAudit(database.owner)
  await tamper(sql`update audit.entry set action = 'line.other' where id = ${ids[2]!}`, sql`delete from audit.seal`, sql`delete from audit.pending`, sql`insert into audit.pending (entry_id) select id from audit.entry`)
  await sealEntries(database.owner)
  expect(await verifyAudit(database.owner)).toMatchObject({ ok: true })
  expect(await verifyAudit(database.owner, { line, hash })).toMatchObject({ fault: { kind: 'anchor', line } })
})

test('a line is not sealed before an older one that is still being written', async () => {
  await sealEntries(database.owner)
  const before = (await verifyAudit(database.owner)).sealed
  const written = Promise.withResolvers<void>()
  const mayCommit = Promise.withResolvers<void>()
  const slow = database.db.transaction().execute(async (db) => {
    await audit({ actor: { kind: 'visitor' }, db }, 'line.slow')
    written.resolve()
    await mayCommit.promise
  })
  await written.promise
  await write('line.fast')
  expect(await sealEntries(database.owner)).toMatchObject({ sealed: 0 })
  mayCommit.resolve()
  await slow
  expect(await sealEntries(database.owner)).toMatchObject({ sealed: 2 })
  const order = await database.owner
    .selectFrom('audit.seal as s')
    .innerJoin('audit.entry as e', 'e.id', 's.entry_id')
    .select('e.action')
    .where('s.line', '>', before)
    .orderBy('s.line')
    .execute()
  expect(order.map(({ action }) => action)).toEqual(['line.slow', 'line.fast'])
  expect(await verifyAudit(database.owner)).toMatchObject({ ok: true })
})

test('many writers and several sealers at once leave one whole chain', async () => {
  const writers = Array.from({ length: 40 }, (_, i) => write(i % 2 ? 'crowd.a' : 'crowd.b'))
  const sealers = Array.from({ length: 3 }, () => sealEntries(database.owner))
  await Promise.all([...writers, ...sealers])
  await sealEntries(database.owner)
  const { ok, tail } = await verifyAudit(database.owner)
  expect({ ok, tail: tail.lines }).toEqual({ ok: true, tail: 0 })
})
