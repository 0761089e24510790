import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { WRITES_PER_QUARTER_HOUR } from '#kernel/http/limits.ts'
import { ORIGIN, type TestApp, testApp } from '../../../test/app.ts'
import { NOW, silentLog } from '../../../test/database.ts'
import { bringNotices } from '../../../test/notices.ts'
import { createApp } from '../../app.ts'
import { pseudonym } from './facts.ts'
import { askDesk, proofOf, TRAVELLERS, work } from './fixtures/desk.ts'

type Proof = { reference: string; pin: string }

let site: TestApp
let proxied: TestApp['app']
let now = NOW
let proof: Proof
beforeAll(async () => {
  site = await testApp({ now: () => now })
  await bringNotices(site)
  await work(site)
  proof = await proofOf(site, TRAVELLERS.free)
})
beforeEach(async () => {
  now = NOW
  await site.owner.deleteFrom('my_case.attempt').execute()
  // Each test with an application of its own: the limits of all forms, which it keeps in memory, begin anew.
  proxied = createApp({ platform: platformOf(), db: site.db, log: silentLog, now: () => now })
})
afterAll(() => site.drop())

const platformOf = () => ({
  ...site.platform,
  ...{ config: { ...site.platform.config, HAMSAFAR_PROXY: true }, demonstration: true },
})
const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  proxied.request(`${ORIGIN}/en/entry-check${path}`, {
    method: 'POST',
    headers: {
      ...{ origin: ORIGIN, 'user-agent': 'Gecko', 'x-forwarded-for': '192.0.2.9' },
      ...{ 'content-type': 'application/x-www-form-urlencoded', ...headers },
    },
    body: new URLSearchParams(form).toString(),
  })
const CLAIM = { document: 'X1234567', birth_day: '1', birth_month: '1', birth_year: '1980', phone: '+992900000001' }
const unknown: Proof = { reference: '2222-2222-2222', pin: '123456' }
/** As if so many had asked under this key. */
const used = (of: string, count: number) =>
  site.owner
    .insertInto('my_case.attempt')
    .values(Array.from({ length: count }, () => ({ key: pseudonym(site.ctx(), of), at: now })))
    .execute()
const refusals = () =>
  site.owner
    .selectFrom('audit.entry')
    .select(['actor_kind', 'details'])
    .where('action', '=', 'entry_check.refuse')
    .orderBy('id')
    .execute()
const desk = (document: string, birth_year = '1992') =>
  site.ask('/en/work/entry-checks/new', {
    as: 'adviser',
    form: {
      ...{ document, birth_day: '8', birth_month: '7', birth_year, family: 'Санҷишзода', given: 'Фаридун' },
      ...{ purpose: 'request', face: 'yes', wish: 'yes' },
    },
  })

test('a desk asks eight times a day about one document, however it is spelled; then it is told who can help', async () => {
  for (let times = 0; times < 8; times++)
    await askDesk(site, { ...TRAVELLERS.free, document: times % 2 ? 'А 51000001' : 'A51000001' })
  const response = await desk('a51000001')
  expect(response.status).toBe(429)
  const page = await response.text()
  expect(page).toContain('This document was asked about 8 times in 24 hours.')
  expect(page).toContain('A registry officer of the Migration Service can look.')
  expect(page).toContain('value="a51000001"')
  expect((await refusals()).at(-1)).toMatchObject({ actor_kind: 'staff', details: { reason: 'document' } })
  // Another person is asked about as before, and this one a day later.
  expect((await desk('A51000002', '1993')).status).toBe(303)
  now = NOW.add({ hours: 24, minutes: 1 })
  await site.owner
    .updateTable('access.session')
    .set({ expires_at: now.add({ hours: 2 }) })
    .execute()
})

