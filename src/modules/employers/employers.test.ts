import { afterAll, beforeAll, expect, test } from 'vitest'
import { openMail } from '#kernel/notifications/send-mail.ts'
import { type TestApp, testApp } from '../../../test/app.ts'
import { makeEmployer, PHONE, seat } from './fixtures/office.ts'
import { employerOf, isVerifiedEmployer, knownEmployers } from './public.ts'

let site: TestApp
let reference: string
beforeAll(async () => {
  site = await testApp()
  reference = await makeEmployer(site, 'asked')
})
afterAll(() => site.drop())

const ANSWERS = {
  ...{ kind: 'employer', country: 'RU', legal_name: 'ООО «Пример»', tin: '7707083893', phone: '8 495 123-45-67' },
  ...{ contact_name: 'Иван Примеров', email: 'Ivan@Primer.example' },
}
const register = (change: Partial<typeof ANSWERS> = {}) =>
  site.ask('/ru/employers/register', { form: { ...ANSWERS, ...change } })
const plain = (html: string) => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')

/** The address in the newest mail. */
async function linkOf(): Promise<{ to: string; path: string }> {
  const { id, sealed } = await site.owner
    .selectFrom('notifications.delivery')
    .select(['id', 'sealed'])
    .where('sealed', 'is not', null)
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  const mail = openMail(site, id, sealed!)
  return { to: mail.to, path: new URL(/http\S+/.exec(mail.body)![0]).pathname }
}
const employers = () => site.owner.selectFrom('employers.employer').selectAll().orderBy('asked_at').execute()
const decide = (
  act: string,
  as: 'employment_officer' | 'ministry_representative' = 'employment_officer',
  said = 'Why',
) => site.ask(`/en/work/employers/${reference}`, { as, form: { act, said } })
const state = async () => (await employers()).find((one) => one.reference === reference)!.state
const { organisation_id } = { organisation_id: async () => (await site.actor('employer')).organisation_id }

test('who registers is asked for what is wrong, at the field, and nothing is kept', async () => {
  const response = await register({ tin: '7707083894', phone: '123', email: 'nobody' })
  expect(response.status).toBe(422)
  const page = await response.text()
  expect(page).toContain('id="email-error"')
  const second = await (await register({ tin: '7707083894', phone: '123' })).text()
  expect(second).toContain('id="tin-error"')
  expect(second).toContain('id="phone-error"')
  expect(await site.owner.selectFrom('employers.registration').selectAll().execute()).toEqual([])
})

test('the mailbox is proven by a link, used once by its button; then the organisation waits and its person may enter', async () => {
  expect((await register()).headers.get('location')).toBe('/ru/employers/registered')
  const { to, path } = await linkOf()
  expect(to).toBe('ivan@primer.example')
  for (let i = 0; i < 2; i++) {
    const page = await site.ask(path)
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(plain(await page.text())).toContain('ООО «Пример» · ivan@primer.example')
  }
  expect(await employers()).toHaveLength(1)
  const confirmed = await site.ask(path, { form: {} })
  const setUp = confirmed.headers.get('location')!
  expect(setUp).toMatch(/^\/ru\/sign-in\/set-up\/.{43}$/)
  expect(plain(await (await site.ask(setUp)).text())).toContain('Иван Примеров')
  expect((await site.ask(path, { form: {} })).status).toBe(410)
  const made = (await employers()).find(({ contact_email }) => contact_email === 'ivan@primer.example')!
  expect(made).toMatchObject({ state: 'asked', country: 'RU', tin: '7707083893', phone: '+74951234567' })
  const [kept] = await site.owner.selectFrom('employers.registration').select('answers').execute()
  expect(kept).toEqual({ answers: {} })
  // The same number again is the same employer.
  await register({ email: 'other@primer.example' })
  expect((await site.ask((await linkOf()).path, { form: {} })).status).toBe(409)
  expect(await knownEmployers(site)).toEqual([])
})

test('whoever has an account already is let in with it, and gets no second one', async () => {
  const officer = await site.actor('adviser')
  await register({ country: 'TJ', tin: '020004567', phone: '+992446001234', email: 'adviser@test.example' })
  const done = await site.ask((await linkOf()).path, { form: {} })
  expect(done.headers.get('location')).toBe('/ru/sign-in')
  const memberships = await site.owner
    .selectFrom('access.membership')
    .select('organisation_id')
    .where('user_id', '=', officer.user_id)
    .execute()
  expect(memberships).toHaveLength(2)
})

test('nobody is verified before the telephone was tried; then everybody may know it', async () => {
  expect((await decide('verify')).status).toBe(422)
  expect(await state()).toBe('asked')
  const checks = `/en/work/employers/${reference}/checks`
  expect((await site.ask(checks, { as: 'employment_officer', form: { phone: 'call' } })).status).toBe(303)
  expect((await decide('verify')).status).toBe(303)
  expect(await isVerifiedEmployer(site, await organisation_id())).toBe(true)
  const known = await employerOf(site, { employer_id: await organisation_id() })
  expect(known).toMatchObject({ legal_name: 'Test Works', phone: PHONE, state: 'verified' })
  expect(JSON.stringify(known)).not.toMatch(/Somebody|somebody@/)
})

