import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ORIGIN } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import type { StaffActor } from '../context.ts'
import { administered } from './fixtures/administered.ts'
import { withActor } from './transaction.ts'
import { setRoles } from './users.ts'

type House = Awaited<ReturnType<typeof administered>>
let site: House['site']
let system: House['system']
let administrator: House['administrator']
let platform: House['platform']
let newPerson: House['newPerson']
let stateOf: House['stateOf']
let rolesOf: House['rolesOf']
let text: House['text']
let post: House['post']
let serial = 0

beforeAll(async () => {
  ;({ site, system, administrator, platform, newPerson, stateOf, rolesOf, text, post } = await administered())
})
afterAll(() => site?.drop())

describe('an administrator of one organisation', () => {
  let person: Awaited<ReturnType<typeof newPerson>>
  beforeEach(async () => {
    person = await newPerson(administrator.organisation_id)
  })

  test('sees the people of that organisation, and nobody else', async () => {
    const other = await newPerson(platform.organisation_id)
    const html = await text('/work/users')
    expect(html).toContain(person.email)
    expect(html).not.toContain(other.email)
    for (const path of ['', '/rights', '/roles'])
      expect((await site.ask(`/en/work/users/${other.id}${path}`, { as: 'administrator' })).status).toBe(404)
    expect((await post(`/work/users/${other.id}/state`, { state: 'locked' })).status).toBe(404)
    expect(await stateOf(other.id)).toBe('active')
  })

  test('creates an account there; the link is shown once and opens it', async () => {
    const email = `new${++serial}@test.tj`
    const form = { name: 'New Person', email, locale: 'ru', roles: ['auditor', 'adviser'] }
    const response = await post('/work/users/new', form)
    expect(response.status).toBe(200)
    const html = await response.text()
    const link = html.match(/http[^<]*\/ru\/sign-in\/set-up\/[\w-]{43}/)![0]
    const { id } = await site.owner
      .selectFrom('access.user_account')
      .select('id')
      .where('email', '=', email)
      .executeTakeFirstOrThrow()
    expect(await rolesOf(id, administrator.organisation_id)).toEqual(['adviser', 'auditor'])
    expect(await text(`/work/users/${id}`)).not.toContain('set-up/')
    expect((await site.ask(link.slice(ORIGIN.length))).status).toBe(200)
    const again = await post('/work/users/new', form)
    expect(again.status).toBe(422)
    expect(await again.text()).toContain('There is already an account with this e-mail address.')
  })

  test('creates none elsewhere, and no platform administrator', async () => {
    const given = { name: 'X', locale: 'tg' }
    const elsewhere = { ...given, email: `x${++serial}@test.tj`, organisation: platform.organisation_id }
    const mighty = { ...given, email: `x${++serial}@test.tj`, roles: 'platform_administrator' }
    for (const form of [elsewhere, mighty]) {
      expect((await post('/work/users/new', form)).status).toBe(403)
      const found = site.owner.selectFrom('access.user_account').select('id').where('email', '=', form.email)
      expect(await found.execute()).toEqual([])
    }
    expect(await text('/work/users/new')).not.toContain('platform_administrator')
  })

  test('changes roles there, ends the membership, and finds the person again', async () => {
    const form = { organisation: administrator.organisation_id, roles: ['auditor'] }
    expect((await post(`/work/users/${person.id}/roles`, form)).headers.get('location')).toBe(
      `/en/work/users/${person.id}?done=roles`,
    )
    expect(await rolesOf(person.id, administrator.organisation_id)).toEqual(['auditor'])
    await post(`/work/users/${person.id}/roles`, { ...form, act: 'end' })
    expect(await rolesOf(person.id, administrator.organisation_id)).toEqual([])
    expect(await text(`/work/users/${person.id}`)).toContain('No organisation')
    await post(`/work/users/${person.id}/roles`, form)
    expect(await rolesOf(person.id, administrator.organisation_id)).toEqual(['auditor'])
  })

  test('locks, unlocks and closes; sessions end at once', async () => {
    await site.owner
      .insertInto('access.session')
      .values({
        id: person.id,
        token_hash: Buffer.from(person.id),
        user_id: person.id,
        organisation_id: administrator.organisation_id,
        created_at: NOW,
        last_seen_at: NOW,
        idle_until: NOW.add({ hours: 1 }),
        expires_at: NOW.add({ hours: 1 }),
      })
      .execute()
    await post(`/work/users/${person.id}/state`, { state: 'locked' })
    expect(await stateOf(person.id)).toBe('locked')
    const session = site.owner.selectFrom('access.session').select('ended_at').where('id', '=', person.id)
    expect((await session.executeTakeFirstOrThrow()).ended_at).not.toBeNull()
    await post(`/work/users/${person.id}/state`, { state: 'active' })
    expect(await stateOf(person.id)).toBe('active')
    await post(`/work/users/${person.id}/state`, { state: 'closed' })
    expect(await stateOf(person.id)).toBe('closed')
    expect(await rolesOf(person.id, administrator.organisation_id)).toEqual([])
  })

  test('corrects name and address; a taken one is said, the own account is not theirs to correct', async () => {
    const given = { name: 'Right Name', email: `Right${serial}@test.tj`, locale: 'ru' }
    expect((await post(`/work/users/${person.id}/edit`, given)).headers.get('location')).toBe(
      `/en/work/users/${person.id}?done=changed`,
    )
    const html = await text(`/work/users/${person.id}/edit`)
    for (const value of ['Right Name', `right${serial}@test.tj`, '<option value="ru" selected'])
      expect(html).toContain(value)
    const taken = await newPerson(platform.organisation_id)
    const refused = await post(`/work/users/${person.id}/edit`, { ...given, email: taken.email.toUpperCase() })
    expect(refused.status).toBe(422)
    expect(await refused.text()).toContain('There is already an account')
    expect((await post(`/work/users/${person.id}/edit`, { name: '', email: 'x' })).status).toBe(422)
    expect((await post(`/work/users/${administrator.user_id}/edit`, given)).status).toBe(403)
  })

  test('does nothing to who belongs elsewhere too, to platform administrators, and to themselves', async () => {
    await setRoles(system, person.id, platform.organisation_id, ['auditor'])
    const mighty = await newPerson(administrator.organisation_id, ['platform_administrator'])
    for (const id of [person.id, mighty.id, administrator.user_id]) {
      for (const [path, form] of [
        ['state', { state: 'locked' }],
        ['link', {}],
        ['sessions', {}],
      ] as const)
        expect((await post(`/work/users/${id}/${path}`, form)).status).toBe(403)
      expect(await stateOf(id)).toBe('active')
    }
    const roles = { organisation: administrator.organisation_id, roles: ['auditor'] }
    for (const id of [mighty.id, administrator.user_id])
      expect((await post(`/work/users/${id}/roles`, roles)).status).toBe(403)
    // The roles here are still theirs to give.
    expect((await post(`/work/users/${person.id}/roles`, roles)).status).toBe(303)
    const denials = await site.owner
      .selectFrom('audit.entry')
      .select('subject_id')
      .where('action', '=', 'access.deny')
      .where('subject_id', '=', mighty.id)
      .execute()
    expect(denials.length).toBe(4)
  })

  test('is held to it by the database, whatever the pages do', async () => {
    const { session_id } = await provenSession()
    const actor = { ...administrator, session_id }
    const stranger = await newPerson(platform.organisation_id)
    const mighty = await newPerson(administrator.organisation_id, ['platform_administrator'])
    const run = (statement: ReturnType<typeof sql>, by: StaffActor = actor) =>
      withActor(site.db, by, (db) => statement.execute(db), NOW)
    const rows = async (statement: ReturnType<typeof sql>) => Number((await run(statement)).numAffectedRows ?? 0n)
    const lock = (id: string) => sql`update access.user_account set state = 'locked' where id = ${id}`
    expect(await rows(lock(stranger.id))).toBe(0)
    expect(await rows(lock(mighty.id))).toBe(0)
    await expect(run(lock(administrator.user_id))).rejects.toThrow('own account')
    await expect(
      run(sql`update access.user_account set email = 'other@test.tj' where id = ${administrator.user_id}`),
    ).rejects.toThrow('own account')
    expect(await rows(lock(person.id))).toBe(1)
    const own = sql`(select id from access.membership where user_id = ${administrator.user_id})`
    const give = (role: string, membership: ReturnType<typeof sql>) =>
      sql`insert into access.membership_role (membership_id, role) values (${membership}, ${role})`
    await expect(run(give('auditor', own))).rejects.toThrow('row-level security')
    const theirs = sql`(select id from access.membership where user_id = ${person.id})`
    await expect(run(give('platform_administrator', theirs))).rejects.toThrow('row-level security')
    await run(give('auditor', theirs))
    const enter = (id: string, organisation: string) =>
      sql`insert into access.membership (id, user_id, organisation_id, since)
        values (gen_random_uuid(), ${id}, ${organisation}, ${NOW})`
    await expect(run(enter(stranger.id, administrator.organisation_id))).rejects.toThrow('row-level security')
    await expect(run(enter(person.id, platform.organisation_id))).rejects.toThrow('row-level security')
    const link = (id: string) =>
      sql`insert into access.set_up_link (id, token_hash, user_id, issued_by, created_at, expires_at)
        values (gen_random_uuid(), 'x', ${id}, ${administrator.user_id}, ${NOW}, ${NOW})`
    await expect(run(link(mighty.id))).rejects.toThrow('row-level security')
    // Without a fresh proof nothing of it.
    const stale = { ...administrator, session_id: (await provenSession(NOW.subtract({ minutes: 10 }))).session_id }
    expect(Number((await run(lock(person.id), stale)).numAffectedRows)).toBe(0)
    await expect(run(link(person.id), stale)).rejects.toThrow('row-level security')
    await run(link(person.id))
  })

  async function provenSession(proven_at: Temporal.Instant = NOW) {
    const session_id = crypto.randomUUID()
    await site.owner
      .insertInto('access.session')
      .values({
        id: session_id,
        token_hash: Buffer.from(session_id),
        user_id: administrator.user_id,
        organisation_id: administrator.organisation_id,
        created_at: NOW,
        last_seen_at: NOW,
        idle_until: NOW.add({ hours: 1 }),
        expires_at: NOW.add({ hours: 1 }),
        proven_at,
      })
      .execute()
    return { session_id }
  }
})