test('what somebody asks by PIN takes no room from them at desks', async () => {
  const traveller = { document: 'A51000009', born: [1984, 3, 9], family: 'Намуназода', given: 'Сорбон' } as const
  const own = await proofOf(site, traveller)
  for (let times = 0; times < 6; times++) expect((await post('', own)).status).toBe(303)
  await work(site)
  for (let times = 0; times < 3; times++) await askDesk(site, traveller)
})

test('an adviser asks 150 times a day and an office 600; others may go on, and the page says who', async () => {
  const { user_id, organisation_id } = await site.actor('adviser')
  await used(`desk adviser ${user_id}`, 150)
  const adviser = await desk('A51000003')
  expect(adviser.status).toBe(429)
  expect(await adviser.text()).toContain('Another adviser of your office can ask.')
  await site.owner.deleteFrom('my_case.attempt').execute()
  await used(`desk office ${organisation_id}`, 600)
  const office = await desk('A51000003')
  expect(office.status).toBe(429)
  expect(await office.text()).toContain('Another support centre can ask.')
  expect((await refusals()).slice(-2).map(({ details }) => details)).toEqual([
    expect.objectContaining({ reason: 'adviser' }),
    expect.objectContaining({ reason: 'office' }),
  ])
})

test('a correct PIN opens however many in the same network asked for codes or put questions', async () => {
  for (let times = 0; times < 40; times++) expect((await post('/telephone', CLAIM)).status).toBe(200)
  expect((await post('/telephone', CLAIM)).status).toBe(429)
  expect((await post('/answer', proof)).status).toBe(200)
  // And a code that was sent can still be used, and a question be put.
  expect((await post('', proof)).status).toBe(303)
})

test('whoever reads an answer, reads their letter or puts a slip of the hand right takes no room from others', async () => {
  const sent = async (path: string, form: Record<string, string>) => {
    const statuses = new Set<number>()
    for (let times = 0; times <= WRITES_PER_QUARTER_HOUR; times++) statuses.add((await post(path, form)).status)
    return [...statuses]
  }
  expect(await sent('', {})).toEqual([422])
  expect(await sent('/answer', {})).toEqual([422])
  expect(await sent('/telephone', {})).toEqual([422])
  expect(await sent('/code', { ticket: '019aa000-0000-7000-8000-000000000000' })).toEqual([422])
  expect(await sent('/slip', {})).toEqual([422])
  expect(await sent('/verify', { document: 'A1', birth_day: '1' })).toEqual([200])
  expect(await sent('/../appeal-letter', { kind: 'appeal', to: 'Суд', name: 'Намуна' })).toEqual([200])
  expect(await sent('/answer', proof)).toEqual([200])
})

test('wrong PINs have a budget of their own: five a reference, a hundred a network; right ones use up none', async () => {
  await used(`wrong network ${await callerOf('192.0.2.9')}`, 99)
  for (let times = 0; times < 3; times++) expect((await post('/answer', proof)).status).toBe(200)
  expect((await post('/answer', unknown)).status).toBe(422)
  expect((await post('/answer', unknown)).status).toBe(422)
  const refused = await post('/answer', unknown)
  expect(refused.status).toBe(429)
  expect(await refused.text()).toContain('Too many wrong PINs came from this network.')
  expect((await post('/answer', proof, { 'x-forwarded-for': '192.0.2.10' })).status).toBe(200)
})

test('whoever guesses for a whole network keeps nobody out who has the right PIN; each reference has one try beyond', async () => {
  await used(`wrong network ${await callerOf('192.0.2.9')}`, 100)
  for (let times = 0; times < 3; times++) expect((await post('/answer', proof)).status).toBe(200)
  const wrong = { ...proof, pin: proof.pin === '000000' ? '000001' : '000000' }
  expect((await post('/answer', wrong)).status).toBe(422)
  expect((await post('/answer', proof)).status).toBe(429)
  expect((await post('/answer', proof, { 'x-forwarded-for': '192.0.2.10' })).status).toBe(200)
})

