import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { codeOf } from './credentials.ts'
import { type Door, openDoor, tokenOf } from './fixtures/door.ts'
import { hashToken } from './sessions.ts'
import { setUserState } from './users.ts'

let door: Door
beforeAll(async () => {
  door = await openDoor()
})
beforeEach(() => door.nextPerson())
afterAll(() => door.database.drop())

const reasons = async () => {
  const rows = await door.database.owner
    .selectFrom('audit.entry')
    .select('details')
    .where('action', '=', 'session.refuse')
    .where('subject_id', '=', door.user.id)
    .execute()
  return rows.map(({ details }) => (details as { reason: string }).reason)
}

describe('signing in', () => {
  test('with password and code opens a session in the own organisation, with its rights', async () => {
    const actor = await door.read(tokenOf(await door.tryIn({ email: door.user.email.toUpperCase() })))
    expect(actor).toMatchObject({
      kind: 'staff',
      user_id: door.user.id,
      organisation_id: door.own,
      organisation_name: 'Service',
    })
    expect(actor!.permissions).toEqual(new Set(await door.permissionsOf('vacancy_officer')))
    const line = await door.database.owner
      .selectFrom('audit.entry')
      .selectAll()
      .where('subject_id', '=', actor!.session_id)
      .executeTakeFirstOrThrow()
    expect(line).toMatchObject({ action: 'session.open', actor_id: door.user.id, organisation_id: door.own })
  })

  test('only the hash of the token is stored', async () => {
    const token = tokenOf(await door.tryIn())
    const { rows } = await sql<{
      text: string
    }>`select session::text as text from access.session where token_hash = ${hashToken(token)}`.execute(
      door.database.owner,
    )
    expect(rows).toHaveLength(1)
    expect(rows[0]!.text).not.toContain(token)
  })

  test.each([
    ['an unknown address', async () => ({ email: 'nobody@test.tj' })],
    ['a wrong password', async () => ({ password: 'wrong' })],
    ['a wrong code', async () => ({ code: (await door.code()) === '000000' ? '000001' : '000000' })],
    ['no code', async () => ({ code: '' })],
    ['both wrong', async () => ({ password: 'wrong', code: '000000' })],
    ['a locked account', async () => setUserState(door.at(), door.user, 'locked').then(() => ({}))],
    ['a closed account', async () => setUserState(door.at(), door.user, 'closed').then(() => ({}))],
  ])('%s: the same answer', async (_, prepare) => {
    expect(await door.tryIn(await prepare())).toEqual({ kind: 'wrong' })
  })

  test('the audit knows the reason, and no secret', async () => {
    await door.tryIn({ password: 'wrong-secret' })
    await door.tryIn({ code: '000000' })
    await setUserState(door.at(), door.user, 'locked')
    await door.tryIn()
    expect(await reasons()).toEqual(['password', 'code', 'state'])
    const { rows } = await sql<{
      n: bigint
    }>`select count(*) as n from audit.entry where entry::text like '%wrong-secret%'`.execute(door.database.owner)
    expect(rows[0]!.n).toBe(0n)
  })

  test('an unknown address takes as long as a wrong password', async () => {
    const time = async (email: string, caller: string) => {
      const taken: number[] = []
      for (let i = 0; i < 5; i++) {
        const started = performance.now()
        expect(await door.tryIn({ email, password: 'wrong', code: '123456', caller })).toEqual({ kind: 'wrong' })
        taken.push(performance.now() - started)
      }
      return taken.sort((a, b) => a - b)[2]!
    }
    await time('warm@test.tj', 'a')
    const [known, unknown] = [await time(door.user.email, 'b'), await time('unknown@test.tj', 'c')]
    expect(unknown / known).toBeGreaterThan(0.33)
    expect(unknown / known).toBeLessThan(3)
  })

  test('without an organisation it is said, after password and code were right', async () => {
    await door.database.owner
      .updateTable('access.membership')
      .set({ until: door.now })
      .where('user_id', '=', door.user.id)
      .execute()
    expect(await door.tryIn({ password: 'wrong' })).toEqual({ kind: 'wrong' })
    expect(await door.tryIn()).toEqual({ kind: 'no_organisation' })
  })

  test('a former session of the same browser ends', async () => {
    const former = tokenOf(await door.tryIn())
    door.now = door.now.add({ minutes: 1 })
    const token = tokenOf(await door.tryIn({ former }))
    expect(await door.read(former)).toBeNull()
    expect(await door.read(token)).not.toBeNull()
  })
})

describe('a code counts once', () => {
  test('not again, not an older one, but the next', async () => {
    const [older, current] = [
      (await codeOf({ ...door.at(), now: door.now.subtract({ seconds: 30 }) }, door.user.id)).code,
      await door.code(),
    ]
    tokenOf(await door.tryIn({ code: current }))
    expect(await door.tryIn({ code: current })).toEqual({ kind: 'wrong' })
    expect(await door.tryIn({ code: older })).toEqual({ kind: 'wrong' })
    expect(await reasons()).toEqual(['replayed', 'replayed'])
    door.now = door.now.add({ seconds: 30 })
    tokenOf(await door.tryIn())
  })

  test('not twice at the same moment', async () => {
    const current = await door.code()
    const results = await Promise.all(Array.from({ length: 4 }, () => door.tryIn({ code: current })))
    expect(results.map(({ kind }) => kind).sort()).toEqual(['signed_in', 'wrong', 'wrong', 'wrong'])
  })
})
