import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ORIGIN, type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import type { Ctx, StaffActor } from '../context.ts'
import type { RoleName } from '../module.ts'
import { createOrganisation } from '../organisations/organisations.ts'
import { createUser } from './credentials.ts'
import { withActor } from './transaction.ts'
import { setRoles } from './users.ts'

let site: TestApp
let system: Ctx
let administrator: StaffActor
let platform: StaffActor
let serial = 0

beforeAll(async () => {
  site = await testApp()
  system = site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' } })
  administrator = await site.actor('administrator')
  platform = await site.actor('platform_administrator')
})
afterAll(() => site.drop())

const newPerson = async (organisation_id: string, roles: RoleName[] = ['adviser']) => {
  const email = `person${++serial}@test.tj`
  const { id } = await createUser(system, { email, name: `Person ${serial}`, locale: 'en', organisation_id, roles })
  return { id, email, name: `Person ${serial}` }
}
const stateOf = async (id: string) =>
  (await site.owner.selectFrom('access.user_account').select('state').where('id', '=', id).executeTakeFirstOrThrow())
    .state
const rolesOf = async (id: string, organisation_id: string) =>
  (
    await site.owner
      .selectFrom('access.membership as m')
      .innerJoin('access.membership_role as r', 'r.membership_id', 'm.id')
      .select('r.role')
      .where('m.user_id', '=', id)
      .where('m.organisation_id', '=', organisation_id)
      .where('m.until', 'is', null)
      .orderBy('r.role')
      .execute()
  ).map(({ role }) => role)
const text = async (path: string, as: RoleName = 'administrator') => (await site.ask(`/en${path}`, { as })).text()
const post = (path: string, form: Record<string, string | string[]>, as: RoleName = 'administrator') =>
  site.ask(`/en${path}`, { as, form })

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

describe('a platform administrator', () => {
  test('brings a person into another organisation and administers everywhere', async () => {
    const person = await newPerson(administrator.organisation_id)
    const as = 'platform_administrator'
    await post(
      `/work/users/${person.id}/roles`,
      { organisation: platform.organisation_id, roles: ['vacancy_officer'] },
      as,
    )
    expect(await rolesOf(person.id, platform.organisation_id)).toEqual(['vacancy_officer'])
    const rights = await text(`/work/users/${person.id}/rights`, as)
    for (const words of [
      'Office of administrator',
      'Office of platform_administrator',
      'Check work offers',
      'vacancy.review',
    ])
      expect(rights).toContain(words)
    await post(`/work/users/${person.id}/state`, { state: 'locked' }, as)
    expect(await stateOf(person.id)).toBe('locked')
    expect(await text(`/work/users/${person.id}/rights`, as)).toContain('nothing below counts')
  })

  test('founds, renames, closes and opens organisations', async () => {
    const as = 'platform_administrator'
    const invalid = await post('/work/organisations/new', { country: 'Tajikistan' }, as)
    expect(invalid.status).toBe(422)
    const founded = await post(
      '/work/organisations/new',
      { name_tg: 'Маркази Хуҷанд', kind: 'centre', country: 'TJ' },
      as,
    )
    const path = founded.headers.get('location')!.replace(/^\/en|\?.*/g, '')
    expect(await text('/work/organisations?q=хучанд', as)).toContain('Маркази Хуҷанд')
    await post(path, { name_ru: 'Центр Худжанд', name_en: 'Khujand Centre' }, as)
    const page = await text(path, as)
    expect(page).toContain('Khujand Centre')
    expect(page).not.toContain('Маркази Хуҷанд')
    expect((await post(path, {}, as)).status).toBe(422)
    const id = path.split('/').pop()!
    const person = await newPerson(id)
    const works = async () =>
      (await sql<{ yes: boolean }>`select access.belongs(${person.id}, ${id}) as yes`.execute(site.owner)).rows[0]!.yes
    expect(await works()).toBe(true)
    await post(`${path}/closing`, {}, as)
    expect(await works()).toBe(false)
    expect(await text('/work/organisations?state=closed', as)).toContain('Khujand Centre')
    await post(`${path}/closing`, {}, as)
    expect(await works()).toBe(true)
    expect((await post(`/work/organisations/${platform.organisation_id}/closing`, {}, as)).status).toBe(409)
  })
})

describe('the list of accounts', () => {
  test('is searched, narrowed, paged and taken along', async () => {
    const organisation = await createOrganisation(system, { kind: 'ngo', country: 'TJ', names: { en: 'Big' } })
    for (let i = 0; i < 60; i++) {
      const email = `many${i}@big.tj`
      const { id } = await createAccountQuickly(email, organisation, `Ҷамшед ${String(i).padStart(2, '0')}`)
      if (i % 2)
        await site.owner.updateTable('access.user_account').set({ state: 'locked' }).where('id', '=', id).execute()
    }
    const as = 'platform_administrator'
    const first = await text(`/work/users?organisation=${organisation}`, as)
    expect(first).toContain('60 accounts')
    expect(first).toContain('many49@big.tj')
    expect(first).not.toContain('many50@big.tj')
    const next = first.match(/href="\/en(\/work\/users\?[^"]*after=[^"]*)"/)![1]!.replaceAll('&amp;', '&')
    const second = await text(next, as)
    expect(second).toContain('many50@big.tj')
    expect(second).not.toContain('many49@big.tj')
    expect(await text(`/work/users?q=чамшед+07`, as)).toContain('many7@big.tj')
    expect(await text(`/work/users?organisation=${organisation}&state=locked`, as)).toContain('30 accounts')
    expect(await text('/work/users?q=nobody%25', as)).toContain('No account was found.')
    const csv = await text(`/work/users.csv?organisation=${organisation}`, as)
    expect(csv.trim().split('\r\n')).toHaveLength(61)
  })

  async function createAccountQuickly(email: string, organisation_id: string, name: string) {
    const id = crypto.randomUUID()
    await site.owner
      .insertInto('access.user_account')
      .values({ id, email, name, locale: 'tg', created_at: NOW })
      .execute()
    await site.owner
      .insertInto('access.membership')
      .values({ id: crypto.randomUUID(), user_id: id, organisation_id, since: NOW })
      .execute()
    return { id }
  }
})

test('every permission is explained in words in every language', async () => {
  for (const lang of ['tg', 'ru', 'en'] as const) {
    const { t } = site.ctx({ lang })
    for (const { name, permissions = {} } of site.platform.parts)
      for (const permission of Object.keys(permissions))
        expect([permission, t.has(`${name}.permission.${permission}`)]).toEqual([permission, true])
  }
  const html = await text('/work/roles')
  expect(html).toContain('Read what was done in the organisation.')
})
