import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withActor } from '#kernel/access/transaction.ts'
import type { StaffActor } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import { messages } from '../../../test/hiring.ts'
import { strangers } from '../../../test/strangers.ts'
import { makeEmployer } from './fixtures/office.ts'

let site: TestApp
let now = NOW
let stranger: () => Record<string, string>
let boss: StaffActor
const PATH = '/en/work/employer/colleagues'
beforeAll(async () => {
  site = await testApp({ now: () => now })
  stranger = strangers(site)
  await makeEmployer(site)
  boss = await site.actor('employer')
  await give(boss, 'employer_administrator')
})
afterAll(() => site?.drop())

const act = (form: Record<string, string>) => site.ask(PATH, { as: 'employer', form })
const page = async () => (await site.ask(PATH, { as: 'employer' })).text()
const invite = (email: string, more: Record<string, string> = {}) =>
  act({ act: 'invite', name: 'Ҳамкор Намунавӣ', email, lang: 'ru', ...more })
const token = async () => /\/employers\/join\/([\w-]+)/.exec((await messages(site))[0]!)![1]!
const join = (of: string) => site.ask(`/ru/employers/join/${of}`, { form: {}, headers: stranger() })
const member = (email: string, organisation_id = boss.organisation_id) =>
  site.owner
    .selectFrom('access.membership as m')
    .innerJoin('access.user_account as u', 'u.id', 'm.user_id')
    .leftJoin('access.membership_role as r', 'r.membership_id', 'm.id')
    .select(['u.id', 'm.until', 'r.role'])
    .where('u.email', '=', email)
    .where('m.organisation_id', '=', organisation_id)
    .orderBy('r.role')
    .execute()

async function give({ user_id, organisation_id }: StaffActor, role: string) {
  const { id } = await site.owner
    .selectFrom('access.membership')
    .select('id')
    .where('user_id', '=', user_id)
    .where('organisation_id', '=', organisation_id)
    .executeTakeFirstOrThrow()
  await site.owner
    .insertInto('access.membership_role')
    .values({ membership_id: id, role })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

test('a colleague is asked in by mail, and works here only after following the link', async () => {
  expect((await act({ act: 'invite', email: 'nowhere', name: '', lang: 'ru' })).status).toBe(422)
  expect((await invite('Hamkor@test.example')).status).toBe(303)
  const [mail] = await messages(site)
  expect(mail).toContain('«Test Works» приглашает вас')
  expect(await member('hamkor@test.example')).toEqual([])
  const open = await token()
  expect(await (await site.ask(`/ru/employers/join/${open}`)).text()).toContain('Test Works')
  // Looking uses nothing up.
  const joined = await join(open)
  expect(joined.headers.get('location')).toMatch(/^\/ru\/sign-in\/set-up\//)
  expect(await member('hamkor@test.example')).toMatchObject([{ role: 'employer', until: null }])
  expect((await join(open)).status).toBe(410)
  expect(await page()).toContain('hamkor@test.example')
})

test('asked again, taken back or too old, a link opens nothing', async () => {
  await invite('late@test.example')
  const first = await token()
  await invite('late@test.example')
  const second = await token()
  expect(second).not.toBe(first)
  expect((await join(first)).status).toBe(410)
  const [, id] = /name="id" value="([^"]+)"[^>]*\/?><button[^>]*value="withdraw"/.exec(await page())!
  expect((await act({ act: 'withdraw', id: id! })).status).toBe(303)
  expect((await act({ act: 'withdraw', id: id! })).status).toBe(303)
  expect((await join(second)).status).toBe(410)
  await invite('late@test.example')
  const third = await token()
  now = NOW.add({ hours: 49 })
  expect((await site.ask(`/en/employers/join/${third}`)).status).toBe(410)
  expect((await join(third)).status).toBe(410)
  now = NOW
  expect(await member('late@test.example')).toEqual([])
})

test('who has an account keeps it, and gets the roles of an employer only', async () => {
  const officer = await site.actor('adviser')
  await invite('adviser@test.example', { administers: 'yes' })
  expect((await join(await token())).headers.get('location')).toBe('/ru/sign-in')
  const roles = (await member('adviser@test.example')).map(({ role }) => role)
  expect(roles).toEqual(['employer', 'employer_administrator'])
  const elsewhere = await member('adviser@test.example', officer.organisation_id)
  expect(elsewhere).toMatchObject([{ role: 'adviser', until: null }])
  // Where they work besides, an employer ends nothing.
  expect((await act({ act: 'end', id: officer.user_id })).status).toBe(303)
  expect((await member('adviser@test.example')).every(({ until }) => until !== null)).toBe(true)
  expect(await member('adviser@test.example', officer.organisation_id)).toMatchObject([{ until: null }])
  expect((await act({ act: 'end', id: officer.user_id })).status).toBe(404)
  const line = await site.owner
    .selectFrom('audit.entry')
    .select(['actor_id', 'action'])
    .where('action', '=', 'user.end_membership')
    .executeTakeFirstOrThrow()
  expect(line.actor_id).toBe(boss.user_id)
})

test('nobody parts with themselves, with people of others, or with who holds other roles here', async () => {
  expect((await act({ act: 'end', id: boss.user_id })).status).toBe(403)
  const stranger = await site.actor('auditor')
  expect((await act({ act: 'end', id: stranger.user_id })).status).toBe(404)
  const guest = newId()
  await site.owner
    .insertInto('access.membership')
    .values({ id: guest, user_id: stranger.user_id, organisation_id: boss.organisation_id, since: NOW })
    .execute()
  await site.owner.insertInto('access.membership_role').values({ membership_id: guest, role: 'auditor' }).execute()
  expect((await act({ act: 'end', id: stranger.user_id })).status).toBe(404)
  expect(await member('auditor@test.example')).toMatchObject([{ until: null }])
})

test('an employer without that right, and an administrator of no employer, reach nothing', async () => {
  expect((await site.ask(PATH, { as: 'employment_officer' })).status).toBe(403)
  const other = await site.actor('employer_administrator')
  const { id } = (await member('hamkor@test.example'))[0]!
  const form = { act: 'end', id }
  expect((await site.ask(PATH, { as: 'employer_administrator', form })).status).toBe(404)
  expect(await member('hamkor@test.example')).toMatchObject([{ until: null }])
  expect(other.organisation_id).not.toBe(boss.organisation_id)
})

test('without a fresh proof the page asks for one; the database refuses who has none', async () => {
  now = NOW.add({ minutes: 11 })
  // A session of the test is proven when the test began.
  for (const form of [undefined, { act: 'invite', name: 'X', email: 'x@test.example', lang: 'tg' }]) {
    const response = await site.ask(PATH, { as: 'employer', ...(form && { form }) })
    expect(response.headers.get('location')).toContain('/en/work/step-up?return=')
  }
  now = NOW
  const { id } = (await member('hamkor@test.example'))[0]!
  const unproven = { ...boss, permissions: new Set(['employer.administer']) }
  await expect(
    withActor(site.db, unproven, (db) => sql`select employers.end_colleague(${id})`.execute(db), NOW),
  ).rejects.toThrow('not a colleague to part with')
  expect((await act({ act: 'end', id })).status).toBe(303)
  expect(await member('hamkor@test.example')).toMatchObject([{ until: expect.anything() }])
})
