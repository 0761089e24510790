import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ORIGIN, type TestApp, testApp } from '../../../test/app.ts'
import { NOW, silentLog } from '../../../test/database.ts'
import { liftMeasure } from '../../../test/lift.ts'
import { bringNotices } from '../../../test/notices.ts'
import { createApp } from '../../app.ts'
import { perform, proofOf, TRAVELLERS, work } from './fixtures/desk.ts'
import { differentTimes, rankSum } from './fixtures/times.ts'

type Proof = { reference: string; pin: string }

let site: TestApp
let proxied: TestApp['app']
let now = NOW
let listed: Proof
let free: Proof
beforeAll(async () => {
  site = await testApp({ now: () => now })
  const config = { ...site.platform.config, HAMSAFAR_PROXY: true }
  proxied = createApp({ platform: { ...site.platform, config }, db: site.db, log: silentLog, now: () => now })
  await bringNotices(site)
  await work(site)
  listed = await proofOf(site, TRAVELLERS.banned)
  free = await proofOf(site, TRAVELLERS.free)
})
beforeEach(async () => {
  now = NOW
  await forgetAttempts()
})
afterAll(() => site.drop())

let caller = 0
// Each from a network of its own, so that no limit of one place stands in the way.
const post = (path: string, form: Record<string, string>, network = `10.${++caller >> 8}.${caller & 255}.1`) =>
  proxied.request(`${ORIGIN}/en/entry-check${path}`, {
    method: 'POST',
    headers: {
      ...{ origin: ORIGIN, 'user-agent': 'Gecko', 'x-forwarded-for': network },
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams(form).toString(),
  })
const forgetAttempts = () => site.owner.deleteFrom('my_case.attempt').execute()
const wrongPin = ({ reference, pin }: Proof): Proof => ({ reference, pin: pin === '000000' ? '000001' : '000000' })
const unknown: Proof = { reference: '2222-2222-2222', pin: '123456' }
async function reply(response: Response) {
  return { status: response.status, headers: [...response.headers], body: Buffer.from(await response.arrayBuffer()) }
}
async function openText(proof: Proof): Promise<string> {
  await forgetAttempts()
  return (await post('/answer', proof)).text()
}

test('the reply to a question is byte for byte the same for everybody, and nothing was done for it yet', async () => {
  const replies = []
  for (const proof of [listed, free, wrongPin(listed), wrongPin(free), unknown]) {
    const before = await site.owner.selectFrom('entry_check.inquiry').select('id').execute()
    replies.push(await reply(await post('', proof)))
    expect(await site.owner.selectFrom('entry_check.inquiry').select('id').execute()).toHaveLength(before.length)
  }
  expect(replies[0]).toMatchObject({ status: 303, body: Buffer.alloc(0) })
  for (const other of replies) expect(other).toEqual(replies[0])
  expect(await work(site)).toBe(5)
})

// How it is tested stands at `differentTimes`; the next test shows that this one can fail.
test('the time of the reply does not tell who is listed', { timeout: 240_000 }, async () => {
  const ask = (proof: Proof) => async () => {
    const response = await post('', proof)
    await response.arrayBuffer()
    expect(response.status).toBe(303)
  }
  expect(await differentTimes({ listed: ask(listed), free: ask(free), unknown: ask(unknown) }, 60)).toEqual([])
  await sql`delete from graphile_worker._private_jobs`.execute(site.owner)
})

test('the stated test of times finds a difference where there is one, and none where there is none', async () => {
  const noise = Array.from({ length: 60 }, (_, at) => 10 + ((at * 37) % 60) / 10)
  expect(Math.abs(rankSum(noise, noise))).toBeLessThan(0.01)
  const later = noise.map((time) => time + 2.5)
  expect(Math.abs(rankSum(later, noise))).toBeGreaterThan(3.29)
  // By a clock of its own: a busy machine must not decide it.
  let at = 0
  const takes = (milliseconds: number) => async () => {
    at += milliseconds + Math.random() * 6
  }
  const kinds = { listed: takes(10), alike: takes(10), slower: takes(14) }
  expect(await differentTimes(kinds, 60, () => at)).toEqual(['slower'])
})

test('reference and PIN open the answer for seven days; what is opened is equally long, not compressed and not kept', async () => {
  for (const proof of [listed, free]) await post('', proof)
  await work(site)
  const replies = []
  for (const proof of [listed, free, wrongPin(listed), unknown]) {
    await forgetAttempts()
    replies.push(await reply(await post('/answer', proof)))
  }
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 422, 422])
  expect(replies[0]!.body.toString()).toContain('There is an entry about you')
  expect(replies[1]!.body.toString()).toContain('This is not permission to enter.')
  expect(new Set(replies.map(({ body }) => body.length))).toEqual(new Set([24 * 1024]))
  for (const { headers } of replies) {
    expect(headers).toEqual(replies[0]!.headers)
    expect(new Headers(headers).get('cache-control')).toBe('no-store')
  }
  // The wrong PIN of somebody and a reference of nobody are one.
  const neutral = (body: Buffer) =>
    body
      .toString()
      .trimEnd()
      .replace(/value="[^"]*"/g, '')
  expect(neutral(replies[2]!.body)).toBe(neutral(replies[3]!.body))
  now = NOW.add({ hours: 7 * 24 + 1 })
  expect(await openText(listed)).toContain('No answer is open.')
})

test('after five wrong PINs nothing opens for a day, the right one neither; then it does', async () => {
  for (let tries = 0; tries < 5; tries++) expect((await post('/answer', wrongPin(listed))).status).toBe(422)
  expect(await (await post('/answer', listed)).text()).toContain('Nothing opens with this.')
  now = NOW.add({ hours: 25 })
  expect(await (await post('/answer', listed)).text()).toContain('There is an entry about you')
})

test('wrong PINs in questions count too, and one browser does not ask all day', async () => {
  for (let tries = 0; tries < 5; tries++) await post('', wrongPin(free))
  await work(site)
  expect(await (await post('/answer', free)).text()).toContain('Nothing opens with this.')
  await forgetAttempts()
  const replies = []
  for (let tries = 0; tries < 41; tries++) replies.push((await post('', unknown, '192.0.2.7')).status)
  expect(replies.slice(-1)).toEqual([429])
})

test('a new PIN ends all earlier ones of the same person', async () => {
  const renewed = await proofOf(site, TRAVELLERS.free)
  expect(await openText(free)).toContain('Nothing opens with this.')
  expect(await openText(renewed)).toContain('You were not found in the list')
  free = renewed
})

test('an open answer follows the list when a measure is lifted', async () => {
  await liftMeasure(site, TRAVELLERS.banned.document)
  await perform(site, 'entry_check.refresh')
  expect(await openText(listed)).toContain('You were not found in the list')
})