test('who has wished for a code has a share of their own from then on', async () => {
  const first = await post('/telephone', CLAIM)
  const own = { cookie: first.headers.get('set-cookie')!.split(';')[0]! }
  for (let times = 0; times < 39; times++) expect((await post('/telephone', CLAIM)).status).toBe(200)
  expect((await post('/telephone', CLAIM)).status).toBe(429)
  expect((await post('/telephone', CLAIM, own)).status).toBe(200)
})

test('who is refused is told the true time, and it is true', async () => {
  now = NOW.subtract({ hours: 2 })
  const [hour] = [NOW.add({ hours: 22 })]
  for (let times = 0; times < 40; times++) await post('', unknown)
  now = NOW
  const refused = await post('', unknown)
  expect(refused.status).toBe(429)
  const page = await refused.text()
  expect(page).not.toMatch(/Try again in/)
  const told = Number(refused.headers.get('retry-after'))
  expect(told).toBeGreaterThanOrEqual(22 * 3600)
  expect(told).toBeLessThanOrEqual(23 * 3600)
  expect(page).toContain(site.ctx().format.dateTime(NOW.add({ seconds: told })))
  now = hour.subtract({ minutes: 1 })
  expect((await post('', unknown)).status).toBe(429)
  now = NOW.add({ seconds: told })
  expect((await post('', unknown)).status).toBe(303)
})

test('a telephone is known for a day by a number of chance, so that others behind its address use up nothing of it', async () => {
  const asked = await proxied.request(`${ORIGIN}/en/entry-check/asked`)
  const cookie = asked.headers.get('set-cookie')!
  expect(cookie).toMatch(/^hamsafar-day=[\w-]{22}; Max-Age=86400; Path=\/; HttpOnly; SameSite=Lax$/)
  const own = { cookie: cookie.split(';')[0]! }
  const again = await proxied.request(`${ORIGIN}/en/entry-check/asked`, { headers: own })
  expect(again.headers.get('set-cookie')).toBeNull()
  for (let times = 0; times < 40; times++) expect((await post('', unknown)).status).toBe(303)
  expect((await post('', unknown)).status).toBe(429)
  proxied = createApp({ platform: platformOf(), db: site.db, log: silentLog, now: () => now })
  for (let times = 0; times < 20; times++) expect((await post('', unknown, own)).status).toBe(303)
  expect((await post('', unknown, own)).status).toBe(429)
  // A cookie of one's own making is no way around the network.
  await used(`ask network ${await callerOf('192.0.2.9')}`, 300)
  expect((await post('', unknown, { cookie: `hamsafar-day=${'A'.repeat(22)}` })).status).toBe(429)
})

test('without a gateway neither a code nor a text message is offered, and the page says where to go', async () => {
  const config = { ...site.platform.config, HAMSAFAR_SMS_URL: undefined }
  const platform = { ...site.platform, config, demonstration: false }
  const offered = proxied
  proxied = createApp({ platform, db: site.db, log: silentLog, now: () => now })
  const plain = async (path: string) => (await proxied.request(`${ORIGIN}/en/entry-check${path}`)).text()
  expect(await plain('')).not.toContain('name="tell"')
  expect(await plain('')).not.toContain('/en/entry-check/telephone')
  const page = await plain('/telephone')
  expect(page).toContain('No text messages are sent from here yet.')
  expect(page).not.toContain('name="phone"')
  const sent = await post('/telephone', CLAIM)
  expect([sent.status, (await sent.text()).includes('name="ticket"')]).toEqual([422, false])
  expect(await (await offered.request(`${ORIGIN}/en/entry-check`)).text()).toContain('name="tell"')
})

/** The keyed code of a network address, as the platform makes it. */
async function callerOf(address: string): Promise<string> {
  const { deriveKey, fingerprint } = await import('#kernel/access/secrets.ts')
  const key = deriveKey(site.platform.config.HAMSAFAR_SECRET_KEY, 'caller')
  return fingerprint(key, address).toString('base64url')
}
