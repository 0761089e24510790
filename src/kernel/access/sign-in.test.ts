import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { NOW, type TestDatabase, testDatabase } from '../../../test/database.ts'
import type { Ctx, StaffActor } from '../context.ts'
import { createOrganisation } from '../organisations/organisations.ts'
import { codeOf, createUser, renewCredentials } from './credentials.ts'
import { knownDevice } from './devices.ts'
import {
  endAllSessions,
  endSession,
  hashToken,
  listOwnOrganisations,
  listSessions,
  readSession,
  switchOrganisation,
} from './sessions.ts'
import { type SignInResult, signIn } from './sign-in.ts'
import { withActor } from './transaction.ts'
import { setRoles, setUserState } from './users.ts'

let database: TestDatabase
let system: Ctx
let own: string
let other: string
let user: { id: string; email: string; password: string }
let serial = 0
let now = NOW

beforeAll(async () => {
  database = await testDatabase()
  system = database.ctx({ db: database.owner, actor: { kind: 'system', task: 'test' } })
  own = await createOrganisation(system, { kind: 'authority', country: 'TJ', names: { tg: 'Хадамот', en: 'Service' } })
  other = await createOrganisation(system, { kind: 'ngo', country: 'TJ', names: { en: 'Other' } })
})
afterAll(() => database.drop())

// A person, a place and a day of their own for each test: attempts and codes count across tests otherwise.
beforeEach(async () => {
  now = now.add({ hours: 24 })
  user = await newUser([own])
})

async function newUser(organisations: string[]) {
  const email = `user${++serial}@test.tj`
  const [first = own, ...more] = organisations
  const created = await createUser(at(), {
    email,
    name: 'Test',
    locale: 'en',
    organisation_id: first,
    roles: ['vacancy_officer'],
  })
  for (const organisation of more) await setRoles(at(), created.id, organisation, ['auditor'])
  return { ...created, email }
}

const at = (): Ctx => ({ ...system, now })
const code = async (id = user.id) => (await codeOf(at(), id)).code
const from = (caller: string): Ctx => ({ ...database.ctx(), now, caller })
const tryIn = async (
  given: Partial<{
    email: string
    password: string
    code: string
    former: string
    caller: string
    devices: string
  }> = {},
): Promise<SignInResult> =>
  signIn(from(given.caller ?? `caller of ${user.email}`), {
    email: given.email ?? user.email,
    password: given.password ?? user.password,
    code: given.code ?? (await code()),
    agent: 'Firefox, Linux',
    former: given.former,
    devices: given.devices,
  })
const tokenOf = (result: SignInResult) => {
  if (result.kind !== 'signed_in') throw new Error(`not signed in: ${result.kind}`)
  return result.token
}
const read = (token: string) => readSession(database.db, token, now, 'en')
const as = <T>(actor: StaffActor, fn: (ctx: Ctx) => Promise<T>) =>
  withActor(database.db, actor, (db) => fn({ ...database.ctx({ actor, db }), now }), now)
const reasons = async () => {
  const rows = await database.owner
    .selectFrom('audit.entry')
    .select('details')
    .where('action', '=', 'session.refuse')
    .where('subject_id', '=', user.id)
    .execute()
  return rows.map(({ details }) => (details as { reason: string }).reason)
}

