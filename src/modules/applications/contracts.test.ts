import fc from 'fast-check'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { bringAdvert } from '../../../test/adverts.ts'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import { actInCase, apply, bringOffer, inbox, openCase } from '../../../test/hiring.ts'
import { makeEmployer } from '../employers/fixtures/office.ts'
import { perform } from '../entry-check/fixtures/desk.ts'
import { compareContract, isDifferent, POINTS, READINGS, type Said } from './contracts.ts'

let site: TestApp
let vacancy: string
let now = NOW
beforeAll(async () => {
  site = await testApp({ now: () => now })
  await makeEmployer(site)
  vacancy = await bringOffer(site, 'welder')
})
beforeEach(() => {
  now = NOW
})
afterAll(() => site?.drop())

const day = (days: number) => NOW.add({ hours: 24 * days })
async function hired(change: Record<string, string> = {}) {
  const proof = await apply(site, vacancy, change)
  const [reference] = await inbox(site)
  const start = { start_day: '21', start_month: '11', start_year: '2026' }
  for (const form of [
    { act: 'invite', ...start },
    { act: 'hire', ...start },
  ])
    await site.ask(`/en/work/applications/${reference}`, { as: 'employer', form })
  return { proof, reference: reference! }
}
const work = async (as: 'adviser' | 'employment_officer' = 'adviser') => (await site.ask('/en/work', { as })).text()

test('less pay, another thing or nothing where something was promised: said plainly, beside the advert as it was', async () => {
  const { proof, reference } = await hired()
  const first = await actInCase(site, proof, 'contract', { application: reference })
  expect(first).toMatch(/The advert says:<\/b> 5,000–7,000\ssomoni a month\./)
  // What the advert says later is no matter.
  await bringAdvert(site, 'welder', { source: 'employer', title: 'Сварщик', country: 'TJ', pay: null })
  const page = await actInCase(site, proof, 'contract', {
    ...{ application: reference, act: 'save', amount: '4 500', r_pay: 'same', r_place: 'other', w_place: 'Хуҷанд' },
    ...{ r_employer: 'same', r_food: 'missing' },
  })
  expect(page).toContain('3 points differ.')
  expect(page).toMatch(/5,000–7,000[\s\S]*Less[\s\S]*Хуҷанд[\s\S]*Something else/)
  const wrong = await actInCase(site, proof, 'contract', { application: reference, act: 'save', amount: 'много' })
  expect(wrong).toMatch(/Nothing was kept\.[\s\S]*3 points differ/)
})

test('the photograph is drawn anew, encrypted, and opens for the person alone', async () => {
  const { proof, reference } = await hired()
  const picture = sharp({ create: { width: 60, height: 40, channels: 3, background: 'white' } })
  const content = await picture
    .withExif({ IFD0: { Copyright: 'Secret' }, IFD3: { GPSLatitudeRef: 'N' } })
    .jpeg()
    .toBuffer()
  expect(content.includes('Secret')).toBe(true)
  const photo = new File([new Uint8Array(content)], 'Шартнома.jpg', { type: 'image/jpeg' })
  const page = await actInCase(site, proof, 'contract', { application: reference, act: 'save', photo })
  expect(page).toContain('Save the photograph')
  const file = await site.owner
    .selectFrom('files.file')
    .select(['id', 'encrypted', 'state', 'organisation_id'])
    .where('permission', '=', 'application.contract')
    .executeTakeFirstOrThrow()
  expect(file).toMatchObject({ encrypted: true, state: 'stored', organisation_id: null })
  const { ticket } = await openCase(site, proof)
  const form = { ticket, application: reference, act: 'photo' }
  const saved = Buffer.from(await (await site.ask('/en/my-case/contract', { form })).arrayBuffer())
  expect((await sharp(saved).metadata()).exif).toBeUndefined()
  expect(saved.includes('Secret')).toBe(false)
  const stranger = await openCase(site, await apply(site, vacancy))
  expect((await site.ask('/en/my-case/contract', { form: { ...form, ticket: stranger.ticket } })).status).toBe(404)
  expect(await site.db.selectFrom('files.file').select('id').execute()).toEqual([])
  const text = new File(['<script>'], 'a.jpg', { type: 'image/jpeg' })
  expect(await actInCase(site, proof, 'contract', { application: reference, act: 'save', photo: text })).toContain(
    '<h1',
  )
})

