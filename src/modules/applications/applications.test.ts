import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import { actInCase, apply, bringOffer, inbox, openCase, SEEKER } from '../../../test/hiring.ts'
import { makeEmployer } from '../employers/fixtures/office.ts'
import { work } from '../entry-check/fixtures/desk.ts'

let site: TestApp
let vacancy: string
let now = NOW
// Visitors' forms are limited by address: each test comes a while later.
beforeAll(async () => {
  site = await testApp({ now: () => now })
  await makeEmployer(site)
  vacancy = await bringOffer(site, 'welder')
})
afterAll(() => site?.drop())

const handle = (reference: string, path: string, form: Record<string, string>) =>
  site.ask(`/en/work/applications/${reference}${path}`, { as: 'employer', form })
const read = async (reference: string) =>
  (await site.ask(`/en/work/applications/${reference}`, { as: 'employer' })).text()

test('somebody without an account applies; the employer reads name and skills, and no telephone', async () => {
  const proof = await apply(site, vacancy)
  const [reference] = await inbox(site)
  const page = await read(reference!)
  expect(page).toContain('Далер Намунаев')
  expect(page).toContain('Welder’s certificate')
  expect(page).not.toContain('901234567')
  const { page: own } = await openCase(site, proof)
  expect(own).toContain('The employer has not answered yet.')
  expect(own).not.toContain(proof.pin)
})

test('the same form twice is one application, and shows the same PIN', async () => {
  const form = randomUUID()
  const [one, other] = await Promise.all([apply(site, vacancy, { form }), apply(site, vacancy, { form })])
  expect(one).toEqual(other)
  const before = await inbox(site)
  expect(await apply(site, vacancy, { form })).toEqual(one)
  expect(await inbox(site)).toEqual(before)
  now = NOW.add({ minutes: 16 })
  await expect(apply(site, vacancy, { form })).rejects.toThrow('200')
  now = NOW
})

test('nothing is kept before the last step, and what was typed is carried along', async () => {
  const count = () => site.owner.selectFrom('my_case.holder').select('id').execute()
  const before = (await count()).length
  const form = { form: randomUUID(), step: '1', ...SEEKER, licences: [...SEEKER.licences] }
  const second = await (await site.ask(`/en/vacancies/${vacancy}/apply`, { form })).text()
  expect(second).toContain('type="hidden" name="name" value="Далер Намунаев"')
  const wrong = await site.ask(`/en/vacancies/${vacancy}/apply`, { form: { ...form, step: '2', places: 'Атлантида' } })
  expect(wrong.status).toBe(422)
  expect(await wrong.text()).toContain('We do not know the place “Атлантида”')
  expect((await count()).length).toBe(before)
})

test('a second advert takes what was said before, with reference and PIN', async () => {
  const other = await bringOffer(site, 'driver', { title: 'Водитель' })
  const proof = await apply(site, vacancy)
  const response = await site.ask(`/en/vacancies/${other}/apply/known`, { form: proof })
  expect(await response.text()).toMatch(/Your application is sent[\s\S]*Водитель[\s\S]*Сварщик/)
  const wrong = await site.ask(`/en/vacancies/${other}/apply/known`, { form: { ...proof, pin: '000000' } })
  expect(wrong.status).toBe(422)
})

test('invited, the person releases the telephone to this employer, and may hide it again', async () => {
  const proof = await apply(site, vacancy)
  const [reference] = await inbox(site)
  expect((await handle(reference!, '', { act: 'invite' })).status).toBe(303)
  expect(await work(site)).toBeGreaterThan(0)
  const texts = await site.owner.selectFrom('notifications.sms').select('text_key').execute()
  expect(texts.map(({ text_key }) => text_key)).toContain('answer_ready')
  expect((await openCase(site, proof)).page).toContain('The employer asks for your telephone.')
  expect(await read(reference!)).not.toContain('901234567')
  await actInCase(site, proof, 'applications', { application: reference!, act: 'release_phone' })
  expect(await read(reference!)).toContain('+992901234567')
  await actInCase(site, proof, 'applications', { application: reference!, act: 'hide_phone' })
  expect(await read(reference!)).not.toContain('901234567')
})

