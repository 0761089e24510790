import { afterAll, beforeAll, expect, test } from 'vitest'
import { sealAll } from '../../../test/audit.ts'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { auditVerifyCommand } from '../audit/commands.ts'
import type { Command } from '../cli/command.ts'
import { readInput } from '../cli/input.ts'
import type { Ctx } from '../context.ts'
import { ROLES } from '../module.ts'
import { organisationCommands } from '../organisations/commands.ts'
import { userCommands } from './commands.ts'
import { DEMO_USERS, demoSignIns, demoUsers } from './demo.ts'
import { verifyPassword } from './passwords.ts'

let database: TestDatabase
let ctx: Ctx

beforeAll(async () => {
  database = await testDatabase()
  ctx = database.ctx({ db: database.owner, actor: { kind: 'system', task: 'test' } })
  await demoUsers(ctx)
})
afterAll(() => database.drop())

/** A command as the operator types it: its exit code and its answer for machines. */
async function run(line: string[], platform: Partial<Ctx['platform']> = {}) {
  const commands: Command[] = [...userCommands, ...organisationCommands, auditVerifyCommand]
  const command = commands.find(({ name }) => name === line.slice(0, 2).join(' '))
  if (!command || command.needs === 'nothing') throw new Error(`no command ${line.join(' ')}`)
  let result: unknown
  const out = { json: true, print() {}, progress() {}, result: (value: unknown) => void (result = value) }
  const code =
    (await command.run(
      { ...ctx, platform: { ...ctx.platform, ...platform } },
      readInput(command, line.slice(2)),
      out,
    )) ?? 0
  return { code, result: result as Record<string, unknown> }
}
const stored = (email: string) =>
  database.owner.selectFrom('access.user_account').selectAll().where('email', '=', email).executeTakeFirstOrThrow()

test('an account is created, renewed, locked and closed; passwords are told once and stored hashed', async () => {
  const { result: created } = await run([
    'users',
    'create',
    'New@Test.tj',
    '--name',
    'New',
    '--organisation',
    'Хадамоти муҳоҷират (намуна)',
    '--role',
    'auditor',
  ])
  expect(created.totp_address).toMatch(/^otpauth:/)
  const account = await stored('new@test.tj')
  expect(await verifyPassword(created.password as string, account.password_hash!)).toBe(true)
  await expect(
    run(['users', 'create', 'new@test.tj', '--name', 'Again', '--organisation', 'Migration Service (sample)']),
  ).rejects.toMatchObject({ status: 409 })
  await expect(
    run(['users', 'create', 'other@test.tj', '--name', 'Other', '--organisation', 'Nowhere']),
  ).rejects.toMatchObject({ status: 404 })

  const { result: renewed } = await run(['users', 'password', 'new@test.tj'])
  expect(renewed.totp_address).toBeNull()
  const after = await stored('new@test.tj')
  expect(await verifyPassword(renewed.password as string, after.password_hash!)).toBe(true)
  expect(after.totp_secret).toEqual(account.totp_secret)
  await run(['users', 'password', 'new@test.tj', '--authenticator'])
  expect((await stored('new@test.tj')).totp_secret).not.toEqual(account.totp_secret)

  for (const [verb, state] of [
    ['lock', 'locked'],
    ['unlock', 'active'],
    ['close', 'closed'],
  ] as const) {
    await run(['users', verb, 'new@test.tj'])
    expect((await stored('new@test.tj')).state).toBe(state)
  }
  await expect(run(['users', 'lock', 'nobody@test.tj'])).rejects.toMatchObject({ status: 404 })
})

test('a link to set up the account anew is printed, for an account that exists', async () => {
  const { result } = await run(['users', 'link', DEMO_USERS[1]!.email])
  expect(result.address).toMatch(/\/tg\/sign-in\/set-up\/[\w-]{43}$/)
  await expect(run(['users', 'link', 'nobody@test.tj'])).rejects.toMatchObject({ status: 404 })
})

test('roles are set instead of those held, and never emptied by forgetting them', async () => {
  const roles = async () => {
    const { result } = await run(['users', 'list'])
    const all = result as unknown as { email: string; memberships: { roles: string[] }[] }[]
    return all.find(({ email }) => email === 'adviser@example.tj')!.memberships.map((membership) => membership.roles)
  }
  const call = ['users', 'roles', 'adviser@example.tj', '--organisation', 'Migrant Support Centre (sample)']
  expect(await roles()).toEqual([['adviser']])
  await run([...call, '--role', 'auditor', '--role', 'vacancy_officer'])
  expect(await roles()).toEqual([['auditor', 'vacancy_officer']])
  await expect(run(call)).rejects.toThrow(/at least one --role/)
  await run([...call, '--none'])
  expect(await roles()).toEqual([[]])
})

test('organisations are added with a name and found by it', async () => {
  await expect(run(['organisations', 'create', '--kind', 'ngo'])).rejects.toThrow(/at least one name/)
  const { result } = await run([
    'organisations',
    'create',
    '--kind',
    'ngo',
    '--country',
    'RU',
    '--name-ru',
    'Землячество',
  ])
  const { result: all } = await run(['organisations', 'list'])
  expect(all).toContainEqual({
    id: result.id,
    kind: 'ngo',
    country: 'RU',
    names: { ru: 'Землячество' },
    created_at: ctx.now,
    closed_at: null,
  })
  await run(['organisations', 'create', '--kind', 'ngo', '--name-ru', 'Землячество'])
  await expect(
    run(['users', 'create', 'x@test.tj', '--name', 'X', '--organisation', 'землячество']),
  ).rejects.toMatchObject({ status: 409 })
})

test('each demonstration role has an account, whose password opens it', async () => {
  const shown = demoSignIns(ctx)
  expect(shown.map(({ email }) => email)).toEqual(DEMO_USERS.map(({ email }) => email))
  expect(new Set(DEMO_USERS.flatMap(({ role, more = [] }) => [role, ...more]))).toEqual(new Set(ROLES))
  for (const { email, password } of shown)
    expect(await verifyPassword(password, (await stored(email)).password_hash!)).toBe(true)
  expect(demoSignIns({ platform: { ...ctx.platform, demonstration: false } })).toEqual([])
})

test('codes are shown of demonstration accounts only, in a demonstration only, never in production', async () => {
  const { result } = await run(['users', 'code', DEMO_USERS[0]!.email])
  expect(result.code).toMatch(/^\d{6}$/)
  const refused = { status: 403 }
  await expect(run(['users', 'code', 'new@test.tj'])).rejects.toMatchObject(refused)
  await expect(run(['users', 'code', DEMO_USERS[0]!.email], { demonstration: false })).rejects.toMatchObject(refused)
  await expect(
    run(['users', 'code', DEMO_USERS[0]!.email], { config: { ...ctx.platform.config, production: true } }),
  ).rejects.toMatchObject(refused)
})

test('audit verify: 0 and an anchor when whole, 1 and the line when not', async () => {
  await sealAll(database.owner)
  const { code, result } = await run(['audit', 'verify'])
  expect({ code, ok: result.ok, fault: result.fault }).toEqual({ code: 0, ok: true, fault: null })
  expect(await run(['audit', 'verify', '--anchor', `${result.sealed}:${result.head}`])).toMatchObject({ code: 0 })
  const wrong = await run(['audit', 'verify', '--anchor', `${result.sealed}:${'0'.repeat(64)}`])
  expect(wrong).toMatchObject({ code: 1, result: { ok: false, fault: { kind: 'anchor', line: result.sealed } } })
  await expect(run(['audit', 'verify', '--anchor', 'x'])).rejects.toThrow(/--anchor/)
})
