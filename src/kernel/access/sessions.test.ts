import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createOrganisation } from '../organisations/organisations.ts'
import { renewCredentials } from './credentials.ts'
import { type Door, openDoor, tokenOf } from './fixtures/door.ts'
import { endAllSessions, endSession, listOwnOrganisations, listSessions, switchOrganisation } from './sessions.ts'
import { setRoles, setUserState } from './users.ts'

let door: Door
beforeAll(async () => {
  door = await openDoor()
})
beforeEach(() => door.nextPerson())
afterAll(() => door.database.drop())

describe('a session', () => {
  test('idles out after 45 minutes, and lives on while it is used, for 12 hours', async () => {
    const token = tokenOf(await door.tryIn())
    const start = door.now
    door.now = start.add({ minutes: 46 })
    expect(await door.read(token)).toBeNull()
    door.now = start.add({ minutes: 44 })
    for (; door.now.since(start).total('hours') < 12; door.now = door.now.add({ minutes: 44 }))
      expect(await door.read(token)).not.toBeNull()
    door.now = start.add({ hours: 12 })
    expect(await door.read(token)).toBeNull()
  })

  test('ends with the membership, the account or the organisation', async () => {
    const ends: (() => Promise<unknown>)[] = [
      () =>
        door.database.owner
          .updateTable('access.membership')
          .set({ until: door.now })
          .where('user_id', '=', door.user.id)
          .execute(),
      () => setUserState(door.at(), door.user, 'locked'),
      () => renewCredentials(door.at(), door.user, { authenticator: true }),
    ]
    for (const end of ends) {
      door.user = await door.newUser([door.own])
      const token = tokenOf(await door.tryIn())
      expect(await door.read(token)).not.toBeNull()
      await end()
      expect(await door.read(token)).toBeNull()
    }
  })

  test('a right that is taken away is gone at the next request', async () => {
    const token = tokenOf(await door.tryIn())
    await setRoles(door.at(), door.user.id, door.own, [])
    expect((await door.read(token))!.permissions).toEqual(new Set())
  })

  test('is ended by signing out; everywhere ends the others too', async () => {
    const first = tokenOf(await door.tryIn())
    door.now = door.now.add({ minutes: 1 })
    const second = tokenOf(await door.tryIn())
    door.now = door.now.add({ minutes: 1 })
    const third = tokenOf(await door.tryIn())
    await door.as((await door.read(first))!, endSession)
    expect(await door.read(first)).toBeNull()
    const actor = (await door.read(second))!
    expect(await door.as(actor, listSessions)).toMatchObject([{ agent: 'Firefox, Linux' }, { id: actor.session_id }])
    await door.as(actor, endAllSessions)
    expect([await door.read(second), await door.read(third)]).toEqual([null, null])
  })

  test('moves to another organisation with another token and its rights, never to a foreign one', async () => {
    door.user = await door.newUser([door.own, door.other])
    const result = await door.tryIn()
    expect(result).toMatchObject({ kind: 'signed_in', choose: true })
    const token = tokenOf(result)
    const actor = (await door.read(token))!
    expect((await door.as(actor, listOwnOrganisations)).map(({ id }) => id).sort()).toEqual(
      [door.own, door.other].sort(),
    )
    const moved = await door.as(actor, (ctx) => switchOrganisation(ctx, door.other))
    expect(await door.read(token)).toBeNull()
    expect(await door.read(moved)).toMatchObject({
      organisation_id: door.other,
      permissions: new Set(await door.permissionsOf('auditor')),
    })
    const foreign = await createOrganisation(door.system, {
      kind: 'ngo',
      country: 'TJ',
      names: { en: `Foreign ${door.serial}` },
    })
    await expect(door.as((await door.read(moved))!, (ctx) => switchOrganisation(ctx, foreign))).rejects.toMatchObject({
      status: 404,
    })
    door.now = door.now.add({ minutes: 1 })
    const again = await door.tryIn()
    expect(again).toMatchObject({ choose: false })
    expect(await door.read(tokenOf(again))).toMatchObject({ organisation_id: door.other })
  })
})