describe('signing in', () => {
  test('with password and code opens a session in the own organisation, with its rights', async () => {
    const actor = await read(tokenOf(await tryIn({ email: user.email.toUpperCase() })))
    expect(actor).toMatchObject({ kind: 'staff', user_id: user.id, organisation_id: own, organisation_name: 'Service' })
    expect(actor!.permissions).toEqual(new Set(await permissionsOf('vacancy_officer')))
    const line = await database.owner
      .selectFrom('audit.entry')
      .selectAll()
      .where('subject_id', '=', actor!.session_id)
      .executeTakeFirstOrThrow()
    expect(line).toMatchObject({ action: 'session.open', actor_id: user.id, organisation_id: own })
  })

  test('only the hash of the token is stored', async () => {
    const token = tokenOf(await tryIn())
    const { rows } = await sql<{
      text: string
    }>`select session::text as text from access.session where token_hash = ${hashToken(token)}`.execute(database.owner)
    expect(rows).toHaveLength(1)
    expect(rows[0]!.text).not.toContain(token)
  })

  test.each([
    ['an unknown address', async () => ({ email: 'nobody@test.tj' })],
    ['a wrong password', async () => ({ password: 'wrong' })],
    ['a wrong code', async () => ({ code: (await code()) === '000000' ? '000001' : '000000' })],
    ['no code', async () => ({ code: '' })],
    ['both wrong', async () => ({ password: 'wrong', code: '000000' })],
    ['a locked account', async () => setUserState(at(), user, 'locked').then(() => ({}))],
    ['a closed account', async () => setUserState(at(), user, 'closed').then(() => ({}))],
  ])('%s: the same answer', async (_, prepare) => {
    expect(await tryIn(await prepare())).toEqual({ kind: 'wrong' })
  })

  test('the audit knows the reason, and no secret', async () => {
    await tryIn({ password: 'wrong-secret' })
    await tryIn({ code: '000000' })
    await setUserState(at(), user, 'locked')
    await tryIn()
    expect(await reasons()).toEqual(['password', 'code', 'state'])
    const { rows } = await sql<{
      n: bigint
    }>`select count(*) as n from audit.entry where entry::text like '%wrong-secret%'`.execute(database.owner)
    expect(rows[0]!.n).toBe(0n)
  })

  test('an unknown address takes as long as a wrong password', async () => {
    const time = async (email: string, caller: string) => {
      const taken: number[] = []
      for (let i = 0; i < 5; i++) {
        const started = performance.now()
        expect(await tryIn({ email, password: 'wrong', code: '123456', caller })).toEqual({ kind: 'wrong' })
        taken.push(performance.now() - started)
      }
      return taken.sort((a, b) => a - b)[2]!
    }
    await time('warm@test.tj', 'a')
    const [known, unknown] = [await time(user.email, 'b'), await time('unknown@test.tj', 'c')]
    expect(unknown / known).toBeGreaterThan(0.33)
    expect(unknown / known).toBeLessThan(3)
  })

  test('without an organisation it is said, after password and code were right', async () => {
    await database.owner.updateTable('access.membership').set({ until: now }).where('user_id', '=', user.id).execute()
    expect(await tryIn({ password: 'wrong' })).toEqual({ kind: 'wrong' })
    expect(await tryIn()).toEqual({ kind: 'no_organisation' })
  })

  test('a former session of the same browser ends', async () => {
    const former = tokenOf(await tryIn())
    now = now.add({ minutes: 1 })
    const token = tokenOf(await tryIn({ former }))
    expect(await read(former)).toBeNull()
    expect(await read(token)).not.toBeNull()
  })
})

describe('a code counts once', () => {
  test('not again, not an older one, but the next', async () => {
    const [older, current] = [
      (await codeOf({ ...at(), now: now.subtract({ seconds: 30 }) }, user.id)).code,
      await code(),
    ]
    tokenOf(await tryIn({ code: current }))
    expect(await tryIn({ code: current })).toEqual({ kind: 'wrong' })
    expect(await tryIn({ code: older })).toEqual({ kind: 'wrong' })
    expect(await reasons()).toEqual(['replayed', 'replayed'])
    now = now.add({ seconds: 30 })
    tokenOf(await tryIn())
  })

  test('not twice at the same moment', async () => {
    const current = await code()
    const results = await Promise.all(Array.from({ length: 4 }, () => tryIn({ code: current })))
    expect(results.map(({ kind }) => kind).sort()).toEqual(['signed_in', 'wrong', 'wrong', 'wrong'])
  })
})

