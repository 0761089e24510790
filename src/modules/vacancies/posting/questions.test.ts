import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../../test/app.ts'
import { NOW } from '../../../../test/database.ts'
import { makeEmployer } from '../../employers/fixtures/office.ts'
import { follow, OFFER, sendOffer } from './fixtures/offer.ts'

let site: TestApp
let reference: string
beforeAll(async () => {
  site = await testApp()
  await makeEmployer(site)
  reference = (await sendOffer(site, { ...OFFER, duties: 'Контракт с Министерством обороны, СВО.' })).reference
  await follow(site, reference)
})
afterAll(() => site?.drop())

const officer = 'vacancy_officer' as const
const employer = 'employer' as const
const ask = (words: string, of = reference) =>
  site.ask(`/en/work/vacancies/review/${of}/question`, { as: officer, form: { words } })
const answer = (words: string, of = reference) =>
  site.ask(`/en/work/postings/${of}/answer`, { as: employer, form: { words } })
const review = async () => (await site.ask(`/en/work/vacancies/review/${reference}`, { as: officer })).text()
const own = async () => (await site.ask(`/en/work/postings/${reference}`, { as: employer })).text()
const news = async () => (await site.ask('/en/work/notifications', { as: employer })).text()
const due = async () =>
  (await site.owner.selectFrom('vacancies.review').select('due_at').where('decision', 'is', null).execute()).map(
    ({ due_at }) => String(due_at),
  )

test('an officer asks about a held advert, its employer answers; it stays held, and the review waits', async () => {
  expect(await own()).not.toContain('An officer asks')
  expect((await answer('To whom?')).status).toBe(409)
  const empty = await ask(' ')
  expect([empty.status, await empty.text()]).toEqual([422, expect.stringContaining('href="#words"')])
  expect((await ask('Which ministry pays <b>whom</b>?')).status).toBe(303)
  expect((await ask('And twice?')).status).toBe(409)
  expect(await due()).toEqual([String(NOW.add({ hours: 72 }))])
  expect(await news()).toMatch(new RegExp(`work offer ${reference}[\\s\\S]*tag attention`))
  expect(await own()).toMatch(/An officer asks[\s\S]*Which ministry pays &lt;b&gt;whom&lt;\/b&gt;\?/)
  // Opened, it is read.
  expect(await news()).not.toContain('tag attention')
  expect((await answer('')).status).toBe(422)
  expect((await answer('It is a canteen of theirs.')).headers.get('location')).toContain('done=answered')
  expect((await answer('Again.')).status).toBe(409)
  expect(await review()).toContain('<q>It is a canteen of theirs.</q>')
  expect((await site.ask(`/en/vacancies/${reference}`)).status).toBe(404)
  // Answered, the next question can be asked.
  expect((await ask('Where is it?')).status).toBe(303)
})

test('nobody else asks or answers; nothing is asked about what is public', async () => {
  const path = `/en/work/vacancies/review/${reference}/question`
  expect((await site.ask(path, { as: employer, form: { words: 'x' } })).status).toBe(403)
  expect((await site.ask(path, { form: { words: 'x' } })).status).toBe(303)
  const open = (await sendOffer(site, OFFER)).reference
  await follow(site, open)
  expect((await ask('Why?', open)).status).toBe(409)
  const { organisation_id } = await site.actor('employment_officer')
  for (const table of ['vacancies.posting', 'vacancies.vacancy'] as const)
    await site.owner
      .updateTable(table)
      .set({ employer_id: organisation_id })
      .where('reference', '=', reference)
      .execute()
  expect((await answer('Mine?')).status).toBe(404)
  expect(await site.db.selectFrom('vacancies.question').selectAll().execute()).toEqual([])
})