test('the comparison: an amount decides about the pay; nothing differs that was not said to', () => {
  const said = fc.record(
    Object.fromEntries(POINTS.map((point) => [point, fc.record({ reading: fc.constantFrom(...READINGS) })])),
    { requiredKeys: [] },
  ) as fc.Arbitrary<Said>
  const amounts = fc.bigInt({ min: 1n, max: 10_000_000n })
  fc.assert(
    fc.property(said, amounts, amounts, fc.option(amounts), (read, one, other, amount) => {
      const [pay_min, pay_max] = one < other ? [one, other] : [other, one]
      const found = compareContract(
        { pay_min, pay_max },
        { ...read, ...(amount !== null && { amount: String(amount) }) },
      )
      expect(found.map(({ point }) => point)).toEqual([...POINTS])
      for (const difference of found) {
        const { point, state } = difference
        if (point === 'pay' && amount !== null)
          expect(state).toBe(amount < pay_min ? 'less' : amount > pay_max ? 'more' : 'same')
        else expect(state).toBe(read[point]?.reading ?? 'unread')
        expect(isDifferent(difference)).toBe(['less', 'other', 'missing'].includes(state))
      }
    }),
  )
})

test('after seven days the person is asked by the safe way; a "no" leads to help and to an adviser', async () => {
  const { proof } = await hired({ reach: 'sms', phone: '+992 93 000 00 01' })
  const count = async () => (await site.owner.selectFrom('notifications.sms').select('id').execute()).length
  expect((await openCase(site, proof)).page).not.toContain('7 days of work')
  const before = await count()
  await perform(site, 'applications.check_ins', {}, day(6))
  expect(await count()).toBe(before)
  now = day(7).add({ hours: 12 })
  await perform(site, 'applications.check_ins', {}, now)
  const after = await count()
  expect(after).toBeGreaterThan(before)
  await perform(site, 'applications.check_ins', {}, now)
  expect(await count()).toBe(after)
  const { page } = await openCase(site, proof)
  expect(page).toContain('7 days of work: is all well?')
  const placement = /name="placement" value="([^"]+)"/.exec(page)![1]!
  const half = await actInCase(site, proof, 'check-in', { placement, day: '7', paid: 'yes' })
  expect(half).toContain('Answer both questions.')
  const answer = { placement, day: '7', paid: 'no', papers: 'no', call: 'yes' }
  const done = await actInCase(site, proof, 'check-in', answer)
  expect(done).toMatch(/This is not right\.[\s\S]*An adviser will call\.[\s\S]*href="\/en\/help"/)
  expect(done).not.toContain('7 days of work: is all well?')
  await actInCase(site, proof, 'check-in', answer)
  // The sessions of this test's staff last a day.
  now = NOW
  const tasks = await work()
  expect(tasks.match(/Not paid · Their papers are not with them/g)).toHaveLength(1)
  const reference = /help-requests\/([2-9A-Z]{4}-[2-9A-Z]{4})/.exec(tasks)![1]!
  const at = `/en/work/help-requests/${reference}`
  expect(await (await site.ask(at, { as: 'adviser' })).text()).not.toContain('930000001')
  expect((await site.ask(at, { as: 'adviser', form: { act: 'take' } })).status).toBe(303)
  expect(await (await site.ask(at, { as: 'adviser' })).text()).toContain('+992930000001')
  // From then on it is that centre's alone.
  expect((await site.ask(at, { as: 'employment_officer' })).status).toBe(404)
  expect((await site.ask(at, { as: 'employer' })).status).toBe(403)
  expect((await site.ask(at, { as: 'adviser', form: { outcome: 'helped' } })).status).toBe(303)
  expect(await (await site.ask(at, { as: 'adviser' })).text()).not.toContain('930000001')
})

test('who wants a call is asked by an adviser; who wants neither finds the question in My case', async () => {
  const requests = async () =>
    (await site.owner.selectFrom('applications.help_request').select('what').execute()).length
  const before = await requests()
  await hired({ reach: 'call' })
  const quiet = await hired({ reach: 'none' })
  const sms = await site.owner.selectFrom('notifications.sms').select('id').execute()
  await perform(site, 'applications.check_ins', {}, day(8))
  expect(await requests()).toBe(before + 1)
  expect(await site.owner.selectFrom('notifications.sms').select('id').execute()).toHaveLength(sms.length)
  now = day(8)
  expect((await openCase(site, quiet.proof)).page).toContain('7 days of work')
})

test('a stranger answers for nobody', async () => {
  const { proof } = await hired({ reach: 'none' })
  now = day(8)
  const { page } = await openCase(site, proof)
  const placement = /name="placement" value="([^"]+)"/.exec(page)![1]!
  const { ticket } = await openCase(site, await apply(site, vacancy))
  const form = { ticket, placement, day: '7', paid: 'yes', papers: 'yes' }
  expect((await site.ask('/en/my-case/check-in', { form })).status).toBe(404)
})