describe('attempts are limited', () => {
  const wrong = (caller: string, devices?: string) =>
    tryIn({ password: 'wrong', code: '000000', caller, ...(devices && { devices }) })
  const devicesOf = (result: SignInResult) => (result.kind === 'signed_in' ? result.devices : '')

  test('five for an account from one place, then none for 15 minutes, not even the right one', async () => {
    for (let i = 0; i < 5; i++) expect(await wrong('c')).toEqual({ kind: 'wrong' })
    const until = now.add({ minutes: 15 })
    expect(await tryIn({ caller: 'c' })).toEqual({ kind: 'blocked', until })
    now = now.add({ minutes: 14 })
    expect(await tryIn({ caller: 'c' })).toEqual({ kind: 'blocked', until })
    now = now.add({ minutes: 1 })
    tokenOf(await tryIn({ caller: 'c' }))
  })

  test('an address nobody has is blocked just so', async () => {
    const nobody = { email: `nobody${serial}@test.tj`, password: 'wrong', caller: 'n' }
    for (let i = 0; i < 5; i++) expect(await tryIn(nobody)).toEqual({ kind: 'wrong' })
    expect(await tryIn(nobody)).toMatchObject({ kind: 'blocked' })
  })

  test('a stranger at one place locks nobody out, however long', async () => {
    for (let minute = 0; minute < 180; minute++) {
      await wrong('stranger')
      await wrong('stranger')
      now = now.add({ minutes: 1 })
    }
    tokenOf(await tryIn({ caller: 'office' }))
  })

  test('strangers at many places have twenty an hour together; a browser that is known is not held up', async () => {
    const known = devicesOf(await tryIn({ caller: 'office' }))
    now = now.add({ minutes: 1 })
    const results = []
    for (let i = 0; i < 60; i++) results.push((await wrong(`place ${i}`)).kind)
    expect(results.filter((kind) => kind === 'wrong')).toHaveLength(20)
    expect(await tryIn({ caller: 'elsewhere' })).toEqual({ kind: 'blocked', until: now.add({ hours: 1 }) })
    // Nor does it matter that somebody at the same address has used it up.
    for (let i = 0; i < 21; i++) await tryIn({ email: `y${i}@test.tj`, password: 'x', caller: 'office' })
    tokenOf(await tryIn({ caller: 'office', devices: known }))
    now = now.add({ hours: 1 })
    tokenOf(await tryIn({ caller: 'elsewhere' }))
  })

  test('a known browser has five of its own, and for its account only', async () => {
    const known = devicesOf(await tryIn({ caller: 'd' }))
    now = now.add({ minutes: 1 })
    for (let i = 0; i < 5; i++) expect(await wrong(`d${i}`, known)).toEqual({ kind: 'wrong' })
    expect(await wrong('d6', known)).toMatchObject({ kind: 'blocked' })
    const other = await newUser([own])
    for (let i = 0; i < 20; i++)
      await tryIn({ email: other.email, password: 'wrong', code: '000000', caller: `e${i}`, devices: known })
    const blocked = { email: other.email, password: other.password, code: await code(other.id), caller: 'e21' }
    expect(await tryIn({ ...blocked, devices: known })).toMatchObject({ kind: 'blocked' })
    expect(await tryIn({ ...blocked, devices: `${known.slice(0, -1)}_` })).toMatchObject({ kind: 'blocked' })
  })

  test('colleagues share a browser: it knows four accounts', async () => {
    let devices = devicesOf(await tryIn())
    const first = user
    for (let i = 0; i < 3; i++) {
      user = await newUser([own])
      devices = devicesOf(await tryIn({ devices }))
    }
    expect(knownDevice(at(), first.email, devices)).toBeTruthy()
    user = await newUser([own])
    devices = devicesOf(await tryIn({ devices }))
    expect(knownDevice(at(), first.email, devices)).toBeUndefined()
    expect(knownDevice(at(), user.email.toUpperCase(), devices)).toBeTruthy()
    expect(devices.split('.')).toHaveLength(4)
  })

  test('at the same moment too', async () => {
    const results = await Promise.all(Array.from({ length: 12 }, () => wrong('s')))
    expect(results.filter(({ kind }) => kind === 'wrong')).toHaveLength(5)
    expect(results.filter(({ kind }) => kind === 'blocked')).toHaveLength(7)
    const lines = await database.owner
      .selectFrom('audit.entry')
      .select('details')
      .where('action', '=', 'session.block')
      .orderBy('id', 'desc')
      .limit(1)
      .execute()
    expect(lines).toEqual([{ details: { by: 'account' } }])
  })

  test('twenty for one network address, whatever the accounts', async () => {
    const caller = `network ${serial}`
    for (let i = 0; i < 20; i++)
      expect(await tryIn({ email: `x${i}-${serial}@test.tj`, password: 'x', caller })).toEqual({ kind: 'wrong' })
    expect(await tryIn({ caller })).toMatchObject({ kind: 'blocked' })
    tokenOf(await tryIn({ caller: 'elsewhere' }))
  })

  test('who signs in is forgiven; a whole office can sign in from one address', async () => {
    for (let i = 0; i < 4; i++) await tryIn({ password: 'wrong' })
    tokenOf(await tryIn())
    for (let i = 0; i < 22; i++) {
      now = now.add({ seconds: 30 })
      tokenOf(await tryIn({ caller: 'office' }))
    }
  })

  test('an administrator forgives too', async () => {
    for (let i = 0; i < 21; i++) await wrong(`u${i % 10}`)
    for (let i = 0; i < 6; i++) await wrong('u0')
    expect(await tryIn({ caller: 'u0' })).toMatchObject({ kind: 'blocked' })
    await setUserState(at(), user, 'active')
    tokenOf(await tryIn({ caller: 'u0' }))
  })
})

