import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { knownDevice } from './devices.ts'
import { type Door, openDoor, tokenOf } from './fixtures/door.ts'
import type { SignInResult } from './sign-in.ts'
import { setUserState } from './users.ts'

let door: Door
beforeAll(async () => {
  door = await openDoor()
})
beforeEach(() => door.nextPerson())
afterAll(() => door.database.drop())

describe('attempts are limited', () => {
  const wrong = (caller: string, devices?: string) =>
    door.tryIn({ password: 'wrong', code: '000000', caller, ...(devices && { devices }) })
  const devicesOf = (result: SignInResult) => (result.kind === 'signed_in' ? result.devices : '')

  test('five for an account from one place, then none for 15 minutes, not even the right one', async () => {
    for (let i = 0; i < 5; i++) expect(await wrong('c')).toEqual({ kind: 'wrong' })
    const until = door.now.add({ minutes: 15 })
    expect(await door.tryIn({ caller: 'c' })).toEqual({ kind: 'blocked', until })
    door.now = door.now.add({ minutes: 14 })
    expect(await door.tryIn({ caller: 'c' })).toEqual({ kind: 'blocked', until })
    door.now = door.now.add({ minutes: 1 })
    tokenOf(await door.tryIn({ caller: 'c' }))
  })

  test('an address nobody has is blocked just so', async () => {
    const nobody = { email: `nobody${door.serial}@test.tj`, password: 'wrong', caller: 'n' }
    for (let i = 0; i < 5; i++) expect(await door.tryIn(nobody)).toEqual({ kind: 'wrong' })
    expect(await door.tryIn(nobody)).toMatchObject({ kind: 'blocked' })
  })

  test('a stranger at one place locks nobody out, however long', async () => {
    for (let minute = 0; minute < 180; minute++) {
      await wrong('stranger')
      await wrong('stranger')
      door.now = door.now.add({ minutes: 1 })
    }
    tokenOf(await door.tryIn({ caller: 'office' }))
  })

  test('strangers at many places have twenty an hour together; a browser that is known is not held up', async () => {
    const known = devicesOf(await door.tryIn({ caller: 'office' }))
    door.now = door.now.add({ minutes: 1 })
    const results = []
    for (let i = 0; i < 60; i++) results.push((await wrong(`place ${i}`)).kind)
    expect(results.filter((kind) => kind === 'wrong')).toHaveLength(20)
    expect(await door.tryIn({ caller: 'elsewhere' })).toEqual({ kind: 'blocked', until: door.now.add({ hours: 1 }) })
    // Nor does it matter that somebody at the same address has used it up.
    for (let i = 0; i < 21; i++) await door.tryIn({ email: `y${i}@test.tj`, password: 'x', caller: 'office' })
    tokenOf(await door.tryIn({ caller: 'office', devices: known }))
    door.now = door.now.add({ hours: 1 })
    tokenOf(await door.tryIn({ caller: 'elsewhere' }))
  })

  test('a known browser has five of its own, and for its account only', async () => {
    const known = devicesOf(await door.tryIn({ caller: 'd' }))
    door.now = door.now.add({ minutes: 1 })
    for (let i = 0; i < 5; i++) expect(await wrong(`d${i}`, known)).toEqual({ kind: 'wrong' })
    expect(await wrong('d6', known)).toMatchObject({ kind: 'blocked' })
    const neighbour = await door.newUser([door.own])
    for (let i = 0; i < 20; i++)
      await door.tryIn({ email: neighbour.email, password: 'wrong', code: '000000', caller: `e${i}`, devices: known })
    const blocked = {
      email: neighbour.email,
      password: neighbour.password,
      code: await door.code(neighbour.id),
      caller: 'e21',
    }
    expect(await door.tryIn({ ...blocked, devices: known })).toMatchObject({ kind: 'blocked' })
    expect(await door.tryIn({ ...blocked, devices: `${known.slice(0, -1)}_` })).toMatchObject({ kind: 'blocked' })
  })

  test('colleagues share a browser: it knows four accounts', async () => {
    let devices = devicesOf(await door.tryIn())
    const first = door.user
    for (let i = 0; i < 3; i++) {
      door.user = await door.newUser([door.own])
      devices = devicesOf(await door.tryIn({ devices }))
    }
    expect(knownDevice(door.at(), first.email, devices)).toBeTruthy()
    door.user = await door.newUser([door.own])
    devices = devicesOf(await door.tryIn({ devices }))
    expect(knownDevice(door.at(), first.email, devices)).toBeUndefined()
    expect(knownDevice(door.at(), door.user.email.toUpperCase(), devices)).toBeTruthy()
    expect(devices.split('.')).toHaveLength(4)
  })

  test('at the same moment too', async () => {
    const results = await Promise.all(Array.from({ length: 12 }, () => wrong('s')))
    expect(results.filter(({ kind }) => kind === 'wrong')).toHaveLength(5)
    expect(results.filter(({ kind }) => kind === 'blocked')).toHaveLength(7)
    const lines = await door.database.owner
      .selectFrom('audit.entry')
      .select('details')
      .where('action', '=', 'session.block')
      .orderBy('id', 'desc')
      .limit(1)
      .execute()
    expect(lines).toEqual([{ details: { by: 'account' } }])
  })

  test('twenty for one network address, whatever the accounts', async () => {
    const caller = `network ${door.serial}`
    for (let i = 0; i < 20; i++)
      expect(await door.tryIn({ email: `x${i}-${door.serial}@test.tj`, password: 'x', caller })).toEqual({
        kind: 'wrong',
      })
    expect(await door.tryIn({ caller })).toMatchObject({ kind: 'blocked' })
    tokenOf(await door.tryIn({ caller: 'elsewhere' }))
  })

  test('who signs in is forgiven; a whole office can sign in from one address', async () => {
    for (let i = 0; i < 4; i++) await door.tryIn({ password: 'wrong' })
    tokenOf(await door.tryIn())
    for (let i = 0; i < 22; i++) {
      door.now = door.now.add({ seconds: 30 })
      tokenOf(await door.tryIn({ caller: 'office' }))
    }
  })

  test('an administrator forgives too', async () => {
    for (let i = 0; i < 21; i++) await wrong(`u${i % 10}`)
    for (let i = 0; i < 6; i++) await wrong('u0')
    expect(await door.tryIn({ caller: 'u0' })).toMatchObject({ kind: 'blocked' })
    await setUserState(door.at(), door.user, 'active')
    tokenOf(await door.tryIn({ caller: 'u0' }))
  })
})