test('hired: a placement with three check-ins; a decision that is not open is refused', async () => {
  await apply(site, vacancy)
  const [reference] = await inbox(site)
  expect(
    (await handle(reference!, '', { act: 'hire', start_day: '1', start_month: '12', start_year: '2026' })).status,
  ).toBe(409)
  await handle(reference!, '', { act: 'invite' })
  const slip = await handle(reference!, '', { act: 'hire', start_day: '1', start_month: '12', start_year: '2062' })
  expect(slip.status).toBe(422)
  expect(await slip.text()).toMatch(/name="start_year" value="2062"/)
  expect(
    (await handle(reference!, '', { act: 'hire', start_day: '1', start_month: '12', start_year: '2026' })).status,
  ).toBe(303)
  const placements = await site.owner
    .selectFrom('applications.placement as p')
    .innerJoin('applications.check_in as k', 'k.placement_id', 'p.id')
    .select(['p.starts_on', 'p.isco', 'k.day', 'k.due_at'])
    .orderBy('k.day')
    .execute()
  expect(placements.map(({ day, due_at }) => [day, String(due_at)])).toEqual([
    [7, '2026-12-08T05:00:00Z'],
    [30, '2026-12-31T05:00:00Z'],
    [90, '2027-03-01T05:00:00Z'],
  ])
  expect(placements[0]).toMatchObject({ isco: '7212' })
})

test('declining needs a reason; what was declined is opened again', async () => {
  const proof = await apply(site, vacancy)
  const [reference] = await inbox(site)
  expect((await handle(reference!, '', { act: 'decline' })).status).toBe(422)
  await handle(reference!, '', { act: 'decline', reason: 'licence', words: 'Without the certificate we may not.' })
  expect((await openCase(site, proof)).page).toMatch(
    /A required paper is missing[\s\S]*<q>Without the certificate we may not\.<\/q>/,
  )
  await handle(reference!, '', { act: 'reopen' })
  expect(await read(reference!)).toMatch(/Declined[\s\S]*A required paper is missing[\s\S]*Opened again/)
})

test('a withdrawal ends access at once, notes and words too', async () => {
  const proof = await apply(site, vacancy)
  const [reference] = await inbox(site)
  await handle(reference!, '/notes', { words: 'Calls himself a welder.' })
  expect(await read(reference!)).toContain('Calls himself a welder.')
  const done = await actInCase(site, proof, 'applications', { application: reference!, act: 'withdraw' })
  expect(done).toContain('We cannot recall copies made before.')
  expect(await inbox(site)).not.toContain(reference)
  expect((await site.ask(`/en/work/applications/${reference}`, { as: 'employer' })).status).toBe(404)
  const kept = await site.owner
    .selectFrom('applications.event as e')
    .innerJoin('applications.application as a', 'a.id', 'e.application_id')
    .select(['e.words', 'a.shared_sealed'])
    .where('a.reference', '=', reference!)
    .execute()
  expect(kept.every(({ words, shared_sealed }) => words === null && shared_sealed === null)).toBe(true)
  // Again does no harm, and the person may apply anew.
  await actInCase(site, proof, 'applications', { application: reference!, act: 'withdraw' })
  await site.ask(`/en/vacancies/${vacancy}/apply/known`, { form: proof })
  expect(await inbox(site)).toHaveLength(new Set(await inbox(site)).size)
})

test('who erases everything is nowhere any more', async () => {
  const proof = await apply(site, vacancy, { findable: 'yes' })
  const [reference] = await inbox(site)
  expect(await actInCase(site, proof, 'applications', { act: 'end' })).toContain('Everything is erased.')
  expect(await inbox(site)).not.toContain(reference)
  expect((await openCase(site, proof)).page).toContain('Nothing is here yet')
})