describe('a session', () => {
  test('idles out after 45 minutes, and lives on while it is used, for 12 hours', async () => {
    const token = tokenOf(await tryIn())
    const start = now
    now = start.add({ minutes: 46 })
    expect(await read(token)).toBeNull()
    now = start.add({ minutes: 44 })
    for (; now.since(start).total('hours') < 12; now = now.add({ minutes: 44 }))
      expect(await read(token)).not.toBeNull()
    now = start.add({ hours: 12 })
    expect(await read(token)).toBeNull()
  })

  test('ends with the membership, the account or the organisation', async () => {
    const ends: (() => Promise<unknown>)[] = [
      () =>
        database.owner.updateTable('access.membership').set({ until: now }).where('user_id', '=', user.id).execute(),
      () => setUserState(at(), user, 'locked'),
      () => renewCredentials(at(), user, { authenticator: true }),
    ]
    for (const end of ends) {
      user = await newUser([own])
      const token = tokenOf(await tryIn())
      expect(await read(token)).not.toBeNull()
      await end()
      expect(await read(token)).toBeNull()
    }
  })

  test('a right that is taken away is gone at the next request', async () => {
    const token = tokenOf(await tryIn())
    await setRoles(at(), user.id, own, [])
    expect((await read(token))!.permissions).toEqual(new Set())
  })

  test('is ended by signing out; everywhere ends the others too', async () => {
    const first = tokenOf(await tryIn())
    now = now.add({ minutes: 1 })
    const second = tokenOf(await tryIn())
    now = now.add({ minutes: 1 })
    const third = tokenOf(await tryIn())
    await as((await read(first))!, endSession)
    expect(await read(first)).toBeNull()
    const actor = (await read(second))!
    expect(await as(actor, listSessions)).toMatchObject([{ agent: 'Firefox, Linux' }, { id: actor.session_id }])
    await as(actor, endAllSessions)
    expect([await read(second), await read(third)]).toEqual([null, null])
  })

  test('moves to another organisation with another token and its rights, never to a foreign one', async () => {
    user = await newUser([own, other])
    const result = await tryIn()
    expect(result).toMatchObject({ kind: 'signed_in', choose: true })
    const token = tokenOf(result)
    const actor = (await read(token))!
    expect((await as(actor, listOwnOrganisations)).map(({ id }) => id).sort()).toEqual([own, other].sort())
    const moved = await as(actor, (ctx) => switchOrganisation(ctx, other))
    expect(await read(token)).toBeNull()
    expect(await read(moved)).toMatchObject({
      organisation_id: other,
      permissions: new Set(await permissionsOf('auditor')),
    })
    const foreign = await createOrganisation(system, { kind: 'ngo', country: 'TJ', names: { en: `Foreign ${serial}` } })
    await expect(as((await read(moved))!, (ctx) => switchOrganisation(ctx, foreign))).rejects.toMatchObject({
      status: 404,
    })
    now = now.add({ minutes: 1 })
    const again = await tryIn()
    expect(again).toMatchObject({ choose: false })
    expect(await read(tokenOf(again))).toMatchObject({ organisation_id: other })
  })
})

const permissionsOf = async (role: string) => {
  const rows = await database.owner
    .selectFrom('access.role_permission')
    .select('permission')
    .where('role', '=', role)
    .execute()
  return rows.map(({ permission }) => permission)
}