test('a decision is taken back; a refusal and a question need words; the employer answers and waits again', async () => {
  await site.ask(`/en/work/employers/${reference}/undo`, { as: 'employment_officer', form: {} })
  expect(await state()).toBe('asked')
  expect(await isVerifiedEmployer(site, await organisation_id())).toBe(false)
  expect((await site.ask(`/en/work/employers/${reference}/undo`, { as: 'employment_officer', form: {} })).status).toBe(
    409,
  )
  expect((await decide('refuse', 'employment_officer', '')).status).toBe(422)
  await decide('ask_back', 'employment_officer', 'Which door?')
  expect(plain(await (await site.ask('/en/work/employer', { as: 'employer' })).text())).toContain('«Which door?»')
  await site.ask('/en/work/employer/answer', { as: 'employer', form: { said: 'The green one' } })
  expect(await state()).toBe('asked')
  const page = await (await site.ask(`/en/work/employers/${reference}`, { as: 'employment_officer' })).text()
  expect(plain(page)).toContain('«The green one»')
  expect((await decide('verify')).status).toBe(303)
})

test('only who sits in the country of an employer decides; at home also where nobody sits', async () => {
  const move = (country: string) =>
    site.owner.updateTable('employers.employer').set({ country }).where('reference', '=', reference).execute()
  await move('RU')
  // Nobody sits there yet: both test offices are at home.
  expect((await decide('suspend')).status).toBe(303)
  await seat(site, 'ministry_representative', 'RU')
  expect((await decide('reinstate')).status).toBe(403)
  expect((await decide('reinstate', 'ministry_representative')).status).toBe(303)
  await move('TJ')
  expect((await decide('suspend', 'ministry_representative')).status).toBe(403)
  expect(await state()).toBe('verified')
})

test('nobody verifies the own organisation, whatever the program says', async () => {
  const { withActor } = await import('#kernel/access/transaction.ts')
  const actor = await site.actor('employer')
  const cheat = (set: object) =>
    withActor(site.db, actor, (db) =>
      db.updateTable('employers.employer').set(set).where('reference', '=', reference).execute(),
    )
  await decide('suspend')
  await expect(cheat({ state: 'verified' })).rejects.toThrow('own organisation')
  await expect(
    cheat({ extract_on: '2026-01-01', extract_checked_at: site.ctx().now, extract_checked_by: actor.user_id }),
  ).rejects.toThrow('own organisation')
  await decide('reinstate')
})

test('papers are read by the employer and the officers, and by nobody else', async () => {
  const file = new File(['%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF'], 'устав.pdf', {
    type: 'application/pdf',
  })
  const send = (form: Record<string, string | File>) =>
    site.ask('/en/work/employer/documents', { as: 'employer', form: form as never })
  expect((await send({ document: 'registration', file: new File(['hello'], 'a.txt') })).status).toBe(422)
  expect((await send({ document: 'registration', file })).status).toBe(303)
  const { id } = await site.owner.selectFrom('employers.document').select('id').executeTakeFirstOrThrow()
  const open = (path: string, as: 'employer' | 'employment_officer' | 'vacancy_officer') => site.ask(path, { as })
  const own = await open(`/en/work/employer/documents/${id}`, 'employer')
  expect(await own.text()).toContain('%PDF-1.4')
  const theirs = await open(`/en/work/employers/${reference}/documents/${id}`, 'employment_officer')
  expect(await theirs.text()).toContain('%PDF-1.4')
  expect((await open(`/en/work/employers/${reference}/documents/${id}`, 'vacancy_officer')).status).toBe(403)
  const { encrypted } = await site.owner.selectFrom('files.file').select('encrypted').executeTakeFirstOrThrow()
  expect(encrypted).toBe(true)
  await site.ask(`/en/work/employer/documents/${id}`, { as: 'employer', form: {} })
  expect((await open(`/en/work/employer/documents/${id}`, 'employer')).status).toBe(404)
})

test('two who edit at once both see both values; another name asks the officer again', async () => {
  const facts = { legal_name: 'Test Works', tin: '020004568', phone: PHONE, contact_name: 'Somebody', version: '' }
  const version = async () => String((await employers()).find((one) => one.reference === reference)!.version)
  const save = async (change: object) =>
    site.ask('/en/work/employer', { as: 'employer', form: { ...facts, version: await version(), ...change } })
  const stale = await version()
  expect((await save({ address: 'Rudaki 1' })).status).toBe(303)
  const second = await save({ version: stale, address: 'Rudaki 2' })
  expect(second.status).toBe(422)
  const page = await second.text()
  expect(plain(page)).toContain('Saved by somebody else: Rudaki 1')
  expect(page).toContain('value="Rudaki 2"')
  expect((await save({ address: 'Rudaki 2' })).status).toBe(303)
  expect(await state()).toBe('asked')
  await decide('verify')
  await save({ address: 'Rudaki 3' })
  expect(await state()).toBe('verified')
  await save({ address: 'Rudaki 3', legal_name: 'Other Works' })
  expect(await state()).toBe('asked')
})
