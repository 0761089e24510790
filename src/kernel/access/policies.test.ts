import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NOW, type TestDatabase, testDatabase } from '../../../test/database.ts'
import type { Actor, Ctx, StaffActor } from '../context.ts'
import { createOrganisation } from '../organisations/organisations.ts'
import { createUser } from './credentials.ts'
import { syncPermissions } from './permissions.ts'
import { withActor } from './transaction.ts'
import { setUserState } from './users.ts'

let database: TestDatabase
let system: Ctx
let administrator: StaffActor
let colleague: StaffActor
let stranger: StaffActor

beforeAll(async () => {
  database = await testDatabase()
  system = database.ctx({ db: database.owner, actor: { kind: 'system', task: 'test' } })
  const own = await createOrganisation(system, { kind: 'authority', country: 'TJ', names: { en: 'Own' } })
  const other = await createOrganisation(system, { kind: 'ngo', country: 'TJ', names: { en: 'Other' } })
  administrator = await person('policy-administrator@test.tj', own, 'administrator')
  colleague = await person('policy-colleague@test.tj', own, 'adviser')
  stranger = await person('policy-stranger@test.tj', other, 'administrator')
})
afterAll(() => database.drop())

async function person(email: string, organisation_id: string, role: 'administrator' | 'adviser'): Promise<StaffActor> {
  const { id } = await createUser(system, { email, name: email, locale: 'en', organisation_id, roles: [role] })
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

const as = async <T>(actor: Actor, statement: ReturnType<typeof sql<T>>) =>
  (await withActor(database.db, actor, (db) => statement.execute(db), NOW)).rows
const can = async (actor: Actor, permission: string) =>
  (await as(actor, sql<{ may: boolean }>`select access.can(${permission}) as may`))[0]!.may
const VISITOR: Actor = { kind: 'visitor' }

describe('what the app can never read', () => {
  test.each([
    'select password_hash from access.user_account',
    'select totp_secret from access.user_account',
    'select totp_last_step from access.user_account',
    'select token_hash from access.session',
    'select * from access.user_account',
    'select * from access.sign_in_throttle',
    `update access.session set expires_at = 'infinity'`,
    `select * from access.passkey`,
    `select code_hash from access.recovery_code`,
    `select token_hash from access.set_up_link`,
    `update access.session set proven_at = now()`,
    `update access.user_account set totp_secret = null`,
    `update access.membership set organisation_id = gen_random_uuid()`,
    `insert into access.role_permission (role, permission) values ('adviser', 'user.administer')`,
    `update organisations.organisation set kind = 'ngo'`,
  ])('%s', async (statement) => {
    await expect(as(administrator, sql.raw(statement))).rejects.toThrow(/permission denied/)
  })
})

describe('with nobody set', () => {
  test('there are no rights and no rows', async () => {
    expect(await can(VISITOR, 'user.administer')).toBe(false)
    for (const table of [
      'access.user_account',
      'access.membership',
      'access.membership_role',
      'access.session',
      'audit.entry',
    ]) {
      expect(await as(VISITOR, sql.raw(`select 1 from ${table}`))).toEqual([])
    }
    expect((await sql`select access.actor() as a, access.organisation() as o`.execute(database.db)).rows).toEqual([
      { a: null, o: null },
    ])
  })

  test('what one transaction set, the next on the same connection does not have', async () => {
    await database.db.connection().execute(async (db) => {
      await withActorOn(db)
      expect((await sql<{ a: string }>`select access.actor() as a`.execute(db)).rows).toEqual([{ a: null }])
      expect((await sql`select access.can('user.administer') as may`.execute(db)).rows).toEqual([{ may: false }])
    })
  })

  const withActorOn = async (db: Parameters<typeof withActor>[0]) =>
    withActor(
      db,
      administrator,
      async (transaction) => {
        expect((await sql`select access.can('user.administer') as may`.execute(transaction)).rows).toEqual([
          { may: true },
        ])
      },
      NOW,
    )
})

describe('rights', () => {
  test('belong to the organisation in which the role is held', async () => {
    expect(await can(administrator, 'user.administer')).toBe(true)
    expect(await can(colleague, 'user.administer')).toBe(false)
    expect(await can({ ...administrator, organisation_id: stranger.organisation_id }, 'user.administer')).toBe(false)
  })

  test('are those of the manifests, and follow them', async () => {
    const names = async () =>
      (await sql<{ name: string }>`select name from access.permission order by name`.execute(database.owner)).rows.map(
        ({ name }) => name,
      )
    const before = await names()
    expect(before).toEqual(database.platform.parts.flatMap(({ permissions }) => Object.keys(permissions ?? {})).sort())
    await syncPermissions(database.owner, [{ name: 'x', permissions: { 'thing.do': ['adviser'] } }])
    expect(await names()).toEqual(['thing.do'])
    expect(await can(colleague, 'thing.do')).toBe(true)
    expect(await can(administrator, 'user.administer')).toBe(false)
    await syncPermissions(database.owner, database.platform.parts)
    await syncPermissions(database.owner, database.platform.parts)
    expect(await names()).toEqual(before)
  })

  test('of everybody are read by no one: views would show them past all row policies', async () => {
    for (const view of ['access.granted', 'access.counting_membership'])
      await expect(
        withActor(database.db, administrator, (db) => sql`select from ${sql.table(view)}`.execute(db)),
      ).rejects.toThrow('permission denied')
  })

  test('end with the membership and with the account', async () => {
    const leaver = await person('policy-leaver@test.tj', administrator.organisation_id, 'administrator')
    expect(await can(leaver, 'user.administer')).toBe(true)
    await setUserState(system, { id: leaver.user_id, email: leaver.name }, 'locked')
    expect(await can(leaver, 'user.administer')).toBe(false)
    await setUserState(system, { id: leaver.user_id, email: leaver.name }, 'closed')
    await setUserState(system, { id: leaver.user_id, email: leaver.name }, 'active')
    expect(await can(leaver, 'user.administer')).toBe(false)
  })
})

describe('accounts and memberships', () => {
  const emails = async (actor: Actor) =>
    (
      await as(
        actor,
        sql<{ email: string }>`select email from access.user_account where email like 'policy-%' order by 1`,
      )
    ).map(({ email }) => email)

  test('one sees oneself and whoever works or worked in the same organisation', async () => {
    expect(await emails(colleague)).toEqual([
      'policy-administrator@test.tj',
      'policy-colleague@test.tj',
      'policy-leaver@test.tj',
    ])
    expect(await emails(stranger)).toEqual(['policy-stranger@test.tj'])
  })

  test('pretending to act for another organisation shows nobody of it', async () => {
    expect(await emails({ ...stranger, organisation_id: administrator.organisation_id })).toEqual([
      'policy-stranger@test.tj',
    ])
  })

  test('one changes the own language and nobody else’s', async () => {
    const change = (actor: Actor, id: string) =>
      as(actor, sql`update access.user_account set locale = 'ru' where id = ${id} returning id`)
    expect(await change(colleague, colleague.user_id)).toHaveLength(1)
    expect(await change(administrator, colleague.user_id)).toHaveLength(0)
  })

  test('roles of others are for the administrator of the organisation', async () => {
    const memberships = async (actor: Actor) => (await as(actor, sql`select id from access.membership`)).length
    expect(await memberships(colleague)).toBe(1)
    expect(await memberships(administrator)).toBeGreaterThan(2)
    expect(await memberships(stranger)).toBe(1)
  })
})
