import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NOW, type TestDatabase, testDatabase } from '../../../test/database.ts'
import { authorise } from '../access/authorise.ts'
import { createUser } from '../access/credentials.ts'
import { withActor } from '../access/transaction.ts'
import type { Actor, StaffActor } from '../context.ts'
import type { RoleName } from '../module.ts'
import { createOrganisation } from '../organisations/organisations.ts'
import { type AuditDetails, audit } from './audit.ts'

const VISITOR: Actor = { kind: 'visitor' }
let database: TestDatabase
let auditor: StaffActor
let officer: StaffActor
let stranger: StaffActor

beforeAll(async () => {
  database = await testDatabase()
  const ctx = database.ctx({ db: database.owner, actor: { kind: 'system', task: 'test' } })
  const [own, other] = [await organisation('Own'), await organisation('Other')]
  auditor = await person('auditor@test.tj', own, 'auditor')
  officer = await person('officer@test.tj', own, 'vacancy_officer')
  stranger = await person('stranger@test.tj', other, 'auditor')

  async function organisation(en: string) {
    return createOrganisation(ctx, { kind: 'ngo', country: 'TJ', names: { en } })
  }
  async function person(email: string, organisation_id: string, role: RoleName): Promise<StaffActor> {
    const { id } = await createUser(ctx, { email, name: email, locale: 'en', organisation_id, roles: [role] })
    return {
      kind: 'staff',
      user_id: id,
      name: email,
      organisation_id,
      organisation_name: '',
      permissions: new Set(),
      session_id: id,
    }
  }
})
afterAll(() => database.drop())

const write = (actor: Actor, action: string, details?: AuditDetails) =>
  withActor(database.db, actor, (db) => audit({ actor, db }, action, { type: 'thing', id: 'K7QF-92MX' }, details), NOW)

const seen = (actor: Actor, action: string) =>
  withActor(
    database.db,
    actor,
    (db) => db.selectFrom('audit.entry').select('id').where('action', '=', action).execute(),
    NOW,
  ).then((rows) => rows.length)

test('a line stands or falls with the transaction of its act', async () => {
  await expect(
    withActor(
      database.db,
      officer,
      async (db) => {
        await audit({ actor: officer, db }, 'thing.undone')
        throw new Error('the act failed')
      },
      NOW,
    ),
  ).rejects.toThrow('the act failed')
  await write(officer, 'thing.done')
  expect(await seen(auditor, 'thing.undone')).toBe(0)
  expect(await seen(auditor, 'thing.done')).toBe(1)
})

test('lines are read with the permission only, of the own organisation, of visitors and of the system', async () => {
  await write(officer, 'reading.staff')
  await write(VISITOR, 'reading.visitor')
  expect(await seen(auditor, 'reading.staff')).toBe(1)
  expect(await seen(auditor, 'reading.visitor')).toBe(1)
  expect(await seen(stranger, 'reading.staff')).toBe(0)
  expect(await seen(stranger, 'reading.visitor')).toBe(1)
  expect(await seen(officer, 'reading.staff')).toBe(0)
  expect(await seen(VISITOR, 'reading.visitor')).toBe(0)
})

test('nobody writes a line in the name of somebody else, or gives it another time', async () => {
  const forged = withActor(database.db, officer, (db) => audit({ actor: auditor, db }, 'thing.forged'), NOW)
  await expect(forged).rejects.toThrow(/row-level security/)
  const elsewhere = { ...officer, organisation_id: stranger.organisation_id }
  await expect(
    withActor(database.db, officer, (db) => audit({ actor: elsewhere, db }, 'thing.forged'), NOW),
  ).rejects.toThrow(/row-level security/)
  const dated = sql`insert into audit.entry (at, actor_kind, action) values ('2020-01-01', 'visitor', 'thing.dated')`
  await expect(dated.execute(database.db)).rejects.toThrow(/permission denied/)
})

test.each([
  ['update audit.entry set action = $$x.y$$', /permission denied/, 'db'],
  ['delete from audit.entry', /permission denied/, 'db'],
  ['select * from audit.pending', /permission denied/, 'db'],
  ['insert into audit.seal (line, entry_id, hash) values (1, 1, $$x$$)', /permission denied/, 'db'],
  ['update audit.entry set action = $$x.y$$', /never changed or removed/, 'owner'],
  ['delete from audit.entry', /never changed or removed/, 'owner'],
  ['truncate audit.entry', /never changed or removed/, 'owner'],
  ['update audit.seal set line = 1', /never changed or removed/, 'owner'],
] as const)('%s is refused (%s) on the connection %s', async (statement, refusal, connection) => {
  await expect(sql.raw(statement).execute(database[connection])).rejects.toThrow(refusal)
})

test.each([
  {
    rows: 240,
    done: true,
    source: 'trudvsem',
    isco: '8332',
    as_of: '2026-11-20',
    from: null,
    user: '01935c4e-7d4e-7b1a-8f00-2a3b4c5d6e7f',
    reference: 'K7QF-92MX',
  },
])('counts, codes, ids and dates are details', async (details) => {
  await expect(write(officer, 'details.good', details)).resolves.toBeUndefined()
})

test.each([
  { note: 'Рустам Намунавӣ' },
  { note: 'two words' },
  { who: 'rustam@example.tj' },
  { contact: '+992901234567' },
  { contact: '992901234567' },
  { contact: 992901234567 },
  { user_name: 'x' },
  { birth_date: '1990-01-01' },
  { Passport: 'A1234567' },
  { list: ['a'] },
  { nested: { a: 1 } },
])('personal values are refused: %j', async (details) => {
  await expect(write(officer, 'details.bad', details as unknown as AuditDetails)).rejects.toThrow(
    /entry_details_impersonal/,
  )
})

test('keys that announce a personal value do not even compile', () => {
  // @ts-expect-error a name is no detail
  const details: AuditDetails = { name: 'Rustam' }
  expect(details).toBeDefined()
})

test('a denied permission is recorded although everything else is rolled back', async () => {
  const attempt = withActor(
    database.db,
    officer,
    async (db) => {
      await audit({ actor: officer, db }, 'denied.before')
      authorise({ actor: officer }, 'user.administer', { type: 'user', id: auditor.user_id })
    },
    NOW,
  )
  await expect(attempt).rejects.toMatchObject({ status: 403 })
  expect(await seen(auditor, 'denied.before')).toBe(0)
  const lines = await database.owner.selectFrom('audit.entry').selectAll().where('action', '=', 'access.deny').execute()
  expect(lines).toMatchObject([
    {
      actor_id: officer.user_id,
      organisation_id: officer.organisation_id,
      subject_type: 'user',
      subject_id: auditor.user_id,
      details: { permission: 'user.administer' },
    },
  ])
})