test('others act on no application: strangers, other employers, advisers, unverified ones', async () => {
  const proof = await apply(site, vacancy)
  const [reference] = await inbox(site)
  const stranger = await apply(site, vacancy)
  const { ticket } = await openCase(site, stranger)
  const form = { ticket, application: reference!, act: 'withdraw' }
  expect((await site.ask('/en/my-case/applications', { form })).status).toBe(404)
  for (const forged of ['', 'AAAA', ticket.slice(0, -4)])
    expect((await site.ask('/en/my-case/applications', { form: { ...form, ticket: forged } })).status).toBe(422)
  for (const as of ['adviser', 'vacancy_officer', 'auditor'] as const)
    expect((await site.ask(`/en/work/applications/${reference}`, { as })).status).toBe(403)
  await makeEmployer(site, 'asked')
  expect((await site.ask(`/en/work/applications/${reference}`, { as: 'employer' })).status).toBe(404)
  expect((await site.ask(`/en/vacancies/${vacancy}/apply`)).status).toBe(303)
  await makeEmployer(site)
  expect(await read(reference!)).toContain('Далер')
  expect((await openCase(site, proof)).page).toContain('Сварщик')
})

test('a ticket runs out after half an hour', async () => {
  const { ticket } = await openCase(site, await apply(site, vacancy))
  now = NOW.add({ minutes: 31 })
  const late = await site.ask('/en/my-case', { form: { ticket } })
  expect(late.status).toBe(422)
  expect(await late.text()).toContain('The page was open for half an hour.')
  now = NOW
})

test('an advert from elsewhere is not applied for here', async () => {
  const { bringAdverts } = await import('../../../test/adverts.ts')
  const { bare } = await bringAdverts(site)
  const response = await site.ask(`/en/vacancies/${bare}/apply`)
  expect([response.status, response.headers.get('location')]).toEqual([303, `/en/vacancies/${bare}#apply`])
  await expect(apply(site, bare)).rejects.toThrow('409')
})

test('an adviser fills it in with the person beside them, and prints a receipt in their language', async () => {
  const form = {
    ...SEEKER,
    licences: [...SEEKER.licences],
    ...{ form: randomUUID(), vacancy, lang: 'tg', wish: 'yes' },
  }
  const path = '/ru/work/assisted-applications/new'
  const { trade: _, ...unsaid } = form
  const refused = await site.ask(path, { as: 'adviser', form: { ...unsaid, wish: '', lang: '', name: '' } })
  expect(refused.status).toBe(422)
  const wrong = await refused.text()
  // The summary leads down the page; what was ticked in a folded list stands open.
  expect([...wrong.matchAll(/<li><a href="#(\w+)">/g)].map(([, id]) => id)).toEqual(['name', 'trade', 'lang', 'wish'])
  expect(wrong).toMatch(/<details class="more" open=""><summary>Какие документы у вас есть\?/)
  const nowhere = { ...form, wish: '', places: 'Атлантида' }
  const both = await (await site.ask(path, { as: 'adviser', form: nowhere })).text()
  expect([...both.matchAll(/<li><a href="#(\w+)">/g)].map(([, id]) => id)).toEqual(['places', 'wish'])
  const page = await (await site.ask(path, { as: 'adviser', form })).text()
  expect(page).toMatch(/lang="tg"[\s\S]*Рақам ва рамзро нависед\.[\s\S]*class="code">\d{6}</)
  expect(page).not.toContain('Далер')
  const seeker = await site.owner
    .selectFrom('applications.seeker')
    .select(['assisted_by', 'lang'])
    .where('assisted_by', 'is not', null)
    .executeTakeFirstOrThrow()
  expect(seeker).toEqual({ assisted_by: (await site.actor('adviser')).organisation_id, lang: 'tg' })
})

test('nothing at rest tells name or telephone', async () => {
  await apply(site, vacancy)
  const rows = [
    await site.owner.selectFrom('applications.seeker').selectAll().execute(),
    await site.owner.selectFrom('applications.application').selectAll().execute(),
  ]
  const text = JSON.stringify(rows, (_, value) =>
    value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
  )
  for (const secret of ['Далер', '901234567']) expect(text).not.toContain(secret)
})

test('a visitor reads no table', async () => {
  const { db } = site
  for (const table of ['seeker', 'application', 'event', 'placement', 'check_in', 'contract', 'help_request'] as const)
    expect(await db.selectFrom(`applications.${table}`).selectAll().execute()).toEqual([])
})
