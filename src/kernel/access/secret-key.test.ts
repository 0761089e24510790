import { afterAll, beforeAll, expect, test } from 'vitest'
import { NOW, silentLog, type TestDatabase, testDatabase } from '../../../test/database.ts'
import { readConfig } from '../config.ts'
import type { Ctx } from '../context.ts'
import { openDatabase } from '../db/open.ts'
import { createOrganisation } from '../organisations/organisations.ts'
import { codeOf, createUser } from './credentials.ts'
import { moveAccountSecrets } from './move-account-secrets.ts'
import { moveKeyCommand } from './move-key.ts'
import { recoveryCodeHash } from './recovery-codes.ts'
import { signIn } from './sign-in.ts'

const [OLD, NEW, WRONG] = [1, 2, 3].map((byte) => Buffer.alloc(32, byte).toString('base64')) as [string, string, string]
const EMAIL = 'officer@test.tj'
const DIGITS = '123412341234'

let database: TestDatabase
let password: string
let user_id: string
let minutes = 0

const configOf = (secret: string, before?: string) =>
  readConfig({
    DATABASE_URL: database.appUrl,
    DATABASE_OWNER_URL: database.ownerUrl,
    HAMSAFAR_SECRET_KEY: secret,
    HAMSAFAR_SECRET_KEY_BEFORE: before,
  })
const start = async (secret: string, before?: string) =>
  (await openDatabase(configOf(secret, before), { log: silentLog })).stop()
const instance = () => database.owner.selectFrom('system.instance').selectAll().executeTakeFirstOrThrow()

const under = (secret: string, before?: string): Pick<Ctx, 'platform' | 'now'> => ({
  platform: { ...database.platform, config: configOf(secret, before) },
  now: NOW.add({ minutes }),
})
const system = (secret: string, before?: string): Ctx => ({
  ...database.ctx({ db: database.owner, actor: { kind: 'system', task: 'test' } }),
  ...under(secret, before),
})

/** Signs in with the code of the moment, or another, in a program that has these keys. */
async function enter(keys: [string, string?], code?: string): Promise<string> {
  minutes++ // a code counts once
  const shown = code ?? (await codeOf(system(...keys), user_id)).code
  return (await signIn({ ...database.ctx(), ...under(...keys) }, { email: EMAIL, password, code: shown, agent: null }))
    .kind
}

async function move(secret: string, before?: string): Promise<unknown> {
  let result: unknown
  if (moveKeyCommand.needs !== 'database') throw new Error('unreachable')
  const result_ = (value: unknown) => {
    result = value
  }
  await moveKeyCommand.run(system(secret, before), {}, { json: false, print() {}, result: result_, progress() {} })
  return result
}

beforeAll(async () => {
  database = await testDatabase()
  const ctx = system(OLD)
  const organisation_id = await createOrganisation(ctx, { kind: 'authority', country: 'TJ', names: { en: 'Service' } })
  const created = await createUser(ctx, {
    email: EMAIL,
    name: 'Test',
    locale: 'en',
    organisation_id,
    roles: ['auditor'],
  })
  password = created.password
  user_id = created.id
  await database.owner
    .insertInto('access.recovery_code')
    .values({ user_id, code_hash: recoveryCodeHash(ctx, user_id, DIGITS), created_at: NOW })
    .execute()
})
afterAll(() => database.drop())

test('the first start keeps which key it is; a start with another changes nothing and says what to do', async () => {
  expect((await instance()).key_check).toBeNull()
  await start(OLD)
  const kept = await instance()
  expect(kept.key_check).toHaveLength(32)
  await start(OLD)
  for (const before of [undefined, NEW])
    await expect(start(WRONG, before)).rejects.toThrow(
      /^The secret key is not the one .* nothing was changed: set HAMSAFAR_SECRET_KEY /,
    )
  expect(await instance()).toEqual(kept)
})

test('a move: both keys open, then the new one alone; authenticators stay, recovery codes end', async () => {
  await start(NEW, OLD)
  expect(await enter([NEW, OLD])).toBe('signed_in')
  await expect(start(NEW)).rejects.toThrow(/not finished .*HAMSAFAR_SECRET_KEY_BEFORE/)
  await expect(start(OLD)).rejects.toThrow(/is not the one/)

  // Broken off once in between.
  expect(await moveAccountSecrets(system(NEW, OLD))).toBe(2)
  await expect(start(NEW)).rejects.toThrow(/not finished/)
  expect(await move(NEW, OLD)).toEqual({ moved: 0 })
  expect(await move(NEW)).toEqual({ moved: 0 })

  await start(NEW)
  await expect(start(OLD)).rejects.toThrow(/is not the one/)
  expect(await enter([NEW])).toBe('signed_in')
  expect(await enter([NEW], DIGITS)).toBe('wrong')
  await expect(enter([OLD])).rejects.toThrow()
  const told = await database.owner.selectFrom('notifications.notification').select('message_key').execute()
  expect(told).toContainEqual({ message_key: 'access.notice.recovery_ended' })
  const lines = await database.owner
    .selectFrom('audit.entry')
    .select('id')
    .where('action', '=', 'secret_key.move')
    .execute()
  expect(lines).toHaveLength(1)
})

test('a move that was begun can go back', async () => {
  await start(WRONG, NEW)
  await start(NEW, WRONG)
  await expect(start(NEW)).rejects.toThrow(/not finished/)
  await move(NEW, WRONG)
  await start(NEW)
  expect(await enter([NEW])).toBe('signed_in')
})

test('a secret that opens with neither key stays, and holds up nobody else', async () => {
  const lost = await createUser(system(WRONG), {
    email: 'lost@test.tj',
    name: 'Lost',
    locale: 'en',
    organisation_id: (
      await database.owner.selectFrom('access.membership').select('organisation_id').executeTakeFirstOrThrow()
    ).organisation_id,
    roles: ['auditor'],
  })
  const secret = () =>
    database.owner.selectFrom('access.user_account').select('totp_secret').where('id', '=', lost.id).executeTakeFirst()
  const before = await secret()
  await start(OLD, NEW)
  await move(OLD, NEW)
  await start(OLD)
  expect(await secret()).toEqual(before)
  expect(await enter([OLD])).toBe('signed_in')
})
